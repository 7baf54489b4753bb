package ledger_test

import (
	"fmt"
	"slices"
	"testing"

	"parley/e2e/ledger"
	"parley/shared/wire"
)

// good is a ledger of two writers and six acknowledged messages, and what a
// reader sees of them when all is well.
func good() (*ledger.Ledger, []wire.Message) {
	l := ledger.New()
	var seen []wire.Message
	for seq := uint64(1); seq <= 6; seq++ {
		m := wire.Message{Seq: seq, Author: fmt.Sprintf("w%d", seq%2), Text: fmt.Sprintf("text %d", seq)}
		l.Intend(m.Author, m.Text)
		l.Ack(m.Text, m)
		seen = append(seen, m)
	}
	return l, seen
}

func kinds(fs []ledger.Finding) []ledger.Kind {
	var ks []ledger.Kind
	for _, f := range fs {
		if !slices.Contains(ks, f.Kind) {
			ks = append(ks, f.Kind)
		}
	}
	slices.Sort(ks)
	return ks
}

// TestCheckCanFail breaks the promise in every way and wants each to be found,
// and nothing else with it.
func TestCheckCanFail(t *testing.T) {
	swap := func(ms []wire.Message, i, j int) []wire.Message { ms[i], ms[j] = ms[j], ms[i]; return ms }
	for name, c := range map[string]struct {
		spoil func([]wire.Message) []wire.Message
		want  []ledger.Kind
	}{
		"nothing":             {func(ms []wire.Message) []wire.Message { return ms }, nil},
		"last one lost":       {func(ms []wire.Message) []wire.Message { return ms[:5] }, []ledger.Kind{ledger.Lost}},
		"all lost":            {func([]wire.Message) []wire.Message { return nil }, []ledger.Kind{ledger.Lost}},
		"lost in the middle":  {func(ms []wire.Message) []wire.Message { return slices.Delete(ms, 2, 3) }, []ledger.Kind{ledger.Hole, ledger.Lost}},
		"first one lost":      {func(ms []wire.Message) []wire.Message { return ms[1:] }, []ledger.Kind{ledger.Hole, ledger.Lost}},
		"doubled at once":     {func(ms []wire.Message) []wire.Message { return slices.Insert(ms, 3, ms[3]) }, []ledger.Kind{ledger.Doubled}},
		"doubled later":       {func(ms []wire.Message) []wire.Message { return append(ms, ms[0]) }, []ledger.Kind{ledger.Doubled}},
		"reordered":           {func(ms []wire.Message) []wire.Message { return swap(ms, 1, 2) }, []ledger.Kind{ledger.Reordered}},
		"another text":        {func(ms []wire.Message) []wire.Message { ms[4].Text = "?"; return ms }, []ledger.Kind{ledger.Lost, ledger.Phantom}},
		"another author":      {func(ms []wire.Message) []wire.Message { ms[4].Author = "w9"; return ms }, []ledger.Kind{ledger.Phantom}},
		"one too many":        {func(ms []wire.Message) []wire.Message { return append(ms, wire.Message{Seq: 7, Text: "?"}) }, []ledger.Kind{ledger.Phantom}},
		"stored again":        {func(ms []wire.Message) []wire.Message { m := ms[5]; m.Seq = 7; return append(ms, m) }, []ledger.Kind{ledger.Doubled, ledger.Moved}},
		"hole, all moved":     {func(ms []wire.Message) []wire.Message { ms[5].Seq = 7; return ms }, []ledger.Kind{ledger.Hole, ledger.Moved}},
		"two with one seq":    {func(ms []wire.Message) []wire.Message { ms[5].Seq = 5; return ms }, []ledger.Kind{ledger.Doubled, ledger.Moved}},
		"seqs given to other": {func(ms []wire.Message) []wire.Message { ms[0].Seq, ms[1].Seq = 2, 1; return swap(ms, 0, 1) }, []ledger.Kind{ledger.Moved}},
	} {
		t.Run(name, func(t *testing.T) {
			l, seen := good()
			found := l.Check(c.spoil(seen), 0)
			if got := kinds(found); !slices.Equal(got, c.want) {
				t.Errorf("found %v, want %v", found, c.want)
			}
		})
	}
}

func TestReaderThatCameLater(t *testing.T) {
	l, seen := good()
	if found := l.Check(seen[3:], 3); len(found) > 0 {
		t.Errorf("found %v", found)
	}
	if got := kinds(l.Check(seen[4:], 3)); !slices.Equal(got, []ledger.Kind{ledger.Hole, ledger.Lost}) {
		t.Errorf("found %v, want a hole and a loss", got)
	}
	if got := kinds(l.Check(seen[2:], 3)); !slices.Equal(got, []ledger.Kind{ledger.Reordered}) {
		t.Errorf("found %v, want the one from before", got)
	}
}

// TestNotAcknowledged: what was sent without an answer may be there or not.
func TestNotAcknowledged(t *testing.T) {
	l, seen := good()
	l.Intend("w1", "unanswered")
	if found := l.Check(seen, 0); len(found) > 0 {
		t.Errorf("not stored: found %v", found)
	}
	seen = append(seen, wire.Message{Seq: 7, Author: "w1", Text: "unanswered"})
	if found := l.Check(seen, 0); len(found) > 0 {
		t.Errorf("stored: found %v", found)
	}
}

func TestAnswersCanBeWrong(t *testing.T) {
	ack := func(seq uint64, author, text string) func(*ledger.Ledger) {
		return func(l *ledger.Ledger) { l.Ack("text 6", wire.Message{Seq: seq, Author: author, Text: text}) }
	}
	for name, c := range map[string]struct {
		spoil func(*ledger.Ledger)
		want  []ledger.Kind
	}{
		"same again":     {ack(6, "w0", "text 6"), nil},
		"another seq":    {ack(9, "w0", "text 6"), []ledger.Kind{ledger.Moved}},
		"another text":   {ack(6, "w0", "text 5"), []ledger.Kind{ledger.Phantom}},
		"another author": {ack(6, "w1", "text 6"), []ledger.Kind{ledger.Phantom}},
		"seq of another": {func(l *ledger.Ledger) {
			l.Intend("w9", "new")
			l.Ack("new", wire.Message{Seq: 6, Author: "w9", Text: "new"})
		}, []ledger.Kind{ledger.Doubled}},
		"behind the one before": {func(l *ledger.Ledger) {
			for i, text := range []string{"first", "second"} {
				l.Intend("w9", text)
				l.Ack(text, wire.Message{Seq: uint64(8 - i), Author: "w9", Text: text})
			}
		}, []ledger.Kind{ledger.Reordered}},
	} {
		t.Run(name, func(t *testing.T) {
			l, _ := good()
			c.spoil(l)
			if found := l.Answers(); !slices.Equal(kinds(found), c.want) {
				t.Errorf("found %v, want %v", found, c.want)
			}
		})
	}
}

func TestCounts(t *testing.T) {
	l, _ := good()
	l.Intend("w1", "unanswered")
	if l.Acked() != 6 || l.Last() != 6 {
		t.Errorf("%d acknowledged, the last at %d; want 6 and 6", l.Acked(), l.Last())
	}
}
