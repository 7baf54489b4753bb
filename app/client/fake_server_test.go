package client

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"parley/shared/wire"
)

// Errors of the fake server's feed, as those of the real one.
var (
	errSuperseded = errors.New("a newer connection of the session took over")
	errDraining   = errors.New("the server is going down")
	errKilled     = errors.New("connection reset by peer")
)

// fakeServer keeps the promises of PROTOCOL 3 and 4 in memory: a log, cursors,
// sessions whose newer connection ends the older one, idempotent sends. It cuts
// batches at random places, so that no two connections cut alike.
type fakeServer struct {
	me wire.User

	you wire.User // by mu

	mu        sync.Mutex
	rand      *rand.Rand
	epoch     string
	log       []wire.Event // offset 1 is log[0]
	first     int          // offset of the oldest that is kept
	rooms     map[string]*wire.Room
	messages  map[string][]wire.Message
	nonces    map[string]wire.Message
	files     map[string]*fakeFile
	mentions  map[string][]uint64
	notify    []wire.Notify
	reads     map[string]uint64
	conns     []*fakeConn
	number    int
	refuse    func(cmd string) *wire.Problem // what a command meets instead; nil: nothing
	commands  []string                       // those that were done, "send n1"
	signedOut bool
	cutAt     int // most events of a batch
	online    []string
	draining  time.Time // refuses connections until then
}

func newFakeServer(seed uint64) *fakeServer {
	return &fakeServer{
		me:   wire.User{ID: "me", Name: "Me", Role: wire.RoleMember},
		you:  wire.User{ID: "you", Name: "You", Role: wire.RoleOwner},
		rand: rand.New(rand.NewPCG(seed, 7)), epoch: "E", first: 1, cutAt: 5,
		rooms:    map[string]*wire.Room{"lobby": {ID: "lobby", Kind: wire.KindPublic, Name: "Lobby", Members: []string{"me", "you"}}},
		messages: map[string][]wire.Message{}, nonces: map[string]wire.Message{}, files: map[string]*fakeFile{}, reads: map[string]uint64{},
	}
}

// append puts an event at the end of the log. mu is held.
func (s *fakeServer) append(e wire.Event) {
	s.log = append(s.log, e)
	for _, c := range s.conns {
		c.notify()
	}
}

// isMe tells whether a request that says whose it is may pass.
func (s *fakeServer) isMe(user string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return user == "" || user == s.me.ID
}

// become lets somebody else sign in in the same browser.
func (s *fakeServer) become(user string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.me = wire.User{ID: user, Name: user, Role: wire.RoleMember}
}

// say stores a message as its author would by send.
func (s *fakeServer) say(author, room, text string) wire.Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.store(author, wire.Send{Room: room, Text: text})
}

func (s *fakeServer) store(author string, a wire.Send) wire.Message {
	room := a.Room
	m := wire.Message{
		Room: room, Seq: uint64(len(s.messages[room]) + 1), Author: author,
		Time: wire.TimeOf(time.Now()), Text: a.Text, Nonce: a.Nonce, ReplyTo: a.ReplyTo,
		Files: s.attach(a),
	}
	if author == s.me.ID {
		s.reads[room] = m.Seq
	}
	s.messages[room] = append(s.messages[room], m)
	s.rooms[room].Head = m.Seq
	s.append(wire.Event{Message: &m})
	return m
}

// edit changes a message, as a newer server does.
func (s *fakeServer) edit(room string, seq uint64, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := &s.messages[room][seq-1]
	m.Text, m.Rev = text, m.Rev+1
	changed := *m
	s.append(wire.Event{Message: &changed})
}

func (s *fakeServer) tell(e wire.Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case e.User != nil && e.User.ID == s.you.ID:
		s.you = *e.User
	case e.Member != nil && s.rooms[e.Member.Room] != nil:
		r := room{Room: *s.rooms[e.Member.Room]}
		r.move(*e.Member)
		s.rooms[r.ID].Members = r.Members
	}
	s.append(e)
}

// whisper sends an ephemeral event to every connection.
func (s *fakeServer) whisper(e wire.Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.conns {
		c.ephemeral = append(c.ephemeral, e)
		c.notify()
	}
}

