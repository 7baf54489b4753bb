package chat

import (
	"encoding/base64"
	"errors"
	"slices"

	"parley/server/store"
	"parley/shared/names"
	"parley/shared/wire"
)

// Import stores messages from elsewhere in a room, in their order and with their
// own times and authors: a chunk of a file, all of it or none. What is there by
// its nonce is passed over, so the same file again completes what was cut short.
// The result is [Imported].
type Import struct {
	Room     string
	Messages []ImportMessage
}

// ImportMessage is one message of an [Import].
type ImportMessage struct {
	Author    string // a user's id
	Time      wire.Time
	Text      string
	HTML      string // of the text
	Nonce     string
	Edited    wire.Time
	Deleted   wire.Time
	ReplyTo   uint64 // a seq of this room
	Reactions []wire.Reaction
	Hash      store.Hash // of what was said and when
}

// Imported tells where the messages of an [Import] stand.
type Imported struct {
	Seqs   []uint64 // of each, those that were there before included
	Stored int
}

// importSize bounds a chunk in bytes and importCount in messages: other people's
// sends go in between two chunks.
const (
	importSize  = 512 << 10
	importCount = 250
)

// Import makes an entry of messages. Their texts are clean, and their HTML and
// Hash are filled in here.
func (v Env) Import(a Actor, room string, list []ImportMessage) Call {
	list = slices.Clone(list)
	for i, m := range list {
		list[i].HTML, _ = v.markup(m.Text)
		list[i].Hash = store.HashOf(string(wire.Encode([]any{room, m.Time, m.Text})))
	}
	return v.call(a.User.ID, Import{Room: room, Messages: list}, "")
}

// ImportIsFull tells whether a message has to go into the next entry, behind
// count others of so many bytes.
func ImportIsFull(count, size int, m ImportMessage) bool {
	return count >= importCount || count > 0 && size+m.Size() > importSize
}

// Size is about how many bytes the message adds to the file.
func (m ImportMessage) Size() int { return smallEntry + 2*(len(m.Text)+len(m.HTML)) }

func (op Import) size() (n int) {
	for _, m := range op.Messages {
		n += m.Size()
	}
	return n
}

func (op Import) apply(c *change) (any, error) {
	room, err := c.mayImport(op.Room)
	if err != nil {
		return nil, err
	}
	done := Imported{Seqs: make([]uint64, len(op.Messages))}
	if err := op.findStored(c, done.Seqs); err != nil {
		return nil, err
	}
	level, err := c.whoHasReadAll(room)
	if err != nil {
		return nil, err
	}
	head := room.Head
	for i, m := range op.Messages {
		if done.Seqs[i] != 0 {
			continue
		}
		head++
		done.Seqs[i] = head
		done.Stored++
		if err := c.storeImported(op.Room, head, m); err != nil {
			return nil, err
		}
	}
	if done.Stored == 0 {
		return done, nil
	}
	return done, c.moveReads(op.Room, head, level)
}

// mayImport is the room, for those who look after the community.
func (c *change) mayImport(room string) (store.Room, error) {
	actor, err := active(c.tx, c.entry.Actor)
	if err != nil {
		return store.Room{}, err
	}
	c.actor = actor
	if !moderates(actor.User) {
		return store.Room{}, wire.Errorf(wire.CodeForbidden, "Only owners and admins import messages.")
	}
	return findOpen(c.tx, actor.User, room)
}

// findStored notes where messages stand that were imported before. One whose
// nonce its author used for something else refuses the chunk.
func (op Import) findStored(c *change, seqs []uint64) error {
	for i, m := range op.Messages {
		n, err := c.tx.Nonce(m.Author, importNonce(op.Room, m.Nonce))
		switch {
		case errors.Is(err, store.ErrNotExist):
		case err != nil:
			return err
		case n.Room != op.Room || n.Hash != m.Hash:
			return wire.Errorf(wire.CodeConflict, "The nonce %.64q was used for another message.", m.Nonce)
		default:
			seqs[i] = n.Seq
		}
	}
	return nil
}

