package chat

import (
	"errors"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"parley/server/store"
	"parley/shared/names"
	"parley/shared/wire"
)

// CreateRoom makes a room. The result is the [wire.Room].
type CreateRoom struct {
	ID      string
	Kind    wire.RoomKind
	Name    string
	Topic   string
	Members []string // besides the actor; ascending, each once
}

func prepareCreateRoom(v Env, args []byte) (Op, string, error) {
	r, err := decode[wire.CreateRoom](args)
	if err != nil {
		return nil, "", err
	}
	switch r.Kind {
	case wire.KindPublic, wire.KindPrivate:
	case wire.KindDirect:
		return prepareDirectRoom(v, r)
	default:
		return nil, "", wire.Errorf(wire.CodeBadRequest, `The kind of a room is "public", "private" or "direct".`)
	}
	if r.Name, err = names.Clean("room name", r.Name); err != nil {
		return nil, "", err
	}
	if r.Topic, err = cleanTopic(r.Topic); err != nil {
		return nil, "", err
	}
	if len(r.Members) > wire.MaxMembersAdded {
		return nil, "", wire.Errorf(wire.CodeBadRequest, "A room starts with at most %d members; add the others afterwards.", wire.MaxMembersAdded)
	}
	slices.Sort(r.Members)
	id, err := v.id()
	return CreateRoom{ID: id, Kind: r.Kind, Name: r.Name, Topic: r.Topic, Members: slices.Compact(r.Members)}, "", err
}

// cleanTopic is a topic as it is stored: NFC, one line, single spaces.
func cleanTopic(topic string) (string, error) {
	if len(topic) > 16*wire.MaxTopic { // far past any topic: do not normalise it
		return "", topicTooLong()
	}
	topic = strings.Join(strings.Fields(norm.NFC.String(topic)), " ")
	if utf8.RuneCountInString(topic) > wire.MaxTopic {
		return "", topicTooLong()
	}
	if strings.ContainsFunc(topic, unicode.IsControl) {
		return "", wire.Errorf(wire.CodeBadRequest, "The topic has a character that cannot be seen.")
	}
	return topic, nil
}

func topicTooLong() error {
	return wire.Errorf(wire.CodeBadRequest, "The topic is longer than %d characters.", wire.MaxTopic)
}

func (CreateRoom) command() string { return wire.CmdCreateRoom }

// size counts the four events and the two records of each member.
func (op CreateRoom) size() int { return smallEntry * len(op.Members) }

func (op CreateRoom) apply(c *change) (any, error) {
	members, err := c.firstMembers(op.Members)
	if err != nil {
		return nil, err
	}
	if op.Kind == wire.KindPublic {
		if err := roomNameFree(c.tx, op.Name, op.ID); err != nil {
			return nil, err
		}
	}
	err = c.tx.PutRoom(store.Room{
		Room:    wire.Room{ID: op.ID, Kind: op.Kind, Name: op.Name, Topic: op.Topic, Creator: c.actor.ID},
		Created: c.entry.Time,
	})
	if err != nil {
		return nil, err
	}
	if err := c.enter(op.ID, members...); err != nil {
		return nil, err
	}
	return c.roomNow(op.ID)
}

// firstMembers are the actor and the users of these ids.
func (c *change) firstMembers(ids []string) ([]store.User, error) {
	members := []store.User{c.actor}
	for _, id := range ids {
		if id == c.actor.ID {
			continue
		}
		u, err := addable(c.tx, id)
		if err != nil {
			return nil, err
		}
		members = append(members, u)
	}
	return members, nil
}

// addable is a user who can be put into a room.
func addable(tx *store.Tx, id string) (store.User, error) {
	u, err := tx.User(id)
	if errors.Is(err, store.ErrNotExist) {
		return store.User{}, noUser()
	}
	if err == nil && u.Deactivated {
		return store.User{}, wire.Errorf(wire.CodeConflict, "%s is deactivated.", u.Name)
	}
	return u, err
}

// roomNameFree refuses the name of another public room. Private rooms may
// share names: who asks must not learn of them by trying.
func roomNameFree(tx *store.Tx, name, room string) error {
	holder, err := tx.RoomByName(name)
	switch {
	case err == nil && holder != room:
		return wire.Errorf(wire.CodeConflict, "There is a room of this name, perhaps an archived one.")
	case err != nil && !errors.Is(err, store.ErrNotExist):
		return err
	}
	return nil
}
