package chat

import (
	"errors"
	"time"

	"parley/server/store"
	"parley/shared/wire"
)

// Queries reads. Each method sees one moment; all may run concurrently. Errors
// that the asker caused are *wire.Problem.
type Queries struct {
	DB      *store.DB
	MaxFile int64 // bytes that a file may have: told to clients
}

// About is the community's name, which may be empty, and whether it still
// waits for its owner.
func (q Queries) About() (community string, setup bool, err error) {
	err = q.DB.View(func(tx *store.Tx) error {
		community = tx.Community()
		_, err := tx.Room(wire.Lobby)
		setup = errors.Is(err, store.ErrNotExist)
		if setup {
			return nil
		}
		return err
	})
	return community, setup, err
}

// BySession is who holds a session token. The error is unauthenticated for a
// token that is unknown or expired, and for a user who is deactivated.
func (q Queries) BySession(token string, now time.Time) (Actor, error) {
	a := Actor{Credential: store.HashOf(token)}
	err := q.DB.View(func(tx *store.Tx) error {
		s, err := tx.Session(a.Credential)
		if errors.Is(err, store.ErrNotExist) || (err == nil && s.Expires <= wire.TimeOf(now)) {
			return unauthenticated()
		}
		if err != nil {
			return err
		}
		a.Expires = s.Expires
		return a.load(tx, s.User)
	})
	return a.orNobody(err)
}

// ByToken is the bot of an API token. The error is unauthenticated for a token
// that is unknown or revoked.
func (q Queries) ByToken(token string) (Actor, error) {
	a := Actor{Credential: store.HashOf(token)}
	err := q.DB.View(func(tx *store.Tx) error {
		t, err := tx.Token(a.Credential)
		if errors.Is(err, store.ErrNotExist) {
			return unauthenticated()
		}
		if err != nil {
			return err
		}
		return a.load(tx, t.User)
	})
	return a.orNobody(err)
}

func (a *Actor) load(tx *store.Tx, id string) error {
	u, err := active(tx, id)
	a.User = u.User
	return err
}

func (a Actor) orNobody(err error) (Actor, error) {
	if err != nil {
		return Actor{}, err
	}
	return a, nil
}

// CheckMember refuses whoever may not take part in a room: not_found for a room
// that the actor may not know of, forbidden for a public one not joined,
// conflict for one that is archived.
func (q Queries) CheckMember(a Actor, room string) error {
	return q.as(a, func(tx *store.Tx, me wire.User) error {
		_, err := findOpen(tx, me, room)
		return err
	})
}

// as runs fn at one moment with the actor as it is at that moment.
func (q Queries) as(a Actor, fn func(tx *store.Tx, me wire.User) error) error {
	return q.DB.View(func(tx *store.Tx) error {
		me, err := active(tx, a.User.ID)
		if err != nil {
			return err
		}
		return fn(tx, me.User)
	})
}
