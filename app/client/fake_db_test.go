package client

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"sync"
	"time"
)

// fakeDB is a Database over the runs of a client, with the weather of a store.
type fakeDB struct {
	mu     sync.Mutex
	values map[string][]byte
	refuse error
	hang   bool
	slow   time.Duration
	full   bool           // as long as there is a cache
	puts   map[string]int // records written, by key
	lost   chan struct{}
}

func newFakeDB() *fakeDB {
	return &fakeDB{values: map[string][]byte{}, puts: map[string]int{}, lost: make(chan struct{}, 1)}
}

// set changes how it behaves.
func (d *fakeDB) set(change func(d *fakeDB)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	change(d)
}

func (d *fakeDB) wait(ctx context.Context) error {
	d.mu.Lock()
	hang, refuse, slow := d.hang, d.refuse, d.slow
	d.mu.Unlock()
	if hang {
		<-ctx.Done()
		return ctx.Err()
	}
	if refuse != nil {
		return refuse
	}
	return pause(ctx, time.Millisecond+slow)
}

func (d *fakeDB) Read(ctx context.Context, prefix string) ([]Record, error) {
	if err := d.wait(ctx); err != nil {
		return nil, err
	}
	var list []Record
	for _, key := range d.keys(prefix) {
		list = append(list, Record{key, d.value(key)})
	}
	return list, nil
}

func (d *fakeDB) Write(ctx context.Context, records ...Record) error {
	if err := d.wait(ctx); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.full && len(d.values) > 0 && records[0].Value != nil && !strings.HasPrefix(records[0].Key, cachePrefix) {
		for key := range d.values {
			if strings.HasPrefix(key, cachePrefix) {
				return ErrFull
			}
		}
	}
	d.put(records)
	return nil
}

func (d *fakeDB) Swap(ctx context.Context, key string, old []byte, records ...Record) (bool, error) {
	if err := d.wait(ctx); err != nil {
		return false, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if value, ok := d.values[key]; ok != (old != nil) || !bytes.Equal(value, old) {
		return false, nil
	}
	d.put(records)
	return true, nil
}

func (d *fakeDB) put(records []Record) {
	for _, r := range records {
		d.puts[r.Key]++
		switch {
		case r.Value != nil:
			d.values[r.Key] = slices.Clone(r.Value)
		case strings.HasSuffix(r.Key, "/"):
			for key := range d.values {
				if strings.HasPrefix(key, r.Key) {
					delete(d.values, key)
				}
			}
		default:
			delete(d.values, r.Key)
		}
	}
}

func (d *fakeDB) Lost() <-chan struct{} { return d.lost }

// clear is what a person does to the browser's data.
func (d *fakeDB) clear() {
	d.set(func(d *fakeDB) { d.values = map[string][]byte{} })
	d.lost <- struct{}{}
}

// count is how often a record was written.
func (d *fakeDB) count(key string) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.puts[key]
}

func (d *fakeDB) value(key string) []byte {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.values[key]
}

func (d *fakeDB) keys(prefix string) []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var keys []string
	for key := range d.values {
		if strings.HasPrefix(key, prefix) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}
