package web

import (
	"crypto/sha256"
	"net/netip"
	"time"

	"parley/shared/names"
	"parley/shared/wire"
)

// The throttles of getting in. A sign-in that succeeds costs nothing.
const (
	nameBurst  = 10 // failures for one name: a password guessed from many addresses
	nameRate   = 1.0 / 5
	addrBurst  = 20 // failures from one address: one password tried on all names
	addrRate   = 1.0 / 20
	knownBurst = 10 // failures for a name from where it signed in before, see throttle
	knownRate  = 1.0 / 20

	signupBurst = 60 // an office that comes through one address on the first morning
	signupRate  = 1
	setupBurst  = 10 // guesses of the set-up code
	setupRate   = 1.0 / 10

	makesPer = 100 // sends for one room, bot or invite: rooms without end, which slow down making the next one, and bots that multiply the send limit

	typingBurst = 10 // "is typing" from one user: a fan-out to a whole room for a few bytes
	typingRate  = 2

	pieceBurst = 256 // pieces of files from one user: 32 MiB, then 5 MB a second: the disk is everybody's
	pieceRate  = 40

	searchBurst = 20 // searches of one user: one with every key that is typed, not a walk through all words
	searchRate  = 5
)

// throttle slows down who guesses passwords, by the name tried and by the
// address it comes from.
//
// Whoever fails on purpose with somebody else's name must not keep that person
// out. One address cannot: it runs dry (3 a minute) before it empties a name (12
// a minute). Many could, so a name's tokens are not asked for from where it
// has signed in before; such a place has tokens of its own.
type throttle struct {
	names *buckets[nameKey]
	addrs *buckets[netip.Prefix]
	known *buckets[place]
	homes *recent[place] // where sign-ins succeeded
}

// nameKey is the hash of a folded name: as short for a name of 60 KB.
type nameKey [sha256.Size]byte

func keyOf(name string) nameKey { return sha256.Sum256([]byte(names.Fold(name))) }

// place is a name at an address.
type place struct {
	name nameKey
	addr netip.Prefix
}

func newThrottle() *throttle {
	return &throttle{
		names: newBuckets[nameKey](nameRate, nameBurst),
		addrs: newBuckets[netip.Prefix](addrRate, addrBurst),
		known: newBuckets[place](knownRate, knownBurst),
		homes: newRecent[place](),
	}
}

// attempt is a sign-in that is being tried. It has been paid for.
type attempt struct {
	t     *throttle
	at    place
	known bool
}

// try pays for an attempt, before anything is checked: so any number at the
// same time is not cheaper than one after the other. The error is a Problem.
func (t *throttle) try(name string, addr netip.Addr, now time.Time) (attempt, error) {
	a := attempt{t: t, at: place{name: keyOf(name), addr: block(addr)}}
	a.known = t.homes.has(a.at)
	if a.known {
		if wait, ok := t.known.take(a.at, now); !ok {
			return a, errTooOften(wait)
		}
		return a, nil
	}
	if wait, ok := t.addrs.take(a.at.addr, now); !ok {
		return a, errTooOften(wait)
	}
	if wait, ok := t.names.take(a.at.name, now); !ok {
		t.addrs.giveBack(a.at.addr, now) // nothing was tried
		return a, errTooOften(wait)
	}
	return a, nil
}

// succeeded gives back what the attempt cost and remembers the place.
func (a attempt) succeeded(now time.Time) {
	if a.known {
		a.t.known.giveBack(a.at, now)
		return
	}
	a.t.addrs.giveBack(a.at.addr, now)
	a.t.names.giveBack(a.at.name, now)
	a.t.homes.add(a.at)
}

func errTooOften(wait time.Duration) error {
	n := seconds(wait)
	return wire.Errorf(wire.CodeRateLimited, "Too many attempts. Try again in %d seconds.", n).After(n)
}
