// Package imports reads files of messages from elsewhere: our own export, one
// JSON object a line (NDJSON), and what Slack exports, a zip with channels, users
// and days. A file is read twice, first to check all of it, then to import it:
// a broken line near the end must not leave half a room behind. It is never in
// memory as a whole, whatever its size, and nothing of it becomes the name of a
// file on this machine.
//
// An error about the file is a Problem (wire.CodeBadRequest or CodeTooLarge)
// whose sentence says where: "Line 70001: …".
package imports
