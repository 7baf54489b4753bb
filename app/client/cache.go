package client

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"time"

	"parley/shared/wire"
)

// The cache is the last known state, kept for a start without a network: one
// small record with the cursor and the heads, one with the rooms, one with the
// users, and one for each room's newest messages, with what these reply to. Only what has changed is
// written, all of it in one transaction.
//
// It is right whatever pages write it: a page that finds that another one has
// written in between writes everything it knows. A room whose messages may not
// be those of the cursor is marked as stale: its messages are shown at the next
// start, and loaded again.
const (
	cachePrefix = "cache/"
	cacheState  = cachePrefix + "state"
	cacheRooms  = cachePrefix + "rooms"
	cacheUsers  = cachePrefix + "users"
	cacheRoom   = cachePrefix + "room/" // and its id
)

// cacheVersion is the format of the cache. One of another version is thrown away.
const cacheVersion = 4

const (
	cacheDelay      = 3 * time.Second // between a change and its being kept: a busy room is written this often,
	cacheDelayMost  = time.Minute     // and by a tab that follows this often: the leader writes the same, and each of two writers writes all
	cachedRooms     = 24              // the most recently changed ones; a start reads them all
	cachedMessages  = 200             // of each room: four screens
	cachedRoomBytes = 96 << 10        // of each room's messages: long ones are kept in smaller number
)

// cachedState is the record that makes the others a state.
type cachedState struct {
	Version  int                   `json:"v"`
	Cursor   string                `json:"cursor"`
	Beat     int                   `json:"heartbeat"` // seconds
	Limits   wire.Limits           `json:"limits"`
	Me       wire.User             `json:"me"`
	Heads    map[string]uint64     `json:"heads"`
	Reads    map[string]uint64     `json:"reads"`
	Mentions map[string][]uint64   `json:"mentions,omitempty"`
	Notify   []wire.Notify         `json:"notify,omitempty"`
	Marks    map[string]uint64     `json:"marks,omitempty"` // of Reads, what the server does not know yet
	Kept     map[string]cachedRoom `json:"kept"`            // rooms whose messages are kept
}

type cachedRoom struct {
	At    wire.Time `json:"at"` // when it was written
	Stale bool      `json:"stale,omitempty"`
}

// cache is how the client stands with what is kept of its state.
type cache struct {
	kick    chan struct{} // something has changed
	now     chan struct{} // it is not to wait
	encoded encodedLines  // runCache's own

	// guarded by Client.mu
	whole        bool // everything is to be written
	users, rooms bool // have changed since they were written
	lines        map[string]bool
	kept         map[string]cachedRoom
	written      []byte // cacheState as it was last written or read
}

func (k *cache) init() {
	k.kick, k.now = make(chan struct{}, 1), make(chan struct{}, 1)
	k.whole, k.lines, k.kept = true, map[string]bool{}, map[string]cachedRoom{}
}

// touch wakes runCache.
func (k *cache) touch() {
	select {
	case k.kick <- struct{}{}:
	default:
	}
}

// noteEvent notes what an event changes.
func (k *cache) noteEvent(e wire.Event) {
	switch {
	case e.Message != nil:
		k.lines[e.Message.Room] = true
	case e.Room != nil, e.Member != nil:
		k.rooms = true
	case e.User != nil:
		k.users = true
	case e.Read == nil && e.Notify == nil:
		return
	}
	k.touch()
}

// noteLine notes that a room's messages have changed.
func (k *cache) noteLine(room string) {
	k.lines[room] = true
	k.touch()
}

// noteAll notes that everything has changed.
func (k *cache) noteAll() {
	k.whole = true
	k.touch()
}

// hurry ends the waiting of runCache, if it waits.
func (k *cache) hurry() {
	select {
	case k.now <- struct{}{}:
	default:
	}
}

// Keep writes what has not been kept yet, and tells what has been read, without
// waiting: the page may be about to end.
func (c *Client) Keep() {
	c.reads.finish()
	c.cache.touch()
	c.cache.hurry()
}

// runCache keeps the state a moment after it has changed. It starts when it is
// known whose it is.
func (c *Client) runCache(ctx context.Context) {
	c.readCacheState(ctx)
	for {
		select {
		case <-c.cache.kick:
		case <-c.db.Lost():
			c.keepAnew()
			c.cacheLost()
		case <-ctx.Done():
			return
		}
		delay := cacheDelay
		if c.follows() {
			delay = cacheDelayMost
		}
		if !sleep(ctx, c.clock, delay, c.cache.now) {
			return
		}
		err := c.saveCache(ctx)
		if errors.Is(err, ErrFull) {
			err = c.write(ctx, Record{Key: cachePrefix}) // the outbox needs what room there is
			sleep(ctx, c.clock, keepRetry, nil)
		}
		if err != nil && ctx.Err() == nil {
			c.log("parley: the state cannot be kept: %v", err)
			sleep(ctx, c.clock, keepRetry, c.cache.now)
		}
	}
}

