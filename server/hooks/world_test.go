package hooks

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/server/chat"
	"parley/server/journal"
	"parley/server/store"
	"parley/shared/wire"
)

// TestMain lets tests run this binary again as another process.
func TestMain(m *testing.M) {
	if dir := os.Getenv(childEnv); dir != "" {
		if err := child(dir, os.Getenv(childURLEnv)); err != nil {
			fmt.Println("FAIL:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

const (
	childEnv    = "PARLEY_HOOKS_TEST_DIR"
	childURLEnv = "PARLEY_HOOKS_TEST_URL"
)

// quick is a pace for tests.
var quick = pace{gather: time.Millisecond, note: time.Millisecond, retry: 10 * time.Millisecond, first: 2 * time.Millisecond, most: 10 * time.Millisecond}

const lobby, den, direct, attic = "lobby", "den", "direct", "attic"

// world is a real data file behind a real journal, with a few people and bots.
type world struct {
	testing.TB
	dir     string
	o       Options
	db      *store.DB
	journal *journal.Journal
	sender  *Sender // nil: not running

	said int
}

func newWorld(t testing.TB, o Options) *world {
	t.Helper()
	return newWorldAt(t, t.TempDir(), o)
}

func newWorldAt(t testing.TB, dir string, o Options) *world {
	t.Helper()
	w := &world{TB: t, dir: dir, o: o}
	if w.o.pace == (pace{}) {
		w.o.pace = quick
	}
	w.o.Log = slog.New(slog.DiscardHandler)
	w.open()
	t.Cleanup(w.close)
	return w
}

func (w *world) open() {
	w.Helper()
	db, err := store.Open(filepath.Join(w.dir, "parley.db"), store.Options{})
	must(w, err)
	w.db = db
	must(w, db.Update(furnish))
	w.o.Env = chat.Env{Now: time.Now, Rand: rand.Reader}
	w.journal = journal.New(db, journal.Options{
		Fatal: func(err error) { w.Error(err) },
		Publish: func([]store.Event) {
			if w.sender != nil {
				w.sender.Wake()
			}
		},
	})
	w.o.Submit = w.journal.Submit
	w.sender = Open(db, w.o)
}

func (w *world) close() {
	if w.db == nil {
		return
	}
	must(w, errors.Join(w.sender.Close(), w.journal.Close()))
	if report, err := w.db.Check(); err != nil || !report.OK() {
		w.Errorf("check: %+v, %v", report, err)
	}
	must(w, w.db.Close())
	w.db = nil
}

func (w *world) reopen() {
	w.Helper()
	w.close()
	w.open()
}

// furnish makes Ann and two bots in the lobby, of which one is in the den and
// talks with her in a direct room, and none in the attic.
func furnish(tx *store.Tx) error {
	if _, err := tx.Room(lobby); err == nil {
		return nil
	}
	for _, u := range []wire.User{
		{ID: "ann", Name: "Ann", Role: wire.RoleOwner},
		{ID: "bot", Name: "Bot", Role: wire.RoleBot},
		{ID: "bob", Name: "Bob 2", Role: wire.RoleBot},
	} {
		if err := tx.PutUser(store.User{User: u, Creator: "ann"}); err != nil {
			return err
		}
	}
	for room, members := range map[string]string{lobby: "ann bot bob", den: "ann bot", direct: "ann bot", attic: "ann"} {
		r := wire.Room{ID: room, Kind: wire.KindPrivate, Name: room}
		switch room {
		case lobby:
			r.Kind = wire.KindPublic
		case direct:
			r.Kind, r.Name = wire.KindDirect, ""
		}
		if err := tx.PutRoom(store.Room{Room: r}); err != nil {
			return err
		}
		for _, m := range strings.Fields(members) {
			if err := tx.AddMember(room, m); err != nil {
				return err
			}
		}
	}
	return nil
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// do runs a command.
func (w *world) do(user, name string, args any) any {
	w.Helper()
	call, err := w.o.Env.Command(chat.Actor{User: wire.User{ID: user}}, name, wire.Encode(args))
	must(w, err)
	result, err := w.journal.Submit(context.Background(), call.Entry)
	must(w, err)
	return call.Answer(result)
}

func (w *world) say(user, room, text string) wire.Message {
	w.Helper()
	w.said++
	return w.do(user, wire.CmdSend, wire.Send{Room: room, Text: text, Nonce: rand.Text()}).(wire.Message)
}

// hook sets a webhook and gives its secret.
func (w *world) hook(bot, url string) string {
	w.Helper()
	secret := w.do("ann", wire.CmdSetWebhook, wire.SetWebhook{Bot: bot, URL: url}).(wire.Webhook).Secret
	w.sender.Wake()
	return secret
}

// status is what a webhook's list says of it.
func (w *world) status(bot string) wire.WebhookStatus {
	w.Helper()
	list, err := chat.Queries{DB: w.db}.Webhooks(chat.Actor{User: wire.User{ID: "ann"}})
	must(w, err)
	for _, h := range list.Webhooks {
		if h.Bot == bot && h.Status != nil {
			return *h.Status
		}
	}
	return wire.WebhookStatus{}
}

// await waits until something is so.
func (w *world) await(what string, is func() bool) {
	w.Helper()
	for end := time.Now().Add(20 * time.Second); !is(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			w.Fatalf("in vain: %s", what)
		}
	}
}

// texts are the messages of a room.
func (w *world) texts(room string) (list []string) {
	w.Helper()
	must(w, w.db.View(func(tx *store.Tx) error {
		messages, err := tx.Messages(room, 1, 100)
		for _, m := range messages {
			list = append(list, m.Author+": "+m.Text)
		}
		return err
	}))
	return list
}

// got is what an endpoint was told.
type got struct {
	wire.Delivery
	header http.Header
	body   []byte
}

// endpoint is the program behind a bot.
type endpoint struct {
	*httptest.Server
	got    chan got
	mu     sync.Mutex
	answer http.HandlerFunc // guarded by mu; nil: 200 without anything
}

func newEndpoint(t testing.TB, answer http.HandlerFunc) *endpoint {
	t.Helper()
	e := &endpoint{got: make(chan got, 1000), answer: answer}
	e.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		g := got{header: r.Header, body: body}
		if err := errors.Join(err, json.Unmarshal(body, &g.Delivery)); err != nil {
			t.Errorf("told %q: %v", body, err)
		}
		e.got <- g
		e.mu.Lock()
		answer := e.answer
		e.mu.Unlock()
		if answer != nil {
			answer(w, r)
		}
	}))
	t.Cleanup(e.Close)
	return e
}

func (e *endpoint) next(t testing.TB) got {
	t.Helper()
	select {
	case g := <-e.got:
		return g
	case <-time.After(20 * time.Second):
		t.Fatal("nothing is delivered")
		return got{}
	}
}

func (e *endpoint) setAnswer(h http.HandlerFunc) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.answer = h
}

// says answers with a JSON text.
func says(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(wire.Encode(map[string]string{"text": text}))
	}
}

func fails(status int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }
}
