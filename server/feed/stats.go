package feed

// Stats is what an operator may want to see of a feed. The upper three are now,
// the others count from the start.
type Stats struct {
	Conns    int // connections and polls that are open
	Sessions int // with a connection, or in grace after one
	Users    int // with a session or a connection

	Encoded    uint64 // batches encoded for live readers: one for each event or run of events, not for each reader
	Overflows  uint64 // queues dropped because their reader was slow; it goes on from the log
	LogReads   uint64 // read transactions of readers that were behind
	Dropped    uint64 // ephemeral events that found a full queue
	Superseded uint64 // connections that a newer one of their session ended
	Revoked    uint64 // connections whose credential was revoked
}

// counters are the parts of Stats that are counted under Feed.mu.
type counters struct {
	overflows, logReads, dropped, superseded, revoked uint64
}

// Stats is a copy of the numbers at this moment.
func (f *Feed) Stats() Stats {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := Stats{
		Conns:      len(f.conns),
		Users:      len(f.users),
		Encoded:    f.encoded.Load(),
		Overflows:  f.count.overflows,
		LogReads:   f.count.logReads,
		Dropped:    f.count.dropped,
		Superseded: f.count.superseded,
		Revoked:    f.count.revoked,
	}
	for _, u := range f.users {
		s.Sessions += len(u.sessions)
	}
	return s
}
