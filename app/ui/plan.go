package ui

import (
	"sort"

	"parley/app/client"
	"parley/shared/wire"
)

// How much of a room stands in the page, in rows: what is far from what one looks
// at is taken away, and written again when one comes near. A page that grew with
// every message that was ever looked at would become slow, and never end.
const (
	mostRows  = 400 // taken away beyond this, a section at a time
	firstRows = 200 // written when a room is opened, or a message is gone to
)

// drawn is what stands in the timeline: the messages from first to last
// without a hole, none when last is 0.
type drawn struct {
	first, last uint64
	chunks      []chunk
	revs        map[uint64]uint64 // of those that have changed since they were new
	oldest      wire.Message      // at first: what comes before it must know who goes on
	newest      wire.Message      // at last
}

// chunk is a section of rows.
type chunk struct {
	oldest, newest wire.Message
	rows           int
}

// plan is what to do to a timeline.
type plan struct {
	redraw  bool           // start again with all
	prepend []wire.Message // comes in front of the oldest
	change  []wire.Message // instead of what is there
	add     []wire.Message // comes after the newest
}

// plan compares what is drawn with a stretch of messages without a hole. What
// is drawn in front of the stretch may stay: it is history, and joins on.
func (d *drawn) plan(ms []wire.Message) plan {
	if len(ms) == 0 {
		return plan{redraw: d.last != 0}
	}
	from, to := ms[0].Seq, ms[len(ms)-1].Seq
	if d.last == 0 || from > d.last+1 || to < d.last {
		return plan{redraw: true}
	}
	if from <= d.last && ms[d.last-from].Time != d.newest.Time { // of another history: a backup has been put back
		return plan{redraw: true}
	}
	var p plan
	for i := range ms {
		switch m := &ms[i]; { // five thousand copies would take longer than the rest
		case m.Seq < d.first:
			p.prepend = ms[:i+1]
		case m.Seq > d.last:
			p.add = ms[i:]
			return p
		case (m.Rev != 0 || len(d.revs) > 0) && m.Rev != d.revs[m.Seq]:
			p.change = append(p.change, *m)
		}
	}
	return p
}

// next tells whether m comes right after what is drawn.
func (d *drawn) next(m wire.Message) bool { return d.last != 0 && m.Seq == d.last+1 }

// covers tells whether a message is drawn, in whatever revision.
func (d *drawn) covers(seq uint64) bool { return d.last != 0 && seq >= d.first && seq <= d.last }

// ends tells whether the newest message of the room is drawn.
func (d *drawn) ends(tl client.Timeline) bool {
	return tl.AtEnd && (len(tl.Messages) == 0 || tl.Messages[len(tl.Messages)-1].Seq <= d.last)
}

// rows counts what is drawn.
func (d *drawn) rows() int {
	n := 0
	for _, c := range d.chunks {
		n += c.rows
	}
	return n
}

// tail is how many rows still fit into the newest section, if it is to have so
// many at most; none when it is full, or there is no section.
func (d *drawn) tail(most int) int {
	if len(d.chunks) == 0 {
		return 0
	}
	return max(0, most-d.chunks[len(d.chunks)-1].rows)
}

// append notes that ms, which join on, stand below the newest: in its section, if
// they fit, else in one of their own.
func (d *drawn) append(most int, ms ...wire.Message) {
	if len(ms) > d.tail(most) {
		d.chunks = append(d.chunks, chunk{oldest: ms[0]})
	}
	c := &d.chunks[len(d.chunks)-1]
	c.rows += len(ms)
	c.newest = ms[len(ms)-1]
	d.note(ms...)
	d.span()
}

// prepend notes that ms, which join on, stand above the oldest in a section.
func (d *drawn) prepend(ms ...wire.Message) {
	d.chunks = append([]chunk{{ms[0], ms[len(ms)-1], len(ms)}}, d.chunks...)
	d.note(ms...)
	d.span()
}

// dropOldest notes that the oldest section is gone.
func (d *drawn) dropOldest() {
	d.chunks = d.chunks[1:]
	d.span()
}

// dropNewest notes that the newest section is gone.
func (d *drawn) dropNewest() {
	d.chunks = d.chunks[:len(d.chunks)-1]
	d.span()
}

// span finds the edges again.
func (d *drawn) span() {
	d.oldest, d.newest = d.chunks[0].oldest, d.chunks[len(d.chunks)-1].newest
	d.first, d.last = d.oldest.Seq, d.newest.Seq
	for seq := range d.revs {
		if seq < d.first || seq > d.last {
			delete(d.revs, seq)
		}
	}
}

// note remembers in which revision ms are drawn.
func (d *drawn) note(ms ...wire.Message) {
	for _, m := range ms {
		if m.Rev != 0 {
			if d.revs == nil {
				d.revs = map[uint64]uint64{}
			}
			d.revs[m.Seq] = m.Rev
		}
	}
}

// around gives the part of a stretch that is drawn first to show a message, or
// the newest when it is 0 or not there.
func around(ms []wire.Message, seq uint64) []wire.Message {
	from := max(0, len(ms)-firstRows)
	if at := place(ms, seq); at < len(ms) && ms[at].Seq == seq {
		from = min(from, max(0, at-firstRows/2))
	}
	return ms[from:min(len(ms), from+firstRows)]
}

// between gives the messages of a stretch from first to last, as far as they are there.
func between(ms []wire.Message, first, last uint64) []wire.Message {
	from, to := place(ms, first), place(ms, last+1)
	return ms[from:max(from, to)]
}

// place is where a message is in a stretch, or would be.
func place(ms []wire.Message, seq uint64) int {
	return sort.Search(len(ms), func(i int) bool { return ms[i].Seq >= seq })
}