// saveCache writes what has changed. What could not be written is written with
// the next change.
func (c *Client) saveCache(ctx context.Context) error {
	for range 2 {
		c.mu.Lock()
		p := c.planCache()
		c.mu.Unlock()
		value, records := p.encode(c.clock.Now(), &c.cache.encoded)
		if value == nil || string(value) == string(p.old) && len(records) == 0 {
			return nil
		}
		ok, err := c.swap(ctx, p.old, append(records, Record{cacheState, value}))
		c.mu.Lock()
		if ok {
			c.cache.written, c.cache.kept = value, p.state.Kept
		} else {
			c.cache.whole = true
		}
		c.mu.Unlock()
		if ok || err != nil {
			return err
		}
		c.readCacheState(ctx) // another page has written
	}
	return nil
}

func (c *Client) swap(ctx context.Context, old []byte, records []Record) (bool, error) {
	ctx, cancel := c.stored(ctx)
	defer cancel()
	return c.db.Swap(ctx, cacheState, old, records...)
}

// readCacheState reads what there is, unless it is known from the start.
func (c *Client) readCacheState(ctx context.Context) {
	c.mu.Lock()
	known, me := !c.cache.whole, c.state.me.ID
	c.mu.Unlock()
	if known {
		return
	}
	ctx, cancel := c.stored(ctx)
	defer cancel()
	records, err := c.db.Read(ctx, cacheState)
	if err != nil || len(records) == 0 {
		c.mu.Lock()
		c.cache.written, c.cache.kept = nil, map[string]cachedRoom{}
		c.mu.Unlock()
		return
	}
	s, mine := readCachedState(records[0].Value)
	mine = mine && s.Me.ID == me
	c.mu.Lock()
	c.cache.written, c.cache.kept = records[0].Value, map[string]cachedRoom{}
	if mine {
		maps.Copy(c.cache.kept, s.Kept) // stale, where not written anew: see plan
	}
	c.mu.Unlock()
	if mine {
		c.restoreMarks(s.Marks)
	}
}

// readCachedState is false for what this version cannot make use of.
func readCachedState(value []byte) (s cachedState, ok bool) {
	err := json.Unmarshal(value, &s)
	return s, err == nil && s.Version == cacheVersion && s.Me.ID != "" && s.Cursor != ""
}

// cachePlan is what is to be written, as it was at one moment.
type cachePlan struct {
	old   []byte
	state cachedState
	wipe  bool         // nothing of what there is may stay
	users []wire.User  // nil: unchanged
	rooms []wire.Room  // nil: unchanged
	lines []cachedLine // ascending by room
}

type cachedLine struct {
	room     string
	messages []wire.Message
	quoted   map[uint64]wire.Quote // what they reply to that is not among them, as far as it is known
}

// planCache gathers what has changed, and takes it for written. mu is held.
func (c *Client) planCache() cachePlan {
	st, k := &c.state, &c.cache
	p := cachePlan{old: k.written, state: cachedState{
		Version: cacheVersion, Cursor: st.cursor, Beat: int(st.heartbeat / time.Second), Limits: st.limits, Me: st.me,
		Heads: make(map[string]uint64, len(st.rooms)), Reads: make(map[string]uint64, len(st.rooms)),
		Marks: c.reads.unsent(), Kept: maps.Clone(k.kept),
	}}
	if st.cursor == "" {
		return p
	}
	p.wipe = k.whole && len(k.kept) == 0
	for id, r := range st.rooms {
		p.state.Heads[id], p.state.Reads[id] = r.Head, r.read
		p.note(id, r)
		if k.whole || k.lines[id] {
			p.plan(id, r)
		}
	}
	for id := range p.state.Kept {
		if st.rooms[id] == nil {
			delete(p.state.Kept, id)
			p.lines = append(p.lines, cachedLine{room: id})
		}
	}
	if k.whole || k.users {
		p.users = slices.SortedFunc(maps.Values(st.users), func(a, b wire.User) int { return cmp.Compare(a.ID, b.ID) })
	}
	if k.whole || k.rooms {
		p.rooms = make([]wire.Room, 0, len(st.rooms))
		for _, r := range st.rooms {
			p.rooms = append(p.rooms, r.Room)
		}
		slices.SortFunc(p.rooms, func(a, b wire.Room) int { return cmp.Compare(a.ID, b.ID) })
	}
	if st.usual != "" {
		p.state.Notify = append(p.state.Notify, wire.Notify{Level: st.usual})
	}
	slices.SortFunc(p.state.Notify, func(a, b wire.Notify) int { return cmp.Compare(a.Room, b.Room) })
	slices.SortFunc(p.lines, func(a, b cachedLine) int { return cmp.Compare(a.room, b.room) })
	k.whole, k.users, k.rooms, k.lines = false, false, false, map[string]bool{}
	return p
}

