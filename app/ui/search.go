package ui

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/app/client"
	"parley/shared/wire"
)

const (
	searchPause = 300 * time.Millisecond // after the last key: nobody wants to see what half a word finds
	hereMost    = 5                      // results of the room that is open, in front of all others
)

// searching is what is looked for, and what was found. It stays while the panel
// is closed: whoever looks at one result often wants the next.
type searching struct {
	query string // as it is typed
	asked string // as it was asked; "" before that
	typed int    // counts keys
	run   int    // counts questions: an answer to an older one comes too late

	loading, more, partial bool
	next                   string
	here                   []wire.Found // in the room that was open
	all                    []wire.Found
	err                    error
}

// openSearch shows the panel, with something to look for if query is not empty.
func (m *Model) openSearch(query string) {
	if !m.Details {
		m.remember()
	}
	m.Details, m.Searching, m.Drawer = true, true, false
	m.Rev.Room++
	m.loadPlaces() // to name what is found there, and to complete "in:"
	if query != "" {
		m.search.query = query
		m.look()
	}
	m.ctx.Defer(func(app.Context) {
		if box := app.Window().GetElementByID(searchID); box.Truthy() {
			if query != "" {
				box.Set("value", query)
			}
			box.Call("focus")
			box.Call("select")
		}
	})
}

// searchFor takes what is in the box. It is looked for after a pause.
func (m *Model) searchFor(query string) {
	s := &m.search
	s.query = query
	s.typed++
	typed := s.typed
	time.AfterFunc(searchPause, func() {
		m.dispatch(func() {
			if s.typed == typed && strings.TrimSpace(s.query) != s.asked {
				m.look()
			}
		})
	})
}

// look asks: for the room that is open first, as what one looks for was mostly
// said here.
func (m *Model) look() {
	s := &m.search
	s.run++
	s.asked, s.err, s.next, s.more = strings.TrimSpace(s.query), nil, "", false
	s.here, s.all, s.partial = nil, nil, false
	m.Rev.Search++
	if s.asked == "" || m.session == nil {
		s.loading = false
		return
	}
	s.loading = true
	c, run, here := m.session.client, s.run, client.Search{Query: s.asked, Room: m.Current, Limit: hereMost, Zone: m.zone()}
	var near, all wire.FoundList
	var err error
	m.async(func(ctx context.Context) {
		if _, ok := c.Room(here.Room); ok {
			near, err = c.Search(ctx, here)
		}
		if err == nil {
			all, err = c.Search(ctx, client.Search{Query: here.Query, Zone: here.Zone})
		}
	}, func() {
		if s.run == run {
			s.here = near.Messages
			s.take(all, err)
			m.Rev.Search++
		}
	})
}

// moreFound asks for the next page.
func (m *Model) moreFound() {
	s := &m.search
	if s.loading || !s.more || m.session == nil {
		return
	}
	s.loading, s.err = true, nil
	m.Rev.Search++
	c, run, next := m.session.client, s.run, client.Search{Query: s.asked, Next: s.next, Zone: m.zone()}
	var list wire.FoundList
	var err error
	m.async(func(ctx context.Context) { list, err = c.Search(ctx, next) }, func() {
		if s.run == run {
			s.take(list, err)
			m.Rev.Search++
		}
	})
}

// take adds a page. What stands further up already is left out.
func (s *searching) take(list wire.FoundList, err error) {
	s.loading, s.err = false, err
	if err != nil {
		return
	}
	s.more, s.next, s.partial = list.More, list.Next, s.partial || list.Incomplete
	for _, f := range list.Messages {
		known := false
		for _, h := range s.here {
			known = known || h.Room == f.Room && h.Seq == f.Seq
		}
		if !known {
			s.all = append(s.all, f)
		}
	}
}

// zone is how far the clock here is ahead of UTC, in minutes.
func (m *Model) zone() int {
	return -app.Window().Get("Date").New().Call("getTimezoneOffset").Int()
}

const searchID = "search-box"

// searchPanel is the column to search in.
type searchPanel struct {
	app.Compo

	M   *Model
	Rev int

	box      island
	complete *completion
}

