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
	ctx    context.Context
	cancel func()
	done   sync.WaitGroup
}

// knownKey is kept while somebody is signed in, as far as this browser knows.
const knownKey = "signed-in"

// start is the first thing on a page: an invite asks for a name; anything else
// is tried as if somebody were signed in, and the server says if nobody is. A
// browser that has never been signed in asks first whether there is a community.
func (m *Model) start() {
	known, _ := m.store.Load(context.Background(), knownKey)
	switch {
	case m.Invite != "":
		m.show(ScreenSignUp)
		m.ask(func(error) {})
	case known != nil:
		m.begin()
		m.ask(func(error) {})
	default:
		m.ask(func(error) {
			if m.About.Setup {
				m.show(ScreenSetUp)
				return
			}
			m.begin()
		})
	}
}

// ask asks the server what anybody may know of it.
func (m *Model) ask(done func(error)) {
	var about wire.About
	var err error
	m.async(func(ctx context.Context) { about, err = m.door.About(ctx) }, func() {
		if err == nil {
			m.setAbout(about)
		}
		done(err)
	})
}

func (m *Model) setAbout(about wire.About) {
	m.About = about
	m.Rev.Screen++
	m.Rev.Rooms++
	m.title()
}

func (m *Model) show(s Screen) {
	m.Screen = s
	m.Rev.Screen++
	m.title()
	if s == ScreenChat {
		return // the composer takes the focus
	}
	// autofocus is for the document's first form only.
	m.ctx.Defer(func(app.Context) {
		if name := app.Window().GetElementByID("name"); name.Truthy() {
			name.Call("focus")
		}
	})
}

// begin runs a client until the person signs out, or the server says that
// nobody is signed in.
func (m *Model) begin() {
	ctx, cancel := context.WithCancel(context.Background())
	s := &session{ctx: ctx, cancel: cancel}
	s.client = client.New(client.Config{
		Net: m.net, Store: m.store, Clock: client.SystemClock{},
		Log: func(format string, args ...any) { app.Logf(format, args...) },
	})
	m.session = s
	m.Notice = nil

	gathered := &changes{apply: func(list []client.Change) {
		m.dispatch(func() {
			if m.session == s {
				m.apply(list)
			}
		})
	}}
	unwatch := s.client.Watch(gathered.add)
	unwake := browser.Wakes(s.client.Wake)
	s.done.Go(func() {
		defer m.guard()
		err := s.client.Run(ctx)
		unwatch()
		unwake()
		m.dispatch(func() { m.ended(s, err) })
	})
	m.apply([]client.Change{{Kind: client.ChangeStatus}, {Kind: client.ChangeUsers}, {Kind: client.ChangeRooms}})
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
	m.forget()
	if chat {
		m.Notice = func(t *texts.Texts) string { return t.SignedOut }
		m.show(ScreenSignIn)
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
		if m.About.Setup {
			m.show(ScreenSetUp)
			return
		}
		m.show(ScreenSignIn)
	})
}

// entered follows a set-up, a sign-in or a sign-up.
func (m *Model) entered() {
	if m.Invite != "" {
		m.Invite = ""
		m.navigate("/")
	}
	m.begin()
	m.ask(func(error) {})
}

// signOut ends the session on the server, then here.
func (m *Model) signOut() {
	var err error
	m.async(func(ctx context.Context) { err = m.door.Logout(ctx) }, func() {
		if err != nil && wire.CodeFrom(err) != wire.CodeUnauthenticated {
			m.fail(err)
			return
		}
		if s := m.session; s != nil {
			m.session = nil
			s.cancel()
		}
		m.forget()
		m.navigate("/")
		m.show(ScreenSignIn)
	})
}

// forget clears what belonged to the person who was signed in.
func (m *Model) forget() {
	_ = m.store.Save(context.Background(), knownKey, nil)
	m.Me, m.Status = wire.User{}, client.Status{}
	m.Rooms, m.Users = nil, nil
	m.users, m.online = map[string]wire.User{}, map[string]bool{}
	m.Current, m.wanted = "", ""
	m.Drawer, m.Details, m.Dialog, m.Toast = false, false, DialogNone, ""
}

// title is what the tab is called: how much is unread, where one is.
func (m *Model) title() {
	var parts []string
	if r, ok := m.room(m.Current); ok && m.Screen == ScreenChat {
		parts = append(parts, r.Name)
	}
	name := m.About.Name
	if name == "" {
		name = "Parley"
	}
	title := strings.Join(append(parts, name), " · ")
	if n := m.unread(); n > 0 && m.Screen == ScreenChat {
		title = "(" + texts.Badge(n) + ") " + title
	}
	app.Window().Get("document").Set("title", title)
}
