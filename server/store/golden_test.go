package store

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"parley/shared/wire"
)

// goldenPath is a file of each format. Every later version must be able to open them.
const goldenPath = "testdata/v%d.db"

var writeGolden = flag.Bool("write-golden", false, "write the file of the newest format anew (only when that is not yet out in the world)")

// golden is what the file holds.
func golden() (*model, func(*Tx) error) {
	m := newModel()
	ann := User{User: wire.User{ID: "ann", Name: "Ann", Role: wire.RoleOwner}, Password: "$argon2id$v=19$m=65536,t=3,p=1$c2FsdA$aGFzaA", Created: 1000}
	chen := User{User: wire.User{ID: "chen", Name: "陈小明", Role: wire.RoleMember}, Password: "phc", Created: 2000}
	bot := User{User: wire.User{ID: "bot", Name: "Bot", Role: wire.RoleBot, Deactivated: true}, Creator: "ann", Created: 3000}
	lobby := Room{Room: wire.Room{ID: "lobby", Kind: wire.KindPublic, Name: "Lobby", Topic: "All", Creator: "ann"}, Created: 1000}
	den := Room{Room: wire.Room{ID: "den", Kind: wire.KindPrivate, Name: "洞穴", Creator: "chen"}, Created: 2500}
	token := Token{ID: "tok", User: "bot", Creator: "ann", Created: 3000}
	session := Session{User: "chen", Created: 2000, Expires: 1 << 42}
	invite := Invite{Role: wire.RoleGuest, Room: "den", Left: 3, Limited: true, Expires: 1 << 42, Creator: "ann"}
	long := strings.Repeat("long ", 1200) // over several pages

	m.community, m.end = "Golden", 6
	m.users = map[string]User{"ann": ann, "chen": chen, "bot": bot}
	m.tokens, m.sessions, m.invites = map[Hash]Token{HashOf("t"): token}, map[Hash]Session{HashOf("s"): session}, map[Hash]Invite{HashOf("i"): invite}
	m.reads[[2]string{"chen", "lobby"}] = 1
	m.spans[membership{"lobby", "ann"}] = []Span{{From: 1}}
	m.spans[membership{"lobby", "chen"}] = []Span{{From: 2, To: 3}}
	m.spans[membership{"den", "chen"}] = []Span{{From: 4}}
	first := wire.Message{
		Room: "lobby", Seq: 1, Author: "ann", Time: 4000, Text: "Hello\n<b>", Nonce: "n1", Rev: 1, Edited: 5000,
		Reactions: []wire.Reaction{{Emoji: "👍", Users: []string{"chen"}}},
	}
	second := wire.Message{Room: "den", Seq: 1, Author: "chen", Time: 6000, Text: long, Nonce: `n"2`}
	m.messages[messageID{"lobby", 1}], m.messages[messageID{"den", 1}] = first, second
	m.nonces[[2]string{"ann", "n1"}] = Nonce{Room: "lobby", Seq: 1, Hash: HashOf("Hello")}
	m.nonces[[2]string{"chen", `n"2`}] = Nonce{Room: "den", Seq: 1, Hash: HashOf(long)}
	l, d := lobby, den
	l.Num, l.Head, l.Count = 1, 1, 1
	d.Num, d.Head, d.Count = 2, 1, 1
	m.rooms = map[string]Room{"lobby": l, "den": d}

	return m, func(tx *Tx) error {
		original := first
		original.Text, original.Rev, original.Edited, original.Reactions = "Hello", 0, 0, nil
		return errors.Join(
			tx.SetCommunity("Golden"), tx.PutUser(ann), tx.PutUser(chen), tx.PutUser(bot), tx.PutRoom(lobby), tx.PutRoom(den),
			tx.AddMember("lobby", "ann"), appendMember(tx, "lobby", "ann", false),
			tx.AddMember("lobby", "chen"), appendMember(tx, "lobby", "chen", false),
			tx.RemoveMember("lobby", "chen"), appendMember(tx, "lobby", "chen", true),
			tx.AddMember("den", "chen"),
			tx.PutMessage(original), appendMessage(tx, original), tx.PutNonce("ann", "n1", m.nonces[[2]string{"ann", "n1"}]),
			tx.PutMessage(first), appendMessage(tx, first),
			tx.PutMessage(second), appendMessage(tx, second), tx.PutNonce("chen", `n"2`, m.nonces[[2]string{"chen", `n"2`}]),
			tx.PutRead("chen", "lobby", 1), tx.PutToken(HashOf("t"), token), tx.PutSession(HashOf("s"), session), tx.PutInvite(HashOf("i"), invite),
		)
	}
}