// importNonce is under which nonce of its author a message of a file is kept: one
// of the room, so that the same file can go into another room too, and nothing
// that its author sends can meet it.
func importNonce(room, nonce string) string {
	hash := store.HashOf(room + "\x00" + nonce)
	return base64.RawURLEncoding.EncodeToString(hash[:])
}

func (c *change) storeImported(room string, seq uint64, m ImportMessage) error {
	now, err := c.logTime()
	if err != nil {
		return err
	}
	if m.Time == 0 {
		m.Time = now
	}
	nonce := importNonce(room, m.Nonce)
	stored := wire.Message{
		Room: room, Seq: seq, Author: m.Author, Time: m.Time, Text: m.Text, HTML: m.HTML, Nonce: nonce,
		Edited: m.Edited, Deleted: m.Deleted, Reactions: m.Reactions,
	}
	if m.ReplyTo < seq {
		stored.ReplyTo = m.ReplyTo
	}
	if err := c.tx.PutMessage(stored); err != nil {
		return err
	}
	if err := c.tx.PutNonce(m.Author, nonce, store.Nonce{Room: room, Seq: seq, Hash: m.Hash}); err != nil {
		return err
	}
	return c.tell(stored)
}

// whoHasReadAll are the members for whom nothing is unread: history that is put
// in behind them is no news. In a room too large to be listed nobody is asked.
func (c *change) whoHasReadAll(room store.Room) ([]string, error) {
	if room.Count > wire.MaxMembersListed {
		return nil, nil
	}
	members, err := c.tx.Members(room.ID)
	if err != nil {
		return nil, err
	}
	var level []string
	for _, id := range members {
		seq, err := c.tx.Read(id, room.ID)
		if err != nil {
			return nil, err
		}
		if seq >= room.Head {
			level = append(level, id)
		}
	}
	return level, nil
}

func (c *change) moveReads(room string, seq uint64, users []string) error {
	for _, id := range users {
		if err := c.tx.PutRead(id, room, seq); err != nil {
			return err
		}
		if err := c.announce(store.ToUser(id), wire.Event{Read: &wire.Read{Room: room, Seq: seq}}); err != nil {
			return err
		}
	}
	return nil
}

// ImportPeople makes users for authors whom nobody here is called like. They are
// deactivated: names for what they have said. The result are the ids of all, in
// the order of the names.
type ImportPeople struct {
	Room  string // into which they are imported
	Names []string
	IDs   []string // new ones, for those who are not there
}

// ImportPeople makes an entry of authors. The error is a Problem for what is no
// name.
func (v Env) ImportPeople(a Actor, room string, list []string) (Call, error) {
	op := ImportPeople{Room: room}
	for _, name := range list {
		clean, err := names.Clean("author's name", name)
		if err != nil {
			return Call{}, err
		}
		id, err := v.id()
		if err != nil {
			return Call{}, err
		}
		op.Names, op.IDs = append(op.Names, clean), append(op.IDs, id)
	}
	return v.call(a.User.ID, op, ""), nil
}

func (op ImportPeople) size() int { return smallEntry * (len(op.Names) + 1) }

func (op ImportPeople) apply(c *change) (any, error) {
	room, err := c.mayImport(op.Room)
	if err != nil {
		return nil, err
	}
	ids, made := make([]string, len(op.Names)), 0
	for i, name := range op.Names {
		u, err := c.tx.UserByName(name)
		if errors.Is(err, store.ErrNotExist) {
			u = store.User{
				User:    wire.User{ID: op.IDs[i], Name: name, Role: wire.RoleMember, Deactivated: true},
				Creator: c.actor.ID, Created: c.entry.Time,
			}
			made++
			if err := c.tx.PutUser(u); err != nil {
				return nil, err
			}
			err = c.announceUser(u.User)
		}
		if err != nil {
			return nil, err
		}
		ids[i] = u.ID
	}
	return ids, c.audit(wire.AuditEntry{Action: wire.AuditImport, Room: op.Room},
		"imports messages into %s, with %d new names of people", called(room.Room), made)
}
