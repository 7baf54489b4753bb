package client

import (
	"context"
	"errors"
	"time"
)

// Store keeps small values between runs: localStorage or IndexedDB in the
// browser. It belongs to one origin. All methods may be called concurrently.
type Store interface {
	Load(ctx context.Context, key string) ([]byte, error)     // nil, nil when there is none
	Save(ctx context.Context, key string, value []byte) error // a nil value deletes
	Keys(ctx context.Context, prefix string) ([]string, error)
}

// storeTimeout bounds one call of the Store: a browser's storage that hangs
// must not keep a message from being sent.
const storeTimeout = 2 * time.Second

// errStoreSlow is why a call of the Store was given up.
var errStoreSlow = errors.New("the store does not answer")

// noStore forgets everything: what a client without a Store has.
type noStore struct{}

func (noStore) Load(context.Context, string) ([]byte, error)   { return nil, nil }
func (noStore) Save(context.Context, string, []byte) error     { return nil }
func (noStore) Keys(context.Context, string) ([]string, error) { return nil, nil }
