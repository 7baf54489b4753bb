package ui

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"parley/shared/wire"
)

func stretch(from, to uint64) []wire.Message {
	var ms []wire.Message
	for seq := from; seq <= to; seq++ {
		ms = append(ms, wire.Message{Seq: seq})
	}
	return ms
}

func seqs(ms []wire.Message) string {
	if len(ms) == 0 {
		return "-"
	}
	return fmt.Sprintf("%d-%d", ms[0].Seq, ms[len(ms)-1].Seq)
}

func TestPlan(t *testing.T) {
	for _, c := range []struct {
		name            string
		first, last     uint64 // drawn; 0, 0: nothing
		from, to        uint64 // told; 0, 0: nothing
		redraw          bool
		prepend, append string
	}{
		{"nothing to nothing", 0, 0, 0, 0, false, "-", "-"},
		{"the first messages", 0, 0, 51, 100, true, "-", "-"},
		{"the same", 51, 100, 51, 100, false, "-", "-"},
		{"one new", 51, 100, 51, 101, false, "-", "101-101"},
		{"only new ones, joining on", 51, 100, 101, 110, false, "-", "101-110"},
		{"a hole", 51, 100, 102, 110, true, "-", "-"},
		{"older", 51, 100, 1, 100, false, "1-50", "-"},
		{"both", 51, 100, 41, 105, false, "41-50", "101-105"},
		{"newest again, older ones drawn", 1, 100, 51, 100, false, "-", "-"},
		{"the room went back", 1, 100, 1, 50, true, "-", "-"},
		{"the room became empty", 1, 100, 0, 0, true, "-", "-"},
	} {
		var d drawn
		if c.last != 0 {
			put(&d, chunkRows, stretch(c.first, c.last))
		}
		var told []wire.Message
		if c.to != 0 {
			told = stretch(c.from, c.to)
		}
		p := d.plan(told)
		if p.redraw != c.redraw || seqs(p.prepend) != c.prepend || seqs(p.add) != c.append || len(p.change) != 0 {
			t.Errorf("%s: redraw %v, prepend %s, add %s, change %d", c.name, p.redraw, seqs(p.prepend), seqs(p.add), len(p.change))
		}
	}
}

func TestPlanSeesChanges(t *testing.T) {
	var d drawn
	put(&d, chunkRows, stretch(1, 10))
	told := stretch(1, 10)
	told[3].Rev = 2
	p := d.plan(told)
	if p.redraw || len(p.change) != 1 || p.change[0].Seq != 4 {
		t.Fatalf("plan: %+v", p)
	}
	d.note(p.change...)
	if p := d.plan(told); p.redraw || len(p.change) != 0 {
		t.Fatalf("the same again: %+v", p)
	}
	if d.first != 1 || d.last != 10 {
		t.Fatalf("drawn %d to %d", d.first, d.last)
	}
}

// TestPlanSeesAnotherHistory: where a backup has been put back, other messages
// stand in the place of those that are drawn, and are as new.
func TestPlanSeesAnotherHistory(t *testing.T) {
	var d drawn
	put(&d, chunkRows, stretch(1, 10))
	told := stretch(1, 12)
	for i := range told[5:] {
		told[5+i].Time += 1000
	}
	if p := d.plan(told); !p.redraw {
		t.Errorf("got %+v", p)
	}
}

// TestWindowAgainstModel moves a window over a growing, changing room at random,
// and compares what then stands there with the whole list.
func TestWindowAgainstModel(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var room []wire.Message
	var d drawn
	page := map[uint64]uint64{} // seq to rev, as a page would show
	show := func(ms []wire.Message) {
		for _, m := range ms {
			page[m.Seq] = m.Rev
		}
	}
	clean := func() {
		for seq := range page {
			if !d.covers(seq) {
				delete(page, seq)
			}
		}
	}
	for range 20_000 {
		switch n := r.IntN(20); {
		case len(room) == 0 || n < 10:
			room = append(room, wire.Message{Seq: uint64(len(room) + 1)})
		case n < 13:
			room[r.IntN(len(room))].Rev++
		case n == 13:
			d, page = drawn{}, map[uint64]uint64{}
			ms := around(room, uint64(r.IntN(len(room)+1)))
			put(&d, []int{liveRows, chunkRows}[r.IntN(2)], ms)
			show(ms)
		case n < 16 && d.last != 0: // up
			if ms := between(room, d.first-min(d.first, chunkRows), d.first-1); len(ms) > 0 {
				d.prepend(ms...)
				show(ms)
			}
			for d.rows() > mostRows {
				d.dropNewest()
			}
		case d.last != 0: // down
			ms := between(room, d.last+1, d.last+chunkRows)
			put(&d, []int{liveRows, chunkRows}[r.IntN(2)], ms)
			show(ms)
			for d.rows() > mostRows {
				d.dropOldest()
			}
		}
		clean()
		told := room[r.IntN(min(len(room), int(max(d.first, 1)))):]
		p := d.plan(told)
		if p.redraw {
			d, page = drawn{}, map[uint64]uint64{}
			ms := around(told, 0)
			put(&d, []int{liveRows, chunkRows}[r.IntN(2)], ms)
			show(ms)
		}
		d.note(p.change...)
		show(p.change)
		for seq := d.first; seq <= d.last; seq++ {
			if rev, ok := page[seq]; !ok || rev != room[seq-1].Rev {
				t.Fatalf("message %d shows rev %d (%v), is %d", seq, rev, ok, room[seq-1].Rev)
			}
		}
		if n := int(d.last-d.first) + 1; n != len(page) || n != d.rows() || n > mostRows+chunkRows {
			t.Fatalf("%d messages between %d and %d in %d rows", len(page), d.first, d.last, d.rows())
		}
		if d.newest.Seq != d.last || d.oldest.Seq != d.first {
			t.Fatalf("edges %d and %d, messages %d and %d", d.first, d.last, d.oldest.Seq, d.newest.Seq)
		}
	}
}

// put draws messages below the newest, as the page does.
func put(d *drawn, most int, ms []wire.Message) {
	for len(ms) > 0 {
		n := min(len(ms), d.tail(most))
		if n == 0 {
			n = min(len(ms), most)
		}
		d.append(most, ms[:n]...)
		ms = ms[n:]
	}
}
