package web

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"parley/shared/wire"
	"parley/static"
)

// api is where the API lies.
const api = "/api/v1/"

// methods are the handlers of a path. HEAD is GET without the body.
type methods map[string]handler

func (s *Server) routes() *http.ServeMux {
	mux := http.NewServeMux()
	for pattern, m := range map[string]methods{
		api + "events":              {http.MethodGet: s.events},
		api + "about":               {http.MethodGet: s.about},
		api + "sync":                {http.MethodGet: s.sync},
		api + "rooms":               {http.MethodGet: s.publicRooms},
		api + "rooms/{id}/messages": {http.MethodGet: s.history},
		api + "rooms/{id}/import":   {http.MethodPost: s.importRoom},
		api + "rooms/{id}/export":   {http.MethodGet: s.export},
		api + "tasks/{id}":          {http.MethodGet: s.task, http.MethodDelete: s.cancelTask},
		api + "search":              {http.MethodGet: s.search},
		api + "sessions":            {http.MethodGet: s.sessions},
		api + "tokens":              {http.MethodGet: s.tokens},
		api + "invites":             {http.MethodGet: s.invites},
		api + "hooks":               {http.MethodGet: s.hooks},
		api + "webhooks":            {http.MethodGet: s.webhooks},
		api + "audit":               {http.MethodGet: s.audit},
		api + "setup":               {http.MethodPost: s.setup},
		api + "login":               {http.MethodPost: s.login},
		api + "logout":              {http.MethodPost: s.logout},
		api + "signup":              {http.MethodPost: s.signup},
		api + "lab":                 {http.MethodGet: s.lab, http.MethodPost: s.labEcho},
		api + "{command}":           {http.MethodPost: s.command},
		"/api/":                     {"": s.unknown},
		"/{$}":                      {http.MethodGet: s.open},
		"/setup":                    {http.MethodGet: s.open, http.MethodPost: s.postSetup},
		"/login":                    {http.MethodGet: s.open, http.MethodPost: s.postLogin},
		"/logout":                   {http.MethodGet: s.open, http.MethodPost: s.postLogout},
		"/invite/{code}":            {http.MethodGet: s.open, http.MethodPost: s.postSignup},
		"/rooms/{id}":               {http.MethodGet: s.open, http.MethodPost: s.postMessage},
		"/rooms/{id}/read":          {http.MethodGet: s.backToRoom, http.MethodPost: s.postRead},
		"/rooms/{id}/join":          {http.MethodGet: s.backToRoom, http.MethodPost: s.postJoin},
		api + "files/{id}":          {http.MethodPost: s.postPiece},
		wire.FilePath + "{id}":      {http.MethodGet: s.getFile},
		hookPath + "{secret}":       {http.MethodPost: s.postHook},
		static.Manifest:             {http.MethodGet: s.manifest},
		"/lab":                      {http.MethodGet: s.openLab},
		sharePath:                   {http.MethodGet: s.open, http.MethodPost: s.share},
		"/":                         {http.MethodGet: s.file},

		api + "rooms/{id}/messages/{seq}/revisions": {http.MethodGet: s.revisions},
	} {
		mux.Handle(pattern, s.route(m))
	}
	s.devRoutes(mux)
	return mux
}

// route chooses by method. The handler under "" takes every method.
func (s *Server) route(m methods) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w := rw.(*answer) // ServeHTTP made it
		if err := s.choose(m, r)(w, r); err != nil {
			s.fail(w, r, err)
		}
	})
}

func (s *Server) choose(m methods, r *http.Request) handler {
	method := r.Method
	if method == http.MethodHead && r.URL.Path != api+"events" && r.URL.Path != api+"lab" {
		method = http.MethodGet
	}
	if r.Pattern == api+"{command}" && !isCommand(r.PathValue("command")) {
		return s.unknown
	}
	if h, ok := m[method]; ok {
		return h
	}
	if h, ok := m[""]; ok {
		return h
	}
	return func(w *answer, r *http.Request) error {
		allow := strings.Join(slices.Sorted(maps.Keys(m)), ", ")
		w.Header().Set("Allow", allow)
		return wire.Errorf(wire.CodeMethodNotAllowed, "%s is not possible here, only %s.", r.Method, allow)
	}
}

func (s *Server) unknown(_ *answer, r *http.Request) error {
	return wire.Errorf(wire.CodeNotFound, "There is nothing at %s.", r.URL.Path)
}