func (s *fakeServer) cursor() string { return fmt.Sprintf("%s-%d", s.epoch, len(s.log)) }

// end ends every connection. mu is not held.
func (s *fakeServer) end(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range slices.Clone(s.conns) {
		s.drop(c, err)
	}
}

// drain gives every connection a last batch.
func (s *fakeServer) drain(ms int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.draining = time.Now().Add(time.Duration(ms) * time.Millisecond)
	for _, c := range s.conns {
		c.reconnect = ms
		c.notify()
	}
}

// forget trims the log, so that older cursors are of no use.
func (s *fakeServer) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.first = len(s.log) + 1
}

func (s *fakeServer) said(room string) []wire.Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.messages[room])
}

func (s *fakeServer) sync() wire.Sync {
	y := wire.Sync{
		Cursor: s.cursor(), Heartbeat: 15, Me: s.me,
		Limits: wire.OurLimits(32 << 20),
		Users:  []wire.User{s.me, s.you},
		Reads:  map[string]uint64{},
	}
	for _, r := range s.rooms {
		y.Rooms = append(y.Rooms, *r)
	}
	for room, seq := range s.reads {
		y.Reads[room] = seq
	}
	y.Mentions, y.Notify = s.mentions, s.notify
	return y
}

func (s *fakeServer) history(room string, before, after uint64, limit int) []wire.Message {
	var list []wire.Message
	for _, m := range s.messages[room] {
		if (before == 0 || m.Seq < before) && m.Seq > after {
			list = append(list, m)
		}
	}
	if len(list) > limit {
		if after > 0 {
			return list[:limit]
		}
		return list[len(list)-limit:]
	}
	return list
}

// fakeConn is one connection of the feed.
type fakeConn struct {
	server  *fakeServer
	number  int
	session string
	wake    chan struct{}
	started bool

	// guarded by server.mu
	offset    int
	reset     bool
	reconnect int
	ephemeral []wire.Event
	err       error
}

func (c *fakeConn) notify() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

func (s *fakeServer) subscribe(cursor, session string, stream bool) (*fakeConn, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.signedOut {
		return nil, wire.Errorf(wire.CodeUnauthenticated, "Sign in.")
	}
	if time.Now().Before(s.draining) {
		return nil, wire.Errorf(wire.CodeUnavailable, "The server is restarting.").After(1)
	}
	epoch, offset, ok := strings.Cut(cursor, "-")
	n, err := strconv.Atoi(offset)
	if !ok || err != nil {
		return nil, wire.Errorf(wire.CodeBadRequest, "That is no cursor.")
	}
	s.number++
	c := &fakeConn{server: s, number: s.number, session: session, wake: make(chan struct{}, 1), offset: n}
	c.reset = epoch != s.epoch || n > len(s.log) || n+1 < s.first
	if stream {
		for _, u := range s.online {
			c.ephemeral = append(c.ephemeral, wire.Event{Presence: &wire.Presence{User: u, Online: true}})
		}
	}
	s.conns = append(s.conns, c)
	return c, nil
}

// drop ends a connection. mu is held.
func (s *fakeServer) drop(c *fakeConn, err error) {
	if c.err == nil {
		c.err = err
	}
	c.notify()
	s.conns = slices.DeleteFunc(s.conns, func(d *fakeConn) bool { return d == c })
}

func (c *fakeConn) close() {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	c.server.drop(c, context.Canceled)
}

// established ends the session's older connections.
func (c *fakeConn) established() {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	for _, old := range slices.Clone(c.server.conns) {
		if c.session != "" && old.session == c.session && old.number < c.number && c.err == nil {
			c.server.drop(old, errSuperseded)
		}
	}
}

// next is the next batch: at once the first time, and when there is something.
func (c *fakeConn) next(ctx context.Context, wait time.Duration) (wire.Batch, error) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	force := !c.started
	c.started = true
	for {
		if b, err, ok := c.take(force); ok {
			return b, err
		}
		select {
		case <-c.wake:
		case <-timer.C:
			force = true
		case <-ctx.Done():
			return wire.Batch{}, ctx.Err()
		}
	}
}

