package web

import (
	"bytes"
	"cmp"
	_ "embed"
	"fmt"
	"html/template"
	"net/http"
	"time"

	"parley/shared/wire"
	"parley/static"
)

//go:embed problem.html
var problemHTML string

// product is what a community without a name is called.
const product = "Parley"

// pages are the HTML documents.
type pages struct {
	files *static.Set
	about func() (community string, setup bool, err error)

	page, problemPage *template.Template
}

func newPages(files *static.Set, about func() (string, bool, error)) (*pages, error) {
	p := &pages{files: files, about: about}
	var err error
	if p.page, err = parsePage(); err != nil {
		return nil, err
	}
	if p.problemPage, err = template.New("problem").Parse(problemHTML); err != nil {
		return nil, fmt.Errorf("page of problems: %w", err)
	}
	return p, nil
}

// community is what the page is called.
func (p *pages) community() string {
	name, _, _ := p.about() // a page without the name is better than none
	return cmp.Or(name, product)
}

// problem answers with a problem as a page, in the reader's language.
func (p *pages) problem(w *answer, r *http.Request, problem *wire.Problem) {
	setProblemHeaders(w.Header(), problem)
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Vary", "Cookie, Accept-Language")
	who := readerOf(r, time.Now())
	data := struct {
		reader
		Files                                  *static.Set
		Viewport, Head                         template.HTML
		Community, ProblemTitle, ProblemDetail string
	}{
		who, p.files, static.Viewport, template.HTML(static.HeadFor(who.Theme)),
		p.community(), who.Title(problem), who.Detail(problem),
	}
	_ = p.write(w, problem.Status, p.problemPage, data) // the client is gone
}

func (p *pages) write(w *answer, status int, t *template.Template, data any) error {
	var page bytes.Buffer
	if err := t.Execute(&page, data); err != nil {
		return fmt.Errorf("write page: %w", err)
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, err := w.Write(page.Bytes())
	return err
}
