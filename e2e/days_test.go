package e2e_test

import (
	"testing"

	"parley/e2e/chrome"
	"parley/e2e/parley"
	"parley/shared/wire"
)

// laterDate lets the page's clock be set by so many days.
const laterDate = `{
	const real = Date;
	globalThis.later = 0;
	globalThis.Date = class extends real {
		constructor(...args) { args.length ? super(...args) : super(real.now() + later * 86400_000); }
		static now() { return real.now() + later * 86400_000; }
	};
}`

// TestDaysGoBy: a page that stays open overnight calls the day before by its name,
// when somebody comes back to it and when the next message comes; in another year
// it says which one was.
func TestDaysGoBy(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	_, err := owner.Send(t.Context(), wire.Lobby, "good evening", "1")
	must(t, err)
	ada := chrome.Start(t).Person("Ada")
	ada.BeforeLoad(laterDate)
	visit(ada, owner, s.URL())
	days := func() []string {
		return chrome.Eval[[]string](ada, "[...document.querySelectorAll('[role=log] .day')].map(d => d.textContent)")
	}
	ada.WaitRow("good evening")
	if got := days(); len(got) != 1 || got[0] != "Today" {
		t.Fatalf("the days are %q", got)
	}
	chrome.Eval[any](ada, "later = 1, dispatchEvent(new Event('focus'))")
	ada.Wait("yesterday", func() bool { return days()[0] == "Yesterday" })
	chrome.Eval[any](ada, "later = 2, dispatchEvent(new Event('focus'))")
	ada.Wait("a date", func() bool { return contains(days()[0], "day, ") })
	chrome.Eval[any](ada, "later = 366, 1")
	_, err = owner.Send(t.Context(), wire.Lobby, "a happy new year", "2")
	must(t, err)
	ada.WaitRow("a happy new year")
	ada.Wait("a date with its year", func() bool { return contains(days()[0], " 20") })
}
