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
	Nonce  string `json:"nonce,omitempty"` // shown to its author only
	Rev    uint64 `json:"rev"`             // 0 when new, one more with every change

	Edited    Time       `json:"edited,omitzero"`
	Deleted   Time       `json:"deleted,omitzero"`
	ReplyTo   uint64     `json:"reply_to,omitempty"` // seq of a message in the same room
	Files     []File     `json:"files,omitempty"`
	Reactions []Reaction `json:"reactions,omitempty"`
}

// File is something attached to a message.
type File struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Type string `json:"type"` // media type
	Size int64  `json:"size"` // bytes
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
}

// Member tells that a user entered a room, or left it.
type Member struct {
	Room string `json:"room"`
	User string `json:"user"`
	Left bool   `json:"left,omitempty"`
}

// Read is how far a user has read in a room. It only moves forward.
type Read struct {
	Room string `json:"room"`
	Seq  uint64 `json:"seq"`
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
}

// Snapshot is what one may start from without asking: a state, and messages of
// some of its rooms, each a stretch without a hole that ends at the head which
// the state has for the room. The server's page carries one, and a client keeps
// its own for the next start.
type Snapshot struct {
	Sync     Sync                 `json:"sync"`
	Messages map[string][]Message `json:"messages"` // by room, ascending
}

// RoomList answers GET /rooms.
type RoomList struct {
	Rooms []Room `json:"rooms"`
}

// MessageList answers GET /rooms/ID/messages, in ascending seq.
type MessageList struct {
	Messages []Message `json:"messages"`
}
