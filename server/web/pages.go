package web

import (
	"bytes"
	"cmp"
	"compress/gzip"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"strconv"
	"sync"
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
	body := page.Bytes()
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Add("Vary", "Accept-Encoding")
	if w.gzip {
		var err error
		if body, err = compressed(body); err != nil {
			return fmt.Errorf("compress page: %w", err)
		}
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, err := w.Write(body)
	return err
}

// compressors are kept: each takes a megabyte to make.
var compressors = sync.Pool{New: func() any { return gzip.NewWriter(io.Discard) }}

// compressed is a page in gzip: on a slow line that is the difference between
// reading and waiting. What in a page must not be guessed from its size (BREACH,
// http://breachattack.com) is another every time: see [formToken].
func compressed(page []byte) ([]byte, error) {
	var out bytes.Buffer
	zw := compressors.Get().(*gzip.Writer)
	defer compressors.Put(zw)
	zw.Reset(&out)
	if _, err := zw.Write(page); err != nil {
		return nil, err
	}
	if err := zw.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
