package client

import (
	"context"
	"encoding/json"

	"parley/shared/wire"
)

// Cached is a state that was kept, to start from.
type Cached struct {
	snapshot wire.Snapshot
	stale    map[string][]wire.Message // to be shown until they are loaded again
	marks    map[string]uint64         // what the server was not told that one has read
	state    []byte
	kept     map[string]cachedRoom
}

// ReadCached reads the state that an earlier run has kept. It is nil when there
// is none, or none that can be trusted; the error says why it cannot be told.
// It waits for at most as long as ctx.
func ReadCached(ctx context.Context, db Database) (*Cached, error) {
	list, err := db.Read(ctx, cachePrefix)
	if err != nil {
		return nil, err
	}
	records := make(map[string][]byte, len(list))
	for _, r := range list {
		records[r.Key] = r.Value
	}
	s, ok := readCachedState(records[cacheState])
	if !ok {
		return nil, nil
	}
	c := &Cached{state: records[cacheState], marks: s.Marks, kept: map[string]cachedRoom{}, stale: map[string][]wire.Message{}}
	c.snapshot.Messages, c.snapshot.Quoted = map[string][]wire.Message{}, map[string][]wire.Quote{}
	sync := &c.snapshot.Sync
	sync.Cursor, sync.Heartbeat, sync.Me, sync.Reads = s.Cursor, s.Beat, s.Me, s.Reads
	sync.Limits, sync.Mentions, sync.Notify = s.Limits, s.Mentions, s.Notify
	if json.Unmarshal(records[cacheUsers], &sync.Users) != nil || json.Unmarshal(records[cacheRooms], &sync.Rooms) != nil {
		return nil, nil
	}
	for i := range sync.Rooms {
		r := &sync.Rooms[i]
		r.Head = s.Heads[r.ID]
		k, ok := s.Kept[r.ID]
		line, right := readLine(records[cacheRoom+r.ID], r.ID)
		if !ok || !right {
			continue
		}
		c.kept[r.ID], c.snapshot.Quoted[r.ID] = k, line.Quoted
		list := upTo(line.Messages, r.Head)
		if k.Stale || !reaches(list, r.Head) {
			c.stale[r.ID] = list
		} else {
			c.snapshot.Messages[r.ID] = list
		}
	}
	return c, nil
}

// Me is whose state it is.
func (c *Cached) Me() wire.User { return c.snapshot.Sync.Me }

// Forget deletes the state that is kept: nobody is signed in any more. What
// somebody has written and not sent stays, for them.
func Forget(ctx context.Context, db Database) error {
	return db.Write(ctx, Record{Key: cachePrefix})
}

// readLine reads a room's messages; false for what is no stretch without a hole.
func readLine(value []byte, room string) (line wire.MessageList, ok bool) {
	if json.Unmarshal(value, &line) != nil {
		return wire.MessageList{}, false
	}
	for i, m := range line.Messages {
		if m.Room != room || m.Seq == 0 || i > 0 && m.Seq != line.Messages[i-1].Seq+1 {
			return wire.MessageList{}, false
		}
	}
	return line, true
}

// reaches tells whether a stretch goes up to the head.
func reaches(list []wire.Message, head uint64) bool {
	return len(list) == 0 && head == 0 || len(list) > 0 && list[len(list)-1].Seq == head
}

// recall shows what is kept of a room that cannot be loaded.
func (c *Client) recall(ctx context.Context, id string) {
	c.mu.Lock()
	_, kept := c.cache.kept[id]
	c.mu.Unlock()
	if !kept {
		return
	}
	ctx, cancel := c.stored(ctx)
	defer cancel()
	records, err := c.db.Read(ctx, cacheRoom+id)
	if err != nil {
		return
	}
	for _, r := range records {
		if line, ok := readLine(r.Value, id); ok && r.Key == cacheRoom+id {
			c.mu.Lock()
			if r := c.state.rooms[id]; r != nil {
				r.line.show(upTo(line.Messages, r.Head))
				r.quoteOld(line.Quoted)
			}
			c.mu.Unlock()
		}
	}
}
