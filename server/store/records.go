package store

import (
	"crypto/sha256"
	"encoding/base64"

	"parley/shared/wire"
)

// Hash is the SHA-256 of a secret: the only form in which one is kept.
type Hash [sha256.Size]byte

// ID names the secret to whom it belongs without telling it: 96 bits of the
// hash, in 16 URL-safe characters.
func (h Hash) ID() string { return base64.RawURLEncoding.EncodeToString(h[:12]) }

// HashOf is the hash of a secret.
func HashOf(secret string) Hash { return sha256.Sum256([]byte(secret)) }

// User is a user with what only the server may know.
type User struct {
	wire.User
	Password string    `json:"password,omitempty"` // argon2id in PHC form; guests and bots have none
	Creator  string    `json:"creator,omitempty"`  // who made this bot
	Created  wire.Time `json:"created"`
}

// Session is one login of a browser.
type Session struct {
	User    string    `json:"user"`
	Created wire.Time `json:"created"`
	Expires wire.Time `json:"expires"`
	Device  string    `json:"device,omitempty"` // the User-Agent it was opened with
}

// Token lets a program act as a bot.
type Token struct {
	ID      string    `json:"id"`
	User    string    `json:"user"` // the bot
	Creator string    `json:"creator"`
	Created wire.Time `json:"created"`
}

// Hook lets a program that knows its secret speak as a bot in one room.
type Hook struct {
	ID      string    `json:"id"`
	User    string    `json:"user"` // the bot
	Room    string    `json:"room"`
	Creator string    `json:"creator"`
	Created wire.Time `json:"created"`
}

// Webhook is where a bot's program is told that the bot is spoken to.
type Webhook struct {
	URL     string    `json:"url"`
	Secret  string    `json:"secret"` // of the signatures
	Creator string    `json:"creator"`
	Created wire.Time `json:"created"`

	Cursor uint64              `json:"cursor"` // offset of the newest event that has been dealt with
	Status *wire.WebhookStatus `json:"status,omitempty"`
}

// Invite lets strangers in.
type Invite struct {
	Role    wire.Role `json:"role"`
	Room    string    `json:"room,omitempty"`
	Left    int       `json:"left,omitempty"` // how often it still works; meaningful when Limited
	Limited bool      `json:"limited,omitempty"`
	Expires wire.Time `json:"expires"`
	Creator string    `json:"creator,omitempty"` // empty: made on the command line
}

// Room is a room and the number under which its messages lie.
type Room struct {
	wire.Room           // Members and Joined stay empty here
	Num       uint64    `json:"num"` // given by PutRoom to a new room
	Created   wire.Time `json:"created"`
	Count     int       `json:"count"` // members now
}

// File is a file and who sent it. Its bytes lie apart.
type File struct {
	wire.File
	Owner   string    `json:"owner"`
	Created wire.Time `json:"created"`
	Offset  int64     `json:"offset"` // bytes that are there

	// The message that has it; empty and 0 while none does.
	Room string `json:"room,omitempty"`
	Seq  uint64 `json:"seq,omitempty"`
}

// Nonce remembers what a send was answered with. It lives as long as the
// message's event in the log.
type Nonce struct {
	Room string
	Seq  uint64
	Hash Hash // of the content
}

// Span is a stretch of the log during which somebody was in a room, both ends
// included. To is 0 while it lasts.
type Span struct {
	From uint64 `json:"from"`
	To   uint64 `json:"to,omitempty"`
}
