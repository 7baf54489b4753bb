package hooks

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"parley/server/chat"
	"parley/server/store"
	"parley/shared/wire"
)

func nearby() Options { return Options{Private: true} }

// A bot is told of what mentions it and of what is said to it, of nothing else,
// in order, and what it answers is said.
func TestDelivery(t *testing.T) {
	w := newWorld(t, nearby())
	w.say("ann", lobby, "@bot before there is a webhook")
	e := newEndpoint(t, nil)
	secret := w.hook("bot", e.URL+"/hook?x=1")
	first := w.say("ann", lobby, "hello @Bot, how are you?")
	w.say("ann", lobby, "nobody")
	w.say("ann", lobby, "@room is everybody, and not it")
	w.say("ann", attic, "@bot is not here")
	w.say("bob", lobby, "@bot, bots do not talk to each other")
	w.say("bot", direct, "to herself")
	second := w.say("ann", direct, "said to it")
	third := w.say("ann", den, "and @BOT")

	g := e.next(t)
	if g.Message.Text != first.Text || g.Message.Seq != first.Seq || g.Room.ID != lobby || g.Room.Name != lobby || g.Author.Name != "Ann" || g.Bot.ID != "bot" {
		t.Errorf("told %s", g.body)
	}
	if g.Message.Nonce != "" || g.ID != g.header.Get("Parley-Delivery") || !strings.HasPrefix(g.ID, w.db.Epoch()+"-") || g.header.Get("Content-Type") != "application/json" {
		t.Errorf("told %s with %v", g.body, g.header)
	}
	wantSigned(t, secret, g)
	for _, m := range []wire.Message{second, third} {
		if g := e.next(t); g.Message.Text != m.Text {
			t.Errorf("told %q, want %q", g.Message.Text, m.Text)
		}
	}
	w.await("the status", func() bool { return w.status("bot").State == wire.WebhookDelivered })

	e.setAnswer(says("**fine**"))
	w.say("ann", lobby, "@bot and now?")
	w.await("the answer", func() bool { return slices.Contains(w.texts(lobby), "bot: **fine**") })
	e.next(t)
	if len(e.got) > 0 {
		t.Errorf("told more: %s", (<-e.got).body)
	}
}

func wantSigned(t *testing.T, secret string, g got) {
	t.Helper()
	header := g.header.Get("Parley-Signature")
	at, v1, ok := strings.Cut(strings.TrimPrefix(header, "t="), ",v1=")
	seconds, err := strconv.ParseInt(at, 10, 64)
	mac := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(mac, "%s.%s", at, g.body)
	if want := hex.EncodeToString(mac.Sum(nil)); !ok || err != nil || v1 != want || time.Since(time.Unix(seconds, 0)).Abs() > time.Minute {
		t.Errorf("signed %s, want %s", header, want)
	}
}

// What a webhook can do wrong, and what is said of it. Nothing it does reaches
// further than its own status.
func TestBadAnswers(t *testing.T) {
	e := newEndpoint(t, nil)
	inside := newEndpoint(t, nil)
	endless := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for r.Context().Err() == nil {
			if _, err := w.Write([]byte(`{"text": "` + strings.Repeat("x", 10_000))); err != nil {
				return
			}
		}
	}
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		state  wire.WebhookState
		detail string
	}{
		"status":   {fails(500), wire.WebhookDropped, "It answers 500."},
		"gone":     {fails(410), wire.WebhookDropped, "It answers 410."},
		"redirect": {http.RedirectHandler(inside.URL, http.StatusTemporaryRedirect).ServeHTTP, wire.WebhookDropped, "redirects are not followed"},
		"endless":  {endless, wire.WebhookDelivered, "longer than 65536 bytes"},
		"no JSON": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte("ok"))
		}, wire.WebhookDelivered, "cannot be read"},
		"long": {says(strings.Repeat("x", wire.MaxText+1)), wire.WebhookDelivered, "was not stored"},
		"cut off": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Length", "100")
			_, _ = w.Write([]byte("{"))
		}, wire.WebhookDelivered, "did not come to an end"},
		"says ok":   {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok")) }, wire.WebhookDelivered, ""},
		"empty":     {says(""), wire.WebhookDelivered, ""},
		"no answer": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, wire.WebhookDropped, "did not answer"},
		"big head":  {func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("X", strings.Repeat("x", 2*maxHead)) }, wire.WebhookDropped, "did not answer"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, nearby())
			e.setAnswer(test.answer)
			w.hook("bot", e.URL)
			start := time.Now()
			w.say("ann", lobby, "@bot")
			w.await("the status "+string(test.state), func() bool { return w.status("bot").State == test.state })
			if s := w.status("bot"); !strings.Contains(s.Detail, test.detail) || test.detail == "" && s.Detail != "" || len([]rune(s.Detail)) > wire.MaxHookStatus {
				t.Errorf("the status %+v, want %q", s, test.detail)
			}
			if said := w.texts(lobby); len(said) != 1 {
				t.Errorf("said %q", said)
			}
			if took := time.Since(start); took > maxTime*9/10 {
				t.Errorf("it took %v: what is too long is read on", took)
			}
		})
	}
	if len(inside.got) > 0 {
		t.Error("the redirect was followed")
	}
}

