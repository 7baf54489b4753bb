// Package ledger checks the one promise that everything else is for: no
// acknowledged message is lost, doubled or reordered, whatever happened on the
// way. Writers enter what they are about to send and what they were answered;
// afterwards everything that a reader saw, in the order in which it saw it, is
// held against that.
//
// A message is known by its text, so every text must be sent once only.
package ledger

import (
	"fmt"
	"slices"
	"sync"

	"parley/shared/wire"
)

// Ledger is what the writers of one room know. Its methods may be called from
// any goroutine.
type Ledger struct {
	mu       sync.Mutex
	entries  map[string]*entry // by text
	byWriter map[string][]*entry
	bySeq    map[uint64]string // text that was acknowledged with it
	acked    int
	findings []Finding // about the answers themselves
}

type entry struct {
	writer, text string
	seq          uint64 // as acknowledged; 0 while it is not
}

// New is an empty ledger.
func New() *Ledger {
	return &Ledger{entries: map[string]*entry{}, byWriter: map[string][]*entry{}, bySeq: map[uint64]string{}}
}

// Intend enters a text before it is sent for the first time. A writer (a user
// id) must not intend the next one before this one was acknowledged, as the
// order of its entries is the order in which they are to be read.
func (l *Ledger) Intend(writer, text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.entries[text] != nil {
		panic(fmt.Sprintf("ledger: %q is intended twice", text))
	}
	e := &entry{writer: writer, text: text}
	l.entries[text] = e
	l.byWriter[writer] = append(l.byWriter[writer], e)
}

// Ack enters the answer to a send. It may come more than once for a text, as
// it does for writers that retry; it must then be the same.
func (l *Ledger) Ack(text string, m wire.Message) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e := l.entries[text]
	switch {
	case e == nil || m.Text != text || m.Author != e.writer:
		l.find(Phantom, m.Seq, text, "acknowledged as %q by %q", m.Text, m.Author)
		return
	case e.seq != 0 && e.seq != m.Seq:
		l.find(Moved, m.Seq, text, "acknowledged as %d before", e.seq)
		return
	case e.seq == 0:
		e.seq = m.Seq
		l.acked++
	}
	if other, taken := l.bySeq[m.Seq]; taken && other != text {
		l.find(Doubled, m.Seq, text, "the seq was given to %q before", other)
	}
	l.bySeq[m.Seq] = text
}

// Acked is how many texts have been acknowledged.
func (l *Ledger) Acked() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.acked
}

// Last is the highest seq that was acknowledged.
func (l *Ledger) Last() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	var last uint64
	for seq := range l.bySeq {
		last = max(last, seq)
	}
	return last
}

// Answers are the findings about the answers alone, before anything was read.
func (l *Ledger) Answers() []Finding {
	l.mu.Lock()
	defer l.mu.Unlock()
	findings := slices.Clone(l.findings)
	for _, entries := range l.byWriter {
		var last uint64
		for _, e := range entries {
			if e.seq != 0 && e.seq < last {
				findings = append(findings, Finding{Reordered, e.seq, e.text, fmt.Sprintf("acknowledged behind %d", last)})
			}
			last = max(last, e.seq)
		}
	}
	return findings
}

func (l *Ledger) find(k Kind, seq uint64, text, format string, args ...any) {
	l.findings = append(l.findings, Finding{k, seq, text, fmt.Sprintf(format, args...)})
}
