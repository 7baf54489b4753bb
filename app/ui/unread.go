package ui

import (
	"context"
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/app/browser"
	"parley/app/client"
	"parley/shared/texts"
	"parley/shared/wire"
)

// calls are the unread messages of a room that call one: those that mention one,
// and all of a direct room. A muted room calls nobody.
func calls(r client.RoomState) uint64 {
	switch {
	case r.Muted:
		return 0
	case r.Kind == wire.KindDirect:
		return r.Unread
	}
	return uint64(len(r.Mentions))
}

// tally is what is unread in all rooms together: how much of it calls one, and
// whether there is more. The number is on the app's icon and the tab, which have
// a dot for the rest: who is told of every remark looks at none.
func tally(rooms []client.RoomState) (called uint64, more bool) {
	for _, r := range rooms {
		called += calls(r)
		more = more || r.Unread > 0 && !r.Muted
	}
	return called, more
}

// titleMark is what stands in front of the tab's title.
func titleMark(called uint64, more bool) string {
	switch {
	case called > 0:
		return "(" + texts.Badge(called) + ") "
	case more:
		return "• "
	}
	return ""
}

// showTally puts it on the icons.
func (m *Model) showTally(called uint64, more bool) {
	if called == m.called && more == m.more {
		return
	}
	m.called, m.more = called, more
	browser.Badge(called, more)
	browser.Favicon(more)
}

// unreadClass is how a room with something unread looks in the list.
func unreadClass(r client.RoomState) string {
	switch {
	case r.Muted:
		return " muted"
	case r.Unread > 0:
		return " has-unread"
	}
	return ""
}

// badges are how much is unread in a room, with what calls one in front.
func (m *Model) badges(r client.RoomState) app.UI {
	box := app.Span().Class("badges")
	var list []app.UI
	if n := calls(r); n > 0 {
		sign := "@" + texts.Badge(n)
		label := m.T.Mentions(m.number(int(n)))
		if r.Kind == wire.KindDirect {
			sign, label = texts.Badge(n), m.T.Unread(m.number(int(n)))
		}
		list = append(list, badge("badge calls", sign, label))
	}
	if r.Unread > 0 && !r.Muted && r.Kind != wire.KindDirect {
		list = append(list, badge("badge", texts.Badge(r.Unread), m.T.Unread(m.number(int(r.Unread)))))
	}
	return box.Body(list...)
}

func badge(class, sign, label string) app.UI {
	return app.Span().Class(class).Attr("role", "img").Attr("aria-label", label).Text(sign)
}

// readAll marks the open room as read: Escape, where it closes nothing.
func (m *Model) readAll() {
	if t := m.timeline; t != nil && m.session != nil {
		if r, ok := m.room(t.room); ok {
			m.session.client.MarkRead(t.room, r.Head)
			t.readAll()
		}
	}
}

// markUnread takes a message and what came after it for unread, on all of one's
// devices. The timelines follow the event, see noteRead.
func (m *Model) markUnread(room string, seq uint64) {
	s := m.session
	if s == nil || seq == 0 {
		return
	}
	var err error
	m.async(func(ctx context.Context) { err = s.client.MarkUnread(ctx, room, seq) }, func() {
		if err != nil {
			m.fail(err)
		}
	})
}

// seqOf is the message that a row shows, 0 for one that is on its way.
func seqOf(row app.Value) uint64 {
	if !row.Truthy() {
		return 0
	}
	seq, _ := strconv.ParseUint(row.Get("dataset").Get("seq").String(), 10, 64)
	return seq
}
