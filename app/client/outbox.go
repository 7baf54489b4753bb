package client

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"parley/shared/wire"
)

// SendState is how far a message of the outbox has come.
type SendState int

// The states of a message of the outbox.
const (
	Sending SendState = iota // sent until it is answered
	Failed                   // refused by the server; Problem says why
	Sent                     // stored by the server; its place comes with the feed
)

// Outgoing is a message of the outbox.
type Outgoing struct {
	Nonce, Room, Text string
	ReplyTo           uint64 // seq of a message of the room, 0 for none
	Files             []OutgoingFile
	Created           wire.Time
	State             SendState
	Problem           *wire.Problem // when Failed
}

// maxOutbox bounds the messages of the outbox: a program that writes without a
// network must not fill the memory.
const maxOutbox = 1000

var errOutboxFull = errors.New("too many messages are waiting to be sent")

// maxInternal is how often a message may meet an internal error of the server's
// before it counts as refused: one such message must not hold up its room for ever.
const maxInternal = 5

// outbox is what has not been answered yet: per room in the order of writing,
// one on its way at a time, so that the order is kept. Client.mu guards it, but
// for kick.
type outbox struct {
	kick   chan struct{} // wakes runOutbox
	list   []*letter     // ascending by Created
	drop   []dropped     // to be deleted from what is kept
	latest wire.Time     // the newest Created

	lent map[string]bool // nonces of files of discarded messages that are still kept

	restored bool      // what an earlier run has left is in list
	again    time.Time // when to try the Database again, which fails; zero while it works
}

// letter is a message of the outbox.
type letter struct {
	Outgoing
	dirty      bool      // to be saved before it is sent
	kept       place     // where it is saved
	whole      bool      // its files are kept, too
	storing    bool      // they are being kept now
	storeAgain time.Time // when to keep them, after a failure
	misses     int       // tries to get a file from Blobs that failed
	doubted    bool      // the server was asked anew for all its files
	tried      bool      // the message itself may have been sent, not its files only
	flying     bool      // on its way now
	fails      int       // in a row
	internal   int       // errors of the server's
	wait       time.Time // not before this
	patient    bool      // the server asked for that wait: a new connection does not end it
	seq        uint64    // when Sent
	tab        string    // of the tab that kept it, when it was found
	told       time.Time // when it was last told how far its files are
}

// dropped is what is not to be kept any more.
type dropped struct {
	nonce string // of a message, or
	file  string // of a file
}

// place is where a message of the outbox is saved.
type place int

const (
	nowhere    place = iota // it lives as long as the page
	inStore                 // the Database has not answered yet, or refused it
	inDatabase              // where the service worker finds it too
)

func (o *outbox) init() { o.kick = make(chan struct{}, 1) }

func (o *outbox) wake() {
	select {
	case o.kick <- struct{}{}:
	default:
	}
}

// add puts a message at the end.
func (o *outbox) add(m Outgoing, now wire.Time) (*letter, error) {
	if len(o.list) >= maxOutbox {
		return nil, errOutboxFull
	}
	o.latest = max(now, o.latest+1)
	m.Created = o.latest
	l := &letter{Outgoing: m, dirty: true}
	o.list = append(o.list, l)
	return l, nil
}

// restore takes over what was kept from an earlier run.
func (o *outbox) restore(saved []*letter) {
	for _, l := range saved {
		if o.find(l.Nonce) == nil && !o.drops(l.Nonce) {
			o.list = append(o.list, l)
			o.latest = max(o.latest, l.Created)
		}
	}
	slices.SortStableFunc(o.list, func(a, b *letter) int { return cmp.Compare(a.Created, b.Created) })
}

// drops tells whether a message is to be deleted from what is kept.
func (o *outbox) drops(nonce string) bool {
	return slices.ContainsFunc(o.drop, func(d dropped) bool { return d.nonce == nonce })
}

func (o *outbox) find(nonce string) *letter {
	for _, l := range o.list {
		if l.Nonce == nonce {
			return l
		}
	}
	return nil
}

// remove takes a message out, and out of what is kept; its files stay there.
func (o *outbox) remove(nonce string) {
	o.list = slices.DeleteFunc(o.list, func(l *letter) bool { return l.Nonce == nonce })
	o.drop = append(o.drop, dropped{nonce: nonce})
	o.wake()
}

