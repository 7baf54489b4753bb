package chat

import (
	"errors"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"parley/shared/names"
	"parley/shared/wire"
)

// FuzzCommand gives every command arbitrary bytes: it makes a sound entry of
// them or says bad_request or too_large, and never panics.
func FuzzCommand(f *testing.F) {
	names := []string{}
	for name := range commands {
		names = append(names, name)
	}
	slices.Sort(names)
	for i := range names {
		for _, seed := range []string{
			`{}`, `{"room":"lobby","text":"hi","nonce":"n","reply_to":1}`, `{"kind":"private","name":"Tea","topic":"x","members":["b","a","b"]}`,
			`{"role":"guest","room":"lobby","uses":3,"expires":"2026-03-05T00:00:00.000Z"}`, `{"name":"ﬁ\u202e"}`, `{"text":"\ud800","nonce":"\u0000"}`,
			`{"seq":1e400}`, `{"room":null}`, `{"id":"x"}`, `{"members":[[]]}`,
		} {
			f.Add(i, []byte(seed))
		}
	}
	now := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	f.Fuzz(func(t *testing.T, i int, args []byte) {
		name := names[uint(i)%uint(len(names))]
		env := Env{Now: func() time.Time { return now }, Rand: rand.NewChaCha8([32]byte{})}
		if name == wire.CmdSetPassword {
			return // prepared by Env.SetPassword
		}
		call, err := env.Command(Actor{User: wire.User{ID: "me"}}, name, args)
		if err != nil {
			var p *wire.Problem
			if !errors.As(err, &p) || (p.Code != wire.CodeBadRequest && p.Code != wire.CodeTooLarge) {
				t.Fatalf("%s %q: %v", name, args, err)
			}
			if !utf8.ValidString(p.Detail) {
				t.Fatalf("%s %q: detail %q", name, args, p.Detail)
			}
			return
		}
		if call.Entry.Actor != "me" || call.Entry.Time != wire.TimeOf(now) || call.Entry.Size() < smallEntry {
			t.Fatalf("%s %q: %+v", name, args, call.Entry)
		}
		checkOp(t, call)
	})
}

// checkOp looks for what must never get past Prepare.
func checkOp(t *testing.T, call Call) {
	t.Helper()
	switch op := call.Entry.Op.(type) {
	case Send:
		if strings.TrimSpace(op.Text) == "" || strings.ContainsAny(op.Text, "\x00\r") || utf8.RuneCountInString(op.Text) > wire.MaxText {
			t.Fatalf("text %q", op.Text)
		}
		if n := utf8.RuneCountInString(op.Nonce); n < 1 || n > wire.MaxNonce || strings.ContainsRune(op.Nonce, 0) {
			t.Fatalf("nonce %q", op.Nonce)
		}
	case CreateRoom:
		if names.Fold(op.Name) == "" || utf8.RuneCountInString(op.Topic) > wire.MaxTopic || op.Kind == wire.KindDirect {
			t.Fatalf("room %+v", op)
		}
		if !slices.IsSorted(op.Members) || len(slices.Compact(slices.Clone(op.Members))) != len(op.Members) {
			t.Fatalf("members %q", op.Members)
		}
	case CreateInvite:
		if op.Uses < 0 || op.Expires <= call.Entry.Time || call.Secret == "" {
			t.Fatalf("invite %+v", op)
		}
	case CreateHook:
		if names.Fold(op.Name) == "" || call.Secret == "" {
			t.Fatalf("hook %+v", op)
		}
	case SetWebhook:
		u, err := url.Parse(op.URL)
		if err != nil || op.URL != "" && (u.Hostname() == "" || u.User != nil || u.Fragment != "" || len(op.Secret) < 43 || op.Secret != call.Secret) {
			t.Fatalf("webhook %+v: %v", op, err)
		}
	case CreateToken:
		if names.Fold(op.Name) == "" || !strings.HasPrefix(call.Secret, tokenPrefix) {
			t.Fatalf("token %+v", op)
		}
	}
}
