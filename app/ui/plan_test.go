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
			d.note(stretch(c.first, c.last)...)
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
	d.note(stretch(1, 10)...)
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

// TestPlanAgainstModel draws random stretches of a growing, changing room, and
// compares what then stands there with what was told.
func TestPlanAgainstModel(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var room []wire.Message
	var d drawn
	page := map[uint64]uint64{} // seq to rev, as a page would show
	for range 5000 {
		switch {
		case len(room) == 0 || r.IntN(3) > 0:
			room = append(room, wire.Message{Seq: uint64(len(room) + 1)})
		default:
			room[r.IntN(len(room))].Rev++
		}
		told := room[r.IntN(len(room)):]
		p := d.plan(told)
		if p.redraw {
			d, page, p.add = drawn{}, map[uint64]uint64{}, told
		}
		for _, part := range [][]wire.Message{p.prepend, p.change, p.add} {
			for _, m := range part {
				page[m.Seq] = m.Rev
			}
			d.note(part...)
		}
		for _, m := range told {
			if rev, ok := page[m.Seq]; !ok || rev != m.Rev {
				t.Fatalf("message %d shows rev %d (%v), told %d", m.Seq, rev, ok, m.Rev)
			}
		}
		if int(d.last-d.first)+1 != len(page) || d.newest.Seq != d.last || d.oldest.Seq != d.first {
			t.Fatalf("%d messages between %d and %d", len(page), d.first, d.last)
		}
	}
}
