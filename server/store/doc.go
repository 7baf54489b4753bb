// Package store is the data file: one bbolt database that holds the state of
// the community and the log of what changed it. It knows how things lie on
// disk, not what is allowed; that is package chat.
//
// # Basics
//
// [DB.View] reads one moment; [DB.Update] is for the journal's single writer.
// Everything happens through the [Tx] they hand out, which must not outlive
// the call. What a Tx returns is the caller's own copy.
//
// When Update has returned nil, its changes are on the disk. When it has
// returned [ErrFull] nothing was changed, and it can be tried again. When it
// has returned [ErrCommit] nobody knows, and the process must end.
//
// # Format, version 3
//
// Keys are big-endian numbers or NUL-separated ids, so that order is order.
//
//	meta      format, epoch, community, sweep (where the last one ended),
//	          files (bytes of all files, 8 bytes)
//	users     user -> User (JSON)
//	names     folded name -> user
//	sessions  SHA-256 of the session token -> Session (JSON)
//	tokens    SHA-256 of the API token -> Token (JSON)
//	invites   SHA-256 of the invite code -> Invite (JSON)
//	rooms     room -> Room (JSON)
//	members   'r' room 0 user -> nothing; 'u' user 0 room -> []Span (JSON)
//	messages  room number (8 bytes) seq (8) -> Message with its nonce (JSON)
//	log       offset (8) -> time (8), kind of audience (1), its id, owner,
//	          nonce (each behind its length as uvarint), event (JSON)
//	nonces    user 0 nonce -> seq (8), hash of the content (32), room
//	reads     user 0 room -> seq (8)
//
// Since version 2 ([DB] makes them for an older file, after copying it):
//
//	roomnames folded name -> public room
//	direct    users in order, NUL between them -> their direct room
//	logins    user 0 SHA-256 of the session token -> nothing
//	roles     user -> []Span (JSON): when it was no guest, if that ever changed
//	revisions room number (8) seq (8) rev (8) -> Revision (JSON)
//	changed   room 0 seq (8) -> rev (8), offset (8): see changed.go
//	mentions  user (or nothing: @room) 0 room 0 seq (8) -> author
//	notify    user 0 room -> Notify (JSON); without a room: the default
//	audit     number (8) -> AuditEntry (JSON)
//	hooks     SHA-256 of the incoming webhook's secret -> Hook (JSON)
//	webhooks  bot -> Webhook (JSON)
//
// Since version 3:
//
//	files     file -> File (JSON)
//	pieces    file 0 number (4 bytes) -> its bytes from that times 128 KiB on
//	uploads   user 0 file -> when it was begun (8 bytes): those that no message has
//
// bbolt has no checksums on its data pages. So each value, the format excepted,
// stands behind a CRC-32C (4 bytes) of its key and itself, which is verified
// whenever it is read. The sequence of the bucket log is the offset of
// its newest event, that of rooms the newest room number, that of webhooks counts
// how often one was set. Secrets are kept only as SHA-256, passwords only as
// argon2id; but those that outgoing webhooks are signed with (HMAC needs them)
// lie here as they are.
//
// # Caveats
//
// A read transaction keeps every page that it may need from being used again:
// a long one makes the file grow. [DB.Backup] is one, as long as it takes to
// copy the file to a local disk.
//
// The file is mapped into memory: it must not be cut short or written to by
// anybody else while it is open. It is locked against other parleys.
package store
