// Package client is a Parley client without a screen: it follows the feed over
// whichever transport gets through, keeps the state of the community, and
// sends what is said until it is answered. It runs in the browser and natively;
// what differs is the [Net] it is given.
//
// # How it works
//
//	ladder      decides which rungs are open and which one carries the feed;
//	            no clock, no network, no goroutine (ladder*.go)
//	runner      does what the ladder says, and reads one sync at the start and
//	            after every reset (run.go, runlinks.go, resync.go)
//	link        one open rung, a stream of batches: ws.go, sse.go, poll.go
//	overlap     drops what a link repeats because it was opened before the
//	            feed moved on (overlap.go)
//	state       what batches are applied to, each once (state.go, room.go,
//	            members.go, people.go, timeline.go, history.go)
//	outbox      messages that are not answered yet (outbox.go, send.go, post.go)
//	changes     tells watchers what to draw again (watch.go)
//
// # Why nothing is lost, doubled or reordered
//
// Every link is opened at the cursor held at that moment, and gives every
// durable event after it, once, in log order. Exactly one link, the carrier, is
// applied at a time, a whole batch at once, and the held cursor moves with it.
// A link that takes over was opened at an older cursor: what was applied since
// is exactly how its stream begins, and is dropped there, event by event,
// compared and not only counted. A batch of a link that was closed in the
// meantime is dropped whole, and the cursor stays where it was.
//
// # Goroutines
//
// [Client.Run] owns all of them, and returns when all have ended: the runner
// (its own), one for each open link, one that tells watchers, one that works
// the outbox and one for each message on its way, and those of background
// requests. Other methods work in the caller's goroutine. State is guarded by
// Client.mu; it is held for memory only, never while something is waited for.
package client