// forget takes a message and its files out of what is kept.
func (o *outbox) forget(l *letter) {
	o.drop = append(o.drop, dropped{nonce: l.Nonce})
	o.forgetFiles(l)
}

func (o *outbox) forgetFiles(l *letter) {
	for _, f := range l.Files {
		o.drop = append(o.drop, dropped{file: f.Nonce})
	}
}

// ready are the messages to be sent now: the first of each room that is not
// refused, if it is saved, not on its way, and need not wait. next is when
// another one is; zero if none waits.
func (o *outbox) ready(now time.Time) (list []*letter, next time.Time) {
	rooms := map[string]bool{}
	for _, l := range o.list {
		if l.State != Sending || rooms[l.Room] {
			continue
		}
		rooms[l.Room] = true
		switch {
		case l.dirty || l.awaited() || l.flying:
		case now.Before(l.wait):
			if next.IsZero() || l.wait.Before(next) {
				next = l.wait
			}
		default:
			list = append(list, l)
		}
	}
	return list, next
}

// dirty is the next message to be saved; nil if there is none.
func (o *outbox) dirty() *letter {
	for _, l := range o.list {
		if l.dirty {
			return l
		}
	}
	return nil
}

// answered takes note of a good answer.
func (o *outbox) answered(l *letter, m wire.Message) {
	l.State, l.seq = Sent, m.Seq
	o.forget(l)
}

// refused takes note of an error: what may pass is tried again, all else is
// told to the person.
func (o *outbox) refused(l *letter, err error, now time.Time, jitter func(time.Duration) time.Duration) {
	var p *wire.Problem
	isProblem := errors.As(err, &p)
	if isProblem && p.Code == wire.CodeInternal {
		l.internal++
	}
	l.patient = false
	switch {
	case !isProblem, p.Code == wire.CodeUnauthenticated:
	case p.Code == wire.CodeRateLimited, p.Code == wire.CodeUnavailable:
		l.patient = p.RetryAfter > 0
	case p.Code == wire.CodeInternal && l.internal < maxInternal:
	default:
		l.State, l.Problem, l.dirty = Failed, p, true
		l.fails, l.internal = 0, 0
		return
	}
	l.fails++
	l.wait = now.Add(max(backoff(l.fails+1, jitter), retryAfter(err)))
}

// retryAfter is how long the server asks to wait, 0 if it does not.
func retryAfter(err error) time.Duration {
	var p *wire.Problem
	if !errors.As(err, &p) || p.RetryAfter < 0 {
		return 0
	}
	return min(time.Duration(p.RetryAfter), 3600) * time.Second
}

// hurry ends the waiting that the network was the reason for.
func (o *outbox) hurry() {
	for _, l := range o.list {
		if !l.patient {
			l.wait = time.Time{}
		}
	}
	o.wake()
}

// settle ends a message that came back over the feed or in history.
func (o *outbox) settle(nonce string, e *effects) {
	if l := o.find(nonce); nonce != "" && l != nil {
		o.forget(l)
		o.list = slices.DeleteFunc(o.list, func(other *letter) bool { return other == l })
		o.wake()
		e.tell(ChangeOutbox, l.Room)
	}
}

// settleAll settles one's own among messages.
func (o *outbox) settleAll(list []wire.Message, me string, e *effects) {
	for _, m := range list {
		if m.Author == me {
			o.settle(m.Nonce, e)
		}
	}
}

// settleAnswered ends the answered messages whose place the feed has reached.
func (o *outbox) settleAnswered(rooms map[string]*room, e *effects) {
	o.list = slices.DeleteFunc(o.list, func(l *letter) bool {
		r := rooms[l.Room]
		done := l.State == Sent && (r == nil || l.seq <= r.Head)
		if done {
			e.tell(ChangeOutbox, l.Room)
		}
		return done
	})
}

// of are the messages of a room.
func (o *outbox) of(room string) []Outgoing {
	var list []Outgoing
	for _, l := range o.list {
		if l.Room == room {
			list = append(list, l.copied())
		}
	}
	return list
}

// copied is a letter for others: how far its files are moves on.
func (l *letter) copied() Outgoing {
	o := l.Outgoing
	o.Files = slices.Clone(o.Files)
	return o
}

// renameFiles gives the files new names: they are sent anew.
func (l *letter) renameFiles(newName func() string) {
	for i := range l.Files {
		f := &l.Files[i]
		f.Nonce, f.id, f.Sent = newName(), "", 0
	}
	l.whole, l.doubted = false, false
}
