package browser

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"syscall/js"

	"parley/app/client"
)

// The names are the service worker's too, see static/web/sw.js.
const (
	databaseName = "parley"
	recordStore  = "records" // key to value, both strings; and Blobs, see blobs_js.go
)

// Database keeps records in IndexedDB (Indexed Database API 3.0). It opens the
// database in whatever version is there: a page of an older version goes on with
// that of a newer one, as long as that still has the records. All methods may be
// called concurrently.
type Database struct {
	lost chan struct{}

	mu      sync.Mutex // guards what follows
	db      js.Value   // an IDBDatabase; undefined while none is open
	opening *opening   // nil while none is being opened
	before  bool       // one was open already
}

// opening is an attempt to open the database, for all who wait for it.
type opening struct {
	done chan struct{} // closed at its end
	db   js.Value
	err  error
}

// NewDatabase gives the browser's database. It is opened when it is first used.
func NewDatabase() client.Database { return &Database{lost: make(chan struct{}, 1)} }

// Lost has a token when the browser's data has been cleared.
func (d *Database) Lost() <-chan struct{} { return d.lost }

// Read gives the records whose keys begin with prefix, ascending.
func (d *Database) Read(ctx context.Context, prefix string) ([]client.Record, error) {
	var keys, values js.Value
	err := d.transact(ctx, "readonly", func(store js.Value, _ func(js.Value, func())) {
		keys, values = store.Call("getAllKeys", under(prefix)), store.Call("getAll", under(prefix))
	})
	if err != nil {
		return nil, err
	}
	keys, values = keys.Get("result"), values.Get("result")
	var records []client.Record
	for i := range keys.Length() {
		if k, v := keys.Index(i), values.Index(i); k.Type() == js.TypeString && v.Type() == js.TypeString {
			records = append(records, client.Record{Key: k.String(), Value: []byte(v.String())})
		}
	}
	return records, nil
}

// Write puts records, all of them or none.
func (d *Database) Write(ctx context.Context, records ...client.Record) error {
	return d.transact(ctx, "readwrite", func(store js.Value, _ func(js.Value, func())) { put(store, records) })
}

// Swap is Write, unless the value under key is not old any more.
func (d *Database) Swap(ctx context.Context, key string, old []byte, records ...client.Record) (bool, error) {
	same := false
	err := d.transact(ctx, "readwrite", func(store js.Value, then func(js.Value, func())) {
		request := store.Call("get", key)
		then(request, func() {
			value := request.Get("result")
			if value.Type() == js.TypeString {
				same = old != nil && value.String() == string(old)
			} else {
				same = old == nil
			}
			if same {
				put(store, records)
			}
		})
	})
	return same && err == nil, err
}

func put(store js.Value, records []client.Record) {
	for _, r := range records {
		switch {
		case r.Value != nil:
			store.Call("put", string(r.Value), r.Key)
		case r.Key != "" && r.Key[len(r.Key)-1] == '/':
			store.Call("delete", under(r.Key))
		default:
			store.Call("delete", r.Key)
		}
	}
}

// under is the range of the keys that begin with prefix.
func under(prefix string) js.Value {
	return js.Global().Get("IDBKeyRange").Call("bound", prefix, prefix+"\uffff", false, true)
}

// transact runs fn in a transaction and waits until that is complete. then, which
// fn is given, does something more when a request has succeeded. After a failure
// that is not for want of room it is tried once more with a new connection: the
// browser may have closed the old one.
func (d *Database) transact(ctx context.Context, mode string, fn func(store js.Value, then func(js.Value, func()))) error {
	err := d.attempt(ctx, mode, fn)
	if err != nil && ctx.Err() == nil && !errors.Is(err, client.ErrFull) {
		err = d.attempt(ctx, mode, fn)
	}
	return err
}

func (d *Database) attempt(ctx context.Context, mode string, fn func(store js.Value, then func(js.Value, func()))) error {
	db, err := d.open(ctx)
	if err != nil {
		return err
	}
	t := &transaction{done: make(chan error, 1)}
	if err = try(func() { t.begin(db, mode, fn) }); err != nil {
		t.release()
	} else {
		err = t.wait(ctx)
	}
	if err != nil && !errors.Is(err, client.ErrFull) {
		_ = try(func() { db.Call("close") })
		d.drop(db)
	}
	return err
}

// transaction is one that is under way.
type transaction struct {
	tx    js.Value
	done  chan error
	funcs []js.Func
	end   sync.Once
}

func (t *transaction) begin(db js.Value, mode string, fn func(store js.Value, then func(js.Value, func()))) {
	t.tx = db.Call("transaction", recordStore, mode)
	t.on(t.tx, "complete", func() { t.settle(nil) })
	t.on(t.tx, "abort", func() { t.settle(failureOf(t.tx)) })
	fn(t.tx.Call("objectStore", recordStore), func(request js.Value, do func()) { t.on(request, "success", do) })
}

