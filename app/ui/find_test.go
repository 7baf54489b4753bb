package ui

import (
	"strings"
	"testing"
)

func TestFits(t *testing.T) {
	for _, c := range []struct {
		typed, name, latin string
		want               int
	}{
		{"lobby", "Lobby", "", fitsWhole},
		{"lob", "lobby", "", fitsAtStart},
		{"okri", "Ben Okri", "", fitsWord},
		{"bb", "lobby", "", fitsInside},
		{"lby", "lobby", "", fitsLoose},
		{"yl", "lobby", "", fitsNot},
		{"xm", "陈小明", "chen xiao ming", fitsLatin},
		{"cxm", "陈小明", "chen xiao ming", fitsLatin},
		{"chenxiaoming", "陈小明", "chen xiao ming", fitsLatin},
		{"chen xiao", "陈小明", "chen xiao ming", fitsLatin},
		{"zengm", "曾明", "zeng/ceng ming", fitsLatin},
		{"cengm", "曾明", "zeng/ceng ming", fitsLatin},
		{"mx", "陈小明", "chen xiao ming", fitsNot},
		{"小明", "陈小明", "chen xiao ming", fitsInside},
		{"陈", "陈小明", "chen xiao ming", fitsAtStart},
	} {
		if got := fits(c.typed, c.name, c.latin); got != c.want {
			t.Errorf("%q in %q: %d, want %d", c.typed, c.name, got, c.want)
		}
	}
}

func TestSnippet(t *testing.T) {
	show := func(text string, places ...[2]int) string {
		var b strings.Builder
		for _, p := range snippet(text, places) {
			if p.marked {
				b.WriteString("[" + p.text + "]")
			} else {
				b.WriteString(p.text)
			}
		}
		return b.String()
	}
	long := strings.Repeat("很", 200)
	for _, c := range []struct{ got, want string }{
		{show("我们在上海见面吧", [2]int{5, 7}), "我们在上海[见面]吧"},
		{show("a\nb", [2]int{2, 3}), "a [b]"},
		{show("🎉 see you", [2]int{2, 5}, [2]int{6, 9}), "🎉 [see] [you]"},
		{show("nothing marked"), "nothing marked"},
		{show(long+"见面", [2]int{200, 202}), "…" + strings.Repeat("很", 30) + "[见面]"},
		{show("short", [2]int{3, 99}), "sho[rt]"}, // whatever a server says
		{show(long), strings.Repeat("很", 180) + "…"},
		{show("**bold** and `code`", [2]int{2, 6}), "[bold] and code"},
		{show(""), ""},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

func TestShortcuts(t *testing.T) {
	for _, c := range []struct {
		name   string
		k      chord
		typing bool
		dialog bool
		want   shortcut
	}{
		{"Ctrl-K", chord{Key: "k", Ctrl: true}, false, false, doSwitch},
		{"Ctrl-K while typing", chord{Key: "k", Ctrl: true}, true, false, doSwitch},
		{"in a dialog", chord{Key: "k", Ctrl: true}, true, true, doNothing},
		{"k", chord{Key: "k"}, false, false, doNothing},
		{"Ctrl-F is the browser's", chord{Key: "f", Ctrl: true}, false, false, doNothing},
		{"Ctrl-Shift-F", chord{Key: "F", Ctrl: true, Shift: true}, true, false, doSearch},
		{"slash", chord{Key: "/"}, false, false, doSearch},
		{"slash while typing", chord{Key: "/"}, true, false, doNothing},
		{"question mark", chord{Key: "?", Shift: true}, false, false, doHelp},
		{"question mark while typing", chord{Key: "?", Shift: true}, true, false, doNothing},
		{"composing", chord{Key: "k", Ctrl: true, Composing: true}, true, false, doNothing},
		{"next room", chord{Key: "ArrowDown", Alt: true}, true, false, doNext},
		{"room before", chord{Key: "ArrowUp", Alt: true}, false, false, doPrevious},
		{"next unread", chord{Key: "ArrowDown", Alt: true, Shift: true}, true, false, doNextUnread},
		{"unread before", chord{Key: "ArrowUp", Alt: true, Shift: true}, true, false, doPreviousUnread},
		{"Alt-Ctrl is AltGr", chord{Key: "k", Alt: true, Ctrl: true}, true, false, doNothing},
	} {
		if got := shortcutOf(c.k, c.typing, c.dialog); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}