// An answer that drips is waited for no longer than any other, and one that never
// begins is none.
func TestDrip(t *testing.T) {
	t.Parallel()
	for detail, start := range map[string]bool{"did not come to an end": true, "did not answer within 10 s": false} {
		t.Run(detail, func(t *testing.T) {
			t.Parallel()
			o := nearby()
			o.pace = quick
			o.pace.first, o.pace.most = time.Hour, time.Hour
			w := newWorld(t, o)
			e := newEndpoint(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				for start && r.Context().Err() == nil {
					_, _ = w.Write([]byte(" "))
					_ = http.NewResponseController(w).Flush()
					time.Sleep(100 * time.Millisecond)
				}
				<-r.Context().Done()
			})
			w.hook("bot", e.URL)
			w.say("ann", lobby, "@bot")
			w.await("the status", func() bool { return strings.Contains(w.status("bot").Detail, detail) })
		})
	}
}

// Private networks are not posted to, whatever the address looks like.
func TestPrivate(t *testing.T) {
	e := newEndpoint(t, nil)
	w := newWorld(t, Options{})
	w.hook("bot", e.URL)
	w.say("ann", lobby, "@bot")
	w.await("that it is dropped", func() bool { return w.status("bot").State == wire.WebhookDropped })
	if s := w.status("bot"); !strings.Contains(s.Detail, "private network") || s.Attempts != maxAttempts {
		t.Errorf("the status %+v", s)
	}
	if len(e.got) > 0 {
		t.Error("it was posted to")
	}
}

// A bot that is slow delays no other, and what waits for it is in order.
func TestSlow(t *testing.T) {
	w := newWorld(t, nearby())
	release := make(chan struct{})
	slow := newEndpoint(t, func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-release:
		case <-r.Context().Done():
		}
	})
	quick := newEndpoint(t, nil)
	w.hook("bot", slow.URL)
	w.hook("bob", quick.URL)
	const n = 20
	for i := range n {
		w.say("ann", lobby, fmt.Sprintf("@bot and @Bob 2: %d", i))
	}
	for i := range n {
		if g := quick.next(t); !strings.HasSuffix(g.Message.Text, fmt.Sprint(": ", i)) {
			t.Fatalf("the quick one is told %q", g.Message.Text)
		}
	}
	if len(slow.got) > 1 {
		t.Errorf("%d under way at once", len(slow.got))
	}
	close(release)
	for i := range n {
		if g := slow.next(t); !strings.HasSuffix(g.Message.Text, fmt.Sprint(": ", i)) {
			t.Fatalf("the slow one is told %q as %d", g.Message.Text, i)
		}
	}
}

