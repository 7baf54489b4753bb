package wire_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"parley/shared/wire"
)

var update = flag.Bool("update", false, "write the golden files anew")

var (
	morning = wire.TimeOf(time.Date(2026, 3, 4, 5, 6, 7, 89_999_999, time.UTC))
	later   = morning.Add(time.Minute)
	yes     = true
	topic   = ""
	number  = uint64(7)

	full = wire.Message{
		Room: "lobby", Seq: 12, Author: "u1", Time: morning, Text: "<b>你好</b> & \"hi\"\n\u2028 🏳️‍🌈", Nonce: "n-1", Rev: 3,
		Edited: later, Deleted: later.Add(time.Millisecond), ReplyTo: 11,
		Files:     []wire.File{{ID: "f1", Name: "plan.pdf", Type: "application/pdf", Size: 1 << 40}},
		Reactions: []wire.Reaction{{Emoji: "👍🏽", Users: []string{"u1", "u2"}}},
	}
	rich    = wire.Message{Room: "lobby", Seq: 2, Author: "u1", Time: morning, Text: "**hi**", HTML: `<p dir="auto"><strong>hi</strong></p>`}
	bare    = wire.Message{Room: "lobby", Seq: 1, Author: "u1", Time: morning, Text: "hi"}
	ann     = wire.User{ID: "u1", Name: "Ann", Role: wire.RoleOwner}
	limited = wire.Errorf(wire.CodeRateLimited, "Wait a moment.").After(3)
)

