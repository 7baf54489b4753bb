package wire

import "encoding/json"

// Subprotocol is what a WebSocket of the feed must ask for.
const Subprotocol = "parley.v1"

// Close codes of the feed's WebSocket (RFC 6455, section 7.4).
const (
	CloseRestart      = 1012 // the server is going down; come back after reconnect_ms
	CloseBadRequest   = 4400 // the client broke the protocol
	CloseUnauthorized = 4401 // the login session or token is no longer valid
	CloseSlow         = 4408 // a write took longer than its deadline
	CloseSuperseded   = 4409 // a newer connection of the same session took over
)

// Event is an object with exactly one member, whose name is the event's type.
// An event of a type that this version does not know decodes to the zero Event
// and is to be passed over.
type Event struct {
	Message  *Message  `json:"message,omitempty"`
	Room     *Room     `json:"room,omitempty"`
	Member   *Member   `json:"member,omitempty"`
	User     *User     `json:"user,omitempty"`
	Read     *Read     `json:"read,omitempty"`
	Notify   *Notify   `json:"notify,omitempty"`
	Task     *Task     `json:"task,omitempty"`
	Typing   *Typing   `json:"typing,omitempty"`
	Presence *Presence `json:"presence,omitempty"`
}

// Batch is what every transport carries downstream: events in log order, and
// the cursor after them.
type Batch struct {
	Cursor      string  `json:"cursor"`
	Events      []Event `json:"events"`
	More        bool    `json:"more,omitempty"`         // the server has further events right now
	Reset       bool    `json:"reset,omitempty"`        // the cursor is of no use: read /sync again
	ReconnectMS int     `json:"reconnect_ms,omitempty"` // the server is going down: come back after this
}

// Request is a command over the WebSocket.
type Request struct {
	ID   uint64          `json:"id"` // chosen by the client, repeated in the Reply
	Cmd  string          `json:"cmd"`
	Args json.RawMessage `json:"args,omitempty"`
}

// Reply answers a Request. Replies may overtake each other.
type Reply struct {
	Reply  uint64          `json:"reply"`
	Result json.RawMessage `json:"result,omitempty"`
	Error  *Problem        `json:"error,omitempty"`
}

// Frame is one text message of the server on the WebSocket: a Reply when
// IsReply, else a Batch.
type Frame struct {
	Batch
	Reply  *uint64         `json:"reply,omitempty"`
	Result json.RawMessage `json:"result,omitempty"`
	Error  *Problem        `json:"error,omitempty"`
}

// IsReply tells whether the frame answers a command.
func (f Frame) IsReply() bool { return f.Reply != nil }