// TestGolden opens the file of each format, compares what it holds, and goes on
// writing to it.
func TestGolden(t *testing.T) {
	if *writeGolden {
		_, write := golden()
		newest := fmt.Sprintf(goldenPath, formatVersion)
		db := openTest(t)
		db.update(func(tx *Tx) error { return errors.Join(write(tx), writeLater(tx), writeFiles(tx)) })
		if err := errors.Join(os.RemoveAll(newest), db.Backup(newest)); err != nil {
			t.Fatal(err)
		}
	}
	for format := 1; format <= formatVersion; format++ {
		t.Run(fmt.Sprint("format ", format), func(t *testing.T) { testGolden(t, format) })
	}
}

func testGolden(t *testing.T, format int) {
	want, _ := golden()
	path, data := copyGolden(t, format)
	db := openTestAt(t, path)
	if format < formatVersion {
		wantCopyOf(t, path, data, format)
	}
	if format > 1 {
		db.view(wantLater)
	}
	if format < 3 {
		db.update(writeFiles) // there was no room for them
	}
	db.view(wantFiles)
	db.view(func(tx *Tx) error {
		want.log = nil // the bytes of events are in the messages and members
		err := tx.Log(0, func(e Event) bool { want.log = append(want.log, e); return true })
		return errors.Join(err, same("events", len(want.log), 6), goldenLog(want.log, format), want.compare(tx))
	})
	db.mustSend("n3", "and on", 7000)
}

// copyGolden gives a copy to work with.
func copyGolden(t *testing.T, format int) (path string, data []byte) {
	t.Helper()
	data, err := os.ReadFile(fmt.Sprintf(goldenPath, format))
	if err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(t.TempDir(), "parley.db")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path, data
}

// What format 2 has brought.
var (
	goldenRevision = wire.Revision{Rev: 0, Time: 4000, Text: "Hello"}
	goldenNotify   = wire.Notify{Room: "lobby", Level: wire.NotifyNothing, Muted: true}
	goldenHook     = Hook{ID: "k1", User: "bot", Room: "den", Creator: "chen", Created: 9100}
	goldenWebhook  = Webhook{URL: "https://bot.example/", Secret: "s", Creator: "ann", Created: 9200, Cursor: 5, Status: &wire.WebhookStatus{Time: 9300, State: wire.WebhookDropped, Delivery: "e-5", Attempts: 12, Detail: "It answers 500."}}
	goldenAudit    = wire.AuditEntry{ID: 1, Time: 9000, Actor: "ann", Action: wire.AuditDelete, User: "chen", Room: "lobby", Seq: 1, Text: "Ann did."}
)

func writeLater(tx *Tx) error {
	first, err := tx.Message("lobby", 1)
	return errors.Join(err,
		tx.PutRevision("lobby", 1, goldenRevision), tx.PutMention("chen", first), tx.PutMention(InRoom, first),
		tx.PutNotify("chen", goldenNotify), tx.AppendAudit(goldenAudit),
		tx.PutHook(HashOf("h"), goldenHook), tx.SetWebhook("bot", goldenWebhook),
	)
}

func wantLater(tx *Tx) error {
	revisions, err1 := tx.Revisions("lobby", 1)
	mentions, err2 := tx.Mentions("chen", "lobby", 0, 9)
	notify, err3 := tx.Notifies("chen")
	var audit []wire.AuditEntry
	err4 := tx.Audit(0, func(e wire.AuditEntry) bool { audit = append(audit, e); return true })
	logins, err5 := tx.Logins("chen")
	lobby, err6 := tx.RoomByName("LOBBY")
	hook, err7 := tx.Hook(HashOf("h"))
	webhook, err8 := tx.Webhook("bot")
	return errors.Join(err1, err2, err3, err4, err5, err6, err7, err8,
		same("hook", hook, goldenHook), same("webhook", webhook, goldenWebhook), same("webhooks set", tx.WebhooksSet(), uint64(1)),
		same("revisions", revisions, []wire.Revision{goldenRevision}), same("mentions", mentions, []uint64{1}),
		same("notify", notify, []wire.Notify{goldenNotify}), same("audit", audit, []wire.AuditEntry{goldenAudit}),
		same("logins", len(logins), 1), same("the room called Lobby", lobby, "lobby"),
	)
}

