package ui

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/app/client"
	"parley/shared/wire"
)

// What the switcher offers, at most.
const (
	switchRooms    = 8
	switchPeople   = 5
	switchMessages = 5
)

// destination is somewhere to go.
type destination struct {
	label, hint string
	icon        string
	user        string // whose face it has
	message     *wire.Found
	score       int // how well it fits, then how likely it is meant
	go_         func()
}

// switcher is one box for wherever one wants to go: rooms, people, messages.
type switcher struct {
	app.Compo

	M   *Model
	Rev int

	typed string
	at    int
	run   int
	found []wire.Found
	list  []destination // as drawn
}

// OnMount opens the dialog.
func (s *switcher) OnMount(app.Context) { showDialog() }

// Render draws the box and the list. The focus stays in the box (WAI-ARIA's
// combobox with a listbox).
func (s *switcher) Render() app.UI {
	m := s.M
	s.list = s.destinations()
	list := s.list
	s.at = max(0, min(s.at, len(list)-1))
	options := make([]app.UI, 0, len(list))
	for i, d := range list {
		options = append(options, s.option(i, d))
	}
	box := app.Input().ID("switch-box").Type("text").Attr("role", "combobox").AutoFocus(true).
		Attr("aria-label", m.T.Switch).Placeholder(m.T.SwitchHint).Attr("aria-expanded", strconv.FormatBool(len(list) > 0)).
		Attr("aria-controls", "switch-list").Attr("aria-autocomplete", "list").Attr("autocomplete", "off").
		Attr("autocapitalize", "off").Spellcheck(false).
		OnInput(m.on("switch-input", func(e app.Event) {
			if !e.Get("isComposing").Truthy() {
				s.type_(e.Get("target").Get("value").String())
			}
		})).
		On("compositionend", first2(m.on("switch-composed", func(e app.Event) { s.type_(e.Get("target").Get("value").String()) }))).
		OnKeyDown(m.on("switch-keys", s.key))
	if len(list) > 0 {
		box = box.Attr("aria-activedescendant", "switch-"+strconv.Itoa(s.at))
	} else {
		box = box.Attr("aria-activedescendant", "")
	}
	return frame(m, m.T.Switch,
		app.Div().Class("field").Body(box),
		app.Ul().ID("switch-list").Class("switch-list").Attr("role", "listbox").Attr("aria-label", m.T.Switch).Hidden(len(list) == 0).Body(options...),
		app.P().Class("hint").Hidden(len(list) > 0).Text(m.T.NothingFound),
	)
}

func (s *switcher) option(i int, d destination) app.UI {
	m := s.M
	sign := icon(d.icon)
	if d.user != "" {
		sign = m.face(m.users[d.user])
	}
	var label app.UI = app.Span().Class("switch-label").Text(d.label)
	if d.message != nil {
		var pieces []app.UI
		for _, p := range snippet(d.message.Text, d.message.Highlights) {
			if p.marked {
				pieces = append(pieces, app.Mark().Text(p.text))
			} else {
				pieces = append(pieces, app.Span().Text(p.text))
			}
		}
		label = app.Span().Class("switch-label").Body(pieces...)
	}
	return app.Li().ID("switch-%d", i).Class("switch-option").Attr("role", "option").Attr("aria-selected", strconv.FormatBool(i == s.at)).
		OnClick(m.on("switch-"+strconv.Itoa(i), func(app.Event) { s.take(s.list[i]) })).
		Body(app.Span().Class("switch-sign").Body(sign), label, app.Span().Class("switch-hint").Text(d.hint))
}

// type_ takes what is in the box; messages are looked for after a pause.
func (s *switcher) type_(typed string) {
	m := s.M
	s.typed, s.at, s.found = strings.TrimSpace(typed), 0, nil
	s.run++
	m.Rev.Dialog++
	run, query := s.run, s.typed
	if query == "" || m.session == nil {
		return
	}
	c := m.session.client
	time.AfterFunc(searchPause, func() {
		m.dispatch(func() {
			if s.run != run {
				return
			}
			var list wire.FoundList
			var err error
			m.async(func(ctx context.Context) {
				list, err = c.Search(ctx, client.Search{Query: query, Limit: switchMessages, Zone: m.zone()})
			}, func() {
				if s.run == run && err == nil { // else the panel says why
					s.found = list.Messages
					m.Rev.Dialog++
				}
			})
		})
	})
}

