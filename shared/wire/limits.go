package wire

import "time"

// Limits are what a client needs to know to stay inside; Sync carries them.
type Limits struct {
	Text int `json:"text"` // characters of a message
	Name int `json:"name"` // characters of a user's or room's name
	Body int `json:"body"` // bytes of a request
}

// The limits of version 1, each with what it stops.
const (
	MaxText    = 16_000   // characters of a message: a paste that nobody reads and every phone must draw
	MaxName    = 32       // characters of a name: one that pushes the text off the line
	MaxTopic   = 250      // characters of a topic: a message in disguise that nobody can scroll past
	MaxNonce   = 64       // characters of a nonce: an index key as large as a message
	MaxSession = 64       // characters of a feed session's name: a presence table of megabytes
	MaxBody    = 64 << 10 // bytes of a request: memory spent before anybody is known to be allowed in
	MaxDepth   = 32       // levels of nesting in JSON: a stack as deep as the sender likes

	MinPassword = 8   // characters: one that is guessed in an afternoon
	MaxPassword = 256 // characters: hashing megabytes for a stranger

	MaxMembersListed = 200 // members written out in a Room: a sync that grows with the square of a community
	MaxMembersAdded  = 100 // users named in one create-room: one command holding the writer for long
	MaxHistory       = 200 // messages of one answer
	DefaultHistory   = 50  // messages of one answer when nothing is asked

	MaxBatchBytes  = 256 << 10 // bytes of a batch: a phone's memory, and a proxy's buffer
	MaxBatchEvents = 512       // events of a batch: a page that stands still while it applies them

	MaxWait = 25 * time.Second // of a long poll: proxies that cut silent requests at 30 s

	Heartbeat    = 15 * time.Second // at least one batch in this time
	SessionGrace = 10 * time.Second // presence and typing outlive a connection by this
	TypingLife   = 6 * time.Second  // a typing event says "now"; after this a client lets it fade

	InviteLife    = 7 * 24 * time.Hour   // of an invite, when nothing is asked
	MaxInviteLife = 365 * 24 * time.Hour // of an invite
)
