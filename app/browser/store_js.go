package browser

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"syscall/js"

	"parley/app/client"
)

// storePrefix keeps our keys apart from those of others on the same origin.
const storePrefix = "parley:"

// Store keeps values in localStorage. A browser may refuse to (private windows,
// a full disk, a setting); then values live as long as the page: a person must
// be able to write without a disk. All methods may be called concurrently.
type Store struct {
	mu     sync.Mutex
	memory map[string]string // what localStorage refused
	gone   map[string]bool   // deleted, where localStorage refused that
}

// NewStore gives the browser's store.
func NewStore() client.Store {
	return &Store{memory: map[string]string{}, gone: map[string]bool{}}
}

// Load gives a value, nil when there is none.
func (s *Store) Load(_ context.Context, key string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key = storePrefix + key
	if v, ok := s.memory[key]; ok {
		return decodeValue(v)
	}
	var item js.Value
	err := try(func() { item = js.Global().Get("localStorage").Call("getItem", key) })
	if err != nil || s.gone[key] || item.Type() != js.TypeString {
		return nil, nil //nolint:nilerr // a store that is refused is an empty one
	}
	return decodeValue(item.String())
}

// Save keeps a value; nil deletes it. An error says that it lives as long as the
// page.
func (s *Store) Save(_ context.Context, key string, value []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	key = storePrefix + key
	delete(s.memory, key)
	delete(s.gone, key)
	if value == nil {
		if err := try(func() { js.Global().Get("localStorage").Call("removeItem", key) }); err != nil {
			s.gone[key] = true
		}
		return nil
	}
	encoded := encodeValue(value)
	if err := try(func() { js.Global().Get("localStorage").Call("setItem", key, encoded) }); err != nil {
		s.memory[key] = encoded
		return fmt.Errorf("%w: %w", client.ErrFull, err)
	}
	return nil
}

// Keys gives the keys that begin with prefix, in no order.
func (s *Store) Keys(_ context.Context, prefix string) ([]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	full := storePrefix + prefix
	found := map[string]bool{}
	_ = try(func() {
		local := js.Global().Get("localStorage")
		for i := range local.Get("length").Int() {
			if key := local.Call("key", i); key.Type() == js.TypeString {
				found[key.String()] = !s.gone[key.String()]
			}
		}
	})
	for key := range s.memory {
		found[key] = true
	}
	var keys []string
	for key, there := range found {
		if there && strings.HasPrefix(key, full) {
			keys = append(keys, strings.TrimPrefix(key, storePrefix))
		}
	}
	return keys, nil
}
