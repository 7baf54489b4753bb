package web

import (
	"cmp"
	"net/http"
	"slices"

	"parley/shared/prefs"
	"parley/shared/texts"
	"parley/shared/wire"
	"parley/static"
)

// maxShortcuts is how many rooms the installed app's icon offers: what Windows
// and Android show of them.
const maxShortcuts = 4

// manifest tells browsers how the app is installed
// (https://www.w3.org/TR/appmanifest/).
type manifest struct {
	ID              string        `json:"id"`
	Name            string        `json:"name"`
	ShortName       string        `json:"short_name"`
	Description     string        `json:"description"`
	Lang            string        `json:"lang"`
	Dir             string        `json:"dir"`
	StartURL        string        `json:"start_url"`
	Scope           string        `json:"scope"`
	Display         string        `json:"display"`
	DisplayOverride []string      `json:"display_override"`
	LaunchHandler   launchHandler `json:"launch_handler"`
	Background      string        `json:"background_color"`
	Theme           string        `json:"theme_color"`
	Categories      []string      `json:"categories"`
	Icons           []image       `json:"icons"`
	Screenshots     []image       `json:"screenshots"`
	Shortcuts       []shortcut    `json:"shortcuts,omitempty"`
	ShareTarget     shareTarget   `json:"share_target"`
}

type launchHandler struct {
	ClientMode []string `json:"client_mode"`
}

type image struct {
	Src        string `json:"src"`
	Sizes      string `json:"sizes"`
	Type       string `json:"type"`
	Purpose    string `json:"purpose,omitempty"`     // of an icon
	FormFactor string `json:"form_factor,omitempty"` // of a screenshot
	Label      string `json:"label,omitempty"`
}

type shortcut struct {
	Name  string  `json:"name"`
	URL   string  `json:"url"`
	Icons []image `json:"icons"`
}

type shareTarget struct {
	Action  string      `json:"action"`
	Method  string      `json:"method"`
	Enctype string      `json:"enctype"`
	Params  shareParams `json:"params"`
}

type shareParams struct {
	Title string      `json:"title"`
	Text  string      `json:"text"`
	URL   string      `json:"url"`
	Files []shareFile `json:"files"`
}

type shareFile struct {
	Name   string   `json:"name"`
	Accept []string `json:"accept"`
}

// newManifest is the manifest of a community, the same for everybody.
func newManifest(community string, t *texts.Texts) manifest {
	m := manifest{
		ID: "/", Name: community, ShortName: community, Description: t.Slogan, Lang: t.Lang, Dir: "ltr",
		StartURL: "/", Scope: "/",
		Display: "standalone", DisplayOverride: []string{"window-controls-overlay", "standalone"},
		LaunchHandler: launchHandler{ClientMode: []string{"focus-existing", "auto"}},
		Background:    static.SideLight, Theme: static.SideLight,
		Categories: []string{"social", "productivity"},
		Icons: []image{
			{Src: "/favicon.svg", Sizes: "any", Type: "image/svg+xml", Purpose: "any"},
			{Src: "/icons/icon-192.png", Sizes: "192x192", Type: "image/png", Purpose: "any"},
			{Src: "/icons/icon-512.png", Sizes: "512x512", Type: "image/png", Purpose: "any"},
			{Src: "/icons/maskable-512.png", Sizes: "512x512", Type: "image/png", Purpose: "maskable"},
		},
		Screenshots: []image{},
		// What is declared here is what the app takes: short text files become text.
		ShareTarget: shareTarget{
			Action: sharePath, Method: http.MethodPost, Enctype: "multipart/form-data",
			Params: shareParams{Title: "title", Text: "text", URL: "url", Files: []shareFile{{Name: "files", Accept: []string{"text/*", "image/*", "audio/*", "video/*", "application/*"}}}},
		},
	}
	for _, s := range static.Screenshots {
		m.Screenshots = append(m.Screenshots, image{Src: s.Path, Sizes: s.Sizes, Type: "image/webp", FormFactor: s.FormFactor, Label: t.Slogan})
	}
	return m
}

// manifest answers with the manifest. Who is signed in finds the rooms in which
// something was said last; their names are nobody else's, nor any cache's.
func (s *Server) manifest(w *answer, r *http.Request) error {
	name := s.pages.community()
	t := wordsFor(r)
	m := newManifest(name, t)
	if id, err := s.identify(w, r); err == nil {
		rooms, err := s.conf.Queries.NewestRooms(id.Actor, maxShortcuts)
		if err != nil {
			return err
		}
		if err := s.nameDirect(id, rooms, t); err != nil {
			return err
		}
		m.Shortcuts = shortcuts(rooms, id.User.ID, t)
	}
	h := w.Header()
	h.Set("Content-Type", "application/manifest+json")
	h.Set("Cache-Control", "private, no-cache")
	h.Set("Vary", "Cookie, Authorization, Accept-Language")
	_, err := w.Write(wire.Encode(m))
	return err
}

// nameDirect calls direct rooms by the people in them.
func (s *Server) nameDirect(id identity, rooms []wire.Room, t *texts.Texts) error {
	if !slices.ContainsFunc(rooms, func(r wire.Room) bool { return r.Kind == wire.KindDirect }) {
		return nil
	}
	state, err := s.conf.Queries.Sync(id.Actor)
	if err != nil {
		return err
	}
	names := map[string]string{}
	for _, u := range state.Users {
		names[u.ID] = u.Name
	}
	for i := range rooms {
		for _, r := range state.Rooms {
			if r.ID == rooms[i].ID && r.Kind == wire.KindDirect {
				rooms[i].Name = t.NameOf(r, id.User.ID, func(id string) string { return cmp.Or(names[id], t.UnknownUser) })
			}
		}
	}
	return nil
}

func shortcuts(rooms []wire.Room, me string, t *texts.Texts) []shortcut {
	list := make([]shortcut, 0, len(rooms))
	for _, room := range rooms {
		list = append(list, shortcut{Name: t.NameOf(room, me, func(string) string { return "" }), URL: "/rooms/" + room.ID, Icons: []image{
			{Src: "/icons/room-96.png", Sizes: "96x96", Type: "image/png"},
		}})
	}
	return list
}

// wordsFor is the catalogue of whoever asks: what they chose, else what their
// browser asks for.
func wordsFor(r *http.Request) *texts.Texts {
	var chosen string
	if c, err := r.Cookie(prefs.Language); err == nil {
		chosen = c.Value
	}
	return texts.For(append([]string{chosen}, texts.Accepted(r.Header.Get("Accept-Language"))...)...)
}
