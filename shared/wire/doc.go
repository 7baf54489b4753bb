// Package wire is the protocol: every object, event, batch, command and
// problem that a Parley server and its clients exchange. Both ends import it,
// so neither can drift. It holds types, limits and checks; it opens no
// connection. docs/protocol.md tells the same with worked examples.
//
// # Flow
//
// The log is the truth; a connection is a cursor and a wake-up.
//
//	client                                          server
//	GET  /api/v1/about                          ->  About
//	POST /api/v1/setup|login|signup             ->  User, and the session cookie
//	GET  /api/v1/sync                           ->  Sync: the state at one cursor
//	GET  /api/v1/events?cursor=C&session=S      ->  Batch, Batch, Batch ...
//	GET  /api/v1/events?cursor=C&until=U        ->  Batch: what lies between two cursors
//	POST /api/v1/NAME, or a Request on the      ->  the command's result,
//	     WebSocket                                  or a Problem
//
// # Downstream
//
//	Batch {cursor, events, more?, reset?, reconnect_ms?}
//	Reply {reply, result | error}                   WebSocket only
//
// # Upstream
//
//	Request {id, cmd, args}                         WebSocket only
//	a command's arguments as the body of a POST     HTTP
//
// An Event is an object with exactly one member, named by its type:
//
//	{"message": Message}     durable; new when rev is 0, else changed
//	{"room": Room}           durable
//	{"member": Member}       durable
//	{"user": User}           durable
//	{"read": Read}           durable, to one user's own devices
//	{"notify": Notify}       durable, to one user's own devices
//	{"task": Task}           durable, to one user's own devices
//	{"typing": Typing}       ephemeral
//	{"presence": Presence}   ephemeral
//
// Everything is JSON in UTF-8 (RFC 8259). Both sides ignore unknown members.
// Encoding is stable: [Encode] gives the same bytes for the same value, always.
package wire
