package ui

import "parley/shared/wire"

// drawn is what stands in the timeline: the messages from first to last
// without a hole, none when last is 0.
type drawn struct {
	first, last uint64
	revs        map[uint64]uint64 // of those that have changed since they were new
	oldest      wire.Message      // at first: what comes before it must know who goes on
	newest      wire.Message      // at last
}

// plan is what to do to a timeline.
type plan struct {
	redraw  bool           // start again with all
	prepend []wire.Message // in front of the oldest
	change  []wire.Message // instead of what is there
	add     []wire.Message // after the newest
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

// has tells whether m is drawn, in whatever revision.
func (d *drawn) has(m wire.Message) bool { return m.Seq >= d.first && m.Seq <= d.last }

// note remembers that ms, in ascending order, have been drawn.
func (d *drawn) note(ms ...wire.Message) {
	for _, m := range ms {
		if d.last == 0 || m.Seq <= d.first {
			d.first, d.oldest = m.Seq, m
		}
		if m.Seq >= d.last {
			d.last, d.newest = m.Seq, m
		}
		if m.Rev != 0 {
			if d.revs == nil {
				d.revs = map[uint64]uint64{}
			}
			d.revs[m.Seq] = m.Rev
		}
	}
}
