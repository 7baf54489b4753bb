package chat

import (
	"encoding/base64"
	"fmt"
	"io"
	"net/url"
	"time"

	"parley/server/store"
	"parley/shared/wire"
)

const (
	idBytes     = 12 // 16 characters: 96 bits, which nobody draws twice
	secretBytes = 32 // 43 characters: 256 bits, which nobody guesses

	// tokenPrefix lets scanners find API tokens that leaked into code.
	tokenPrefix = "parley_"

	// SessionLife is how long a login lasts without being used.
	SessionLife = 90 * 24 * time.Hour
	// renewAfter spares the log an entry at every visit.
	renewAfter = 24 * time.Hour
)

// Env is where time and randomness come from. Its methods may run concurrently
// if Now and Rand may.
type Env struct {
	Now  func() time.Time
	Rand io.Reader

	// Markup renders a message's text as safe HTML, "" when there is nothing to
	// render, and gives the text without its code, in which nobody is mentioned;
	// nil renders nothing. It is asked when a message is prepared: what it
	// gives is part of the entry, whatever a later version would give.
	Markup func(text string) (html, prose string)

	// CheckWebhook refuses addresses that the server will not post to, with a
	// *wire.Problem; nil refuses none. It is only there to say so at once: the
	// one who posts looks at the address that a name really leads to.
	CheckWebhook func(*url.URL) error

	// Files are what files may take up; zero allows none.
	Files FileLimits

	// Passwords hashes and verifies; nil means the one that the whole process
	// shares, at [DefaultCost].
	Passwords *Passwords
}

func (v Env) now() wire.Time { return wire.TimeOf(v.Now()) }

func (v Env) markup(text string) (html, prose string) {
	if v.Markup == nil {
		return "", text
	}
	return v.Markup(text)
}

func (v Env) passwords() *Passwords {
	if v.Passwords != nil {
		return v.Passwords
	}
	return shared
}

// call wraps an op into a Call at this moment.
func (v Env) call(actor string, op Op, secret string) Call {
	return Call{Entry: Entry{Actor: actor, Time: v.now(), Op: op}, Secret: secret}
}

// id is a new id of 16 URL-safe characters.
func (v Env) id() (string, error) { return v.random(idBytes) }

// secret is a new secret with its hash.
func (v Env) secret(prefix string) (string, store.Hash, error) {
	s, err := v.random(secretBytes)
	if err != nil {
		return "", store.Hash{}, err
	}
	return prefix + s, store.HashOf(prefix + s), nil
}

func (v Env) random(n int) (string, error) {
	b := make([]byte, n)
	if _, err := io.ReadFull(v.Rand, b); err != nil {
		return "", fmt.Errorf("read random bytes: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(b), nil
}
