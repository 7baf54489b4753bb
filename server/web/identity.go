package web

import (
	"net/http"
	"strings"

	"parley/server/chat"
	"parley/shared/wire"
)

// identity is who asks and by what it shows that.
type identity struct {
	chat.Actor
	token  string
	cookie bool // else an API token
}

// identify finds out who asks. An Authorization header that does not hold is
// refused even when the cookie would do: whoever sent it meant to be somebody
// else. The error is a Problem.
func (s *Server) identify(w *answer, r *http.Request) (identity, error) {
	id := identity{cookie: true}
	if values, ok := r.Header["Authorization"]; ok {
		scheme, token, _ := strings.Cut(strings.Join(values, ","), " ")
		if !strings.EqualFold(scheme, "Bearer") || token == "" {
			return id, wire.Errorf(wire.CodeUnauthenticated, "The Authorization header is not a Bearer token.")
		}
		id.token, id.cookie = strings.TrimSpace(token), false
	} else if c, err := r.Cookie(cookieName(w.secure)); err == nil {
		id.token = c.Value
	} else {
		return id, wire.Errorf(wire.CodeUnauthenticated, "Sign in first.")
	}
	if err := s.refresh(&id); err != nil {
		return id, err
	}
	return id, checkUser(r, id)
}

// checkUser refuses a request that says whose it is (user=ID) when somebody else
// is signed in: the cookie belongs to the whole browser, and a page that was
// opened by one person must not act, or read on, as the next.
func checkUser(r *http.Request, id identity) error {
	if !strings.Contains(r.URL.RawQuery, "user=") {
		return nil
	}
	if user := r.URL.Query().Get("user"); user != "" && user != id.User.ID {
		return wire.Errorf(wire.CodeUnauthenticated, "Somebody else has signed in.")
	}
	return nil
}

// refresh looks up what the identity's token stands for now.
func (s *Server) refresh(id *identity) (err error) {
	if id.cookie {
		id.Actor, err = s.conf.Queries.BySession(id.token, s.conf.Env.Now())
	} else {
		id.Actor, err = s.conf.Queries.ByToken(id.token)
	}
	return err
}

// expired tells whether the login session is over, unless it was renewed.
func (s *Server) expired(id identity) bool {
	return id.Expires != 0 && wire.TimeOf(s.conf.Env.Now()) >= id.Expires
}
