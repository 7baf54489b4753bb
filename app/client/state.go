package client

import (
	"context"
	"time"

	"parley/shared/wire"
)

// state is what a client knows of the community. Client.mu guards it.
type state struct {
	status    Status
	cursor    string // everything up to here has been applied, and nothing after it
	heartbeat time.Duration
	limits    wire.Limits // zero: not known yet
	me        wire.User
	users     map[string]wire.User
	online    map[string]bool
	told      map[string]bool // who the new stream said is online, until it has said all; else nil
	rooms     map[string]*room
	usual     wire.NotifyLevel // where one has chosen nothing for a room; empty: nothing either
	task      wire.Task        // one's own, as last told
	asking    bool             // for the members of rooms that have become known by an event
}

func newState() state {
	return state{
		heartbeat: wire.Heartbeat,
		users:     map[string]wire.User{}, online: map[string]bool{}, rooms: map[string]*room{},
	}
}

// effects is what is to be done after the state has changed and mu is free.
type effects struct {
	changes []Change
	mend    []string // rooms whose timeline has a hole
	reload  []string // rooms whose timeline is out of date
	members bool     // there are rooms whose members are not known
	resync  bool     // the state has to be read anew
	bugs    []string // for the log
}

func (e *effects) tell(kind ChangeKind, room string) {
	e.changes = append(e.changes, Change{Kind: kind, Room: room})
}

// follow does what e says.
func (c *Client) follow(e effects) {
	for _, bug := range e.bugs {
		c.log("parley: %s", bug)
	}
	c.watch.tell(e.changes...)
	for _, id := range e.mend {
		c.spawn(func(ctx context.Context) { c.mend(ctx, id) })
	}
	for _, id := range e.reload {
		c.spawn(func(ctx context.Context) { c.reload(ctx, id) })
	}
	if e.members {
		c.spawn(c.askMembers)
	}
	if e.resync {
		select {
		case c.resyncs <- struct{}{}:
		default:
		}
	}
}

// takeState takes over the state of a sync. It tells whether it is the first.
// What was loaded of rooms stays for the screen and is loaded again, as the
// changes in between are not known.
func (c *Client) takeState(s wire.Sync) (first bool) {
	var e effects
	c.mu.Lock()
	st := &c.state
	first = !st.status.Synced
	st.status.Synced = true
	st.cursor = s.Cursor
	st.heartbeat = time.Duration(s.Heartbeat) * time.Second
	st.limits, st.me = s.Limits, s.Me
	st.users = map[string]wire.User{s.Me.ID: s.Me}
	for _, u := range s.Users {
		st.users[u.ID] = u
	}
	old := st.rooms
	st.rooms = map[string]*room{}
	for _, w := range s.Rooms {
		r := old[w.ID]
		if r == nil {
			r = newRoom(w)
		}
		r.Room, r.read, r.listed, r.moves = w, s.Reads[w.ID], true, nil
		r.mentions, r.notify, r.quotes = s.Mentions[w.ID], wire.Notify{}, nil
		if r.line.wanted {
			r.line.stale()
			e.reload = append(e.reload, w.ID)
		}
		st.rooms[w.ID] = r
	}
	st.usual = ""
	for _, n := range s.Notify {
		if n.Room == "" {
			st.usual = n.Level
		}
		if r := st.rooms[n.Room]; r != nil {
			r.notify = n
		}
	}
	e.tell(ChangeStatus, "")
	e.tell(ChangeUsers, "")
	e.tell(ChangeRooms, "")
	c.outbox.settleAnswered(st.rooms, &e)
	c.cache.noteAll()
	c.mu.Unlock()
	c.follow(e)
	return first
}

// apply applies the events of a batch, all at once, which ends at cursor. last
// tells that the server has nothing further right now.
func (c *Client) apply(events []wire.Event, cursor string, last bool, now time.Time) {
	var e effects
	c.mu.Lock()
	for _, event := range events {
		c.applyOne(event, now, &e)
		c.cache.noteEvent(event)
	}
	c.state.cursor = cursor
	if last {
		c.state.presenceTold(&e)
	}
	c.mu.Unlock()
	c.follow(e)
}

func (c *Client) applyOne(event wire.Event, now time.Time, e *effects) {
	st := &c.state
	switch {
	case event.Message != nil:
		st.message(*event.Message, e)
		if event.Message.Author == st.me.ID {
			c.outbox.settle(event.Message.Nonce, e)
		}
		c.outbox.settleAnswered(st.rooms, e)
	case event.Room != nil:
		st.room(*event.Room, e)
	case event.Member != nil:
		st.member(*event.Member, e)
	case event.User != nil:
		st.user(*event.User, e)
	case event.Read != nil:
		if event.Read.Back {
			c.reads.drop(event.Read.Room)
		}
		st.markRead(*event.Read, e)
	case event.Notify != nil:
		st.setNotify(*event.Notify, e)
	case event.Task != nil:
		st.task = *event.Task
		e.tell(ChangeTask, "")
	case event.Typing != nil:
		st.typing(*event.Typing, now, e)
	case event.Presence != nil:
		st.presence(*event.Presence, e)
	}
}