// What was said while nobody delivered is delivered after the next start, what
// was delivered is not told again, and an ended webhook is told nothing.
func TestRestart(t *testing.T) {
	w := newWorld(t, nearby())
	e := newEndpoint(t, fails(500))
	w.o.pace.most = time.Hour
	w.o.pace.first = time.Hour
	w.reopen()
	w.hook("bot", e.URL)
	w.say("ann", lobby, "@bot one")
	w.say("ann", lobby, "@bot two")
	first := e.next(t)
	w.reopen() // while it waits for its next attempt
	e.setAnswer(nil)
	again := e.next(t)
	if again.ID != first.ID {
		// The answer to the first attempt after the start may still have been a failure.
		t.Errorf("delivered as %s, then as %s", first.ID, again.ID)
	}
	w.hook("bot", e.URL+"/elsewhere") // and whatever failed is tried at once
	w.await("the second", func() bool { return strings.HasSuffix(e.next(t).Message.Text, "two") })
	w.await("the note", func() bool { return w.status("bot").State == wire.WebhookDelivered })
	w.reopen()
	w.say("ann", lobby, "@bot three")
	if g := e.next(t); !strings.HasSuffix(g.Message.Text, "three") {
		t.Errorf("told again: %s", g.body)
	}
	w.do("ann", wire.CmdSetWebhook, wire.SetWebhook{Bot: "bot"})
	w.say("ann", lobby, "@bot four")
	w.reopen()
	w.hook("bot", e.URL)
	w.say("ann", lobby, "@bot five")
	if g := e.next(t); !strings.HasSuffix(g.Message.Text, "five") {
		t.Errorf("told what was said while there was no webhook: %s", g.body)
	}
}

// What was deleted before it could be told, or was said in a room that the bot is
// not in any more, is not told; what was edited is told as it is now.
func TestOvertaken(t *testing.T) {
	w := newWorld(t, nearby())
	e := newEndpoint(t, fails(500))
	w.o.pace.first, w.o.pace.most = time.Hour, time.Hour
	w.reopen()
	w.hook("bot", e.URL)
	w.say("ann", lobby, "@bot in the way")
	gone := w.say("ann", lobby, "@bot gone")
	w.say("ann", den, "@bot out")
	edited := w.say("ann", lobby, "@bot old")
	e.next(t)
	w.do("ann", wire.CmdDelete, wire.Delete{Room: lobby, Seq: gone.Seq})
	w.do("ann", wire.CmdEdit, wire.Edit{Room: lobby, Seq: edited.Seq, Text: "@bot new"})
	w.do("ann", wire.CmdRemoveMember, wire.MemberRef{Room: den, User: "bot"})
	e.setAnswer(nil)
	w.hook("bot", e.URL)
	var told []string
	w.await("the edited one", func() bool {
		told = append(told, e.next(t).Message.Text)
		return strings.HasSuffix(told[len(told)-1], "new")
	})
	if want := []string{"@bot in the way", "@bot new"}; !slices.Equal(told, want) {
		t.Errorf("told %q, want %q", told, want)
	}
}

// A queue is bounded: the oldest that waits makes room, and that is said.
func TestFullQueue(t *testing.T) {
	s := &Sender{o: Options{Env: chat.Env{Now: time.Now}}, wake: make(chan struct{}, 1), queues: map[string]*queue{}}
	w := newWorld(t, nearby())
	s.db, s.log = w.db, w.o.Log
	q := newQueue("bot", store.Webhook{})
	q.working = true // on the first, for ever
	s.queues["bot"] = q
	for i := range uint64(maxWaiting + 5) {
		s.put(t.Context(), told{"bot", i + 1})
	}
	if len(q.waiting) != maxWaiting || q.waiting[0] != 1 || q.waiting[1] != 7 || q.status == nil || q.status.State != wire.WebhookDropped {
		t.Errorf("%d wait, from %v, %+v", len(q.waiting), q.waiting[:2], q.status)
	}
}

// What concerns nobody is noted to have passed, before the log forgets it.
func TestQuiet(t *testing.T) {
	o := nearby()
	o.pace = quick
	o.pace.quiet = 20
	w := newWorld(t, o)
	w.hook("bot", newEndpoint(t, nil).URL)
	for range 30 {
		w.say("ann", lobby, "nobody")
	}
	w.await("the note", func() (noted bool) {
		must(t, w.db.View(func(tx *store.Tx) error {
			h, err := tx.Webhook("bot")
			noted = h.Cursor >= 20
			return err
		}))
		return noted
	})
}