// OnMount completes filters in the box. It is an island: what is typed there is
// the person's, and an input method's.
func (p *searchPanel) OnMount(ctx app.Context) {
	m := p.M
	defer m.guard()
	p.box = island{m: m, ctx: ctx}
	input := app.Window().GetElementByID(searchID)
	input.Set("value", m.search.query)
	changed := func() { m.searchFor(input.Get("value").String()) }
	place := ctx.JSSrc().Call("querySelector", ".search-complete")
	p.complete = newCompletion(input, place, func(start, end int, with string) {
		input.Call("setRangeText", with, start, end, "end")
		changed()
	}, m.suggestFilter)
	p.complete.popup.Set("id", "complete-search")
	p.complete.label(m.T.SearchMessages)
	p.box.listen(input, "input", func(e app.Event) {
		if !e.Get("isComposing").Truthy() {
			p.box.quiet(func() {
				changed()
				p.complete.update()
			})
		}
	})
	p.box.listen(input, "compositionend", func(app.Event) { p.box.quiet(changed) })
	p.box.listen(input, "keydown", func(e app.Event) {
		if k := keyOf(e); p.complete.key(k) {
			e.PreventDefault()
			e.Call("stopPropagation")
		} else if k.Key == "Enter" && !k.Composing && k.Code != codeComposing {
			p.box.quiet(func() { m.dispatch(m.look) })
		}
	})
	p.box.listen(input, "blur", func(app.Event) { p.box.quiet(p.complete.close) })
	p.box.listen(p.complete.popup, "mousedown", func(e app.Event) { e.PreventDefault() }) // the focus stays
	p.box.listen(p.complete.popup, "click", func(e app.Event) { p.box.quiet(func() { p.complete.clicked(e) }) })
}

// OnDismount lets go of the box.
func (p *searchPanel) OnDismount() { p.box.release() }

// Render draws the box and what was found.
func (p *searchPanel) Render() app.UI {
	m := p.M
	return app.Aside().Class("details", "search").ID("details").Attr("aria-label", m.T.Search).
		OnKeyDown(m.on("search-keys", p.walk)).Body(
		app.Header().Class("details-head").Body(
			app.H2().Text(m.T.Search),
			iconButton(iconClose, m.T.Close).OnClick(m.on("close-search", func(app.Event) { m.showDetails(false) })),
		),
		app.Div().Class("search-form").Body(
			app.Div().Class("field", "search-field").Body(
				icon(iconLoupe),
				app.Input().ID("%s", searchID).Type("search").Attr("aria-label", m.T.SearchMessages).Placeholder(m.T.SearchMessages).
					Attr("autocomplete", "off").Attr("enterkeyhint", "search").Spellcheck(false),
			),
			app.Div().Class("search-complete"),
			app.Div().Class("filters").Body(
				p.filter("from:", m.T.FilterFrom), p.filter("in:", m.T.FilterIn), p.filter("before:", m.T.FilterBefore),
			),
		),
		app.Div().Class("results").OnScroll(m.on("results", p.scrolled)).Body(p.results()...),
	)
}

// filter is a button that begins a filter in the box.
func (p *searchPanel) filter(prefix, label string) app.UI {
	return app.Button().Type("button").Class("chip").Text(label).OnClick(p.M.on("filter-"+prefix, func(app.Event) {
		input := app.Window().GetElementByID(searchID)
		value := strings.TrimRight(input.Get("value").String(), " ")
		if value != "" {
			value += " "
		}
		input.Set("value", value+prefix)
		input.Call("focus")
		p.complete.update()
	}))
}

// results are what was found, or why nothing is shown.
func (p *searchPanel) results() []app.UI {
	m, s := p.M, &p.M.search
	n := len(s.here) + len(s.all)
	status := ""
	var body []app.UI
	switch {
	case s.asked == "":
		body = append(body, app.P().Class("hint").Text(m.T.SearchLead))
	case s.loading && n == 0:
		body = append(body, app.Div().Class("skeleton-list").Attr("aria-busy", "true").Body(app.Div(), app.Div(), app.Div()))
	case n == 0 && s.err == nil && !s.more:
		status = m.T.NothingFound
	case n > 0:
		status = m.T.FoundCount(m.number(n))
	}
	head := ""
	if len(s.here) > 0 {
		head = m.T.Everywhere
		body = append(body, p.group(m.T.InThisRoom, s.here))
	}
	if len(s.all) > 0 {
		body = append(body, p.group(head, s.all))
	}
	if s.partial {
		body = append(body, app.P().Class("hint").Text(m.T.SearchPartial))
	}
	switch {
	case s.err != nil:
		body = append(body, app.Div().Class("failed").Body(problemLine(m.T.Error(s.err)), button(m, "search-again", m.T.TryAgain, func() {
			if s.more {
				m.moreFound()
			} else {
				m.look()
			}
		})))
	case s.more:
		body = append(body, app.Button().Type("button").Class("button", "more").Text(m.T.ShowMore).Disabled(s.loading).
			OnClick(m.on("more-found", func(app.Event) { m.moreFound() })))
	}
	return append([]app.UI{app.P().Class("found-status").Attr("role", "status").Text(status)}, body...)
}