func (t *transaction) on(target js.Value, event string, do func()) {
	f := js.FuncOf(func(js.Value, []js.Value) any {
		if err := try(do); err != nil {
			t.tx.Call("abort")
		}
		return nil
	})
	t.funcs = append(t.funcs, f)
	target.Set("on"+event, f)
}

func (t *transaction) settle(err error) {
	t.end.Do(func() {
		t.done <- err
		t.release()
	})
}

func (t *transaction) release() {
	for _, f := range t.funcs {
		f.Release()
	}
}

// wait gives up with ctx; the transaction is then undone, if it still can be.
func (t *transaction) wait(ctx context.Context) error {
	select {
	case err := <-t.done:
		return err
	case <-ctx.Done():
		_ = try(func() { t.tx.Call("abort") })
		return context.Cause(ctx)
	}
}

// failureOf is why a request or a transaction failed.
func failureOf(v js.Value) error {
	reason := v.Get("error")
	if reason.Type() != js.TypeObject {
		return errors.New("the database gave up")
	}
	if reason.Get("name").String() == "QuotaExceededError" {
		return fmt.Errorf("%w: %w", client.ErrFull, toError(reason))
	}
	return toError(reason)
}

// open gives the open database, or waits for it.
func (d *Database) open(ctx context.Context) (js.Value, error) {
	d.mu.Lock()
	if d.db.Truthy() {
		defer d.mu.Unlock()
		return d.db, nil
	}
	o := d.opening
	if o == nil {
		o = &opening{done: make(chan struct{})}
		d.opening = o
		d.mu.Unlock()
		if err := try(func() { d.request(o) }); err != nil {
			d.opened(o, js.Undefined(), err)
		}
	} else {
		d.mu.Unlock()
	}
	select {
	case <-o.done:
		return o.db, o.err
	case <-ctx.Done():
		return js.Undefined(), context.Cause(ctx)
	}
}

var errNoRecords = errors.New("the database is not ours, or of a version that we do not know")

// request asks for the database. The browser answers when it can: not before
// other pages have let go of a version that it is to replace.
func (d *Database) request(o *opening) {
	factory := js.Global().Get("indexedDB")
	if !factory.Truthy() {
		d.opened(o, js.Undefined(), errors.ErrUnsupported)
		return
	}
	request := factory.Call("open", databaseName)
	var funcs []js.Func
	on := func(event string, last bool, do func()) {
		f := js.FuncOf(func(js.Value, []js.Value) any {
			if err := try(do); err != nil {
				d.opened(o, js.Undefined(), err)
				last = true
			}
			if last {
				for _, f := range funcs {
					f.Release()
				}
				funcs = nil
			}
			return nil
		})
		funcs = append(funcs, f)
		request.Set("on"+event, f)
	}
	on("upgradeneeded", false, func() {
		request.Get("result").Call("createObjectStore", recordStore)
		d.mu.Lock()
		defer d.mu.Unlock()
		if d.before {
			d.tellLost()
		}
	})
	on("success", true, func() {
		db := request.Get("result")
		if !db.Get("objectStoreNames").Call("contains", recordStore).Bool() {
			db.Call("close")
			d.opened(o, js.Undefined(), errNoRecords)
			return
		}
		d.watch(db)
		d.opened(o, db, nil)
	})
	on("error", true, func() { d.opened(o, js.Undefined(), failureOf(request)) })
}

func (d *Database) opened(o *opening, db js.Value, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.opening != o {
		return
	}
	d.opening, d.db, o.db, o.err = nil, db, db, err
	d.before = d.before || err == nil
	close(o.done)
}

// watch lets go of the database when a newer version of the app wants to change
// it or it is to be deleted, and takes note when the browser has closed it: it
// has been cleared. The next call opens it anew.
func (d *Database) watch(db js.Value) {
	var changed, closed js.Func
	over := func(lost bool) {
		d.drop(db)
		if lost {
			d.tellLost()
		}
		changed.Release()
		closed.Release()
	}
	changed = js.FuncOf(func(_ js.Value, args []js.Value) any {
		db.Call("close")
		over(first(args).Get("newVersion").IsNull())
		return nil
	})
	closed = js.FuncOf(func(js.Value, []js.Value) any {
		over(true)
		return nil
	})
	db.Set("onversionchange", changed)
	db.Set("onclose", closed)
}

// drop forgets a connection that is of no use any more.
func (d *Database) drop(db js.Value) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.db.Equal(db) {
		d.db = js.Undefined()
	}
}

func (d *Database) tellLost() {
	select {
	case d.lost <- struct{}{}:
	default:
	}
}
