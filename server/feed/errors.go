package feed

import "errors"

// The ends of a connection, as [Conn.Next] returns them.
var (
	// ErrSuperseded is returned when a newer connection of the same session has
	// taken over, see [Conn.Established].
	ErrSuperseded = errors.New("a newer connection of the session took over")
	// ErrRevoked is returned when the login session or token is no longer valid
	// or the user was deactivated. Subscribe returns it as well.
	ErrRevoked = errors.New("the credential is no longer valid")
	// ErrDraining is returned after the last batch before the server goes down.
	// Subscribe returns it from then on.
	ErrDraining = errors.New("the server is going down")
	// ErrReset is returned after a batch with Reset: the client has to read
	// /sync and to come with a new cursor.
	ErrReset = errors.New("the cursor is of no use")
	// ErrClosed is returned after Close.
	ErrClosed = errors.New("the connection is closed")
)
