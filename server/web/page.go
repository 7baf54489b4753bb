package web

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"net/http"

	"parley/shared/parts"
	"parley/shared/wire"
	"parley/static"
)

//go:embed page.html
var pageHTML string

//go:embed chat.html
var chatHTML string

// icons are those of the frame, by the names that the templates use.
var icons = map[string]string{
	"hash": parts.IconHash, "lock": parts.IconLock, "people": parts.IconPeople, "plus": parts.IconPlus, "write": parts.IconWrite, "go": parts.IconGo,
	"loupe": parts.IconLoupe, "invite": parts.IconInvite, "menu": parts.IconMenu, "close": parts.IconClose, "out": parts.IconOut, "settings": parts.IconSettings,
}

func parsePage() (*template.Template, error) {
	t := template.New("page").Funcs(template.FuncMap{
		"icon": func(name string) template.HTML { return template.HTML(parts.Icon(icons[name])) },
	})
	for name, text := range map[string]string{"page": pageHTML, "chat": chatHTML} {
		if _, err := t.Parse(text); err != nil {
			return nil, fmt.Errorf("page %s: %w", name, err)
		}
	}
	return t, nil
}

// document is a whole page: a way in, or the chat.
type document struct {
	reader
	Title     string
	Community string
	Files     *static.Set
	Viewport  template.HTML
	Head      template.HTML

	Door   template.HTML
	Chat   *chatView
	InLab  bool        // the Connection Lab, which is nothing without scripts
	State  template.JS // what the app starts with; "" where it is not to start
	Follow int         // seconds after which a page without scripts comes again
}

// writeDocument answers with a page. It is one person's, at one moment: no cache keeps
// it, and none that does all the same may give it to somebody else.
func (p *pages) writeDocument(w *answer, status int, d document, state *parts.State) error {
	d.Files = p.files
	d.Viewport, d.Head = static.Viewport, template.HTML(static.HeadFor(d.Theme))
	if state != nil {
		// A data block ends at the first "</script", whatever it stands in.
		d.State = template.JS(bytes.ReplaceAll(wire.Encode(state), []byte("<"), []byte(`\u003c`)))
	}
	h := w.Header()
	h.Set("Cache-Control", "private, no-store")
	h.Set("Vary", "Cookie, Accept-Language")
	return p.write(w, status, p.page, d)
}

// open answers GET for all paths of the app.
func (s *Server) open(w *answer, r *http.Request) error {
	if speak(w, r) {
		return nil
	}
	if code := r.PathValue("code"); code != "" {
		return s.openInvite(w, r, code)
	}
	id, err := s.identify(w, r)
	if wire.CodeFrom(err) == wire.CodeUnauthenticated {
		return s.openDoor(w, r)
	}
	if err != nil {
		return err
	}
	return s.openChat(w, r, id)
}

// openLab answers with the page of the Connection Lab.
func (s *Server) openLab(w *answer, r *http.Request) error {
	if s.conf.LabForMembers {
		if _, err := s.identify(w, r); wire.CodeFrom(err) == wire.CodeUnauthenticated {
			return s.openDoor(w, r)
		} else if err != nil {
			return err
		}
	}
	about, err := s.whatAnybodyMayKnow()
	if err != nil {
		return err
	}
	reader := readerOf(r, s.conf.Env.Now())
	return s.pages.writeDocument(w, http.StatusOK, document{
		reader: reader, Title: reader.Lab.Title + " · " + about.Name, Community: about.Name, InLab: true,
	}, &parts.State{About: about})
}
