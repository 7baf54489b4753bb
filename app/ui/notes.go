package ui

import (
	"context"
	"slices"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/app/browser"
	"parley/app/client"
	"parley/shared/wire"
)

// notePause is how long a message waits before anybody is told of it: whoever
// has the room in sight, in this window, in another one or on another device, has
// read it by then.
const notePause = time.Second

// How much notifications tell, as it is kept in this browser.
const (
	notesKey  = "notes"
	notesOff  = "off"
	notesText = "text" // who says what
	notesBare = "bare" // where something was said
)

// notes tells the person of messages that come while nobody looks. Of the tabs of
// a browser one does it, the one that carries the feed.
type notes struct {
	waiting map[string]wire.Message // the newest of each room, until notePause is over
	cleared bool                    // no room has been read since they were looked through
}

// mode is how much is told here; notesOff where the browser may not.
func (n *notes) mode(m *Model) string {
	if browser.NotePermission() != "granted" {
		return notesOff
	}
	if kept, _ := m.store.Load(context.Background(), notesKey); len(kept) > 0 {
		return string(kept)
	}
	return notesText
}

// concerns tells whether somebody wants to be told of a message.
func concerns(r client.RoomState, m wire.Message, me string) bool {
	switch {
	case m.Author == me || m.Rev != 0:
		return false
	case r.Notify == wire.NotifyAll:
		return true
	case r.Notify == wire.NotifyMentions:
		return m.MentionsAll || slices.Contains(m.Mentions, me)
	}
	return false
}

// note takes messages that have come.
func (m *Model) note(list []client.Change) {
	for _, ch := range list {
		if ch.Kind != client.ChangeMessage {
			continue
		}
		r, ok := m.room(ch.Room)
		if !ok || !concerns(r, *ch.Message, m.Me.ID) || !m.session.client.Leads() || m.notes.mode(m) == notesOff {
			continue
		}
		if m.notes.waiting == nil {
			m.notes.waiting = map[string]wire.Message{}
			time.AfterFunc(notePause, func() { m.dispatch(m.showNotes) })
		}
		m.notes.waiting[ch.Room] = *ch.Message
	}
}

// showNotes tells of what is still unread, and not in sight.
func (m *Model) showNotes() {
	waiting := m.notes.waiting
	m.notes.waiting = nil
	mode := m.notes.mode(m)
	if m.session == nil || mode == notesOff {
		return
	}
	for id, msg := range waiting {
		r, ok := m.room(id)
		if !ok || r.Read >= msg.Seq || m.timeline != nil && m.timeline.room == id && m.timeline.looking() {
			continue
		}
		note := browser.Note{Tag: id, Title: r.Name, Body: m.T.NoteBare(m.number(int(r.Unread))), Path: messagePath(id, msg.Seq)}
		if mode == notesText {
			note.Body = m.name(msg.Author) + ": " + msg.Quote().Text
			if r.Kind == wire.KindDirect {
				note.Title, note.Body = m.name(msg.Author), msg.Quote().Text
			}
		}
		m.async(func(ctx context.Context) { _ = browser.Notify(ctx, note) }, func() {}) // where it fails there is nobody to tell
	}
}

// clearNotes takes away what has been read, here or elsewhere, unless that was done.
func (m *Model) clearNotes() {
	if m.dispatch == nil || m.session == nil || m.notes.cleared { // nil: the page is only being drawn
		return
	}
	m.notes.cleared = true
	if browser.NotePermission() != "granted" {
		return
	}
	// What has been read is asked for when the browser has said what it shows: that
	// takes a while, and what has come since is not read.
	c := m.session.client
	m.async(func(ctx context.Context) {
		_ = browser.CloseNotes(ctx, func(room string) bool {
			r, ok := c.Room(room)
			return !ok || r.Unread == 0
		})
	}, func() {})
}

// forgetNotes takes away all: they were another person's.
func (m *Model) forgetNotes() {
	m.notes = notes{}
	if browser.NotePermission() == "granted" {
		m.async(func(ctx context.Context) {
			_ = browser.CloseNotes(ctx, func(string) bool { return true })
		}, func() {})
	}
}

// setNotes keeps how much is told in this browser, and asks it for permission.
func (m *Model) setNotes(mode string) {
	_ = m.store.Save(context.Background(), notesKey, []byte(mode))
	m.Rev.Dialog++
	m.Rev.Rooms++
	if mode == notesOff || browser.NotePermission() != "default" {
		return
	}
	var err error
	m.async(func(ctx context.Context) { _, err = browser.AskNotes(ctx) }, func() {
		if err != nil {
			m.fail(err)
		}
		m.Rev.Dialog++
		m.Rev.Rooms++
	})
}

// notifyLevels are what one can be told of.
func (m *Model) notifyLevels() []option {
	return []option{
		{value: string(wire.NotifyAll), label: m.T.NotifyAll},
		{value: string(wire.NotifyMentions), label: m.T.NotifyMentions},
		{value: string(wire.NotifyNothing), label: m.T.NotifyNothing},
	}
}

// notifySettings is where one chooses what to be told of, on all devices.
func (m *Model) notifySettings(done func(error)) app.UI {
	return app.Div().Class("parts", "tight").Body(
		choose(m, "notify-usually", m.T.NotifyUsually, string(m.usual), func(level string) {
			m.command(wire.CmdSetNotify, wire.Notify{Level: wire.NotifyLevel(level)}, nil, done)
		}, m.notifyLevels()...),
		app.P().Class("hint").Text(m.T.NotifyUsuallyHint),
	)
}

// noteSettings is where one chooses how much is told in this browser.
func (m *Model) noteSettings() app.UI {
	box := app.Div().Class("notes")
	switch browser.NotePermission() {
	case "":
		return box
	case "denied":
		return box.Body(app.H3().Text(m.T.NotesTitle), app.P().Class("hint").Text(m.T.NotesDenied))
	}
	return box.Body(choose(m, "notes", m.T.NotesTitle, m.notes.mode(m), m.setNotes,
		option{value: notesText, label: m.T.NotesText},
		option{value: notesBare, label: m.T.NotesBare},
		option{value: notesOff, label: m.T.NotesOff}))
}

// noteOffer is the line above the account that offers notifications, until it has
// been answered.
func (m *Model) noteOffer() []app.UI {
	if kept, _ := m.store.Load(context.Background(), notesKey); kept != nil || browser.NotePermission() != "default" {
		return nil
	}
	return []app.UI{
		app.Button().Type("button").Class("install-button").
			OnClick(m.on("notes-on", func(app.Event) { m.setNotes(notesText) })).
			Body(app.Span().Text(m.T.NotesOffer)),
		iconButton(iconClose, m.T.NotNow).OnClick(m.on("notes-not", func(app.Event) { m.setNotes(notesOff) })),
	}
}
