package names_test

import (
	"strings"
	"testing"

	"parley/shared/names"
	"parley/shared/wire"
)

func TestClean(t *testing.T) {
	const family = "👩\u200D👩\u200D👧\u200D👦"
	for name, c := range map[string]struct{ in, want string }{
		"plain":                {"Ann", "Ann"},
		"Chinese":              {"陈小明", "陈小明"},
		"spaces":               {" \t Ann \u3000 Lee\u00A0", "Ann Lee"},
		"full width":           {"Ａｎｎ１", "Ann1"},
		"half-width kana":      {"ｱﾝ", "アン"},
		"ligature":             {"ﬁn", "fin"},
		"composed":             {"Jose\u0301", "José"},
		"emoji":                {"🦊", "🦊"},
		"emoji with joiners":   {family, family},
		"emoji with a variant": {"❤\uFE0F", "❤\uFE0F"},
		"Persian joiner":       {"علی\u200Cرضا", "علی\u200Cرضا"},
		"Han variant":          {"葛\U000E0100", "葛\U000E0100"},
		"one character":        {"x", "x"},
		"32 characters":        {strings.Repeat("明", 32), strings.Repeat("明", 32)},
		"32 once composed":     {strings.Repeat("e\u0301", 32), strings.Repeat("é", 32)},
	} {
		got, err := names.Clean("name", c.in)
		if err != nil || got != c.want {
			t.Errorf("%s: %+q, %v, want %+q", name, got, err, c.want)
		}
	}
}

func TestCleanRefuses(t *testing.T) {
	for name, c := range map[string]struct{ in, detail string }{
		"empty":             {"", "is empty"},
		"only spaces":       {" \t\n\u3000\u00A0", "is empty"},
		"only joiners":      {"\u200D\uFE0F", "is empty"},
		"33 characters":     {strings.Repeat("x", 33), "longer than 32"},
		"33 Chinese":        {strings.Repeat("明", 33), "longer than 32"},
		"33 once spread":    {strings.Repeat("x", 31) + "ﬁ", "longer than 32"},
		"megabytes":         {strings.Repeat("x", 10<<20), "longer than 32"},
		"not UTF-8":         {"Ann\xff", "UTF-8"},
		"NUL":               {"An\x00n", "U+0000"},
		"escape":            {"An\x1bn", "U+001B"},
		"turned direction":  {"Ann\u202E", "U+202E"},
		"isolate":           {"\u2066Ann\u2069", "U+2066"},
		"zero-width space":  {"An\u200Bn", "U+200B"},
		"word joiner":       {"An\u2060n", "U+2060"},
		"byte order mark":   {"\uFEFFAnn", "U+FEFF"},
		"soft hyphen":       {"An\u00ADn", "U+00AD"},
		"grapheme joiner":   {"An\u034Fn", "U+034F"},
		"Hangul filler":     {"An\u3164n", "U+1160"},
		"Khmer inherent":    {"An\u17B4n", "U+17B4"},
		"empty Braille":     {"An\u2800n", "U+2800"},
		"private use":       {"An\uE000n", "U+E000"},
		"unassigned":        {"An\U000E0FFFn", "U+E0FFF"},
		"tag":               {"An\U000E0041n", "U+E0041"},
		"noncharacter":      {"An\uFFFEn", "U+FFFE"},
		"replaced as UTF-8": {string([]byte{0xed, 0xa0, 0x80}), "UTF-8"},
	} {
		got, err := names.Clean("room name", c.in)
		if wire.CodeFrom(err) != wire.CodeBadRequest || !strings.Contains(err.Error(), c.detail) {
			t.Errorf("%s: %+q, %v, want an error with %q", name, got, err, c.detail)
		} else if !strings.Contains(err.Error(), "The room name ") {
			t.Errorf("%s: %v does not say what is meant", name, err)
		}
	}
}

func TestFold(t *testing.T) {
	for name, c := range map[string][2]string{
		"case":            {"ANN", "ann"},
		"sharp s":         {"Straße", "STRASSE"},
		"capital sharp s": {"STRAẞE", "strasse"},
		"full width":      {"ＡＮＮ", "ann"},
		"Kelvin sign":     {"\u212Aim", "kim"},
		"long s":          {"\u017Fam", "Sam"},
		"final sigma":     {"ΟΔΟΣ", "οδος"},
		"composed":        {"José", "JOSE\u0301"},
		"joiner":          {"An\u200Dn", "Ann"},
		"variant":         {"❤\uFE0F", "❤"},
		"spaces":          {" Ann  Lee ", "ann lee"},
		"Cherokee":        {"Ꭰ", "ꭰ"},
		"superscript":     {"Ann²", "ann2"},
		"half-width kana": {"ｶﾞ", "ガ"},
	} {
		if a, b := names.Fold(c[0]), names.Fold(c[1]); a != b {
			t.Errorf("%s: %+q and %+q are different names (%+q, %+q)", name, c[0], c[1], a, b)
		}
	}
	for _, c := range [][2]string{{"Ann", "Anna"}, {"陈小明", "陳小明"}, {"Ann Lee", "AnnLee"}, {"ı", "i"}, {"é", "e"}} {
		if names.Fold(c[0]) == names.Fold(c[1]) {
			t.Errorf("%q and %q are the same name", c[0], c[1])
		}
	}
}

// A cleaned name is clean, has the key of the name it was made of, and that
// key is its own key.
func FuzzClean(f *testing.F) {
	for _, seed := range []string{"Ann", "陈小明", " a  b ", "Straße", "ＡＢＣ", "👩‍👩‍👧", "\u202Eevil", "´a", "a\u0345\u0301", "\u1F80\u0301", "\u212A"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		clean, err := names.Clean("name", name)
		if err != nil {
			if wire.CodeFrom(err) != wire.CodeBadRequest {
				t.Fatal(err)
			}
			return
		}
		again, err := names.Clean("name", clean)
		if err != nil || again != clean {
			t.Fatalf("%+q cleaned twice is %+q, %v", clean, again, err)
		}
		key := names.Fold(clean)
		if key == "" || key != names.Fold(name) || key != names.Fold(key) {
			t.Fatalf("%+q: keys %+q, %+q, %+q", name, key, names.Fold(name), names.Fold(key))
		}
	})
}
