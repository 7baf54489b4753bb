package web

import (
	"cmp"
	"net/http"
	"net/url"
	"strconv"

	"parley/server/chat"
	"parley/shared/wire"
)

// about answers GET /api/v1/about.
func (s *Server) about(w *answer, _ *http.Request) error {
	about, err := s.whatAnybodyMayKnow()
	if err != nil {
		return err
	}
	return writeJSON(w, about)
}

func (s *Server) whatAnybodyMayKnow() (wire.About, error) {
	name, setup, err := s.conf.Queries.About()
	return wire.About{Name: cmp.Or(name, product), Version: s.conf.Version, Setup: setup, Heartbeat: int(wire.Heartbeat.Seconds())}, err
}

// sync gives the state at one cursor, and renews the session: a browser that
// is used keeps it.
func (s *Server) sync(w *answer, r *http.Request) error {
	id, err := s.identify(w, r)
	if err != nil {
		return err
	}
	if err := s.renew(w, r, id); err != nil {
		return err
	}
	state, err := s.conf.Queries.Sync(id.Actor)
	if err != nil {
		return err
	}
	return writeJSON(w, state)
}

func (s *Server) renew(w *answer, r *http.Request, id identity) error {
	if !id.NeedsRenewal(wire.TimeOf(s.conf.Env.Now())) {
		return nil
	}
	if _, err := s.submit(r.Context(), s.conf.Env.Renew(id.Actor)); err != nil {
		return err
	}
	_, err := s.giveCookie(w, id.token)
	return err
}

// publicRooms gives the rooms that one may join.
func (s *Server) publicRooms(w *answer, r *http.Request) error {
	id, err := s.identify(w, r)
	if err != nil {
		return err
	}
	archived := r.URL.Query().Get("archived")
	if archived != "" && archived != "true" && archived != "false" {
		return wire.Errorf(wire.CodeBadRequest, `"archived" must be true or false.`)
	}
	list, err := s.conf.Queries.PublicRooms(id.Actor, archived == "true")
	if err != nil {
		return err
	}
	return writeJSON(w, list)
}

// history gives messages of a room.
func (s *Server) history(w *answer, r *http.Request) error {
	id, err := s.identify(w, r)
	if err != nil {
		return err
	}
	page, err := pageOf(r.URL.RawQuery)
	if err != nil {
		return err
	}
	list, err := s.conf.Queries.History(id.Actor, r.PathValue("id"), page)
	if err != nil {
		return err
	}
	return writeJSON(w, list)
}

// pageOf reads before, after or around, and limit.
func pageOf(query string) (chat.Page, error) {
	p := chat.Page{Limit: wire.DefaultHistory}
	q, err := url.ParseQuery(query)
	if err != nil {
		return p, errBadQuery()
	}
	if q.Has("limit") {
		n, err := strconv.Atoi(q.Get("limit"))
		if err != nil || n < 1 {
			return p, wire.Errorf(wire.CodeBadRequest, "The limit must be a number from 1 to %d.", wire.MaxHistory)
		}
		p.Limit = min(n, wire.MaxHistory)
	}
	err = placeOf(q, &p)
	return p, err
}

// placeOf reads at most one of the three places that a page can be asked for by.
func placeOf(q url.Values, p *chat.Page) error {
	places := 0
	for name, field := range map[string]*uint64{"before": &p.Before, "after": &p.After, "around": &p.Around} {
		if !q.Has(name) {
			continue
		}
		places++
		seq, err := strconv.ParseUint(q.Get(name), 10, 64)
		if err != nil || seq == 0 && name != "after" {
			return wire.Errorf(wire.CodeBadRequest, "%q must be the number of a message.", name)
		}
		*field = seq
	}
	if places > 1 {
		return wire.Errorf(wire.CodeBadRequest, "Only one of before, after and around is possible.")
	}
	p.Oldest = q.Has("after") && p.After == 0
	return nil
}

func errBadQuery() error {
	return wire.Errorf(wire.CodeBadRequest, "The address has a part that cannot be read.")
}
