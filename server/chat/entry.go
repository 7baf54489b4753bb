package chat

import (
	"strings"

	"parley/server/store"
	"parley/shared/wire"
)

// Actor is who asks.
type Actor struct {
	User       wire.User
	Credential store.Hash // of the session or API token
	Expires    wire.Time  // of the login session; 0 for API tokens
}

// Entry is one change on its way into the log: plain data, with everything in
// it that Apply may decide by, and no secret but that of [SetWebhook].
type Entry struct {
	Actor  string // user id; empty where nobody is signed in yet
	Time   wire.Time
	Device string // the browser that opens a session, as it calls itself
	Op     Op
}

// Op is the part of an entry that its command knows; one file per command. It
// is a struct of exported fields.
type Op interface {
	apply(c *change) (any, error)
}

// commandOp is an Op that stands in the table of commands: its actor must be
// there and have one of the command's roles.
type commandOp interface {
	Op
	command() string
}

// smallEntry is the size that is assumed of an entry that does not tell its own.
const smallEntry = 512

// Size is about how many bytes the entry adds to the file. The journal bounds
// its batches by it.
func (e Entry) Size() int {
	if op, ok := e.Op.(interface{ size() int }); ok {
		return smallEntry + op.size()
	}
	return smallEntry
}

// Call is a prepared command: the entry for the journal, and what only the
// asker may know.
type Call struct {
	Entry Entry

	// Secret is the session token, API token or invite code. It is shown once
	// and kept nowhere.
	Secret string
}

// Revoked is what Apply returns when credentials have ended: whoever holds
// connections that were opened with them closes them. The asker gets Result.
type Revoked struct {
	Credentials []store.Hash
	Result      any
}

// revoked is the end of one credential, of which there is nothing to tell.
func revoked(h store.Hash) Revoked {
	return Revoked{Credentials: []store.Hash{h}, Result: wire.Empty{}}
}

// From is the call with the User-Agent of the browser that it lets in.
func (c Call) From(userAgent string) Call {
	if r := []rune(strings.ToValidUTF8(userAgent, "")); len(r) > wire.MaxDevice {
		userAgent = string(r[:wire.MaxDevice])
	}
	c.Entry.Device = strings.ToValidUTF8(userAgent, "")
	return c
}

// Answer is what the asker gets: the result of Apply with the secret in its
// place. The URL of a [wire.Invite] is left to whoever knows the address, that of a
// [wire.Hook] is the secret until then.
func (c Call) Answer(result any) any {
	switch r := result.(type) {
	case wire.Invite:
		r.Code = c.Secret
		return r
	case wire.Token:
		r.Token = c.Secret
		return r
	case wire.Hook:
		r.URL = c.Secret
		return r
	case wire.Webhook:
		r.Secret = c.Secret
		return r
	case Revoked:
		return r.Result
	}
	return result
}