func (p *searchPanel) group(title string, list []wire.Found) app.UI {
	items := make([]app.UI, 0, len(list))
	for _, f := range list {
		items = append(items, app.Li().Body(p.result(f)))
	}
	return app.Section().Class("group").Body(
		app.H3().Hidden(title == "").Text(title),
		app.Ul().Body(items...),
	)
}

func (p *searchPanel) result(f wire.Found) app.UI {
	m := p.M
	text := app.Span().Class("result-text")
	var pieces []app.UI
	words := f.Text
	if words == "" { // nothing but files
		words = f.Quote().Text
	}
	for _, piece := range snippet(words, f.Highlights) {
		if piece.marked {
			pieces = append(pieces, app.Mark().Text(piece.text))
		} else {
			pieces = append(pieces, app.Span().Text(piece.text))
		}
	}
	room, seq := f.Room, f.Seq
	return app.Button().Type("button").Class("result").OnClick(m.on("result-"+room+"-"+strconv.FormatUint(seq, 10), func(app.Event) {
		m.openFound(room, seq)
	})).Body(
		app.Span().Class("result-head").Body(
			app.Span().Class("result-name").Text(m.name(f.Author)),
			app.Span().Class("result-room").Text(m.roomName(room)),
			app.Time().DateTime(f.Time.String()).Text(m.Times.DayName(f.Time)),
		),
		text.Body(pieces...),
	)
}

// roomName is what a room is called; "" for one that is not known (any more).
func (m *Model) roomName(id string) string {
	if r, ok := m.room(id); ok {
		return r.Name
	}
	return m.places.rooms[id].Name
}

// openFound goes to a message that was found.
func (m *Model) openFound(room string, seq uint64) {
	if narrow() {
		m.Details, m.Searching = false, false
		m.Rev.Room++
	}
	m.jump(room, seq)
}

// scrolled asks for more near the end of the list.
func (p *searchPanel) scrolled(e app.Event) {
	list := e.Get("target")
	if list.Get("scrollHeight").Int()-list.Get("scrollTop").Int()-list.Get("clientHeight").Int() < near && p.M.search.err == nil {
		p.M.moreFound()
	}
}

// walk goes through the results with the arrow keys, from the box on.
func (p *searchPanel) walk(e app.Event) {
	down := e.Get("key").String() == "ArrowDown"
	if !down && e.Get("key").String() != "ArrowUp" || e.Get("altKey").Truthy() || e.Get("isComposing").Truthy() || e.Get("defaultPrevented").Truthy() {
		return
	}
	list := app.Window().Get("document").Call("querySelectorAll", "#"+searchID+", .result")
	for i := range list.Get("length").Int() {
		if !list.Index(i).Equal(focused()) {
			continue
		}
		to := i - 1
		if down {
			to = i + 1
		}
		if next := list.Index(to); next.Truthy() {
			e.PreventDefault()
			next.Call("focus")
		}
		return
	}
}

// suggestFilter completes from:, in: and before: in the box.
func (m *Model) suggestFilter(before string, _ func()) (start int, list []suggestion) {
	start = strings.LastIndexAny(before, " \t　") + 1
	if start > 0 && strings.HasPrefix(before[start-1:], "　") {
		start += len("　") - 1
	}
	prefix, typed, ok := strings.Cut(before[start:], ":")
	if !ok {
		prefix, typed, ok = strings.Cut(before[start:], "：")
	}
	if !ok {
		return -1, nil
	}
	add := func(name, label, hint string) {
		if strings.ContainsAny(name, " \t") {
			name = `"` + name + `"`
		}
		list = append(list, suggestion{text: prefix + ":" + name, label: label, hint: hint})
	}
	switch strings.ToLower(prefix) {
	case "from":
		for _, u := range m.Users {
			if typed == "" || fits(typed, u.Name, u.Latin) > fitsNot {
				add(u.Name, u.Name, "")
			}
		}
	case "in":
		for _, r := range m.Rooms {
			if r.Kind != wire.KindDirect && (typed == "" || fits(typed, r.Name, "") > fitsNot) {
				add(r.Room.Name, r.Name, "")
			}
		}
		for _, r := range m.places.list(func(r wire.Room) bool { _, joined := m.room(r.ID); return !joined }) {
			if typed == "" || fits(typed, r.Name, "") > fitsNot {
				add(r.Name, r.Name, "")
			}
		}
	case "before", "after":
		now := time.Now()
		for _, days := range []int{0, 1, 7, 30} {
			at := now.AddDate(0, 0, -days)
			if day := at.Format("2006-01-02"); strings.HasPrefix(day, typed) && day != typed {
				add(day, m.Times.DayName(wire.TimeOf(at)), day)
			}
		}
	}
	return start, list
}
