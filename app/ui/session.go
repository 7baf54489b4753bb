package ui

import (
	"context"
	"errors"
	"strings"
	"sync"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/app/browser"
	"parley/app/client"
	"parley/shared/texts"
	"parley/shared/wire"
)

// session is one signed-in person: the client and what keeps it company.
type session struct {
	client *client.Client
	cached bool // it has started from what this browser kept,
	live   bool // and has heard from the server since
	ctx    context.Context
	cancel func()
	done   sync.WaitGroup
}

// knownKey is kept while somebody is signed in, as far as this browser knows.
const knownKey = "signed-in"

// startFromPage begins with what the server's page knows: who is signed in, and
// what is said in the room, or that nobody is.
func (m *Model) startFromPage() {
	if m.page == nil {
		return
	}
	state := m.page.state
	m.About, m.Guest, m.Code = state.About, state.Guest, state.Code
	m.keepAbout()
	switch {
	case m.Screen == ScreenLab:
		m.title()
	case state.Start == nil:
		m.Screen = ScreenDoor
		m.title()
	default:
		if state.Room != "" {
			m.wanted = state.Room
		} else { // the path's, which is none of one's own
			m.places.offered(m.wanted, state.Offer)
		}
		m.Drawer = drawerWanted()
		m.connect(state.Start, nil)
	}
}

// start goes on from the page; without one, as when the service worker started
// the app, an invite asks for a name, and anything else is tried as if somebody
// were signed in: what is known from the last time is shown at once, and the
// server says if nobody is.
func (m *Model) start() {
	switch {
	case m.Screen == ScreenLab: // for anybody, whoever is signed in
		m.ask(func(error) {})
	case m.session != nil:
		m.run()
	case m.page != nil: // shows a way in: nobody is signed in
		m.forgetKept(nil)
	case m.Invite != "":
		m.show(ScreenDoor)
		m.ask(func(error) {})
	default:
		m.readAbout()
		m.readKept(m.startKept)
	}
}

// startKept goes on from what this browser has kept, if anything. One that has
// never been signed in asks first whether there is a community.
func (m *Model) startKept(kept *client.Cached) {
	known, _ := m.store.Load(context.Background(), knownKey)
	if kept != nil || known != nil {
		m.begin(kept)
		m.ask(func(error) {})
		return
	}
	m.ask(func(error) {
		if m.About.Setup {
			m.show(ScreenDoor)
			return
		}
		m.begin(nil)
	})
}

// ask asks the server what anybody may know of it.
func (m *Model) ask(done func(error)) {
	var about wire.About
	var err error
	m.async(func(ctx context.Context) { about, err = m.entrance.About(ctx) }, func() {
		if err == nil {
			m.setAbout(about)
		}
		done(err)
	})
}

func (m *Model) setAbout(about wire.About) {
	m.About = about
	m.keepAbout()
	m.Rev.Screen++
	m.Rev.Rooms++
	m.title()
}

func (m *Model) show(s Screen) {
	m.Screen = s
	m.Rev.Screen++
	m.title()
}

// begin runs a client until the person signs out, or the server says that
// nobody is signed in.
func (m *Model) begin(kept *client.Cached) {
	m.connect(nil, kept)
	m.run()
}

// connect makes a client, which knows start already, or what was kept, if they
// are not nil.
func (m *Model) connect(start *wire.Snapshot, kept *client.Cached) {
	ctx, cancel := context.WithCancel(context.Background())
	m.session = &session{ctx: ctx, cancel: cancel, cached: kept != nil}
	config := client.Config{
		Net: m.net, Store: m.store, DB: m.db, Blobs: browser.NewBlobs(m.db), Clock: client.SystemClock{}, Start: start, Cached: kept,
		Log: func(format string, args ...any) { app.Logf(format, args...) },
	}
	if n := forcedRung(); n >= 0 { // this window's own, so it shares no other's feed
		only := client.Rung(n)
		config.Only = &only
	} else {
		config.Tabs = browser.NewTabs
	}
	m.session.client = client.New(config)
	m.Notice = nil
	m.apply([]client.Change{{Kind: client.ChangeStatus}, {Kind: client.ChangeUsers}, {Kind: client.ChangeRooms}})
}

