package web

import (
	"cmp"
	"crypto/rand"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"parley/server/chat"
	"parley/shared/parts"
	"parley/shared/prefs"
	"parley/shared/rows"
	"parley/shared/texts"
	"parley/shared/wire"
)

// followEvery is after how many seconds a page that was asked to comes again
// where no script can bring what is new.
const followEvery = 20

// said is what was posted and could not be done.
type said struct {
	text    string
	problem error
}

// openChat answers with the room of the path, else with the one that was open
// last, else with the lobby. It renews the session: a browser that is used keeps
// it.
func (s *Server) openChat(w *answer, r *http.Request, id identity) error {
	if err := s.renew(w, r, id); err != nil {
		return err
	}
	return s.showChat(w, r, id, said{})
}

func (s *Server) showChat(w *answer, r *http.Request, id identity, said said) error {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return errBadQuery()
	}
	about, err := s.whatAnybodyMayKnow()
	if err != nil {
		return err
	}
	room := ""
	snapshot, err := s.conf.Queries.Snapshot(id.Actor, func(list []wire.Room) string {
		room = chooseRoom(r, list)
		return room
	})
	if err != nil {
		return err
	}
	v := newChatView(readerOf(r, s.conf.Env.Now()), about, snapshot, room)
	v.Token = formToken(id)
	status := http.StatusOK
	if said.problem != nil {
		p := s.problem(said.problem)
		setProblemHeaders(w.Header(), p)
		v.problem, status = v.Detail(p), p.Status
	}
	doc := document{reader: v.reader, Chat: v, Title: v.title()}
	if v.Room == nil || v.Room.Archived {
		v.Unsent, v.Problem = said.text, v.problem // there is no composer for it
	}
	v.posted = r.Method == http.MethodPost
	if v.Room == nil {
		if err := s.offer(v, id, room); err != nil {
			return err
		}
		if v.Offer == nil {
			status = max(status, http.StatusNotFound)
		}
		return s.pages.writeDocument(w, status, doc, v.state())
	}
	if before := query.Get("before"); before != "" && r.Method != http.MethodPost {
		return s.showOlder(w, r, id, doc, before)
	}
	v.Following = query.Has("follow") && said.problem == nil
	if v.Following {
		doc.Follow = followEvery
	}
	v.draw(snapshot.Messages[room], snapshot.Quoted[room], said.text)
	return s.pages.writeDocument(w, status, doc, v.state())
}

// offer lets a page offer to join a room that somebody is not in and may know of.
func (s *Server) offer(v *chatView, id identity, room string) error {
	err := s.conf.Queries.Look(id.Actor, func(l chat.Look) error {
		r, err := l.Room(room)
		if err == nil {
			v.Offer = new(v.roomView(r.Room, 0, false))
		}
		return err
	})
	if wire.CodeFrom(err) == wire.CodeNotFound {
		return nil
	}
	return err
}

// showOlder answers with messages from before. The app is not started there: it
// would go to the newest at once.
func (s *Server) showOlder(w *answer, r *http.Request, id identity, doc document, before string) error {
	seq, err := strconv.ParseUint(before, 10, 64)
	if err != nil || seq == 0 {
		return wire.Errorf(wire.CodeBadRequest, "%q must be the number of a message.", "before")
	}
	list, err := s.conf.Queries.History(id.Actor, doc.Chat.Room.ID, chat.Page{Before: seq})
	if err != nil {
		return err
	}
	doc.Chat.Back, doc.Chat.ReadTo = true, 0
	doc.Chat.draw(list.Messages, list.Quoted, "")
	return s.pages.writeDocument(w, http.StatusOK, doc, nil)
}

// chooseRoom is the room to open of those that somebody is in.
func chooseRoom(r *http.Request, list []wire.Room) string {
	if id := r.PathValue("id"); id != "" {
		return id
	}
	last := cookieOf(r, prefs.Room)
	for _, id := range []string{last, wire.Lobby} {
		if slices.ContainsFunc(list, func(room wire.Room) bool { return room.ID == id }) {
			return id
		}
	}
	if len(list) == 0 {
		return ""
	}
	return list[0].ID
}

