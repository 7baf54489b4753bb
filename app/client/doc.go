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
//	outbox      messages that are not answered yet (draft.go, outbox.go, send.go,
//	            post.go), their files (upload.go), and what is kept of both over
//	            the end of the page (keepoutbox.go, keepfiles.go, orphans.go)
//	share       one feed for all tabs of a browser (tabs.go, share.go, lead.go,
//	            follow.go, meet.go, orphans.go)
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
// # Tabs
//
// The tabs of a browser in which the same person has the same build of the app
// share one feed: a browser opens six connections to a server over HTTP/1.1, and
// six tabs that stream would leave none for what is sent. A lock, which the
// browser itself gives on when a tab ends in whatever way, elects the leader. It
// runs the ladder, and tells the others over a channel what it applied, with the
// cursor before and after. Another tab applies what begins at its own cursor, so
// all of them move from cursor to cursor along the same log, and each can lead
// at any moment, from where it is.
//
// A tab that is elsewhere, new or back from a long freeze, must get to the
// leader's place first. Cursors are opaque, and the events between two of them
// cannot be told apart by looking (somebody may join and leave twice), so it asks
// the server for what lies between its own and the leader's, which is exact: it
// applies that, or if it is ahead, notes it as what the leader will repeat, as a
// link's overlap. What the leader says meanwhile waits. The leader never waits
// for anybody, and keeps nothing for anybody.
//
// A leader that says nothing for two heartbeats, or whose connection is to be
// checked after a Wake, is asked whether it is there; if it does not answer in
// two seconds, its lock is taken. It is asked because silence may only mean that
// its timers are throttled, as those of hidden pages are; a question is answered
// from the channel's callback, and the deadlines that are due are seen to on the
// occasion, so that the tab that is looked at winds the clock of the one that is
// not. Leaders are counted in terms, which only rise: what one says that was
// replaced and does not know it yet is not heard. The old one finds its lock gone,
// and follows.
//
// Each leader is a new session of the feed. The server tells a new session who
// is online, and the one before lives on for its grace, so a change of leaders
// shows nobody leaving. A tab that follows is live when the leader is and it is
// where the leader is. It sends by POST.
//
// A message of the outbox belongs to the tab in which it was written for as long
// as that is there: it is shown in one place, and one sender keeps the order. A
// tab that starts takes up what belongs to nobody, so what was written before a
// reload comes back to the same page; the leader takes up what is left.
//
// # Files
//
// A message with files is sent in three steps, each of which the next try, page or
// tab takes up where it was: its files are kept beside it, whole; they are sent, one
// after the other, in pieces, from where the server has them on; then the message
// itself, with their ids. Every step that was answered counts as a success, so that
// on a line that loses every other exchange a large file still arrives. Where the
// server and the page disagree about how far a file is, the server is asked; where
// they go on to disagree, the message fails, and the person decides. What is kept of
// a file is deleted when its message has been answered, or given up by the person,
// and no earlier.
//
// # Goroutines
//
// [Client.Run] owns all of them, and returns when all have ended: the runner
// (its own), one for each open link, one that tells watchers, one that works
// the outbox, one for each message on its way, one that keeps files, two that
// wait for other tabs and for the lead, and those of background requests. Other
// methods work in the caller's goroutine. State is guarded by Client.mu; it is
// held for memory only, never while something is waited for.
package client
