package web

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"parley/server/search"
	"parley/shared/wire"
)

// maxZone is how far a place's clock may be from UTC, in minutes.
const maxZone = 14 * 60

// search finds messages.
func (s *Server) search(w *answer, r *http.Request) error {
	id, err := s.identify(w, r)
	if err != nil {
		return err
	}
	request, err := searchOf(r.URL.RawQuery)
	if err != nil {
		return err
	}
	if s.conf.Search == nil {
		return wire.Errorf(wire.CodeUnavailable, "This server has no search.")
	}
	if wait, ok := s.searches.take(id.User.ID, s.conf.Env.Now()); !ok {
		n := seconds(wait)
		return wire.Errorf(wire.CodeRateLimited, "You are searching faster than this server allows.").After(n)
	}
	list, err := s.conf.Search.Search(id.Actor, request)
	if err != nil {
		return err
	}
	return writeJSON(w, list)
}

// searchOf reads q, room, before, limit and zone.
func searchOf(query string) (search.Request, error) {
	q, err := url.ParseQuery(query)
	if err != nil {
		return search.Request{}, errBadQuery()
	}
	r := search.Request{Query: q.Get("q"), Room: q.Get("room"), Next: q.Get("before")}
	if q.Has("limit") {
		if r.Limit, err = strconv.Atoi(q.Get("limit")); err != nil || r.Limit < 1 {
			return r, wire.Errorf(wire.CodeBadRequest, "The limit must be a number from 1 to %d.", wire.MaxFound)
		}
	}
	if q.Has("zone") {
		minutes, err := strconv.Atoi(q.Get("zone"))
		if err != nil || minutes < -maxZone || minutes > maxZone {
			return r, wire.Errorf(wire.CodeBadRequest, "The zone must be the minutes by which your clock is ahead of UTC.")
		}
		r.Zone = time.FixedZone("", minutes*60)
	}
	return r, nil
}
