// Package search finds messages by what they say, and what their files are called: Chinese, where words are not
// written apart, as well as English. It is a reader of the log like any other,
// and keeps an index of its own, a bbolt file that can be deleted at any time.
//
// # What matches
//
// Texts and queries are folded and then compared as they are: full width is
// half width, upper case is lower case, Latin letters have no accents,
// traditional characters are simplified ones, white space is one space. Each
// term of a query must stand in the message as a stretch of its own; where it
// begins or ends with a letter, a word or a part of one (of camelCase, of
// foo_bar, of v12) must begin or end there, but for the last term, which is
// still being typed. Writing without spaces has no such ends: any stretch of it
// matches. "Quotes" keep spaces together. from:, in:, before: and after: narrow
// it down. Nothing else in a query has a meaning: not .* and not OR.
//
// # How it is found
//
// A message is indexed under tokens: words and their parts, each two neighbours
// of writing without spaces and the last character of it, symbols such as
// emoji, and its author. The index proposes the messages that have all tokens of
// a query; every one is then read from the data file and compared as above. So
// the index decides nothing but where to look: what it does not know yet of an
// edit, a deletion or the order of neighbours cannot be seen in an answer.
// Which rooms may be looked into, package chat says at the moment of the query,
// and postings of other rooms are passed over.
//
// # The file
//
// Postings lie in segments, which never change: a flush writes what has been
// gathered in memory, as a new one, and eight of about one size are merged into
// one. So a posting is written a few times in its life, in order, and not once
// for every message that shares its token.
//
//	meta      state: the format, the log's epoch, the cursor, and how far the
//	          messages from before the index was begun have been read (JSON)
//	segments  low, high, purged (8 bytes each) -> segment (JSON)
//	p-KEY     the postings of the segment with that key:
//	          token, NUL, number of the block (4) -> entries: token, postings
//	breaks    room number (8), seq (8) -> nothing: where the time falls
//	stale     room number (8), seq (8) -> generation (8): where the newest text
//	          of a message that was edited or deleted is
//
// A segment holds the flushes (generations) from low to high. What segments from
// before its newest text say of a stale message is left out when they are
// merged, and at the latest within hours, for which they are written anew: so
// what was deleted leaves the file too. Values stand behind a CRC-32C.
//
// # Crashes
//
// The postings of a flush, the cursor and the progress of rebuilding are one
// transaction, which is on the disk before the next begins; a merge counts from
// the transaction on that also drops what it replaces. So a crash costs what was
// in memory, and that is read again from the log. A file that does not fit (of
// another format or epoch, older than the log, damaged) is made anew from the
// messages, with rests, so that nobody has to wait for it; answers say meanwhile
// that they may be incomplete. So do they when the disk is full: then following
// stands still, and goes on by itself.
//
// # Order and pages
//
// Answers are newest first. A place in that order (time, room, seq) is where the
// next page goes on, whatever has been said since. Where it is in a room can be
// searched for, as times rise with seqs; where they do not, behind an import,
// the room is several runs in each of which they do.
package search
