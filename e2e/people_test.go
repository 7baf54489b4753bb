package e2e_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"parley/e2e/chrome"
	"parley/e2e/parley"
	"parley/shared/texts"
)

// visit opens the app at an origin as somebody who is signed in already, and
// waits until the conversation is there.
func visit(p *chrome.Page, u *parley.User, origin string) {
	name, value, _ := strings.Cut(u.Header().Get("Cookie"), "=")
	p.Cookie(origin, name, value)
	p.Open(origin)
	p.Find("log", "")
	p.Find("textbox", "Message")
}

// say writes a message and sends it with Enter.
func say(p *chrome.Page, text string) {
	p.Click("textbox", "Message")
	p.Insert(text)
	p.Press(chrome.Enter)
}

// rung is what the connection's status says: "" when the page has none.
func rung(p *chrome.Page) string {
	for _, n := range p.All("status", "") {
		for _, name := range rungs {
			if strings.Contains(n.Text(), name) || strings.Contains(n.Name, name) {
				return name
			}
		}
	}
	return ""
}

var rungs = append(slices.Clone(texts.English.Rungs[:]), append(texts.Chinese.Rungs[:], texts.English.Offline, texts.Chinese.Offline)...)

// waitRung waits until the feed goes over one of these rungs.
func waitRung(p *chrome.Page, want ...string) {
	p.Wait("the connection to be "+strings.Join(want, " or "), func() bool { return slices.Contains(want, rung(p)) })
}

// talk sends a message each way and waits until both have both.
func talk(t *testing.T, a, b *chrome.Page, text string) {
	t.Helper()
	say(a, text+" →")
	b.WaitRow(text + " →")
	say(b, "← "+text)
	a.WaitRow("← " + text)
	a.WaitRow(text + " →")
	b.WaitRow("← " + text)
}

// wantSame wants both pages to show these messages, each once and in order.
func wantSame(t *testing.T, want []string, pages ...*chrome.Page) {
	t.Helper()
	for i, p := range pages {
		if !p.WaitFor(chrome.Patience, func() bool { return slices.Equal(p.Texts(), want) }) {
			t.Errorf("page %d shows %q, want %q", i, p.Texts(), want)
		}
	}
}

// seqsInOrder wants the acknowledged rows in ascending seq without a hole.
func seqsInOrder(t *testing.T, p *chrome.Page) {
	t.Helper()
	var last uint64
	for _, r := range p.Rows() {
		if r.Seq == 0 {
			continue
		}
		if last != 0 && r.Seq != last+1 {
			t.Errorf("row %d comes after row %d", r.Seq, last)
		}
		last = r.Seq
	}
}

// visitRoom is visit, in another room than the lobby.
func visitRoom(p *chrome.Page, u *parley.User, origin, room string) {
	name, value, _ := strings.Cut(u.Header().Get("Cookie"), "=")
	p.Cookie(origin, name, value)
	p.Open(origin + "/rooms/" + room)
	p.Find("log", "")
	p.Find("textbox", "Message")
}

// startsWith matches what begins with these words.
func startsWith(words string) *regexp.Regexp {
	return regexp.MustCompile("^" + regexp.QuoteMeta(words))
}
