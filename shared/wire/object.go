package wire

// Role is what a user may do in the community.
type Role string

// The roles. A guest sees only the rooms it was invited to; a bot acts for a
// program that holds a token.
const (
	RoleOwner  Role = "owner"
	RoleAdmin  Role = "admin"
	RoleMember Role = "member"
	RoleGuest  Role = "guest"
	RoleBot    Role = "bot"
)

// RoomKind is who may find and enter a room.
type RoomKind string

// The kinds. A public room can be found and joined by everybody but guests; a
// private one is entered through a member of it and is otherwise not seen to
// exist; a direct one belongs to its first members for ever.
const (
	KindPublic  RoomKind = "public"
	KindPrivate RoomKind = "private"
	KindDirect  RoomKind = "direct"
)

// Lobby is the id of the public room that every member is in from the start.
const Lobby = "lobby"

// Message is one message of a room, named by room and seq.
type Message struct {
	Room   string `json:"room"`
	Seq    uint64 `json:"seq"` // counts the room's messages from 1 without a hole
	Author string `json:"author"`
	Time   Time   `json:"time"`
	Text   string `json:"text"`
	HTML   string `json:"html,omitempty"`  // the text with its Markdown rendered, safe to be shown; empty when there is none in it
	Nonce  string `json:"nonce,omitempty"` // shown to its author only
	Rev    uint64 `json:"rev"`             // 0 when new, one more with every change

	Edited    Time       `json:"edited,omitzero"`
	Deleted   Time       `json:"deleted,omitzero"`
	ReplyTo   uint64     `json:"reply_to,omitempty"` // seq of a message in the same room
	Files     []File     `json:"files,omitempty"`
	Reactions []Reaction `json:"reactions,omitempty"`

	Mentions    []string `json:"mentions,omitempty"`     // ids of the members it names, in the order of the text
	MentionsAll bool     `json:"mentions_all,omitempty"` // it names @room
}

// Quote is as much of a message as a reply to it shows.
type Quote struct {
	Seq     uint64 `json:"seq"`
	Author  string `json:"author"`
	Text    string `json:"text"` // the first [MaxQuote] characters
	Deleted bool   `json:"deleted,omitempty"`
}

// Quote is the message as a reply to it shows it. One that is nothing but files
// is called like the first of them.
func (m Message) Quote() Quote {
	q := Quote{Seq: m.Seq, Author: m.Author, Text: m.Text, Deleted: m.Deleted != 0}
	if q.Text == "" && len(m.Files) > 0 {
		q.Text = m.Files[0].Name
	}
	n := 0
	for i := range q.Text {
		if n == MaxQuote {
			q.Text = q.Text[:i]
			break
		}
		n++
	}
	return q
}

// Revision is what a message said before it was edited.
type Revision struct {
	Rev  uint64 `json:"rev"`
	Time Time   `json:"time"` // when it was written
	Text string `json:"text"`
}

// Reaction is one emoji under a message and who chose it, in that order.
type Reaction struct {
	Emoji string   `json:"emoji"`
	Users []string `json:"users"`
}

// Room is a place for messages.
type Room struct {
	ID    string   `json:"id"`
	Kind  RoomKind `json:"kind"`
	Name  string   `json:"name"`
	Topic string   `json:"topic,omitempty"`
	Head  uint64   `json:"head"` // seq of the newest message, 0 when there is none

	Creator  string `json:"creator,omitempty"`  // who made it and may change it, besides owner and admins
	Archived bool   `json:"archived,omitempty"` // it can only be read

	// Members are user ids in ascending order. It is there in Sync and in what a
	// command answers, for rooms of at most [MaxMembersListed]; events leave it
	// out and tell changes by Member instead.
	Members []string `json:"members,omitempty"`
	// Joined is there in the list of public rooms only.
	Joined *bool `json:"joined,omitempty"`
}

// User is a person or a bot.
type User struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Role        Role   `json:"role"`
	Deactivated bool   `json:"deactivated,omitempty"`

	// Latin is how the name is typed on a keyboard of Latin letters, where that
	// is not as it is written: a word for each Chinese character, its readings
	// divided by "/", and one for each run of other letters. It is there in Sync
	// and in events; it follows from the name and is stored nowhere.
	Latin string `json:"latin,omitempty"`
}

