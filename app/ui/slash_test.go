package ui

import (
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

func TestSuggestSlash(t *testing.T) {
	m := &Model{T: &texts.English}
	for before, want := range map[string]int{"/": 6, "/m": 2, "/TOP": 1, "/x": 0, "/me ": 0, "a/": 0, "//": 0, "": 0} {
		if _, list := m.suggestSlash(before, nil); len(list) != want {
			t.Errorf("%q offers %d commands, want %d", before, len(list), want)
		}
	}
}