// golden has every type that travels, bare and with everything in it.
var golden = map[string]any{
	"message":            full,
	"message-bare":       bare,
	"message-rich":       rich,
	"message-mentions":   wire.Message{Room: "lobby", Seq: 2, Author: "u1", Time: morning, Text: "@Bo @room", Mentions: []string{"u2"}, MentionsAll: true},
	"quote":              wire.Quote{Seq: 3, Author: "u1", Text: "hi"},
	"quote-deleted":      wire.Quote{Seq: 3, Author: "u1", Deleted: true},
	"revision-list":      wire.RevisionList{Revisions: []wire.Revision{{Rev: 0, Time: morning, Text: "hi"}}},
	"room-archived":      wire.Room{ID: "r1", Kind: wire.KindPublic, Name: "Plans", Creator: "u1", Archived: true},
	"read-back":          wire.Read{Room: "lobby", Seq: 3, Back: true, Mentions: []uint64{5, 9}},
	"notify":             wire.Notify{Room: "lobby", Level: wire.NotifyMentions},
	"notify-default":     wire.Notify{Level: wire.NotifyAll},
	"notify-muted":       wire.Notify{Room: "lobby", Level: wire.NotifyNothing, Muted: true},
	"event-notify":       wire.Event{Notify: &wire.Notify{Room: "lobby", Level: wire.NotifyAll}},
	"sync-mentions":      wire.Sync{Cursor: "e-7", Heartbeat: 15, Me: ann, Users: []wire.User{}, Rooms: []wire.Room{}, Reads: map[string]uint64{}, Mentions: map[string][]uint64{"lobby": {3, 4}}, Notify: []wire.Notify{{Room: "lobby", Level: wire.NotifyAll}}},
	"message-list-quote": wire.MessageList{Messages: []wire.Message{}, Quoted: []wire.Quote{{Seq: 1, Author: "u1", Text: "hi"}}},
	"session-list":       wire.SessionList{Sessions: []wire.Session{{ID: "s1", Device: "Firefox", Created: morning, Seen: later, Current: true}, {ID: "s2", Created: morning, Seen: morning}}},
	"token-list":         wire.TokenList{Tokens: []wire.TokenInfo{{ID: "k1", User: "u9", Creator: "u1", Created: morning}}},
	"invite-list":        wire.InviteList{Invites: []wire.InviteInfo{{ID: "i1", Role: wire.RoleGuest, Room: "r1", Left: 2, Expires: later, Creator: "u1"}, {ID: "i2", Role: wire.RoleMember, Expires: later}}},
	"audit-list":         wire.AuditList{Entries: []wire.AuditEntry{{ID: 9, Time: morning, Actor: "u1", Action: wire.AuditDelete, User: "u2", Room: "lobby", Seq: 3, Text: "Ann removed message 3 by Bo."}}, More: true},
	"hook":               wire.Hook{ID: "k1", User: "u9", URL: "https://chat.example/hooks/secret"},
	"hook-list":          wire.HookList{Hooks: []wire.HookInfo{{ID: "k1", User: "u9", Name: "CI", Room: "lobby", Creator: "u1", Created: morning}}},
	"webhook":            wire.Webhook{Bot: "u9", URL: "https://bot.example/", Secret: "parley_whsec_x"},
	"webhook-ended":      wire.Webhook{Bot: "u9"},
	"webhook-list":       wire.WebhookList{Webhooks: []wire.WebhookInfo{{Bot: "u9", Name: "CI", URL: "https://bot.example/", Creator: "u1", Created: morning}, {Bot: "u8", Name: "CD", URL: "https://bot.example/cd", Creator: "u1", Created: later, Status: &wire.WebhookStatus{Time: later, State: wire.WebhookRetrying, Delivery: "e-7", Attempts: 2, Detail: "It answers 500."}}}},
	"delivery":           wire.Delivery{ID: "e-7", Bot: wire.User{ID: "u9", Name: "CI", Role: wire.RoleBot}, Room: wire.Room{ID: "lobby", Kind: wire.KindPublic, Name: "Lobby", Head: 1}, Author: ann, Message: bare},
	"args-create-hook":   wire.CreateHook{Room: "lobby", Name: "CI"},
	"args-hook-ref":      wire.HookRef{ID: "k1"},
	"args-set-webhook":   wire.SetWebhook{Bot: "u9", URL: "https://bot.example/"},
	"args-archive-room":  wire.UpdateRoom{Room: "r1", Archived: &yes},
	"args-create-direct": wire.CreateRoom{Kind: wire.KindDirect, Members: []string{"u2"}},
	"args-unread":        wire.Unread{Room: "lobby", Seq: 12},
	"args-own-password":  wire.SetPassword{User: "u1", Password: "correct horse", Current: "battery staple"},
	"args-invite-ref":    wire.InviteRef{ID: "i1"},
	"args-session":       wire.SessionRef{ID: "s1"},
	"file":               full.Files[0],
	"file-picture":       wire.File{ID: "f2", Name: "图.png", Type: "image/png", Size: 3, Width: 640, Height: 480},
	"upload":             wire.Upload{File: full.Files[0], Offset: 1 << 17},
	"args-create-file":   wire.CreateFile{Nonce: "n-2", Name: "图.png", Type: "image/png", Size: 3, Width: 640, Height: 480},
	"reaction":           full.Reactions[0],
	"room":               wire.Room{ID: "r1", Kind: wire.KindPrivate, Name: "计划", Topic: "What next?", Head: 12, Members: []string{"u1", "u2"}},
	"room-bare":          wire.Room{ID: "lobby", Kind: wire.KindPublic, Name: "Lobby"},
	"room-joined":        wire.Room{ID: "lobby", Kind: wire.KindPublic, Name: "Lobby", Joined: &yes},
	"user":               ann,
	"user-deactivated":   wire.User{ID: "u9", Name: "deploys", Role: wire.RoleBot, Deactivated: true},
	"member":             wire.Member{Room: "lobby", User: "u2"},
	"member-left":        wire.Member{Room: "lobby", User: "u2", Left: true},
	"read":               wire.Read{Room: "lobby", Seq: 12},
	"task":               wire.Task{ID: "t1", Kind: "import", State: "running", Done: 1, Total: 3, Percent: 33.3},
	"task-failed":        wire.Task{ID: "t1", Kind: "import", State: "failed", Total: 3, Problem: wire.Errorf(wire.CodeBadRequest, "Line 2 is broken.")},
	"typing":             wire.Typing{Room: "lobby", User: "u2"},
	"presence":           wire.Presence{User: "u2", Online: true},
	"presence-gone":      wire.Presence{User: "u2"},
	"about":              wire.About{Name: "Parley", Version: "v1", Setup: true, Heartbeat: 15},
	"limits":             wire.OurLimits(32 << 20),
	"sync":               wire.Sync{Cursor: "e-7", Heartbeat: 15, Me: ann, Users: []wire.User{ann}, Rooms: []wire.Room{{ID: "lobby", Kind: wire.KindPublic, Name: "Lobby", Head: 1, Members: []string{"u1"}}}, Reads: map[string]uint64{"r2": 2, "lobby": 1}},
	"snapshot":           wire.Snapshot{Sync: wire.Sync{Cursor: "e-7", Heartbeat: 15, Me: ann, Users: []wire.User{}, Rooms: []wire.Room{}, Reads: map[string]uint64{}}, Messages: map[string][]wire.Message{"lobby": {bare}}},
	"room-list":          wire.RoomList{Rooms: []wire.Room{}},
	"message-list":       wire.MessageList{Messages: []wire.Message{bare}},
	"found-list":         wire.FoundList{Messages: []wire.Found{{Message: bare, Highlights: [][2]int{{0, 2}}}}, More: true, Next: "1772600767089-1-lobby", Incomplete: true},
	"found-list-none":    wire.FoundList{Messages: []wire.Found{}},
	"event-message":      wire.Event{Message: &bare},
	"event-room":         wire.Event{Room: &wire.Room{ID: "r1", Kind: wire.KindPublic, Name: "Plans"}},
	"event-member":       wire.Event{Member: &wire.Member{Room: "r1", User: "u2"}},
	"event-user":         wire.Event{User: &ann},
	"event-read":         wire.Event{Read: &wire.Read{Room: "r1", Seq: 5}},
	"event-task":         wire.Event{Task: &wire.Task{ID: "t1", Kind: "import", State: "done", Done: 3, Total: 3, Percent: 100}},
	"event-typing":       wire.Event{Typing: &wire.Typing{Room: "r1", User: "u2"}},
	"event-presence":     wire.Event{Presence: &wire.Presence{User: "u2", Online: true}},
	"batch":              wire.Batch{Cursor: "e-9", Events: []wire.Event{{Message: &bare}, {Typing: &wire.Typing{Room: "lobby", User: "u2"}}}, More: true},
	"batch-empty":        wire.Batch{Cursor: "e-9", Events: []wire.Event{}},
	"batch-reset":        wire.Batch{Cursor: "e-9", Events: []wire.Event{}, Reset: true},
	"batch-draining":     wire.Batch{Cursor: "e-9", Events: []wire.Event{}, ReconnectMS: 1500},
	"request":            wire.Request{ID: 7, Cmd: wire.CmdRead, Args: wire.Encode(wire.Read{Room: "lobby", Seq: 1})},
	"request-bare":       wire.Request{ID: 8, Cmd: wire.CmdPing},
	"reply":              wire.Reply{Reply: 7, Result: wire.Encode(wire.Empty{})},
	"reply-error":        wire.Reply{Reply: 7, Error: limited},
	"frame-reply":        wire.Frame{Reply: &number, Result: wire.Encode(wire.Empty{})},
	"problem":            *wire.Errorf(wire.CodeNotFound, "There is no room %q.", "r9"),
	"problem-wait":       *limited,
	"args-send":          wire.Send{Room: "lobby", Text: "hi", Nonce: "n-1", ReplyTo: 11, Files: []string{"f1"}},
	"args-send-bare":     wire.Send{Room: "lobby", Text: "hi", Nonce: "n-1"},
	"args-edit":          wire.Edit{Room: "lobby", Seq: 12, Text: "hello"},
	"args-delete":        wire.Delete{Room: "lobby", Seq: 12},
	"args-react":         wire.React{Room: "lobby", Seq: 12, Emoji: "👍", On: true},
	"args-create-room":   wire.CreateRoom{Kind: wire.KindPrivate, Name: "Plans", Topic: "What next?", Members: []string{"u2"}},
	"args-update-room":   wire.UpdateRoom{Room: "r1", Topic: &topic},
	"args-room":          wire.RoomRef{Room: "r1"},
	"args-member":        wire.MemberRef{Room: "r1", User: "u2"},
	"args-create-invite": wire.CreateInvite{Role: wire.RoleGuest, Room: "r1", Uses: 1, Expires: later},
	"args-invite-bare":   wire.CreateInvite{Role: wire.RoleMember},
	"invite":             wire.Invite{Code: "c", URL: "http://localhost:8080/invite/c"},
	"args-create-token":  wire.CreateToken{Name: "deploys"},
	"token":              wire.Token{ID: "k1", Token: "parley_x"},
	"args-token":         wire.TokenRef{ID: "k1"},
	"args-set-name":      wire.SetName{User: "u1", Name: "Anne"},
	"args-set-role":      wire.SetRole{User: "u2", Role: wire.RoleAdmin},
	"args-set-password":  wire.SetPassword{User: "u1", Password: "correct horse"},
	"args-user":          wire.UserRef{User: "u2"},
	"empty":              wire.Empty{},
	"setup":              wire.Setup{Name: "Ann", Password: "correct horse", Community: "Home", Code: "123"},
	"login":              wire.Login{Name: "Ann", Password: "correct horse"},
	"signup":             wire.Signup{Invite: "c", Name: "陈小明", Password: "correct horse"},
	"signup-guest":       wire.Signup{Invite: "c", Name: "Bo"},
}