// chatView is the chat as the template draws it.
type chatView struct {
	reader
	Community string
	Me        wire.User
	Hue       int
	Initials  string
	List      []roomView
	Room      *roomView // that is open; nil when there is none
	Offer     *roomView // that one may join instead; nil when there is none
	Elsewhere bool      // something is unread in another room
	CanFind   bool      // and make rooms
	CanManage bool      // the community
	CanInvite bool

	Token     string // of the forms
	Here      string // the path of the room
	ReadTo    uint64 // the newest message where one is unread, else 0
	Back      bool   // these are not the newest messages
	Following bool   // the page comes again by itself; nobody writes in it

	Unsent, Problem string // a message that was refused and cannot be tried again here

	Timeline, Composer template.HTML

	about    wire.About
	snapshot wire.Snapshot
	names    map[string]string
	problem  string
	posted   bool // answers a form
}

// roomView is a room in the list.
type roomView struct {
	wire.Room
	Path, Icon    string
	Current       bool
	Unread        uint64
	Muted         bool
	Badges        []badgeView
	MembersLabel  string
	MembersNumber string

	read  uint64
	calls uint64 // the unread messages that call one, see the app's list of rooms
}

// badgeView is a number beside a room's name.
type badgeView struct{ Class, Sign, Label string }

func newChatView(reader reader, about wire.About, snapshot wire.Snapshot, room string) *chatView {
	state := snapshot.Sync
	v := &chatView{
		reader: reader, about: about, snapshot: snapshot,
		Community: about.Name, Me: state.Me, Hue: rows.Hue(state.Me.ID), Initials: rows.Initials(state.Me.Name),
		CanManage: state.Me.Role == wire.RoleOwner || state.Me.Role == wire.RoleAdmin,
		CanFind:   state.Me.Role != wire.RoleGuest, CanInvite: state.Me.Role != wire.RoleGuest && state.Me.Role != wire.RoleBot,
		Here: "/rooms/" + url.PathEscape(room), names: map[string]string{},
	}
	for _, u := range state.Users {
		v.names[u.ID] = u.Name
	}
	for _, r := range state.Rooms {
		v.List = append(v.List, v.roomView(r, state.Reads[r.ID], r.ID == room))
	}
	slices.SortFunc(v.List, func(a, b roomView) int { return texts.CompareRooms(a.Room, b.Room) })
	for i := range v.List {
		switch r := &v.List[i]; {
		case r.Current:
			v.Room = r
		case r.Unread > 0 && !r.Muted:
			v.Elsewhere = true
		}
	}
	if v.Room != nil && v.Room.Unread > 0 {
		v.ReadTo = v.Room.Head
	}
	return v
}

// Sections are the rooms as the list has them, with the word above each; of
// those that are not there, only the first.
func (v *chatView) Sections() []sectionView {
	list := []sectionView{{Title: v.Texts.Rooms, CanFind: v.CanFind}, {Title: v.Direct}, {Title: v.Archived}}
	for _, r := range v.List {
		s := &list[texts.SectionOf(r.Room)]
		s.List = append(s.List, r)
	}
	return slices.DeleteFunc(list, func(s sectionView) bool { return len(s.List) == 0 && s.Title != v.Texts.Rooms })
}

// sectionView is a part of the list.
type sectionView struct {
	Title   string
	CanFind bool
	List    []roomView
}

func (v *chatView) roomView(r wire.Room, read uint64, current bool) roomView {
	view := roomView{Room: r, Path: "/rooms/" + url.PathEscape(r.ID), Icon: "hash", Current: current, read: read, MembersLabel: v.Texts.Members}
	view.Name = v.NameOf(r, v.Me.ID, v.name)
	switch r.Kind {
	case wire.KindPrivate:
		view.Icon = "lock"
	case wire.KindDirect:
		if view.Icon = "people"; len(r.Members) <= 2 {
			view.Icon = "dot"
		}
	}
	if r.Head > read {
		view.Unread = r.Head - read
	}
	view.Muted = slices.ContainsFunc(v.snapshot.Sync.Notify, func(n wire.Notify) bool { return n.Room == r.ID && n.Muted })
	if !view.Muted {
		v.badge(&view)
	}
	if n := texts.Plain(len(r.Members)); n.N > 0 {
		view.MembersLabel, view.MembersNumber = v.MemberCount(n), n.Written
	}
	return view
}

