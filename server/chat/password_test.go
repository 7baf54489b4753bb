package chat

import (
	"context"
	"crypto/rand"
	"strings"
	"testing"
	"testing/synctest"

	"parley/shared/wire"
)

func TestPasswordRoundTrip(t *testing.T) {
	ctx := context.Background()
	p := NewPasswords(cheap)
	phc, err := p.hash(ctx, rand.Reader, "pässword 好")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(phc, "$argon2id$v=19$m=64,t=1,p=1$") {
		t.Errorf("got %s", phc)
	}
	again, err := p.hash(ctx, rand.Reader, "pässword 好")
	if err != nil || again == phc {
		t.Errorf("two hashes share a salt: %s, %v", again, err)
	}
	other := NewPasswords(Cost{Memory: 128, Passes: 2, Threads: 2})
	for given, want := range map[string]bool{
		"pässword 好":       true,
		"pa\u0308ssword 好": true, // the same letters from another keyboard
		"password 好":       false,
		"":                 false,
		"pässword 好\x00":   false,
	} {
		for _, by := range []*Passwords{p, other} { // costs are in the hash
			if ok, err := by.verify(ctx, phc, given); ok != want || err != nil {
				t.Errorf("%q: got %v, %v", given, ok, err)
			}
		}
	}
}

// TestDefaultCost holds DESIGN 3 against the hash that is made for people.
func TestDefaultCost(t *testing.T) {
	phc, err := shared.hash(context.Background(), rand.Reader, password)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(phc, "$argon2id$v=19$m=65536,t=3,p=1$") {
		t.Errorf("got %s", phc)
	}
	if (Env{}).passwords() != shared {
		t.Error("an Env without Passwords has others than the shared")
	}
}

func TestKnownVector(t *testing.T) {
	// From the test of the reference implementation (phc-winner-argon2, src/test.c).
	const phc = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
	if ok, err := NewPasswords(cheap).verify(context.Background(), phc, "password"); !ok || err != nil {
		t.Errorf("got %v, %v", ok, err)
	}
}

func TestDamagedPasswords(t *testing.T) {
	for _, phc := range []string{
		"x", "$argon2i$v=19$m=64,t=1,p=1$c2FsdA$nf65EOgLrQMR/uIPnA4rEg", "$argon2id$v=18$m=64,t=1,p=1$c2FsdA$nf65EOgLrQMR/uIPnA4rEg",
		"$argon2id$v=19$m=9999999,t=1,p=1$c2FsdA$nf65EOgLrQMR/uIPnA4rEg", "$argon2id$v=19$m=64,t=0,p=1$c2FsdA$nf65EOgLrQMR/uIPnA4rEg",
		"$argon2id$v=19$m=64,t=1,p=0$c2FsdA$nf65EOgLrQMR/uIPnA4rEg", "$argon2id$v=19$m=64,t=1,p=1$!$nf65EOgLrQMR/uIPnA4rEg",
		"$argon2id$v=19$m=64,t=1,p=1$c2FsdA$", "$argon2id$v=19$t=1$c2FsdA$nf65EOgLrQMR/uIPnA4rEg",
	} {
		ok, err := NewPasswords(cheap).verify(context.Background(), phc, "password")
		if ok || err == nil || wire.CodeFrom(err) != "" {
			t.Errorf("%s: got %v, %v", phc, ok, err)
		}
	}
}

// TestHashesAtOnce: two hash, a third waits its turn, and no longer than it or
// the server wants. An unknown name waits too, so it is hashed for as well.
func TestHashesAtOnce(t *testing.T) {
	c := newCast(t)
	p := NewPasswords(cheap)
	c.env.Passwords = p
	for range hashesAtOnce {
		p.slots <- struct{}{}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, name := range []string{"Olga", "Nobody"} {
		_, err := c.env.Login(ctx, c.q, wire.Login{Name: name, Password: password})
		if got := problemOf(t, err); got.Code != wire.CodeUnavailable || got.RetryAfter == 0 {
			t.Errorf("%s: got %+v", name, got)
		}
	}
	synctest.Test(t, func(t *testing.T) {
		p := NewPasswords(cheap)
		for range hashesAtOnce {
			p.slots <- struct{}{}
		}
		_, err := p.hash(context.Background(), rand.Reader, password)
		if got := problemOf(t, err); got.Code != wire.CodeUnavailable {
			t.Errorf("got %+v", got)
		}
		go func() { <-p.slots }()
		if _, err := p.hash(context.Background(), rand.Reader, password); err != nil {
			t.Error(err)
		}
	})
}
