// Package weight keeps the measures that Parley has promised to hold, and what
// was measured: see docs/weight.md.
package weight

import (
	"fmt"
	"strings"
	"sync"
)

// Row is one promise.
type Row struct {
	What   string
	Got    float64
	Budget float64 // Got must not be above it
	Unit   string  // "KB", "ms", "requests"
}

// Over tells whether the promise is broken.
func (r Row) Over() bool { return r.Got > r.Budget }

// Table is promises in the order in which they were measured. It may be used
// concurrently.
type Table struct {
	mu   sync.Mutex
	rows []Row // guarded by mu
}

// Add notes what was measured, and gives it back.
func (t *Table) Add(r Row) Row {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.rows = append(t.rows, r)
	return r
}

// Markdown is the table as a document has it.
func (t *Table) Markdown() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var b strings.Builder
	b.WriteString("| what | measured | budget | |\n|---|--:|--:|---|\n")
	for _, r := range t.rows {
		verdict := "holds"
		if r.Over() {
			verdict = "**over**"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", r.What, r.number(r.Got), r.number(r.Budget), verdict)
	}
	return b.String()
}

func (r Row) number(v float64) string {
	digits := 0
	if v != float64(int(v)) && v < 100 {
		digits = 1
	}
	return fmt.Sprintf("%.*f %s", digits, v, r.Unit)
}
