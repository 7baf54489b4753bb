// Package feed carries the log to its readers: sessions, cursors, fan-out,
// presence. The log is the truth; a connection is a cursor and a wake-up.
//
//	f := feed.New(db)                      // before the journal is started
//	journal.Options{Publish: f.Publish}    // committed events, in log order
//	c, err := f.Subscribe(...)             // once for each connection or poll
//	b, err := c.Next(ctx, heartbeat)       // again and again, by one goroutine
//	write(b.Bytes()); c.Established()      // after the first batch only
//	c.Close()
//
// # How a connection reads
//
// A [Conn] has a cursor and a queue. The queue, while it is attached, holds
// every visible event after the offset from and up to the feed's head:
//
//	log  ───┬──────────────┬─────────────┬──────────► committed, unpublished
//	     cursor           from          head
//	        └── read from ──┘└── queue ──┘
//	            the log
//
// So a connection is level when its cursor has reached from, and is behind
// while it has not, or while its queue is detached. Who is behind reads the log
// in short transactions, at its own pace, and attaches its queue again just
// before the read that may reach the head: what is published after that is
// queued, what was published before is in the log already. What both hold is
// at or before the cursor when it is taken from the queue, and is dropped. A
// queue that overflows is detached. Nothing else decides anything, so there is
// no order of steps in which an event is lost, doubled or moved.
//
// # Who sees what
//
// That is decided at the event's place in the log. Reading the log decides by
// the user's spans of membership ([store.Tx.Spans]), read in the same
// transaction. Publishing decides by the sets of users online in each room,
// which are moved in step with the log: when a batch tells of somebody's
// membership, that user's spans are read and the sets are changed exactly
// before and after the events where the spans begin and end. Being other than a
// guest is such a membership too: of [store.Everybody].
//
// # Ephemeral events
//
// Presence and typing have no place in the log. They belong to a session,
// wait on each of its connections (or, between polls, on the session itself),
// at most one for each thing they tell of, and ride along in any batch.
//
// # Concurrency
//
// One mutex, Feed.mu, guards everything; nobody blocks while holding it except
// for short reads of the store. Lock order: Feed.publishing, Feed.mu, a read
// transaction of the store. Inside a transaction no lock is taken. There is no
// goroutine for a connection, a session or a user: timers end the grace of
// sessions, and the goroutine that calls Next does the rest.
package feed
