// Package axe asks axe-core, the rules that accessibility is judged by, about a
// page. axe.min.js is axe-core 4.14.1 as Deque publishes it, under the Mozilla
// Public License 2.0 (see LICENSE); it is used by tests only and is in no
// program of ours.
package axe

import (
	_ "embed"
	"fmt"
	"strings"
	"testing"

	"parley/e2e/chrome"
)

//go:embed axe.min.js
var source string

// run asks for the rules of WCAG 2.2 AA and for best practice. It runs them at
// the end of all animations: what is half faded in has no contrast yet.
const run = `(async () => {
	for (const a of document.getAnimations()) {
		if (a.effect.getComputedTiming().iterations !== Infinity) a.finish();
	}
	const result = await axe.run(document, {
		runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
		resultTypes: ['violations'],
	});
	return result.violations.map((v) => ({
		rule: v.id, help: v.help,
		nodes: v.nodes.map((n) => n.target.join(' ') + ': ' + n.failureSummary.replace(/\s+/g, ' ')),
	}));
})()`

type finding struct {
	Rule  string   `json:"rule"`
	Help  string   `json:"help"`
	Nodes []string `json:"nodes"`
}

// Check fails the test for everything that axe-core finds, and goes on finding:
// what is only on its way to another screen is no mistake. where says which screen
// it is.
func Check(t testing.TB, p *chrome.Page, where string) {
	t.Helper()
	if !chrome.Eval[bool](p, "'axe' in window") {
		chrome.Eval[bool](p, source+"; true")
	}
	var found []finding
	p.WaitFor(chrome.Patience/10, func() bool {
		found = chrome.Eval[[]finding](p, run)
		return len(found) == 0
	})
	for _, f := range found {
		t.Errorf("%s: %s (%s)\n%s", where, f.Rule, f.Help, indent(f.Nodes))
	}
}

func indent(lines []string) string {
	const most = 8 // the rest is of the same kind
	if len(lines) > most {
		lines = append(lines[:most:most], fmt.Sprintf("and %d more", len(lines)-most))
	}
	return "\t" + strings.Join(lines, "\n\t")
}