// run runs the client that connect made.
func (m *Model) run() {
	s := m.session
	gathered := &changes{}
	gathered.ask = func() {
		m.dispatch(func() {
			if list := gathered.take(); m.session == s {
				m.apply(list)
			}
		})
	}
	unwatch := s.client.Watch(gathered.add)
	unwake := browser.Wakes(s.client.Wake)
	unhide := browser.Hides(s.client.Keep)
	s.done.Go(func() {
		defer m.guard()
		err := s.client.Run(s.ctx)
		unwatch()
		unwake()
		unhide()
		m.dispatch(func() { m.ended(s, err) })
	})
}

// ended is told when a client has stopped: nobody is signed in (any more).
func (m *Model) ended(s *session, err error) {
	if m.session != s {
		return // signed out here
	}
	m.session = nil
	if wire.CodeFrom(err) != wire.CodeUnauthenticated {
		if err != nil && !errors.Is(err, context.Canceled) {
			m.fail(err)
		}
		return
	}
	chat := m.Screen == ScreenChat
	m.forget(s)
	if s.cached && !s.live { // what was kept was another's, or out of date
		m.show(ScreenBoot)
		m.begin(nil)
		return
	}
	if chat {
		m.Notice = func(t *texts.Texts) string { return t.SignedOut }
		m.show(ScreenDoor)
		return
	}
	m.chooseDoor()
}

// chooseDoor asks whether this server has an owner yet.
func (m *Model) chooseDoor() {
	m.ask(func(err error) {
		if err != nil {
			m.Notice = about(err)
		}
		m.show(ScreenDoor)
	})
}

// entered follows a set-up, a sign-in or a sign-up.
func (m *Model) entered() {
	m.About.Setup = false
	if m.wanted == "" {
		m.Invite = ""
		m.navigate("/")
	}
	m.begin(nil)
	m.ask(func(error) {})
}

// signOut ends the session on the server, then here.
func (m *Model) signOut() {
	var err error
	m.async(func(ctx context.Context) { err = m.entrance.Logout(ctx) }, func() {
		if err != nil && wire.CodeFrom(err) != wire.CodeUnauthenticated {
			m.fail(err)
			return
		}
		s := m.session
		if s != nil {
			m.session = nil
			s.cancel()
		}
		m.forget(s)
		m.dropOffer()
		m.navigate("/")
		m.show(ScreenDoor)
	})
}

// forget clears what belonged to the person who was signed in.
func (m *Model) forget(s *session) {
	m.forgetKept(s)
	m.forgetNotes()
	_ = m.store.Save(context.Background(), knownKey, nil)
	m.Me, m.Status = wire.User{}, client.Status{}
	m.Rooms, m.Users = nil, nil
	m.users, m.online = map[string]wire.User{}, map[string]bool{}
	m.Current, m.wanted, m.importing, m.places = "", "", nil, places{}
	for _, t := range m.trays {
		t.clear()
	}
	clear(m.trays)
	m.recent, m.search, m.Searching = nil, searching{}, false
	m.Drawer, m.Details, m.Dialog, m.Toast = false, false, DialogNone, ""
}

// title is what the tab is called: how much is unread, where one is.
func (m *Model) title() {
	var parts []string
	if r, ok := m.room(m.Current); ok && m.Screen == ScreenChat {
		parts = append(parts, r.Name)
	}
	if m.Screen == ScreenLab {
		parts = append(parts, m.T.Lab.Title)
	}
	name := m.About.Name
	if name == "" {
		name = "Parley"
	}
	title := strings.Join(append(parts, name), " · ")
	var called uint64
	var more bool
	if m.Screen == ScreenChat {
		called, more = tally(m.Rooms)
	}
	title = titleMark(called, more) + title
	if title != m.titled {
		m.titled = title
		app.Window().Get("document").Set("title", title)
	}
	m.showTally(called, more)
}
