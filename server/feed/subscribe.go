package feed

import (
	"errors"
	"fmt"

	"parley/server/store"
	"parley/shared/wire"
)

// Subscription is who wants to read, and from where.
type Subscription struct {
	User    string
	Session string // up to wire.MaxSession characters; empty: durable events only, no presence
	Cursor  string // empty: the log's end

	// Stream is for connections that give more than one batch. Those are told
	// anew who is online; polls only what has changed since the session's last.
	Stream bool

	// Credential is what the user signed in with: a login session or API token.
	// A zero one is not checked and cannot be revoked.
	Credential store.Hash
}

// view is what the store says at the moment of a subscription.
type view struct {
	epoch      string
	first, end uint64
	spans      map[string][]store.Span // nil when the user is known already
}

// Subscribe begins to read for a user. The connection must be closed. Errors:
// bad_request for a cursor or session that is none, rate_limited for a session
// too many (Problems of package wire), [ErrRevoked], [ErrDraining]. A cursor
// that is of no use is not an error: see [Batch].
func (f *Feed) Subscribe(s Subscription) (*Conn, error) {
	var epoch string
	var offset uint64
	if s.Cursor != "" {
		var err error
		if epoch, offset, err = store.ParseCursor(s.Cursor); err != nil {
			return nil, err
		}
	}
	if s.Session != "" {
		if err := wire.CheckSession(s.Session); err != nil {
			return nil, err
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.fail != nil {
		return nil, f.fail
	}
	if f.draining {
		return nil, ErrDraining
	}
	v, err := f.look(s)
	if err != nil {
		return nil, err
	}
	if s.Cursor == "" {
		epoch, offset = v.epoch, v.end
	}
	if epoch != v.epoch || offset > v.end || offset+1 < v.first {
		return f.add(&Conn{reset: true, credential: s.Credential}), nil
	}
	if s.Session != "" {
		if err := f.checkSessions(s.User, s.Session); err != nil {
			return nil, err
		}
	}
	return f.register(s, v, offset), nil
}

// look reads what has to fit together: the user, the credential and the log.
// The lock is held, so what is revoked or published later finds the connection.
func (f *Feed) look(s Subscription) (v view, err error) {
	err = f.db.View(func(tx *store.Tx) error {
		v.epoch, v.first, v.end = tx.Epoch(), tx.First(), tx.End()
		u, err := tx.User(s.User)
		if err != nil {
			return err
		}
		if u.Deactivated {
			return ErrRevoked
		}
		if err := checkCredential(tx, s); err != nil {
			return err
		}
		if f.users[s.User] == nil {
			v.spans, err = tx.Spans(s.User)
		}
		return err
	})
	switch {
	case errors.Is(err, store.ErrNotExist):
		return v, ErrRevoked
	case err != nil && !errors.Is(err, ErrRevoked):
		return v, fmt.Errorf("subscribe: %w", err)
	}
	return v, err
}

// checkCredential refuses one that was revoked after it was looked at last.
func checkCredential(tx *store.Tx, s Subscription) error {
	if s.Credential == (store.Hash{}) {
		return nil
	}
	session, err := tx.Session(s.Credential)
	owner := session.User
	if errors.Is(err, store.ErrNotExist) {
		var token store.Token
		token, err = tx.Token(s.Credential)
		owner = token.User
	}
	if err == nil && owner != s.User {
		return ErrRevoked
	}
	return err
}

// register makes the connection known to Publish.
func (f *Feed) register(s Subscription, v view, offset uint64) *Conn {
	c := f.add(&Conn{credential: s.Credential, cursor: offset, user: f.user(s.User, v)})
	c.user.conns = append(c.user.conns, c)
	if offset >= f.head {
		c.attach() // level from the start; who is not attaches when it reads
	}
	if s.Session != "" {
		f.joinSession(c, s.Session, s.Stream)
	}
	return c
}

func (f *Feed) add(c *Conn) *Conn {
	f.numbers++
	c.feed, c.number, c.wake = f, f.numbers, make(chan struct{}, 1)
	f.conns[c] = true
	return c
}
