package rows

import (
	"strconv"
	"strings"
	"time"

	"parley/shared/wire"
)

// GroupGap is the longest pause within which messages of one author stand
// together under one name.
const GroupGap = 5 * time.Minute

// Times turns moments into words, in the reader's language and time zone.
type Times interface {
	Day(wire.Time) int        // counts days: equal for moments of the same day
	DayName(wire.Time) string // "Today", "Monday, 23 November"
	Clock(wire.Time) string   // "14:05"
	Full(wire.Time) string    // "Monday, 23 November 2026 at 14:05"
}

// Texts are the words in rows.
type Texts struct {
	New, Deleted, Edited, Sending, Sent, Failed, TryAgain, Edit string

	ReplyTo, Reactions, React, You, SeeEdits, ShowAll, Copy, Files, Cancel string
	Comma, Colon                                                           string // between names, and in front of them
}

// Writer writes rows for one reader. It holds no state between calls.
type Writer struct {
	Me    string                 // the reader's own id
	Name  func(id string) string // of a user
	Times Times
	Texts Texts

	Origin    string                                   // of the server, for rows that are read elsewhere; else empty
	Whole     bool                                     // all messages of the room are on the page
	Moderates bool                                     // may see what others' messages said before
	Quote     func(seq uint64) (q wire.Quote, ok bool) // of a message that others reply to; false: not known yet
}

// Message writes m as the row after prev, nil when m is the first one drawn.
// unread puts the line above it that parts read from unread.
func (w Writer) Message(b *strings.Builder, prev *wire.Message, m wire.Message, unread bool) {
	day := prev == nil || w.Times.Day(prev.Time) != w.Times.Day(m.Time)
	head := day || unread || !follows(prev.Author, prev.Time, m.Author, m.Time)

	w.open(b, head, m.Author, w.calls(m))
	attr(b, "id", RowID(m.Seq))
	attr(b, "data-seq", strconv.FormatUint(m.Seq, 10))
	if m.Author == w.Me {
		attr(b, "data-state", "sent")
	}
	b.WriteByte('>')
	if day {
		w.separator(b, "day", w.Times.DayName(m.Time))
	}
	if unread {
		w.separator(b, "unread", w.Texts.New)
	}
	w.line(b, head, m.Author, m.Time)
	w.body(b, m)
	if m.Author == w.Me {
		b.WriteString(`<span class="state">`)
		Escape(b, w.Texts.Sent)
		b.WriteString(`</span>`)
	}
	b.WriteString(`</div></article>`)
}

// Pending is a message of the reader's own that is not in the log yet.
type Pending struct {
	Nonce, Text string
	ReplyTo     uint64 // seq of the message it answers, 0 for none
	Files       []PendingFile
	Percent     int // of its files' bytes that are at the server
	Time        wire.Time
	State       State
	Reason      string // why it failed, a sentence
}

// PendingFile is a file of a message on its way.
type PendingFile struct {
	wire.File
	Src string // where a picture's bytes are on this machine; empty: nowhere
}

// State is how far a message got.
type State string

// The states of a row.
const (
	Sending State = "sending"
	Sent    State = "sent" // answered; its place in the log is on its way here
	Failed  State = "failed"
)

// Pending writes p after prev, which may itself be written as a Message with
// author Me; nil when there is nothing above.
func (w Writer) Pending(b *strings.Builder, prev *wire.Message, p Pending) {
	head := prev == nil || w.Times.Day(prev.Time) != w.Times.Day(p.Time) || !follows(prev.Author, prev.Time, w.Me, p.Time)
	w.open(b, head, w.Me, false)
	attr(b, "data-nonce", p.Nonce)
	attr(b, "data-state", string(p.State))
	b.WriteByte('>')
	w.line(b, head, w.Me, p.Time)
	if p.ReplyTo != 0 {
		w.quote(b, p.ReplyTo)
	}
	if p.Text != "" && !w.act(b, w.Me, p.Text, "", false, nil) {
		w.plain(b, p.Text, false, nil)
	}
	w.pendingFiles(b, p)
	b.WriteString(`<span class="state">`)
	switch p.State {
	case Sending:
		Escape(b, w.Texts.Sending)
	case Sent:
		Escape(b, w.Texts.Sent)
	case Failed:
		Escape(b, w.Texts.Failed)
		b.WriteString(`</span><div class="failure"><span class="reason">`)
		Escape(b, p.Reason)
		b.WriteString(`</span>`)
		button(b, "retry", w.Texts.TryAgain)
		button(b, "discard", w.Texts.Edit)
		b.WriteString(`</div></div></article>`)
		return
	}
	b.WriteString(`</span></div></article>`)
}

func follows(author string, at wire.Time, next string, then wire.Time) bool {
	gap := then.Sub(at)
	return author == next && gap < GroupGap && gap > -GroupGap
}

func (w Writer) open(b *strings.Builder, head bool, author string, calls bool) {
	b.WriteString(`<article class="row`)
	if head {
		b.WriteString(` head`)
	}
	if author == w.Me {
		b.WriteString(` own`)
	}
	if calls {
		b.WriteString(` calls`)
	}
	b.WriteByte('"')
	attr(b, "data-author", author)
}

func (w Writer) separator(b *strings.Builder, class, label string) {
	b.WriteString(`<div class="` + class + `" role="separator"><span>`)
	Escape(b, label)
	b.WriteString(`</span></div>`)
}

// line opens the visible row and writes what stands before the text. Rows that
// go on name their author too, for those who listen instead of looking.
func (w Writer) line(b *strings.Builder, head bool, author string, at wire.Time) {
	name := w.Name(author)
	b.WriteString(`<div class="line">`)
	if head {
		b.WriteString(`<span class="avatar hue` + strconv.Itoa(Hue(author)) + `" aria-hidden="true">`)
		Escape(b, Initials(name))
		b.WriteString(`</span><div class="who"><b class="name">`)
	} else {
		b.WriteString(`<div class="who"><b class="name vh">`)
	}
	Escape(b, name)
	b.WriteString(`</b><time`)
	attr(b, "datetime", at.String())
	attr(b, "title", w.Times.Full(at))
	b.WriteByte('>')
	Escape(b, w.Times.Clock(at))
	b.WriteString(`</time></div>`)
}

func button(b *strings.Builder, action, label string) {
	b.WriteString(`<button type="button" class="link"`)
	attr(b, "data-do", action)
	b.WriteByte('>')
	Escape(b, label)
	b.WriteString(`</button>`)
}
