package ledger

import (
	"cmp"
	"fmt"
	"slices"

	"parley/shared/wire"
)

// Check holds what one reader saw, in the order in which it saw it, against
// the ledger. The reader is expected to have seen every message after the seq
// after, up to the newest, each once. No findings: the promise was kept.
func (l *Ledger) Check(seen []wire.Message, after uint64) []Finding {
	l.mu.Lock()
	defer l.mu.Unlock()
	r := reading{ledger: l, last: after, texts: map[string]uint64{}, seqs: map[uint64]bool{}}
	for _, m := range seen {
		r.message(m)
	}
	r.holes(after)
	r.lost(after)
	return r.findings
}

// reading is the state of one Check.
type reading struct {
	ledger   *Ledger
	last     uint64            // highest seq so far
	texts    map[string]uint64 // those so far, with their seq
	seqs     map[uint64]bool   // those so far
	findings []Finding
}

func (r *reading) message(m wire.Message) {
	first, again := r.texts[m.Text]
	switch {
	case again:
		r.find(Doubled, m, "it stood at %d before", first)
	case r.seqs[m.Seq]:
		r.find(Doubled, m, "another message has the seq")
	case m.Seq <= r.last:
		r.find(Reordered, m, "it came after %d", r.last)
	}
	switch e := r.ledger.entries[m.Text]; {
	case e == nil:
		r.find(Phantom, m, "nobody sent it")
	case e.writer != m.Author:
		r.find(Phantom, m, "by %q, sent by %q", m.Author, e.writer)
	case e.seq != 0 && e.seq != m.Seq:
		r.find(Moved, m, "acknowledged as %d", e.seq)
	}
	r.texts[m.Text], r.seqs[m.Seq] = m.Seq, true
	r.last = max(r.last, m.Seq)
}

func (r *reading) holes(after uint64) {
	for seq := after + 1; seq < r.last; seq++ {
		if !r.seqs[seq] {
			r.find(Hole, wire.Message{Seq: seq}, "nothing has this seq")
		}
	}
}

func (r *reading) lost(after uint64) {
	var lost []*entry
	for text, e := range r.ledger.entries {
		if _, there := r.texts[text]; !there && e.seq > after {
			lost = append(lost, e)
		}
	}
	slices.SortFunc(lost, func(a, b *entry) int { return cmp.Compare(a.seq, b.seq) })
	for _, e := range lost {
		r.find(Lost, wire.Message{Seq: e.seq, Text: e.text}, "acknowledged to %q and not there", e.writer)
	}
}

func (r *reading) find(k Kind, m wire.Message, format string, args ...any) {
	r.findings = append(r.findings, Finding{k, m.Seq, m.Text, fmt.Sprintf(format, args...)})
}
