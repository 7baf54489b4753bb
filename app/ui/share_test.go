package ui

import (
	"testing"

	"parley/app/browser"
)

func TestTextOfShared(t *testing.T) {
	for want, s := range map[string]browser.Shared{
		"":                              {Left: []string{"cat.png"}},
		"茶\nhttps://example.org/":       {Title: "茶", URL: "https://example.org/"},
		"Look: https://example.org/tea": {Title: "Look", Text: "Look: https://example.org/tea", URL: "https://example.org/tea"},
		"Notes\none\ntwo":               {Title: "Notes", Files: []browser.SharedFile{{Text: "one\n"}, {Text: "two"}}},
	} {
		if got := textOf(s); got != want {
			t.Errorf("%+v: %q, want %q", s, got, want)
		}
	}
	if got := textOf(inFragment("title=Tea%20%26%20%E8%8C%B6&text=a%2Bb&url=")); got != "Tea & 茶\na+b" {
		t.Errorf("from a fragment: %q", got)
	}
}
