package ui

import (
	"context"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/app/browser"
	"parley/app/client"
	"parley/shared/rows"
	"parley/shared/texts"
	"parley/shared/wire"
)

// Screen is what fills the page.
type Screen int

// The screens.
const (
	ScreenBoot Screen = iota // nothing is known yet
	ScreenDoor
	ScreenChat
	ScreenLab
)

// Dialog is what is open above the chat.
type Dialog int

// The dialogs.
const (
	DialogNone Dialog = iota
	DialogInvite
	DialogNewRoom
	DialogBrowse
	DialogAddPeople
	DialogSignOut
	DialogShare
	DialogInstall
	DialogSettings
	DialogSwitch
	DialogKeys
	DialogNewDirect
	DialogPerson
	DialogRoom
	DialogCommunity
	DialogSure
	DialogDelete
	DialogRevisions
	DialogSlashes
	DialogPicture
)

// Revs count changes of what components show: one that has moved draws its
// component again.
type Revs struct {
	Screen, Rooms, Users, Status, Room, Dialog, Toast, Search int
}

// Model is everything that is shown. Only the UI goroutine touches it.
type Model struct {
	T     *texts.Texts
	Times *browser.Times
	Intl  *browser.Intl
	Rev   Revs

	Language string // chosen; "" for the browser's
	Theme    string // chosen; "" for the system's

	Screen Screen
	Notice words  // said above the sign-in form
	Invite string // the code of an invite link
	Guest  bool   // the invite is for a guest
	Code   bool   // setting up takes the code that the server printed
	About  wire.About

	// The signed-in person's state, as last told by the client.
	Me     wire.User
	Status client.Status
	Rooms  []client.RoomState
	Users  []wire.User
	users  map[string]wire.User
	online map[string]bool

	Current   string // the room that is open
	wanted    string // the room that the path asked for
	places    places
	target    target   // to be shown when its room opens
	recent    []string // rooms, the one where one has been last first
	Drawer    bool     // phone: the rooms are shown
	Details   bool     // the members are shown,
	Searching bool     // or what one looks for
	search    searching
	Dialog    Dialog
	Person    string   // whom a dialog is about
	asked     question // that a dialog asks
	returning string   // the part of a dialog that one comes back to

	usual     wire.NotifyLevel // what one is told of where nothing is chosen
	exporting *exporting       // the last room that was saved as a file; nil when there was none
	exportID  string           // of the task that the next one is
	importing *importing       // the last file that was imported; nil when there was none
	Toast     string
	Calm      bool // Toast is no error
	Updated   bool // a newer version of the app has been fetched

	offering bool   // something was shared with the app and waits for the rooms
	offerIn  string // the fragment that it came in
	offer    offer
	titled   string // the title that the page has
	notes    notes
	called   uint64 // what the icons say is unread, see tally
	more     bool

	dispatch func(func()) // runs a function on the UI goroutine and draws
	ctx      app.Context  // of the root
	entrance client.Door
	net      client.Net
	store    client.Store
	page     *page // what the server drew, until it has been taken over; else nil
	db       client.Database
	unkept   bool      // it has been said that what is written is not kept
	later    bool      // the browser has been asked to send what is unsent
	session  *session  // nil while nobody is signed in
	opener   app.Value // had the focus before something opened
	timeline *timeline
	composer *composer
	trays    map[string]*tray // what is attached to the next message, by room
	viewing  viewing          // what DialogPicture shows
	emoji    emojiTable
	about    wire.Message // that DialogDelete and DialogRevisions are about
}

// newModel gives the model of a page that has just been opened.
func newModel() *Model {
	net := browser.NewNet()
	m := &Model{
		net:      net,
		entrance: client.Door{Net: net},
		store:    browser.NewStore(),
		db:       browser.NewDatabase(),
		users:    map[string]wire.User{}, online: map[string]bool{}, trays: map[string]*tray{},
	}
	m.greet()
	return m
}

// room is a room that one is in.
func (m *Model) room(id string) (client.RoomState, bool) {
	for _, r := range m.Rooms {
		if r.ID == id {
			return r, true
		}
	}
	return client.RoomState{}, false
}

// name is what a user is called.
func (m *Model) name(id string) string {
	if u, ok := m.users[id]; ok {
		return u.Name
	}
	return m.T.UnknownUser
}

// writer writes rows for the person who is signed in.
func (m *Model) writer() rows.Writer {
	r, _ := m.room(m.Current)
	return rows.Writer{
		Me: m.Me.ID, Name: m.name, Times: m.Times, Texts: m.T.Rows,
		Moderates: wire.Moderates(m.Me, r.Room), Quote: m.quote,
	}
}

// quote is a message of the open room as a reply to it shows it; false until it
// is known.
func (m *Model) quote(seq uint64) (wire.Quote, bool) {
	if m.session == nil {
		return wire.Quote{}, false
	}
	return m.session.client.Quote(m.Current, seq)
}

// async runs slow work beside the UI goroutine, and then done on it.
func (m *Model) async(work func(ctx context.Context), done func()) {
	ctx := context.Background()
	if m.session != nil {
		ctx = m.session.ctx
	}
	go func() {
		defer m.guard()
		work(ctx)
		m.dispatch(done)
	}()
}

// open shows a dialog.
func (m *Model) open(d Dialog) {
	if m.Dialog == DialogNone && m.opener == nil {
		m.remember()
	}
	m.Dialog = d
	m.Drawer = false
	m.Rev.Dialog++
	m.Rev.Room++
}

// fail shows an error at the edge of the screen.
func (m *Model) fail(err error) {
	m.Toast, m.Calm = m.T.Error(err), false
	m.Rev.Toast++
}
