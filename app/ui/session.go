package ui

import (
	"context"
	"crypto/rand"
	"errors"
	mathrand "math/rand/v2"
	"strings"
	"sync"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/app/browser"
	"parley/app/client"
	"parley/shared/wire"
)

// session is one signed-in person: the client and what keeps it company.
type session struct {
	client *client.Client
	ctx    context.Context
	cancel func()
	done   sync.WaitGroup
}

// start is the first thing on a page: an invite asks for a name; anything else
// is tried as if somebody were signed in, and the server says if nobody is.
func (m *Model) start() {
	m.async(func(ctx context.Context) {
		about, err := m.door.About(ctx)
		if err == nil {
			m.dispatch(func() { m.setAbout(about) })
		}
	}, func() {})
	if m.Invite != "" {
		m.show(ScreenSignUp)
		return
	}
	m.begin()
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
}

// begin runs a client until the person signs out, or the server says that
// nobody is signed in.
func (m *Model) begin() {
	ctx, cancel := context.WithCancel(context.Background())
	s := &session{ctx: ctx, cancel: cancel}
	s.client = client.New(client.Config{
		Net: m.net, Store: m.store, Clock: client.SystemClock{}, Rand: newRand(),
		Log: func(format string, args ...any) { app.Logf(format, args...) },
	})
	m.session = s
	m.Notice = ""

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
	if m.Screen == ScreenChat {
		m.Notice = m.T.SignedOut
		m.forget()
		m.show(ScreenSignIn)
		return
	}
	m.chooseDoor()
}

// chooseDoor asks whether this server has an owner yet.
func (m *Model) chooseDoor() {
	var about wire.About
	var err error
	m.async(func(ctx context.Context) { about, err = m.door.About(ctx) }, func() {
		switch {
		case err != nil:
			m.Notice = m.T.Error(err)
			m.show(ScreenSignIn)
		case about.Setup:
			m.setAbout(about)
			m.show(ScreenSetUp)
		default:
			m.setAbout(about)
			m.show(ScreenSignIn)
		}
	})
}

// entered follows a set-up, a sign-in or a sign-up.
func (m *Model) entered() {
	if m.Invite != "" {
		m.Invite = ""
		m.navigate("/")
	}
	m.start()
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
	m.Me, m.Status = wire.User{}, client.Status{}
	m.Rooms, m.Users = nil, nil
	m.users, m.online = map[string]wire.User{}, map[string]bool{}
	m.Current, m.wanted = "", ""
	m.Drawer, m.Details, m.Dialog, m.Toast = false, false, DialogNone, ""
}

// newRand gives randomness for nonces and delays; its seed is the browser's.
func newRand() *mathrand.Rand {
	var seed [32]byte
	_, _ = rand.Read(seed[:]) // never fails, see crypto/rand
	return mathrand.New(mathrand.NewChaCha8(seed))
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
		title = "(" + count(n) + ") " + title
	}
	app.Window().Get("document").Set("title", title)
}
