package ledger

import "fmt"

// Kind is a way to break the promise.
type Kind string

// The kinds.
const (
	Lost      Kind = "lost"      // acknowledged and not there
	Doubled   Kind = "doubled"   // there more than once
	Reordered Kind = "reordered" // behind a message that it should stand before
	Hole      Kind = "hole"      // a seq that nothing has
	Phantom   Kind = "phantom"   // nobody sent it so
	Moved     Kind = "moved"     // it has another seq than the one acknowledged
)

// Finding is one broken promise.
type Finding struct {
	Kind Kind
	Seq  uint64
	Text string
	Why  string
}

// String is the finding on a line.
func (f Finding) String() string {
	return fmt.Sprintf("%s: seq %d %q: %s", f.Kind, f.Seq, f.Text, f.Why)
}
