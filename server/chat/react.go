package chat

import (
	"slices"

	"parley/shared/wire"
)

// React puts the actor's reaction under a message, or takes it back. The result
// is the [wire.Message]; what is so already changes nothing.
type React struct {
	Room  string
	Seq   uint64
	Emoji string
	On    bool
}

func prepareReact(_ Env, args []byte) (Op, string, error) {
	r, err := decode[wire.React](args)
	if err != nil {
		return nil, "", err
	}
	if err := checkEmoji(r.Emoji); err != nil {
		return nil, "", err
	}
	return React{Room: r.Room, Seq: r.Seq, Emoji: r.Emoji, On: r.On}, "", nil
}

func (React) command() string { return wire.CmdReact }

// size is a guess: the message is written again with all of its text.
func (React) size() int { return 2048 }

func (op React) apply(c *change) (any, error) {
	room, err := findOpen(c.tx, c.actor.User, op.Room)
	if err != nil {
		return nil, err
	}
	m, err := findMessage(c.tx, room, op.Seq)
	if err != nil {
		return nil, err
	}
	if m.Deleted != 0 {
		return nil, isDeleted()
	}
	at := slices.IndexFunc(m.Reactions, func(r wire.Reaction) bool { return sameEmoji(r.Emoji, op.Emoji) })
	if is := at >= 0 && slices.Contains(m.Reactions[at].Users, c.actor.ID); is == op.On {
		return c.shown(m), nil
	}
	if op.On {
		if err := checkRoomFor(m.Reactions, at); err != nil {
			return nil, err
		}
		m.Reactions = withReaction(m.Reactions, at, op.Emoji, c.actor.ID)
	} else {
		m.Reactions = withoutReaction(m.Reactions, at, c.actor.ID)
	}
	return c.revise(m)
}

// checkRoomFor refuses a reaction too many; at is its place, -1 for a new emoji.
func checkRoomFor(reactions []wire.Reaction, at int) error {
	if at < 0 && len(reactions) >= wire.MaxEmoji {
		return wire.Errorf(wire.CodeConflict, "The message has %d different reactions already.", wire.MaxEmoji)
	}
	n := 0
	for _, r := range reactions {
		n += len(r.Users)
	}
	if n >= wire.MaxReactions {
		return wire.Errorf(wire.CodeConflict, "The message has %d reactions already.", wire.MaxReactions)
	}
	return nil
}

func withReaction(reactions []wire.Reaction, at int, emoji, user string) []wire.Reaction {
	if at < 0 {
		return append(reactions, wire.Reaction{Emoji: emoji, Users: []string{user}})
	}
	reactions[at].Users = append(reactions[at].Users, user)
	return reactions
}

func withoutReaction(reactions []wire.Reaction, at int, user string) []wire.Reaction {
	i := slices.Index(reactions[at].Users, user)
	reactions[at].Users = slices.Delete(reactions[at].Users, i, i+1)
	if len(reactions[at].Users) == 0 {
		reactions = slices.Delete(reactions, at, at+1)
	}
	return reactions
}
