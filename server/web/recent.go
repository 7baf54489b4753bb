package web

import (
	"container/list"
	"sync"
)

// recent is a set of at most maxBuckets keys; the one used longest ago makes
// room for a new one.
type recent[K comparable] struct {
	// guarded by mu
	mu    sync.Mutex
	byKey map[K]*list.Element
	used  *list.List // of K, latest use first
}

func newRecent[K comparable]() *recent[K] {
	return &recent[K]{byKey: map[K]*list.Element{}, used: list.New()}
}

func (r *recent[K]) add(key K) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if e, ok := r.byKey[key]; ok {
		r.used.MoveToFront(e)
		return
	}
	if len(r.byKey) >= maxBuckets {
		oldest := r.used.Back()
		delete(r.byKey, oldest.Value.(K))
		r.used.Remove(oldest)
	}
	r.byKey[key] = r.used.PushFront(key)
}

func (r *recent[K]) has(key K) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	e, ok := r.byKey[key]
	if ok {
		r.used.MoveToFront(e)
	}
	return ok
}
