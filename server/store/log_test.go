package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"parley/shared/wire"
)

func TestParseCursor(t *testing.T) {
	for _, want := range []uint64{0, 1, 1 << 63, 1<<64 - 1} {
		epoch, offset, err := ParseCursor(FormatCursor("ABCDEF_23abz", want))
		if err != nil || epoch != "ABCDEF_23abz" || offset != want {
			t.Errorf("%d: got %q, %d, %v", want, epoch, offset, err)
		}
	}
	for _, s := range []string{
		"", "-", "0", "ABCDEFGHIJKL", "ABCDEFGHIJKL-", "-5", "ABCDEFGHIJKL--5", "ABCDEFGHIJKL-+5", "ABCDEFGHIJKL-05",
		"ABCDEFGHIJKL-0x5", "ABCDEFGHIJKL-5 ", " ABCDEFGHIJKL-5", "ABCDEFGHIJKL-5-5", "ABCDEFGHIJK-5", "ABCDEFGHIJKLM-5",
		"ABCDEFGHIJ\x00L-5", "ABCDEFGHIJ陈-5", "ABCDEFGHIJKL-18446744073709551616", "ABCDEFGHIJKL-٣",
		strings.Repeat("A", 1<<20), "ABCDEFGHIJKL-" + strings.Repeat("9", 1<<20),
	} {
		if epoch, offset, err := ParseCursor(s); wire.CodeFrom(err) != wire.CodeBadRequest || epoch != "" || offset != 0 {
			t.Errorf("%.40q: got %q, %d, %v", s, epoch, offset, err)
		}
	}
}

func TestForOwner(t *testing.T) {
	m := wire.Message{Room: "lobby", Seq: 3, Author: "ann", Text: `}} "quoted" <b>`, Rev: 1}
	message := wire.Encode(wire.Event{Message: &m})
	for _, nonce := range []string{"n", `"\<>&`, "陈\u2028", strings.Repeat("x", wire.MaxNonce)} {
		e := Event{Data: message, Owner: "ann", Nonce: nonce}
		var got, want wire.Event
		if err := errors.Join(json.Unmarshal(e.ForOwner(), &got), json.Unmarshal(message, &want)); err != nil {
			t.Fatal(err)
		}
		want.Message.Nonce = nonce
		if err := same("ForOwner", got, want); err != nil {
			t.Error(err)
		}
		if string(e.Data) != string(wire.Encode(wire.Event{Message: &m})) {
			t.Error("Data was changed")
		}
	}
	for _, e := range []Event{
		{Data: message},
		{Data: wire.Encode(wire.Event{Read: &wire.Read{Room: "lobby", Seq: 3}}), Nonce: "n"},
		{Data: []byte("{}"), Nonce: "n"},
		{Nonce: "n"},
	} {
		if got := e.ForOwner(); string(got) != string(e.Data) {
			t.Errorf("ForOwner of %s is %s", e.Data, got)
		}
	}
}

func TestAppendRefuses(t *testing.T) {
	db := openTest(t)
	for _, e := range []Event{
		{},
		{Data: []byte("{}")},
		{Audience: ToMembers()},
		{Data: []byte("{}"), Audience: ToRoom("")},
		{Data: []byte("{}"), Audience: ToUser("")},
		{Data: []byte("{}"), Audience: Audience{'x', "y"}},
	} {
		err := db.Update(func(tx *Tx) error { _, err := tx.Append(e); return err })
		if err == nil {
			t.Errorf("%+v was appended", e)
		}
	}
	db.view(func(tx *Tx) error { return same("End", tx.End(), uint64(0)) })
}

func TestPutMessageRefuses(t *testing.T) {
	db := openTest(t)
	db.update(furnish)
	for _, m := range []wire.Message{{Room: "lobby", Seq: 0}, {Room: "lobby", Seq: 2}, {Room: "nowhere", Seq: 1}} {
		err := db.Update(func(tx *Tx) error { return errors.Join(tx.PutMessage(m), same("Writes", tx.Writes(), 0)) })
		if err == nil {
			t.Errorf("%s/%d was stored", m.Room, m.Seq)
		}
	}
}

