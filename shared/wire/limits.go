package wire

import "time"

// Limits are what a client needs to know to stay inside; Sync carries them.
type Limits struct {
	Text int `json:"text"` // characters of a message
	Name int `json:"name"` // characters of a user's or room's name
	Body int `json:"body"` // bytes of a request

	Topic  int `json:"topic"`  // characters of a room's topic
	Emoji  int `json:"emoji"`  // different reactions of a message
	Direct int `json:"direct"` // people in a direct room

	File  int64 `json:"file"`  // bytes of a file; 0: none can be sent
	Files int   `json:"files"` // of a message
}

// OurLimits are those of this version, where a file may have so many bytes.
func OurLimits(file int64) Limits {
	return Limits{
		Text: MaxText, Name: MaxName, Body: MaxBody, Topic: MaxTopic, Emoji: MaxEmoji, Direct: MaxDirect,
		File: file, Files: MaxFiles,
	}
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
	MaxDirect        = 20  // people in a direct room: a crowd that needs a name, and a key of kilobytes
	MaxHistory       = 200 // messages of one answer
	DefaultHistory   = 50  // messages of one answer when nothing is asked

	MaxRevisions   = 100    // times a message can be edited: a diary in one place, kept for ever
	MaxEmoji       = 50     // different reactions of a message: a wall of emoji taller than the text
	MaxReactions   = 1_000  // reactions of a message in all: each later event of it names everybody again
	MaxEmojiBytes  = 64     // of one reaction: a novel; the longest emoji there is takes 35
	MaxQuote       = 200    // characters of a quoted message: a reply that repeats a page
	MaxMentions    = 50     // places of a text that are looked at for a name: a mention bomb
	MentionReach   = 5_000  // newest messages of a room whose mentions are kept: an index that only grows
	MaxDevice      = 200    // characters of a User-Agent kept with a login: kilobytes chosen by a stranger
	DefaultAudit   = 50     // entries of one answer when nothing is asked
	MaxAuditListed = 200    // entries of one answer
	MaxAudit       = 10_000 // entries kept: a log that outgrows the community

	MaxWebhookURL = 2_000 // bytes of a webhook's address: a message in disguise
	MaxHookStatus = 200   // characters of what went wrong with a webhook: a page of somebody else's

	MaxFiles    = 10             // files of a message: a folder that every phone must draw
	MaxFileName = 200            // characters of a file's name: one that no screen shows
	MaxFileType = 100            // bytes of a media type: a message in disguise
	MaxPixels   = 65_535         // of a picture, each way: a row that is taller than the room
	ChunkSize   = 128 << 10      // bytes of a file that are sent at a time: proxies take a megabyte, and what breaks off is soon there again
	MaxUploads  = 100            // files of one user that no message has: a store that nobody sees
	UploadLife  = 24 * time.Hour // of a file that no message has

	MaxUnreadMentions = 100 // unread mentions told for a room: past that the badge says 99+
	MaxQuery          = 256 // characters of a search: one that takes longer to read than to answer
	MaxFound          = 50  // messages found in one answer: each is looked at word by word

	MaxBatchBytes  = 256 << 10 // bytes of a batch: a phone's memory, and a proxy's buffer
	MaxBatchEvents = 512       // events of a batch: a page that stands still while it applies them

	MaxWait = 25 * time.Second // of a long poll: proxies that cut silent requests at 30 s

	Heartbeat    = 15 * time.Second // at least one batch in this time
	SessionGrace = 10 * time.Second // presence and typing outlive a connection by this
	TypingLife   = 6 * time.Second  // a typing event says "now"; after this a client lets it fade

	InviteLife    = 7 * 24 * time.Hour   // of an invite, when nothing is asked
	MaxInviteLife = 365 * 24 * time.Hour // of an invite
)
