package latin_test

import (
	"slices"
	"strings"
	"testing"

	"parley/server/latin"
)

func TestSpell(t *testing.T) {
	for name, want := range map[string]string{
		"陈小明":          "chen xiao ming/meng",
		"吕布":           "lv/lu bu",
		"Ada":          "",
		"ada lovelace": "",
		"José Núñez":   "jose nunez",
		"王 Anna":       "wang/yu anna",
		"Анна":         "",
		"😀":            "",
		"":             "",
	} {
		if got := latin.Spell(name); got != want {
			t.Errorf("%q is spelled %q, want %q", name, got, want)
		}
	}
}

// TestSurnames: what is read otherwise in a surname is found by that as well.
func TestSurnames(t *testing.T) {
	for name, reading := range map[string]string{"曾": "zeng", "单": "shan", "仇": "qiu", "解": "xie", "朴": "piao", "翟": "zhai", "區": "ou", "陳": "chen"} {
		if readings := strings.Split(latin.Spell(name), "/"); !slices.Contains(readings, reading) {
			t.Errorf("%s is read %q, without %q", name, readings, reading)
		}
	}
}

// TestBound: no name is spelled at any length, and it ends with a whole word.
func TestBound(t *testing.T) {
	got := latin.Spell(strings.Repeat("行", 4000))
	if len(got) > 256 || len(got) < 200 || !strings.HasSuffix(got, strings.Fields(got)[0]) {
		t.Errorf("a long name is spelled in %d bytes: %q", len(got), got)
	}
}

// FuzzSpell: whatever a name is, its spelling is small, in lower case, and the same
// each time.
func FuzzSpell(f *testing.F) {
	for _, name := range []string{"陈小明", "ﷺ", "\xff", "İ", "行行", "é"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		got := latin.Spell(name)
		if len(got) > 256 || got != latin.Spell(name) || strings.Contains(got, "  ") {
			t.Errorf("%q is spelled %q", name, got)
		}
	})
}
