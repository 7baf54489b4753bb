package client

import (
	"context"
	"time"

	"parley/shared/wire"
)

// doorTimeout is how long an answer may take here: hashing a password on a busy
// server takes its time.
const doorTimeout = 30 * time.Second

// Door is what somebody who is not signed in can do. Errors are a *wire.Problem
// or a network error. All methods may be called concurrently.
type Door struct {
	Net   Net
	Clock Clock // nil: SystemClock
}

// About is what anybody may know of the server.
func (d Door) About(ctx context.Context) (wire.About, error) {
	var a wire.About
	err := d.ask(ctx, Request{Method: "GET", Path: base + "/about"}, &a)
	return a, err
}

// Setup makes the owner and the lobby, once, and signs in.
func (d Door) Setup(ctx context.Context, s wire.Setup) (wire.User, error) {
	return d.enter(ctx, "/setup", s)
}

// Login signs in by name and password.
func (d Door) Login(ctx context.Context, l wire.Login) (wire.User, error) {
	return d.enter(ctx, "/login", l)
}

// Signup follows an invite, and signs in.
func (d Door) Signup(ctx context.Context, s wire.Signup) (wire.User, error) {
	return d.enter(ctx, "/signup", s)
}

// Logout signs out.
func (d Door) Logout(ctx context.Context) error {
	return d.ask(ctx, Request{Method: "POST", Path: base + "/logout", Body: []byte("{}")}, nil)
}

func (d Door) enter(ctx context.Context, path string, args any) (wire.User, error) {
	var u wire.User
	err := d.ask(ctx, Request{Method: "POST", Path: base + path, Body: wire.Encode(args)}, &u)
	return u, err
}

func (d Door) ask(ctx context.Context, r Request, result any) error {
	clock := d.Clock
	if clock == nil {
		clock = SystemClock{}
	}
	ctx, cancel := within(ctx, clock, doorTimeout, errNoAnswer)
	defer cancel()
	return ask(ctx, d.Net, r, result)
}