func TestTrimLog(t *testing.T) {
	db := openTest(t)
	db.update(furnish) // one event, at time 0
	for i := range 20 {
		db.mustSend(fmt.Sprint("n", i), "text", wire.Time(100+i))
	}
	trim := func(before wire.Time, keep, limit, want int) {
		t.Helper()
		db.update(func(tx *Tx) error {
			n, err := tx.TrimLog(before, keep, limit)
			return errors.Join(err, same("trimmed", n, want))
		})
	}
	trim(0, 0, 100, 0)      // nothing is that old
	trim(1000, 100, 100, 0) // all must be kept
	trim(1000, 0, 0, 0)
	trim(1000, -5, -5, 0)
	trim(1000, 15, 4, 4) // 17 left, 4 to 20
	trim(1000, 15, 4, 2) // 15 left
	trim(110, 0, 100, 5) // up to time 109
	db.mustSend("n0", "the nonce again", 200)
	db.view(func(tx *Tx) error {
		_, gone := tx.Nonce("ann", "n1")
		n, err := tx.Nonce("ann", "n0")
		_, err2 := tx.Nonce("ann", "n10")
		return errors.Join(err, err2, same("First", tx.First(), uint64(12)), same("gone", gone, ErrNotExist), same("again", n.Seq, uint64(21)))
	})
	trim(1000, 0, 100, 11)
	db.reopen()
	db.view(func(tx *Tx) error {
		_, gone := tx.Nonce("ann", "n0")
		m, err := tx.Message("lobby", 1)
		return errors.Join(err, same("First", tx.First(), uint64(23)), same("End", tx.End(), uint64(22)),
			same("gone", gone, ErrNotExist), same("the message stays", m.Nonce, "n0"),
			tx.Log(0, func(Event) bool { return true }), tx.Log(1000, func(Event) bool { return true }))
	})
	db.mustSend("n0", "and on", 300)
	db.view(func(tx *Tx) error { return same("First", tx.First(), uint64(23)) })
}

// TestTrimKeepsNewNonce trims the event of an edit after its message's nonce
// was forgotten and used for another message.
func TestTrimKeepsNewNonce(t *testing.T) {
	db := openTest(t)
	db.update(furnish)
	db.mustSend("n", "first", 1)
	edit := func(tx *Tx) error {
		m, err := tx.Message("lobby", 1)
		m.Rev, m.Text, m.Time = 1, "edited", 2
		return errors.Join(err, tx.PutMessage(m), appendMessage(tx, m))
	}
	trim := func(tx *Tx) error { _, err := tx.TrimLog(2, 0, 100); return err }
	db.update(edit)
	db.update(trim)
	db.mustSend("n", "second", 3)
	db.update(func(tx *Tx) error { _, err := tx.TrimLog(3, 0, 100); return err })
	db.view(func(tx *Tx) error {
		n, err := tx.Nonce("ann", "n")
		return errors.Join(err, same("Seq", n.Seq, uint64(2)), same("First", tx.First(), tx.End()))
	})
}

func TestSweepExpired(t *testing.T) {
	db := openTest(t)
	db.update(func(tx *Tx) error {
		err := furnish(tx)
		for i := range 50 {
			err = errors.Join(err,
				tx.PutSession(HashOf(fmt.Sprint(i)), Session{User: "ann", Expires: wire.Time(i)}),
				tx.PutInvite(HashOf(fmt.Sprint(i)), Invite{Expires: wire.Time(i)}))
		}
		return errors.Join(err, tx.AddMember("lobby", "bob"), appendMember(tx, "lobby", "bob", false),
			tx.RemoveMember("lobby", "bob"), appendMember(tx, "lobby", "bob", true))
	})
	db.mustSend("n", "text", 1)
	db.update(func(tx *Tx) error { _, err := tx.TrimLog(1, 1, 100); return err })
	for step := range 8 {
		if step%3 == 0 {
			db.reopen()
		}
		db.update(func(tx *Tx) error {
			if err := tx.SweepExpired(24, 7); err != nil {
				return err
			}
			if tx.Writes() > 2*7+1 { // a session and its login are two, and there is the place
				t.Errorf("a step of 7 made %d changes", tx.Writes())
			}
			return nil
		})
	}
	db.update(func(tx *Tx) error { // the smallest steps come round too
		for range 240 {
			if err := tx.SweepExpired(24, 1); err != nil {
				return err
			}
		}
		return nil
	})
	report, err := db.Check()
	if err != nil || report.Sessions != 25 || report.Invites != 25 {
		t.Errorf("left are %+v, %v", report, err)
	}
	db.view(func(tx *Tx) error {
		_, gone := tx.get(membersBucket, membership{"lobby", "bob"}.userKey())
		_, kept := tx.get(membersBucket, membership{"lobby", "ann"}.userKey())
		return errors.Join(kept, same("spans of bob", gone, ErrNotExist))
	})
}

// TestSweepIsShort: a step that drops files changes no more than one that drops
// anything else, however large they are; everybody's messages wait for it.
func TestSweepIsShort(t *testing.T) {
	const files, pieces = 5, 6
	db := openTest(t)
	db.update(func(tx *Tx) error {
		err := furnish(tx)
		for i := range files {
			id := fmt.Sprint("f", i)
			err = errors.Join(err, tx.NewFile(File{File: wire.File{ID: id, Size: pieces * wire.ChunkSize}, Owner: "ann"}))
			for range pieces {
				_, appendErr := tx.AppendFile(id, make([]byte, wire.ChunkSize))
				err = errors.Join(err, appendErr)
			}
		}
		return err
	})
	now := wire.Time(0).Add(wire.UploadLife)
	for range 4 * files {
		db.update(func(tx *Tx) error {
			err := tx.SweepExpired(now, pieces)
			if tx.Writes() > 2*pieces+1 {
				t.Errorf("a step of %d made %d changes", pieces, tx.Writes())
			}
			return err
		})
	}
	report, err := db.Check()
	if err != nil || report.Files != 0 || !report.OK() {
		t.Errorf("left are %+v, %v", report, err)
	}
}
