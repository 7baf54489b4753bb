package client

import (
	"context"
	"errors"
	"time"
)

// Store keeps small values between runs, at once: localStorage in the browser.
// It belongs to one origin. All methods may be called concurrently.
type Store interface {
	Load(ctx context.Context, key string) ([]byte, error) // nil, nil when there is none
	// Save keeps a value, or deletes it when it is nil. After an error the value
	// lives as long as the page.
	Save(ctx context.Context, key string, value []byte) error
	Keys(ctx context.Context, prefix string) ([]string, error)
}

// Database keeps what may be large, and what is read while no page is open:
// IndexedDB in the browser. It belongs to one origin, and other pages may be
// using it. All methods may be called concurrently.
type Database interface {
	// Read gives the records whose keys begin with prefix, ascending.
	Read(ctx context.Context, prefix string) ([]Record, error)
	// Write puts records one after the other, all of them or none.
	Write(ctx context.Context, records ...Record) error
	// Swap is Write, unless the value under key is not the old one any more
	// (nil: there is none). Then nothing is written, and the result is false.
	Swap(ctx context.Context, key string, old []byte, records ...Record) (bool, error)
	// Lost has a token when what was written may be gone: somebody has cleared it.
	Lost() <-chan struct{}
}

// Record is a value of a [Database]. To write nil deletes; under a key that ends
// in "/", everything whose key begins with it.
type Record struct {
	Key   string
	Value []byte
}

// storeTimeout bounds one call of a Store or a Database: a browser's storage
// that hangs must not keep a message from being sent.
const storeTimeout = 2 * time.Second

// errStoreSlow is why a call of the Store was given up.
var errStoreSlow = errors.New("the store does not answer")

// ErrFull is returned by a Store or a Database that has no room left.
var ErrFull = errors.New("there is no room left to keep anything")

// errNoDatabase is what a client without a Database hears.
var errNoDatabase = errors.New("there is no database")

// noStore forgets everything: what a client without a Store has.
type noStore struct{}

func (noStore) Load(context.Context, string) ([]byte, error)   { return nil, nil }
func (noStore) Save(context.Context, string, []byte) error     { return nil }
func (noStore) Keys(context.Context, string) ([]string, error) { return nil, nil }

// noDatabase is what a client without a Database has: its outbox lives in the Store.
type noDatabase struct{}

func (noDatabase) Read(context.Context, string) ([]Record, error) { return nil, nil }
func (noDatabase) Write(context.Context, ...Record) error         { return errNoDatabase }
func (noDatabase) Swap(context.Context, string, []byte, ...Record) (bool, error) {
	return false, errNoDatabase
}
func (noDatabase) Lost() <-chan struct{} { return nil }

// stored bounds ctx for one call of a Store or a Database.
func (c *Client) stored(ctx context.Context) (context.Context, context.CancelFunc) {
	return within(ctx, c.clock, storeTimeout, errStoreSlow)
}
