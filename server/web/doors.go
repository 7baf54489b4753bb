package web

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"log/slog"
	"net/http"

	"parley/server/chat"
	"parley/shared/wire"
)

// setup answers POST /api/v1/setup.
func (s *Server) setup(w *answer, r *http.Request) error {
	var args wire.Setup
	if err := s.read(w, r, &args); err != nil {
		return err
	}
	id, err := s.setUp(w, r, args)
	if err != nil {
		return err
	}
	return writeJSON(w, id.User)
}

// setUp makes the community, once. Who is not at this machine needs the code.
func (s *Server) setUp(w *answer, r *http.Request, args wire.Setup) (identity, error) {
	if err := s.maySetUp(w.visitor, args.Code); err != nil {
		return identity{}, err
	}
	call, err := s.conf.Env.Setup(r.Context(), args)
	if err != nil {
		return identity{}, err
	}
	id, err := s.letIn(w, r, call)
	if err == nil {
		s.log.Info("community set up", slog.String("owner", id.User.ID), slog.String("address", w.addr.String()))
	}
	return id, err
}

// maySetUp refuses strangers without the code, and a second owner before time
// is spent on a password.
func (s *Server) maySetUp(v visitor, code string) error {
	if !v.atThisMachine() {
		if wait, ok := s.setups.take(block(v.addr), s.conf.Env.Now()); !ok {
			return errTooOften(wait)
		}
		if !s.isSetupCode(code) {
			return wire.Errorf(wire.CodeForbidden, "From another machine this takes the code that the server printed when it started.")
		}
	}
	_, open, err := s.conf.Queries.About()
	if err == nil && !open {
		return wire.Errorf(wire.CodeConflict, "This community has been created already. Sign in.")
	}
	return err
}

// atThisMachine tells whether the visitor sits at the server itself. A proxy in
// front would make everybody look so: one that names the client in a header is
// found by that, one that does not by the Host it passes on.
func (v visitor) atThisMachine() bool {
	return v.local && !v.forwarded && isLoopbackHost(v.host)
}

// isSetupCode compares in constant time, whatever the lengths.
func (s *Server) isSetupCode(code string) bool {
	want, got := sha256.Sum256([]byte(s.conf.SetupCode)), sha256.Sum256([]byte(code))
	return s.conf.SetupCode != "" && subtle.ConstantTimeCompare(want[:], got[:]) == 1
}

// login answers POST /api/v1/login.
func (s *Server) login(w *answer, r *http.Request) error {
	var args wire.Login
	if err := s.read(w, r, &args); err != nil {
		return err
	}
	id, err := s.signIn(w, r, args)
	if err != nil {
		return err
	}
	return writeJSON(w, id.User)
}

// signIn opens a session for somebody who has a password.
func (s *Server) signIn(w *answer, r *http.Request, args wire.Login) (identity, error) {
	try, err := s.logins.try(args.Name, w.addr, s.conf.Env.Now())
	if err != nil {
		return identity{}, err
	}
	call, err := s.conf.Env.Login(r.Context(), s.conf.Queries, args)
	if err != nil {
		return identity{}, err
	}
	try.succeeded(s.conf.Env.Now())
	return s.letIn(w, r, call)
}

// signup answers POST /api/v1/signup.
func (s *Server) signup(w *answer, r *http.Request) error {
	var args wire.Signup
	if err := s.read(w, r, &args); err != nil {
		return err
	}
	id, err := s.signUp(w, r, args)
	if err != nil {
		return err
	}
	return writeJSON(w, id.User)
}

// signUp makes a user by an invite.
func (s *Server) signUp(w *answer, r *http.Request, args wire.Signup) (identity, error) {
	if wait, ok := s.signups.take(block(w.addr), s.conf.Env.Now()); !ok {
		return identity{}, errTooOften(wait)
	}
	call, err := s.conf.Env.Signup(r.Context(), s.conf.Queries, args)
	if err != nil {
		return identity{}, err
	}
	id, err := s.letIn(w, r, call)
	if err == nil {
		s.log.Info("user signed up", slog.String("user", id.User.ID), slog.String("role", string(id.User.Role)), slog.String("address", w.addr.String()))
	}
	return id, err
}

// letIn commits a call whose secret is a new session and gives the browser the
// cookie for it.
func (s *Server) letIn(w *answer, r *http.Request, call chat.Call) (identity, error) {
	if _, err := s.submit(r.Context(), call.From(r.UserAgent())); err != nil {
		return identity{}, err
	}
	return s.giveCookie(w, call.Secret)
}

// giveCookie sets the cookie for a session that is in the store.
func (s *Server) giveCookie(w *answer, token string) (identity, error) {
	id := identity{token: token, cookie: true}
	if err := s.refresh(&id); err != nil {
		return id, err
	}
	setCookie(w, token, s.conf.Env.Now(), id.Expires.Std())
	return id, nil
}

// logout ends the session, and its feeds with it.
func (s *Server) logout(w *answer, r *http.Request) error {
	if _, err := s.readBody(w, r); err != nil {
		return err
	}
	id, err := s.identify(w, r)
	if err != nil {
		return err
	}
	if !id.cookie {
		return wire.Errorf(wire.CodeBadRequest, "An API token has no session to end; revoke it instead.")
	}
	if _, err := s.submit(r.Context(), s.conf.Env.Logout(id.Actor)); err != nil {
		return err
	}
	dropCookie(w)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// submit has the journal commit a call and gives what the asker is told. When
// the call ends a credential, the feeds opened with it end.
func (s *Server) submit(ctx context.Context, call chat.Call) (any, error) {
	result, err := s.conf.Journal.Submit(ctx, call.Entry)
	if err != nil {
		return nil, err
	}
	if revoked, ok := result.(chat.Revoked); ok {
		for _, credential := range revoked.Credentials {
			s.conf.Feed.Revoke(credential)
		}
	}
	return call.Answer(result), nil
}