func (c *fakeConn) take(force bool) (b wire.Batch, err error, ok bool) {
	s := c.server
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case c.err != nil:
		return b, c.err, true
	case c.reset:
		s.drop(c, errDraining)
		return wire.Batch{Cursor: s.cursor(), Reset: true, Events: []wire.Event{}}, nil, true
	}
	n := min(len(s.log)-c.offset, 1+s.rand.IntN(s.cutAt))
	b.Events = append([]wire.Event{}, s.log[c.offset:c.offset+n]...)
	if b.More = c.offset+n < len(s.log); !b.More {
		b.Events = append(b.Events, c.ephemeral...)
		c.ephemeral = nil
	}
	if len(b.Events) == 0 && !force && c.reconnect == 0 {
		return b, nil, false
	}
	c.offset += n
	b.Cursor, b.ReconnectMS = fmt.Sprintf("%s-%d", s.epoch, c.offset), c.reconnect
	if c.reconnect > 0 {
		s.drop(c, errDraining)
	}
	return b, nil, true
}

// do runs a command.
func (s *fakeServer) do(cmd string, args []byte) (any, *wire.Problem) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.signedOut {
		return nil, wire.Errorf(wire.CodeUnauthenticated, "Sign in.")
	}
	if s.refuse != nil {
		if p := s.refuse(cmd); p != nil {
			return nil, p
		}
	}
	var send wire.Send
	var read wire.Read
	switch cmd {
	case wire.CmdSend:
		_ = wire.Decode(args, &send)
		s.commands = append(s.commands, cmd+" "+send.Nonce)
		return s.send(send)
	case wire.CmdCreateFile:
		var create wire.CreateFile
		_ = wire.Decode(args, &create)
		return s.createFile(create)
	case wire.CmdRead:
		_ = wire.Decode(args, &read)
		s.commands = append(s.commands, fmt.Sprint(cmd, " ", read.Seq))
		s.reads[read.Room] = max(s.reads[read.Room], read.Seq)
		s.append(wire.Event{Read: &read})
	default:
		s.commands = append(s.commands, cmd)
	}
	return wire.Empty{}, nil
}

func (s *fakeServer) send(a wire.Send) (any, *wire.Problem) {
	if s.rooms[a.Room] == nil {
		return nil, wire.Errorf(wire.CodeNotFound, "There is no such room.")
	}
	if m, ok := s.nonces[a.Nonce]; ok {
		if m.Text != a.Text || m.Room != a.Room {
			return nil, wire.Errorf(wire.CodeConflict, "The nonce is taken.")
		}
		return m, nil
	}
	if p := s.mayAttach(a.Files); p != nil {
		return nil, p
	}
	m := s.store(s.me.ID, a)
	s.nonces[a.Nonce] = m
	return m, nil
}

// until is what lies between two cursors.
func (s *fakeServer) until(cursor, until string) (any, *wire.Problem) {
	s.mu.Lock()
	defer s.mu.Unlock()
	from, okFrom := s.offset(cursor)
	to, okTo := s.offset(until)
	switch {
	case s.signedOut:
		return nil, wire.Errorf(wire.CodeUnauthenticated, "Sign in.")
	case time.Now().Before(s.draining):
		return nil, wire.Errorf(wire.CodeUnavailable, "The server is restarting.").After(1)
	case !okFrom:
		return wire.Batch{Cursor: s.cursor(), Reset: true, Events: []wire.Event{}}, nil
	case !okTo:
		return nil, wire.Errorf(wire.CodeBadRequest, "That is no place in the log.")
	}
	n := min(max(0, to-from), 1+s.rand.IntN(s.cutAt))
	b := wire.Batch{Cursor: fmt.Sprintf("%s-%d", s.epoch, from+n), More: from+n < to}
	b.Events = append([]wire.Event{}, s.log[from:from+n]...)
	return b, nil
}

// offset is a cursor's, if that is of use.
func (s *fakeServer) offset(cursor string) (int, bool) {
	epoch, offset, _ := strings.Cut(cursor, "-")
	n, err := strconv.Atoi(offset)
	return n, err == nil && epoch == s.epoch && n <= len(s.log) && n+1 >= s.first
}

// feeds are the connections that are open.
func (s *fakeServer) feeds() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.conns)
}