// Moderates tells whether somebody looks after what is said in a room: owner and
// admins do, but not between the people of a direct room.
func Moderates(u User, r Room) bool {
	return (u.Role == RoleOwner || u.Role == RoleAdmin) && r.Kind != KindDirect
}

// Member tells that a user entered a room, or left it.
type Member struct {
	Room string `json:"room"`
	User string `json:"user"`
	Left bool   `json:"left,omitempty"`
}

// Read is how far a user has read in a room. A user's own message moves it as
// well, without a Read of its own. With Back the user has moved it back on
// purpose; Mentions are then the unread messages that mention the user (see
// [Sync]).
type Read struct {
	Room     string   `json:"room"`
	Seq      uint64   `json:"seq"`
	Back     bool     `json:"back,omitempty"`
	Mentions []uint64 `json:"mentions,omitempty"`
}

// NotifyLevel is what somebody wants to be told of in a room.
type NotifyLevel string

// The levels. A room for which none is chosen has the user's default, and who has
// none of those either has NotifyMentions. What is said in a direct room is said
// to those in it: there NotifyMentions as a default means all.
const (
	NotifyAll      NotifyLevel = "all"
	NotifyMentions NotifyLevel = "mentions"
	NotifyNothing  NotifyLevel = "nothing"
)

// Notify is what a user has chosen for a room, or, without a room, as the default
// for all those that have no Level of their own. A muted room shows no count of
// unread messages.
type Notify struct {
	Room  string      `json:"room"`
	Level NotifyLevel `json:"level"` // empty: the default
	Muted bool        `json:"muted,omitempty"`
}

// Task is long work that can be watched while it runs.
type Task struct {
	ID      string   `json:"id"`
	Kind    string   `json:"kind"`
	State   string   `json:"state"` // running, done or failed
	Done    int64    `json:"done"`
	Total   int64    `json:"total"`
	Percent float64  `json:"percent"`
	Problem *Problem `json:"problem,omitempty"`
}

// Typing tells that a user is writing in a room at this moment.
type Typing struct {
	Room string `json:"room"`
	User string `json:"user"`
}

// Presence tells that a user came or went.
type Presence struct {
	User   string `json:"user"`
	Online bool   `json:"online"`
}

// About is what anybody may know of a server.
type About struct {
	Name      string `json:"name"`
	Version   string `json:"version"`
	Setup     bool   `json:"setup"`     // true until there is an owner
	Heartbeat int    `json:"heartbeat"` // seconds
}

// Sync is the state at exactly Cursor; the feed goes on from there.
type Sync struct {
	Cursor    string            `json:"cursor"`
	Heartbeat int               `json:"heartbeat"` // seconds
	Limits    Limits            `json:"limits"`
	Me        User              `json:"me"`
	Users     []User            `json:"users"` // ascending by id
	Rooms     []Room            `json:"rooms"` // those one is in, ascending by id
	Reads     map[string]uint64 `json:"reads"` // room to seq

	// Mentions are, by room, the unread messages that mention one, ascending;
	// the newest [MaxUnreadMentions] of each room. Rooms without any are left out.
	Mentions map[string][]uint64 `json:"mentions,omitempty"`
	Notify   []Notify            `json:"notify,omitempty"` // what one has chosen, by room
}

// Snapshot is what one may start from without asking: a state, and messages of
// some of its rooms, each a stretch without a hole that ends at the head which
// the state has for the room. The server's page carries one, and a client keeps
// its own for the next start.
type Snapshot struct {
	Sync     Sync                 `json:"sync"`
	Messages map[string][]Message `json:"messages"` // by room, ascending
	// Quoted are, by room, the messages that those reply to and that are not among
	// them.
	Quoted map[string][]Quote `json:"quoted,omitempty"`
}

// RoomList answers GET /rooms.
type RoomList struct {
	Rooms []Room `json:"rooms"`
}

// MessageList answers GET /rooms/ID/messages, in ascending seq. Quoted are the
// messages that those reply to and that are not among them, ascending.
type MessageList struct {
	Messages []Message `json:"messages"`
	Quoted   []Quote   `json:"quoted,omitempty"`
}