// What a type looks like on the wire is a promise: bots and installed apps of
// older versions read it.
func TestGolden(t *testing.T) {
	for name, value := range golden {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join("testdata", "golden", name+".json")
			got := append(wire.Encode(value), '\n')
			if *update {
				if err := os.WriteFile(file, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("encodes as\n%swant\n%s", got, want)
			}
			back := reflect.New(reflect.TypeOf(value))
			if err := wire.Decode(want, back.Interface()); err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(back.Elem().Interface(), value) {
				t.Errorf("decodes as\n%+v\nwant\n%+v", back.Elem(), value)
			}
		})
	}
}

// Every golden file belongs to a value, so that none outlives its type.
func TestGoldenFilesAreUsed(t *testing.T) {
	files, err := filepath.Glob("testdata/golden/*.json")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != len(golden) {
		t.Errorf("%d golden files for %d values", len(files), len(golden))
	}
}

// The same members in another order, and members of a later version, give the
// same value; an event of a later version is the zero Event.
func TestDecodeTolerance(t *testing.T) {
	var f wire.Frame
	in := `{"events":[{"poll":{"id":"p1"}},{"read":{"seq":5,"room":"r1","by":"thumb"}}],"hint":[1,{}],"cursor":"e-1"}`
	if err := wire.Decode([]byte(in), &f); err != nil {
		t.Fatal(err)
	}
	want := wire.Frame{Batch: wire.Batch{Cursor: "e-1", Events: []wire.Event{{}, {Read: &wire.Read{Room: "r1", Seq: 5}}}}}
	if f.IsReply() || !reflect.DeepEqual(f, want) {
		t.Errorf("got %+v", f)
	}
	if err := wire.Decode([]byte(`{"reply":0,"result":{}}`), &f); err != nil || !f.IsReply() {
		t.Errorf("a reply with id 0 is a reply too: %v", err)
	}
}
