package imports

import (
	"fmt"
	"time"
	"unicode/utf8"

	"parley/shared/wire"
)

const (
	// maxLine bounds a line in bytes, so that one without an end does not fill the
	// memory: the longest text, escaped, with its reactions stays below.
	maxLine = 512 << 10

	// MaxLines bounds the messages of a file: what is remembered of each, to find
	// one that stands there twice, is some fifty bytes.
	MaxLines = 1_000_000

	// ahead is how much later than here the clock of another machine may be.
	ahead = 5 * time.Minute

	// maxReactions bounds the reactions of a message, and maxReactors who chose one.
	maxReactions, maxReactors = wire.MaxEmoji, 10_000
)

// Line is one message of a file.
type Line struct {
	Place string `json:"-"` // where it stands, for a person

	Seq       uint64     `json:"seq,omitempty"`    // in the room that it comes from
	Author    string     `json:"author,omitempty"` // a name; empty: whoever imports
	Time      wire.Time  `json:"time,omitzero"`    // zero: when it is imported
	Text      string     `json:"text"`
	Nonce     string     `json:"nonce"` // the same message again has the same
	Edited    wire.Time  `json:"edited,omitzero"`
	Deleted   wire.Time  `json:"deleted,omitzero"`
	ReplyTo   uint64     `json:"reply_to,omitempty"` // a Seq of the same file
	Reactions []Reaction `json:"reactions,omitempty"`
}

// Reaction is an emoji and who chose it, by names.
type Reaction struct {
	Emoji string   `json:"emoji"`
	Users []string `json:"users"`
}

// problem is what is wrong with a line.
func (l Line) problem(format string, args ...any) error {
	return l.problemOf(wire.CodeBadRequest, format, args...)
}

func (l Line) problemOf(code wire.Code, format string, args ...any) error {
	return wire.Errorf(code, "%s: %s", l.Place, fmt.Sprintf(format, args...))
}

// check makes a line what a room may hold.
func (l *Line) check(now time.Time) error {
	if l.Deleted != 0 {
		l.Text, l.Edited, l.Reactions = "", 0, nil
	} else {
		text, err := wire.CleanText(l.Text)
		if err != nil {
			return l.problem("%s", detail(err))
		}
		l.Text = text
	}
	if err := wire.CheckNonce(l.Nonce); err != nil {
		return l.problem("%s", detail(err))
	}
	latest := wire.TimeOf(now.Add(ahead))
	for _, t := range []wire.Time{l.Time, l.Edited, l.Deleted} {
		switch {
		case t > latest:
			return l.problem("The time %s lies in the future.", t)
		case t < 0:
			return l.problem("The time %s lies before 1970.", t)
		}
	}
	if utf8.RuneCountInString(l.Author) > wire.MaxName {
		return l.problem("The author's name is longer than %d characters.", wire.MaxName)
	}
	if len(l.Reactions) > maxReactions {
		return l.problem("It has more than %d reactions.", maxReactions)
	}
	for _, r := range l.Reactions {
		if r.Emoji == "" || len(r.Emoji) > wire.MaxEmojiBytes || len(r.Users) > maxReactors {
			return l.problem("A reaction is none.")
		}
	}
	return nil
}

func detail(err error) string {
	var p *wire.Problem
	if asProblem(err, &p) {
		return p.Detail
	}
	return err.Error()
}