// RevisionList answers GET /rooms/ID/messages/SEQ/revisions: what the message
// said before, oldest first.
type RevisionList struct {
	Revisions []Revision `json:"revisions"`
}

// SessionList answers GET /sessions: one's own logins, newest first.
type SessionList struct {
	Sessions []Session `json:"sessions"`
}

// Session is one login.
type Session struct {
	ID      string `json:"id"`
	Device  string `json:"device,omitempty"` // the browser's User-Agent, as it was when it signed in
	Created Time   `json:"created"`
	Seen    Time   `json:"seen"` // to the day
	Current bool   `json:"current,omitempty"`
}

// TokenList answers GET /tokens: one's own, or for owner and admins all, oldest
// first.
type TokenList struct {
	Tokens []TokenInfo `json:"tokens"`
}

// TokenInfo is a token without its secret.
type TokenInfo struct {
	ID      string `json:"id"`
	User    string `json:"user"` // the bot
	Creator string `json:"creator"`
	Created Time   `json:"created"`
}

// InviteList answers GET /invites: those that still work, one's own, or for
// owner and admins all, by their end.
type InviteList struct {
	Invites []InviteInfo `json:"invites"`
}

// InviteInfo is an invite without its code.
type InviteInfo struct {
	ID      string `json:"id"`
	Role    Role   `json:"role"`
	Room    string `json:"room,omitempty"`
	Left    int    `json:"left,omitempty"` // how often it still works; 0: any number
	Expires Time   `json:"expires"`
	Creator string `json:"creator,omitempty"` // empty: made on the command line
}

// AuditList answers GET /audit, newest first.
type AuditList struct {
	Entries []AuditEntry `json:"entries"`
	More    bool         `json:"more,omitempty"` // there are older ones
}

// AuditEntry is one thing that was done to the community or to others in it.
type AuditEntry struct {
	ID     uint64      `json:"id"` // rises with time
	Time   Time        `json:"time"`
	Actor  string      `json:"actor,omitempty"` // empty: the server's command line
	Action AuditAction `json:"action"`
	User   string      `json:"user,omitempty"` // whom it concerns
	Room   string      `json:"room,omitempty"`
	Seq    uint64      `json:"seq,omitempty"`
	Text   string      `json:"text"` // the same in words, with the names of that time
}

// AuditAction says what was done: the part for programs.
type AuditAction string

// The actions.
const (
	AuditSetName       AuditAction = "set-name" // of somebody else
	AuditSetRole       AuditAction = "set-role"
	AuditSetPassword   AuditAction = "set-password" // of somebody else
	AuditDeactivate    AuditAction = "deactivate"
	AuditReactivate    AuditAction = "reactivate"
	AuditDelete        AuditAction = "delete" // a message of somebody else
	AuditRemoveMember  AuditAction = "remove-member"
	AuditUpdateRoom    AuditAction = "update-room"
	AuditArchiveRoom   AuditAction = "archive-room"
	AuditUnarchiveRoom AuditAction = "unarchive-room"
	AuditCreateInvite  AuditAction = "create-invite"
	AuditRevokeInvite  AuditAction = "revoke-invite"
	AuditCreateToken   AuditAction = "create-token"
	AuditRevokeToken   AuditAction = "revoke-token"
	AuditImport        AuditAction = "import"
	AuditCreateHook    AuditAction = "create-hook"
	AuditRevokeHook    AuditAction = "revoke-hook"
	AuditSetWebhook    AuditAction = "set-webhook"
)

// Found is a message that a search has found.
type Found struct {
	Message
	// Highlights are the places in Text that were looked for: from which
	// character (Unicode code point) to before which, ascending and apart.
	Highlights [][2]int `json:"highlights"`
}

// FoundList answers GET /search, newest first.
type FoundList struct {
	Messages []Found `json:"messages"`
	More     bool    `json:"more"`           // there may be others; the list may be empty all the same
	Next     string  `json:"next,omitempty"` // with More: what to ask for them with, as before
	// Incomplete tells that the index is still being made, or lags: there may be
	// messages that are not found yet.
	Incomplete bool `json:"incomplete,omitempty"`
}