func (s *switcher) key(e app.Event) {
	k, list := keyOf(e), s.list
	if k.Composing || k.Code == codeComposing || len(list) == 0 {
		return
	}
	switch k.Key {
	case "ArrowDown":
		s.at = (s.at + 1) % len(list)
	case "ArrowUp":
		s.at = (s.at + len(list) - 1) % len(list)
	case "Enter":
		e.PreventDefault()
		s.take(list[min(s.at, len(list)-1)])
		return
	default:
		return
	}
	e.PreventDefault()
	s.M.Rev.Dialog++
	s.M.ctx.Defer(func(app.Context) {
		if o := app.Window().GetElementByID("switch-" + strconv.Itoa(s.at)); o.Truthy() {
			o.Call("scrollIntoView", map[string]any{"block": "nearest"})
		}
	})
}

// take goes there.
func (s *switcher) take(d destination) {
	s.M.opener = nil // the focus goes where one goes
	closeDialog()
	d.go_()
}

// destinations are what fits, the best first: rooms and people together, then
// messages, and the way to all of these.
func (s *switcher) destinations() []destination {
	m := s.M
	list := append(s.rooms(), s.people()...)
	slices.SortStableFunc(list, func(a, b destination) int { return cmp.Compare(b.score, a.score) })
	for i := range s.found {
		f := &s.found[i]
		list = append(list, destination{
			hint: m.name(f.Author) + " · " + m.roomName(f.Room), label: f.Text, icon: iconQuote, message: f,
			go_: func() { m.jump(f.Room, f.Seq) },
		})
	}
	if query := s.typed; query != "" {
		list = append(list, destination{label: m.T.SearchFor(query), icon: iconLoupe, go_: func() { m.openSearch(query) }})
	}
	return list
}

// likely is how likely a room is meant among those that fit alike.
func (s *switcher) likely(r client.RoomState) int {
	n := 0
	switch {
	case calls(r) > 0:
		n = 60
	case r.Unread > 0 && !r.Muted:
		n = 40
	}
	if at := slices.Index(s.M.recent, r.ID); at >= 0 {
		n += maxVisited - at
	}
	return n
}

func (s *switcher) rooms() []destination {
	m := s.M
	var list []destination
	for _, r := range m.Rooms {
		fit := fitsAtStart
		if s.typed != "" {
			fit = fits(s.typed, r.Name, m.latin(r))
		}
		if fit == fitsNot || r.ID == m.Current && s.typed == "" {
			continue
		}
		d := destination{label: r.Name, icon: kindIcon(r.Kind), hint: r.Topic, score: fit*100 + s.likely(r)}
		if r.Unread > 0 && !r.Muted {
			d.hint = m.T.Unread(m.number(int(r.Unread)))
		}
		if r.Kind == wire.KindDirect && len(r.Members) <= 2 {
			d.user = m.other(r)
		}
		id := r.ID
		d.go_ = func() { m.navigate(roomPath(id)) }
		list = append(list, d)
	}
	slices.SortStableFunc(list, func(a, b destination) int { return cmp.Compare(b.score, a.score) })
	return list[:min(len(list), switchRooms)]
}

// latin is how the name of a room of two is typed: it is the other's.
func (m *Model) latin(r client.RoomState) string {
	if r.Kind != wire.KindDirect || len(r.Members) > 2 {
		return ""
	}
	return m.users[m.other(r)].Latin
}

// people are those whom one has no direct room with yet.
func (s *switcher) people() []destination {
	m := s.M
	if s.typed == "" || m.Me.Role == wire.RoleGuest { // who begins to write to nobody
		return nil
	}
	known := map[string]bool{m.Me.ID: true}
	for _, r := range m.Rooms {
		if r.Kind == wire.KindDirect && len(r.Members) <= 2 {
			known[m.other(r)] = true
		}
	}
	var list []destination
	for _, u := range m.Users {
		fit := fits(s.typed, u.Name, u.Latin)
		if fit == fitsNot || known[u.ID] || u.Deactivated {
			continue
		}
		id := u.ID
		list = append(list, destination{
			label: u.Name, hint: m.T.NewDirect, user: id, icon: iconPeople, score: fit * 100,
			go_: func() { m.write([]string{id}, m.fail) },
		})
	}
	slices.SortStableFunc(list, func(a, b destination) int { return cmp.Compare(b.score, a.score) })
	return list[:min(len(list), switchPeople)]
}

// maxVisited is how many rooms are remembered as those where one has just been.
const maxVisited = 20

// visited puts a room in front of those where one has just been.
func (m *Model) visited(id string) {
	list := slices.DeleteFunc(m.recent, func(other string) bool { return other == id })
	m.recent = append([]string{id}, list[:min(len(list), maxVisited-1)]...)
}