// What format 3 has brought.
var goldenFile = File{File: wire.File{ID: "f1", Name: "图.png", Type: "image/png", Size: 3, Width: 4, Height: 3}, Owner: "ann", Created: 9400}

func writeFiles(tx *Tx) error {
	err := tx.NewFile(goldenFile)
	_, err2 := tx.AppendFile("f1", []byte("end"))
	return errors.Join(err, err2)
}

func wantFiles(tx *Tx) error {
	want := goldenFile
	want.Offset = want.Size
	file, err1 := tx.File("f1")
	piece, err3 := tx.Piece("f1", 0)
	uploads, err4 := tx.Uploads("ann")
	total, err5 := tx.FileBytes()
	return errors.Join(err1, err3, err4, err5,
		same("file", file, want), same("piece", string(piece), "end"),
		same("uploads", uploads, map[string]wire.Time{"f1": 9400}), same("bytes of files", total, int64(3)),
	)
}

// wantCopyOf looks for the copy that is made before a file is brought up to date.
func wantCopyOf(t *testing.T, path string, data []byte, format int) {
	t.Helper()
	copies, err := filepath.Glob(fmt.Sprintf("%s.format%d.*", path, format))
	if err != nil || len(copies) != 1 {
		t.Fatalf("the copies of the old file: %v, %v", copies, err)
	}
	copied, err := os.ReadFile(copies[0])
	if err != nil || len(copied) != len(data) {
		t.Errorf("the copy has %d bytes, not %d: %v", len(copied), len(data), err)
	}
	old, _, err := openBolt(copies[0], boltOptions(time.Second))
	if err != nil {
		t.Fatal(err)
	}
	defer old.Close()
	err = old.View(func(bt *bolt.Tx) error {
		return same("the copy's format", string(bt.Bucket([]byte("meta")).Get(keyFormat)), fmt.Sprint(format))
	})
	if err != nil {
		t.Error(err)
	}
}

// TestMigrated looks for what format 2 knows of a file of format 1.
func TestMigrated(t *testing.T) {
	path, _ := copyGolden(t, 1)
	// A start that was killed while it copied.
	if err := os.WriteFile(path+".format1.1.part", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	db := openTestAt(t, path)
	db.reopen() // it is done once
	db.view(func(tx *Tx) error {
		id, err1 := tx.RoomByName("LOBBY")
		_, err2 := tx.RoomByName("洞穴")
		logins, err3 := tx.Logins("chen")
		if _, err := tx.Hook(Hash{}); !errors.Is(err, ErrNotExist) {
			t.Errorf("a hook in a file that knew none: %v", err)
		}
		if _, err := tx.Webhook("bot"); !errors.Is(err, ErrNotExist) {
			t.Errorf("a webhook in a file that knew none: %v", err)
		}
		if !errors.Is(err2, ErrNotExist) {
			t.Errorf("a private room is found by its name: %v", err2)
		}
		return errors.Join(err1, err3, same("the room called Lobby", id, "lobby"), same("logins", len(logins), 1))
	})
}

// goldenLog verifies events down to the byte: clients hold them.
func goldenLog(log []Event, format int) error {
	text := `"text":"Hello","rev":0`
	if format > 1 { // which knows that it was edited
		text = `"text":"Hello\n<b>","rev":0,"edited":"1970-01-01T00:00:05.000Z"`
	}
	return errors.Join(
		same("event 3", string(log[2].Data), `{"member":{"room":"lobby","user":"chen","left":true}}`),
		same("event 4", string(log[3].ForOwner()), `{"message":{"room":"lobby","seq":1,"author":"ann","time":"1970-01-01T00:00:04.000Z",`+text+`,"nonce":"n1"}}`),
		same("audience of event 6", log[5].Audience, ToRoom("den")),
		same("owner of event 6", log[5].Owner+" "+log[5].Nonce, `chen n"2`),
	)
}
