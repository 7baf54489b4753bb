// Package chat is the rules: who may do what, and what it changes.
//
// # Two halves
//
// Prepare ([Env.Command] and its siblings) runs in the request: it decodes,
// normalises, hashes secrets and adds everything random, so that the [Entry] it
// makes is plain data. [Apply] runs in the journal's single writer: it decides
// by the entry and the state of that moment, and by nothing else.
//
//	args -> Env.Command -> Call{Entry, Secret} -> journal -> Apply -> result
//	                                                 Call.Answer(result) -> asker
//
// Apply is a state machine. The same entries in the same order give the same
// state and the same log, byte for byte, on whatever machine: no clock, no
// randomness, no order of a map and no floating point decides in it. It checks
// everything before it writes anything, so a refused entry changes nothing.
//
// # Who sees what
//
// A room that somebody may not know of does not exist for them: every command
// and query answers as if the id had been made up. Guests know the rooms they
// are in; everybody else knows the public rooms as well.
//
// There is one file per command. [Queries] reads.
package chat
