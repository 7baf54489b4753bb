package web

import (
	"container/list"
	"math"
	"sync"
	"time"
)

// maxBuckets bounds a table of buckets: an attacker with many addresses or
// names fills it and no more; who was seen longest ago is forgotten.
const maxBuckets = 10_000

// buckets are token buckets by key. A table is never larger than maxBuckets.
type buckets[K comparable] struct {
	rate  float64 // tokens a second
	burst float64

	// guarded by mu
	mu    sync.Mutex
	byKey map[K]*list.Element
	used  *list.List // of *bucket[K], latest use first
}

type bucket[K comparable] struct {
	key    K
	tokens float64
	at     time.Time // when tokens was true
}

func newBuckets[K comparable](rate, burst float64) *buckets[K] {
	return &buckets[K]{rate: rate, burst: burst, byKey: map[K]*list.Element{}, used: list.New()}
}

// take takes a token. When there is none, it gives the time until there is.
func (b *buckets[K]) take(key K, now time.Time) (wait time.Duration, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	k := b.at(key, now)
	if k.tokens < 1 {
		return time.Duration((1 - k.tokens) / b.rate * float64(time.Second)), false
	}
	k.tokens--
	return 0, true
}

// giveBack undoes a take.
func (b *buckets[K]) giveBack(key K, now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	k := b.at(key, now)
	k.tokens = min(k.tokens+1, b.burst)
}

// at is the bucket of key as it stands now. The caller holds mu.
func (b *buckets[K]) at(key K, now time.Time) *bucket[K] {
	if e, ok := b.byKey[key]; ok {
		b.used.MoveToFront(e)
		k := e.Value.(*bucket[K])
		if passed := now.Sub(k.at); passed > 0 { // a clock set back gives nothing and takes nothing
			k.tokens = min(k.tokens+passed.Seconds()*b.rate, b.burst)
		}
		k.at = now
		return k
	}
	if len(b.byKey) >= maxBuckets {
		oldest := b.used.Back()
		delete(b.byKey, oldest.Value.(*bucket[K]).key)
		b.used.Remove(oldest)
	}
	k := &bucket[K]{key: key, tokens: b.burst, at: now}
	b.byKey[key] = b.used.PushFront(k)
	return k
}

// seconds is a wait as Retry-After says it: whole, and never too short.
func seconds(wait time.Duration) int { return max(1, int(math.Ceil(wait.Seconds()))) }