// badge says what is unread in a room, as the app does: what calls one in front.
func (v *chatView) badge(r *roomView) {
	unread := badgeView{"badge", texts.Badge(r.Unread), v.Texts.Unread(texts.Plain(int(r.Unread)))}
	if r.Kind == wire.KindDirect {
		r.calls = r.Unread
		if unread.Class += " calls"; r.Unread > 0 {
			r.Badges = append(r.Badges, unread)
		}
		return
	}
	if n := len(v.snapshot.Sync.Mentions[r.ID]); n > 0 {
		r.calls = uint64(n)
		r.Badges = append(r.Badges, badgeView{"badge calls", "@" + texts.Badge(r.calls), v.Mentions(texts.Plain(n))})
	}
	if r.Unread > 0 {
		r.Badges = append(r.Badges, unread)
	}
}

// title is what the tab is called: how much is unread that calls one, or whether
// anything is, where one is.
func (v *chatView) title() string {
	title := v.Community
	if v.Room != nil {
		title = v.Room.Name + " · " + title
	}
	called, more := uint64(0), false
	for _, r := range v.List {
		called += r.calls
		more = more || r.Unread > 0 && !r.Muted
	}
	switch {
	case called > 0:
		return "(" + texts.Badge(called) + ") " + title
	case more:
		return "• " + title
	}
	return title
}

// state is what the app starts with; nil where it is not to start, as it would not
// know what was not sent.
func (v *chatView) state() *parts.State {
	if v.Unsent != "" {
		return nil
	}
	s := &parts.State{About: v.about, Start: &v.snapshot}
	if v.Room != nil {
		s.Room = v.Room.ID
	}
	if v.Offer != nil {
		s.Offer = &v.Offer.Room
	}
	if v.posted { // the address of the form is no page's
		s.Next = v.Here
	}
	return s
}

// draw writes messages, and the composer with what is in it.
func (v *chatView) draw(ms []wire.Message, quoted []wire.Quote, text string) {
	v.Timeline = template.HTML(v.timeline(ms, quoted).HTML(v.Texts))
	if v.Following || v.Room.Archived {
		return // what is typed would be lost when the page comes again, or be refused
	}
	v.Composer = template.HTML(parts.Composer{
		Room: v.Room.Name, Text: text, Problem: v.problem, Action: v.Here, Token: v.Token, Nonce: rand.Text(),
	}.HTML(v.Texts))
}

func (v *chatView) timeline(ms []wire.Message, quoted []wire.Quote) parts.Timeline {
	t := parts.Timeline{Plain: true}
	switch {
	case len(ms) == 0 || ms[0].Seq == 1:
		t.Top = parts.Beginning(v.Texts, v.Room.Name, len(ms) == 0)
	default:
		t.Top = parts.Older(v.Texts, v.Here+"?before="+strconv.FormatUint(ms[0].Seq, 10))
	}
	unread := uint64(0)
	if v.Room.Unread > 0 {
		unread = v.Room.read + 1
	}
	w := rows.Writer{
		Me: v.Me.ID, Name: v.name, Times: v.times, Texts: v.Texts.Rows,
		Moderates: wire.Moderates(v.Me, v.Room.Room), Quote: rows.Quotes(ms, quoted),
	}
	var b strings.Builder
	for i, m := range ms {
		var prev *wire.Message
		if i > 0 {
			prev = &ms[i-1]
		}
		w.Message(&b, prev, m, m.Seq == unread)
	}
	t.Rows = b.String()
	return t
}

func (v *chatView) name(id string) string { return cmp.Or(v.names[id], v.UnknownUser) }
