package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"parley/server/chat"
	"parley/server/feed"
	"parley/server/hooks"
	"parley/server/journal"
	"parley/server/markup"
	"parley/server/search"
	"parley/server/store"
	"parley/server/web"
	"parley/shared/wire"
	"parley/static"
)

// The files in the data folder: everything, and how it is found by its words,
// which can be made anew from the former.
const (
	dataFile    = "parley.db"
	spoolFolder = "imports" // files lie there while they are imported
	searchFile  = "search.db"
)

// engine is a community that is open: the data file and what works on it.
type engine struct {
	db      *store.DB
	env     chat.Env
	queries chat.Queries
	feed    *feed.Feed
	journal *journal.Journal
	search  atomic.Pointer[search.Index] // nil until somebody is served, as the next
	hooks   atomic.Pointer[hooks.Sender]
	log     *slog.Logger
}

// openEngine opens the community in the folder data, or begins one. A name that
// is not empty, and clean, becomes the community's. Close it.
func openEngine(data, name string, log *slog.Logger) (*engine, error) {
	db, err := openStore(data)
	if err != nil {
		return nil, err
	}
	if err := rename(db, name); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	e := &engine{
		db:      db,
		env:     chat.Env{Now: time.Now, Rand: rand.Reader, Markup: markup.New().Render},
		queries: chat.Queries{DB: db},
		feed:    feed.New(db),
		log:     log,
	}
	e.journal = journal.New(db, journal.Options{Publish: e.publish, Log: log.With("component", "journal")})
	return e, nil
}

// publish tells all who follow the log what was appended.
func (e *engine) publish(events []store.Event) {
	e.feed.Publish(events)
	if index := e.search.Load(); index != nil {
		index.Wake()
	}
	e.wakeHooks()
}

func (e *engine) wakeHooks() {
	if sender := e.hooks.Load(); sender != nil {
		sender.Wake()
	}
}

// Close makes what was submitted durable and closes the files.
func (e *engine) Close() error {
	var err error
	if sender := e.hooks.Load(); sender != nil {
		err = sender.Close()
	}
	err = errors.Join(err, e.journal.Close())
	if index := e.search.Load(); index != nil {
		err = errors.Join(err, index.Close())
	}
	return errors.Join(err, e.feed.Close(), e.db.Close())
}

// allowFiles says how many bytes a file may have, and all of them.
func (e *engine) allowFiles(each, all int64) {
	e.env.Files, e.queries.MaxFile = chat.FileLimits{Each: each, All: all}, each
}

// startSearch opens the search index in the folder data. Only who serves needs it.
func (e *engine) startSearch(data string) {
	path := filepath.Join(data, searchFile)
	e.search.Store(search.Open(path, e.db, search.Options{Log: e.log.With("component", "search")}))
}

// startHooks begins to deliver to webhooks; private allows those in private
// networks. Only who serves does it.
func (e *engine) startHooks(private bool) {
	e.env.CheckWebhook = hooks.CheckURL(private)
	e.hooks.Store(hooks.Open(e.db, hooks.Options{
		Env: e.env, Submit: e.journal.Submit, Private: private, Log: e.log.With("component", "hooks"),
	}))
}

// newServer completes c with the engine's parts.
func (e *engine) newServer(c web.Config) (*web.Server, error) {
	files, err := static.Assets()
	if err != nil {
		return nil, err
	}
	c.Queries, c.Env, c.Journal, c.Feed, c.Static = e.queries, e.env, e.journal, e.feed, files
	c.Search, c.WebhookSet = e.search.Load(), e.wakeHooks
	return web.New(c)
}

// setupCode is a new code that lets somebody at another machine become the
// owner, "" when there is one already.
func (e *engine) setupCode() (string, error) {
	_, open, err := e.queries.About()
	if err != nil || !open {
		return "", err
	}
	text := rand.Text() // 26 letters and digits of base32
	return strings.Join([]string{text[:4], text[4:8], text[8:12], text[12:16]}, "-"), nil
}

// openStore opens the data file, or creates it. The error is one line that
// names what the person typed.
func openStore(data string) (*store.DB, error) {
	db, err := store.Open(filepath.Join(data, dataFile), store.Options{})
	var errno syscall.Errno
	switch {
	case err == nil:
		return db, nil
	case errors.Is(err, store.ErrLocked):
		return nil, inUse{data}
	case errors.Is(err, store.ErrNewer):
		return nil, fmt.Errorf("the data in %s were written by a newer version of parley; this is version %s", data, version)
	case errors.Is(err, store.ErrDamaged):
		return nil, fmt.Errorf("the data file %s is damaged: %w", filepath.Join(data, dataFile), err)
	case errors.As(err, &errno):
		return nil, fmt.Errorf("cannot use the data folder %s: %w", data, errno)
	}
	return nil, fmt.Errorf("cannot use the data folder %s: %w", data, err)
}

// inUse is store.ErrLocked in words.
type inUse struct{ data string }

func (e inUse) Error() string { return "the data in " + e.data + " are in use by another parley" }
func (e inUse) Unwrap() error { return store.ErrLocked }

// plain is err as a person reads it: of a Problem only the sentence.
func plain(err error) error {
	var p *wire.Problem
	if errors.As(err, &p) {
		return errors.New(p.Detail)
	}
	return err
}

// rename gives the community a name, unless that is empty or its name already.
func rename(db *store.DB, name string) error {
	if name == "" {
		return nil
	}
	return db.Update(func(tx *store.Tx) error {
		if tx.Community() == name {
			return nil
		}
		return tx.SetCommunity(name)
	})
}
