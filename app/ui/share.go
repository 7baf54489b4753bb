package ui

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/app/browser"
	"parley/shared/rows"
)

// sharePath is where the app is opened with something that was shared with it.
const sharePath = "/share"

// sharedAgain stands in the fragment when the server could not pass on what was
// shared before there was a service worker; now there is one.
const sharedAgain = "again"

// offer is what was shared with the app and waits for a room.
type offer struct {
	text  string
	files []browser.File
	left  []string // names of files that cannot be sent
	room  string   // chosen for it
}

// offered remembers that something was shared; it is taken when rooms are there
// to choose from.
func (m *Model) offered(fragment string) {
	m.offering = true
	m.offerIn = fragment
	if m.Screen == ScreenChat {
		m.takeOffer()
	}
}

// takeOffer asks into which room what was shared should go.
func (m *Model) takeOffer() {
	if !m.offering {
		return
	}
	m.offering = false
	if m.offerIn == sharedAgain {
		m.Toast, m.Calm = m.T.ShareAgain, false
		m.Rev.Toast++
		return
	}
	shared := inFragment(m.offerIn)
	var err error
	m.async(func(ctx context.Context) {
		if shared.Text+shared.Title+shared.URL == "" {
			shared, err = browser.TakeShared(ctx)
		}
	}, func() {
		if err != nil {
			m.fail(err)
			return
		}
		m.offer = offer{text: textOf(shared), left: shared.Left}
		for _, f := range shared.Files {
			switch {
			case f.At == "":
			case m.limits().File == 0:
				m.offer.left = append(m.offer.left, f.Name)
			default:
				m.offer.files = append(m.offer.files, f.File)
			}
		}
		if !m.offer.empty() || len(m.offer.left) > 0 {
			m.open(DialogShare)
		}
	})
}

// empty tells whether there is nothing to be sent.
func (o *offer) empty() bool { return o.text == "" && len(o.files) == 0 }

// dropOffer forgets what was shared: it was the last person's.
func (m *Model) dropOffer() {
	m.offering, m.offer = false, offer{}
	m.async(func(ctx context.Context) { _, _ = browser.TakeShared(ctx) }, func() {})
}

func inFragment(fragment string) browser.Shared {
	v, err := url.ParseQuery(fragment)
	if err != nil {
		return browser.Shared{}
	}
	return browser.Shared{Title: v.Get("title"), Text: v.Get("text"), URL: v.Get("url")}
}

// textOf is what was shared as a message. Programs put one thing into several
// fields, and an address into the text: nothing is said twice.
func textOf(s browser.Shared) string {
	var parts []string
	add := func(part string) {
		part = strings.TrimSpace(part)
		if part == "" || slices.ContainsFunc(parts, func(p string) bool { return strings.Contains(p, part) }) {
			return
		}
		parts = slices.DeleteFunc(parts, func(p string) bool { return strings.Contains(part, p) })
		parts = append(parts, part)
	}
	add(s.Title)
	add(s.Text)
	add(s.URL)
	for _, f := range s.Files {
		add(f.Text)
	}
	return strings.Join(parts, "\n")
}

// share asks for a room. It sends nothing: the text goes into the composer.
type share struct {
	app.Compo

	M   *Model
	Rev int
}

// OnMount opens the dialog.
func (s *share) OnMount(app.Context) { showDialog() }

// Render draws what was shared, and the rooms.
func (s *share) Render() app.UI {
	m := s.M
	body := []app.UI{app.P().Class("dialog-lead").Text(m.T.ShareLead)}
	if len(m.offer.left) > 0 {
		body = append(body, app.P().Class("notice").Text(m.T.FilesLeft(m.Intl.List(m.offer.left))))
	}
	if m.offer.empty() {
		return frame(m, m.T.ShareTitle, body[1:]...)
	}
	rooms := make([]app.UI, 0, len(m.Rooms))
	for _, r := range m.Rooms {
		rooms = append(rooms, app.Li().Body(
			app.Button().Type("button").Class("found", "found-button").
				OnClick(m.on("share-"+r.ID, func(app.Event) { m.share(r.ID) })).
				Body(icon(kindIcon(r.Kind)), app.Span().Class("found-name").Text(r.Name)),
		))
	}
	var files []app.UI
	for _, f := range m.offer.files {
		files = append(files, app.Li().Class("file").Body(
			app.Span().Class("file-kind").Aria("hidden", true).Text(rows.Kind(f.Name)),
			app.Span().Class("file-name").Attr("dir", "auto").Text(f.Name),
			app.Span().Class("file-size").Text(rows.Size(int64(f.Size))),
		))
	}
	return frame(m, m.T.ShareTitle, append(body,
		app.P().Class("shared-text").Attr("dir", "auto").Hidden(m.offer.text == "").Text(m.offer.text),
		app.Ul().Class("files").Attr("aria-label", m.T.Attached).Hidden(len(files) == 0).Body(files...),
		app.Ul().Class("found-list").Attr("aria-label", m.T.Rooms).Body(rooms...),
	)...)
}

// share puts what was shared into the composer of a room.
func (m *Model) share(room string) {
	m.offer.room = room
	closeDialog()
	if m.composer != nil && m.composer.room == room {
		m.composer.takeOffer()
	}
	m.navigate(roomPath(room))
}

// takeOffer takes over what was shared into this room.
func (c *composer) takeOffer() {
	if o := c.m.offer; o.room == c.room && !o.empty() {
		c.m.offer = offer{}
		c.takeBack(o.text)
		c.attach(o.files)
	}
}
