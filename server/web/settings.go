package web

import (
	"net/http"
	"net/url"
	"strconv"

	"parley/shared/wire"
)

// revisions gives what a message said before it was edited.
func (s *Server) revisions(w *answer, r *http.Request) error {
	id, err := s.identify(w, r)
	if err != nil {
		return err
	}
	seq, err := strconv.ParseUint(r.PathValue("seq"), 10, 64)
	if err != nil {
		return wire.Errorf(wire.CodeBadRequest, "The address must have the number of a message.")
	}
	list, err := s.conf.Queries.Revisions(id.Actor, r.PathValue("id"), seq)
	if err != nil {
		return err
	}
	return writeJSON(w, list)
}

// sessions gives one's own logins.
func (s *Server) sessions(w *answer, r *http.Request) error {
	id, err := s.identify(w, r)
	if err != nil {
		return err
	}
	list, err := s.conf.Queries.Sessions(id.Actor, wire.TimeOf(s.conf.Env.Now()))
	if err != nil {
		return err
	}
	return writeJSON(w, list)
}

// tokens gives one's own API tokens, or all.
func (s *Server) tokens(w *answer, r *http.Request) error {
	id, err := s.identify(w, r)
	if err != nil {
		return err
	}
	list, err := s.conf.Queries.Tokens(id.Actor)
	if err != nil {
		return err
	}
	return writeJSON(w, list)
}

// invites gives one's own invites, or all.
func (s *Server) invites(w *answer, r *http.Request) error {
	id, err := s.identify(w, r)
	if err != nil {
		return err
	}
	list, err := s.conf.Queries.Invites(id.Actor, wire.TimeOf(s.conf.Env.Now()))
	if err != nil {
		return err
	}
	return writeJSON(w, list)
}

// audit gives a page of the audit log.
func (s *Server) audit(w *answer, r *http.Request) error {
	id, err := s.identify(w, r)
	if err != nil {
		return err
	}
	q, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return errBadQuery()
	}
	var before uint64
	if q.Has("before") {
		if before, err = strconv.ParseUint(q.Get("before"), 10, 64); err != nil || before == 0 {
			return wire.Errorf(wire.CodeBadRequest, `"before" must be the id of an entry.`)
		}
	}
	limit := wire.DefaultAudit
	if q.Has("limit") {
		if limit, err = strconv.Atoi(q.Get("limit")); err != nil || limit < 1 {
			return wire.Errorf(wire.CodeBadRequest, "The limit must be a number from 1 to %d.", wire.MaxAuditListed)
		}
	}
	list, err := s.conf.Queries.Audit(id.Actor, before, limit)
	if err != nil {
		return err
	}
	return writeJSON(w, list)
}