// note takes in what is to be shown of a room besides.
func (p *cachePlan) note(id string, r *room) {
	if len(r.mentions) > 0 {
		if p.state.Mentions == nil {
			p.state.Mentions = map[string][]uint64{}
		}
		p.state.Mentions[id] = slices.Clone(r.mentions)
	}
	if r.notify.Room != "" {
		p.state.Notify = append(p.state.Notify, r.notify)
	}
}

// plan takes in the messages of a room, if they reach up to its head. If not,
// those that are kept are out of date.
func (p *cachePlan) plan(id string, r *room) {
	list := upTo(r.line.messages, r.Head)
	if r.line.loaded && (len(list) > 0 && list[len(list)-1].Seq == r.Head || r.Head == 0) {
		p.lines = append(p.lines, r.keep(list[max(0, len(list)-cachedMessages):]))
	} else if k, ok := p.state.Kept[id]; ok {
		k.Stale = true
		p.state.Kept[id] = k
	}
}

// upTo cuts messages off that came after the head: history is sometimes ahead of
// the feed.
func upTo(list []wire.Message, head uint64) []wire.Message {
	for len(list) > 0 && list[len(list)-1].Seq > head {
		list = list[:len(list)-1]
	}
	return list
}

// encode gives the state's record, nil when there is no state, and the others.
func (p *cachePlan) encode(now time.Time, encoded *encodedLines) (state []byte, records []Record) {
	if p.state.Cursor == "" {
		return nil, nil
	}
	if p.wipe {
		records = append(records, Record{Key: cachePrefix})
	}
	if p.users != nil {
		records = append(records, Record{cacheUsers, wire.Encode(p.users)})
	}
	if p.rooms != nil {
		records = append(records, Record{cacheRooms, wire.Encode(p.rooms)})
	}
	encoded.only(p.lines)
	for _, l := range p.lines {
		if _, in := p.state.Heads[l.room]; !in {
			records = append(records, Record{Key: cacheRoom + l.room})
			continue
		}
		p.state.Kept[l.room] = cachedRoom{At: wire.TimeOf(now)}
		records = append(records, Record{cacheRoom + l.room, encoded.line(l)})
	}
	for len(p.state.Kept) > cachedRooms {
		id := oldest(p.state.Kept)
		delete(p.state.Kept, id)
		records = append(records, Record{Key: cacheRoom + id})
	}
	return wire.Encode(p.state), records
}

// keep gives messages with what they reply to, to be kept.
func (r *room) keep(list []wire.Message) cachedLine {
	l := cachedLine{room: r.ID, messages: list, quoted: map[uint64]wire.Quote{}}
	for _, m := range list {
		if m.ReplyTo != 0 && m.ReplyTo < list[0].Seq {
			if q, ok := r.quoted(m.ReplyTo); ok {
				l.quoted[q.Seq] = q
			}
		}
	}
	return l
}

// quotedBy is what the last of the messages reply to that is not among them.
func (l cachedLine) quotedBy(list []wire.Message) []wire.Quote {
	known := map[uint64]wire.Quote{}
	for _, m := range list {
		if m.ReplyTo == 0 || m.ReplyTo >= list[0].Seq {
			continue
		}
		if at, ok := slices.BinarySearchFunc(l.messages, m.ReplyTo, bySeq); ok {
			known[m.ReplyTo] = l.messages[at].Quote()
		} else if q, ok := l.quoted[m.ReplyTo]; ok {
			known[m.ReplyTo] = q
		}
	}
	return slices.SortedFunc(maps.Values(known), func(a, b wire.Quote) int { return cmp.Compare(a.Seq, b.Seq) })
}

// oldest is the room that was written longest ago.
func oldest(kept map[string]cachedRoom) (id string) {
	for other, k := range kept {
		if id == "" || cmp.Or(cmp.Compare(k.At, kept[id].At), cmp.Compare(other, id)) < 0 {
			id = other
		}
	}
	return id
}

// cacheLost writes everything once more.
func (c *Client) cacheLost() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cache.written, c.cache.kept = nil, map[string]cachedRoom{}
	c.cache.noteAll()
}
