package ui

import (
	"strings"
	"testing"

	"parley/shared/texts"
)

func TestReadSlash(t *testing.T) {
	for text, want := range map[string][3]string{
		"//x y":          {"/x y"},
		"/topic  a b ":   {"", "topic", "a b"},
		"/LEAVE":         {"", "leave"},
		"/":              {},
		"/invite\n@Ada":  {"", "invite", "@Ada"},
		"/usr/bin is it": {"", "usr/bin", "is it"},
	} {
		var got [3]string
		got[0], got[1], got[2] = readSlash(text)
		if got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

// TestSlashesAreComplete: every command has a name of its own, says what it does in
// each language, and does something, or is sent as it is.
func TestSlashesAreComplete(t *testing.T) {
	var names []string
	for _, s := range slashes() {
		names = append(names, s.name)
		for _, l := range texts.Languages {
			if s.help(l) == "" {
				t.Errorf("/%s says nothing in %s", s.name, l.Lang)
			}
		}
		if (s.run == nil) != (s.name == "me") {
			t.Errorf("/%s is sent as it is, or does not do what it says", s.name)
		}
	}
	if got := strings.Join(names, " "); got != "me topic invite leave mute help" {
		t.Errorf("the commands are %s", got)
	}
}

// TestOrders: a message goes as it is, /me with what follows it, and two strokes
// for one; of any other command nothing is sent, and what makes no sense is
// answered.
func TestOrders(t *testing.T) {
	for text, want := range map[string]string{
		"hello": "sends hello", "  /me x": "sends   /me x", "//me": "sends /me", "//": "sends /",
		"/me waves": "sends /me waves", "/ME waves": "sends /me waves", "/me\nwaves\ntwice": "sends /me waves\ntwice",
		"/me": "says /me …   say what you do: Ada waves", "/me   ": "says /me …   say what you do: Ada waves",
		"/topic": "says /topic …   change the topic of the room", "/topic  a b ": "does a b", "/Mute": "does ", "/leave now": "does now",
		"/dance": "says There is no command /dance. See /help; to send it as it is, type another / in front.",
		"/":      "says There is no command /. See /help; to send it as it is, type another / in front.",
	} {
		got := ""
		switch o := orderOf(text); {
		case o.refused != nil:
			got = "says " + o.refused(&texts.English)
		case o.run != nil:
			got = "does " + o.arg
		default:
			got = "sends " + o.message
		}
		if got != want {
			t.Errorf("%q %s, want that it %s", text, got, want)
		}
	}
}

func TestSuggestSlash(t *testing.T) {
	m := &Model{T: &texts.English}
	for before, want := range map[string]int{"/": 6, "/m": 2, "/TOP": 1, "/x": 0, "/me ": 0, "a/": 0, "//": 0, "": 0} {
		if _, list := m.suggestSlash(before, nil); len(list) != want {
			t.Errorf("%q offers %d commands, want %d", before, len(list), want)
		}
	}
}
