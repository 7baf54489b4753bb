package feed

import (
	"fmt"

	"parley/server/store"
	"parley/shared/wire"
)

// Until gives what Subscribe and Next would, but nothing that comes after the
// cursor until: this is how somebody gets to a place exactly that is known from
// elsewhere. The batch's cursor is until when all before it has been given, and
// More tells that it has not. Where until lies before the subscription's cursor,
// the batch is empty and its cursor that of the subscription. No connection is
// made, so there is no presence in it and no session is touched. Errors are
// those of Subscribe, and bad_request for an until of another log, or beyond the
// end of this one.
func (f *Feed) Until(s Subscription, until string) (Batch, error) {
	epoch, offset, err := store.ParseCursor(s.Cursor)
	if err != nil {
		return Batch{}, err
	}
	goal, last, err := store.ParseCursor(until)
	if err != nil {
		return Batch{}, err
	}
	v, err := f.lookNow(s)
	switch {
	case err != nil:
		return Batch{}, err
	case epoch != v.epoch || offset > v.end || offset+1 < v.first:
		return Batch{Cursor: store.FormatCursor(v.epoch, v.end), Reset: true}, nil
	case goal != v.epoch || last > v.end:
		return Batch{}, wire.Errorf(wire.CodeBadRequest, "until is no place in the log.")
	case last <= offset:
		return Batch{Cursor: s.Cursor}, nil
	}
	return f.readUntil(reading{user: s.User, after: offset}, last)
}

// lookNow is look, refused while draining.
func (f *Feed) lookNow(s Subscription) (view, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.fail != nil {
		return view{}, f.fail
	}
	if f.draining {
		return view{}, ErrDraining
	}
	return f.look(s)
}

// readUntil reads on to an offset, no further than one batch.
func (f *Feed) readUntil(r reading, last uint64) (Batch, error) {
	r.last = last
	for scans := 1; ; scans++ {
		if err := f.db.View(func(tx *store.Tx) error { return r.read(tx, &f.o) }); err != nil {
			return Batch{}, fmt.Errorf("read the log: %w", err)
		}
		if r.gone {
			return Batch{Cursor: store.FormatCursor(f.db.Epoch(), last), Reset: true}, nil
		}
		if len(r.events) > 0 || r.reached == last || scans == maxScans {
			return Batch{
				Cursor: store.FormatCursor(f.db.Epoch(), r.reached),
				Events: r.events, More: r.reached < last,
			}, nil
		}
		r.after = r.reached
	}
}
