package search

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"parley/shared/wire"
)

// found is the places of a query in a text as the words there, or nil.
func found(t testing.TB, query, text string) []string {
	t.Helper()
	q, err := parse(query, time.UTC)
	if err != nil {
		t.Fatalf("%q: %v", query, err)
	}
	var m matcher
	places, ok := m.match(text, q.needles)
	if !ok {
		return nil
	}
	words, runes := []string{}, []rune(text)
	for _, p := range places {
		words = append(words, string(runes[p[0]:p[1]]))
	}
	return words
}

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		query, text string
		want        []string // nil: no match
	}{
		// Chinese: two characters, one, many, mixed with Latin, names
		{"上海", "我们在上海见面吧", []string{"上海"}},
		{"海上", "我们在上海见面吧", nil},
		{"海", "我们在上海", []string{"海"}},
		{"见面 上海", "我们在上海见面吧", []string{"上海见面"}},
		{"上海见面", "上海，见面", nil},
		{"用go写", "我用Go写的", []string{"用Go写"}},
		{"go", "我用Go写的", []string{"Go"}},
		{"小明", "@陈小明 看一下", []string{"小明"}},
		{"𠮷野", "去𠮷野家", []string{"𠮷野"}}, // beyond the BMP
		{"々", "人々", []string{"々"}},

		// Simplified and traditional, both ways, and what has several forms
		{"上海发展", "上海發展", []string{"上海發展"}},
		{"頭髮", "头发", []string{"头发"}},
		{"发", "頭髮和發展", []string{"髮", "發"}},
		{"里面", "裏面 裡面 里面", []string{"裏面", "裡面", "里面"}},
		{"乾坤", "乾坤", []string{"乾坤"}},
		{"干燥", "乾燥", []string{"乾燥"}},
		{"台湾", "臺灣 台灣", []string{"臺灣", "台灣"}},
		{"餘額", "余额", []string{"余额"}},

		// Width
		{"abc123", "ＡＢＣ１２３", []string{"ＡＢＣ１２３"}},
		{"ＡＢＣ", "abc", []string{"abc"}},
		{"カタカナ", "ｶﾀｶﾅ", []string{"ｶﾀｶﾅ"}},
		{"ガ", "ｶﾞｽ", []string{"ｶﾞ"}},
		{"“上海 见面”", "上海　见面", []string{"上海　见面"}},
		{"a!b", "ａ！ｂ", []string{"ａ！ｂ"}},

		// Other scripts without spaces
		{"한국", "저는 한국어를", []string{"한국"}},
		{"东京です", "東京です", []string{"東京です"}},
		{"ภาษา", "ฉันพูดภาษาไทย", []string{"ภาษา"}},

		// English: words, the last one as it is typed, case, accents
		{"hello", "Hello, World", []string{"Hello"}},
		{"hel", "Hello", []string{"Hel"}},
		{"hel ", "Hello", nil},
		{"ello", "Hello", nil},
		{"hel world", "hello world", nil},
		{"hello wor", "hello world", []string{"hello", "wor"}},
		{"world hello", "hello world", []string{"hello", "world"}},
		{"cafe", "Café", []string{"Café"}},
		{"Café", "CAFE\u0301 cafe", []string{"CAFE\u0301", "cafe"}},
		{"strasse", "Straße", []string{"Straße"}},
		{"lodz", "Łódź", []string{"Łódź"}},
		{"istanbul", "İstanbul ISTANBUL ıstanbul", []string{"İstanbul", "ISTANBUL", "ıstanbul"}},
		{"ΣΊΣΥΦΟΣ", "σίσυφος", []string{"σίσυφος"}},
		{"fine", "ﬁne", []string{"ﬁne"}},
		{"ﬁ ", "fi", []string{"fi"}},
		{"don't", "don’t", []string{"don’t"}},
		{"soft", "so\u00ADft", []string{"so\u00ADft"}},

		// Phrases
		{`"hello world"`, "Hello\n  WORLD!", []string{"Hello\n  WORLD"}},
		{`"world hello"`, "hello world", nil},
		{`"hell"`, "hello", nil},
		{`"hello wor`, "hello world", []string{"hello wor"}}, // not closed yet

		// Code, addresses, emoji
		{"foo_bar", "call foo_bar()", []string{"foo_bar"}},
		{"bar ", "call foo_bar()", []string{"bar"}},
		{"case ", "a camelCase name", []string{"Case"}},
		{"camelcase", "a camelCase name", []string{"camelCase"}},
		{"server ", "HTTPServer", []string{"Server"}},
		{"erver", "HTTPServer", nil},
		{"15 ", "iPhone15", []string{"15"}},
		{"example.com", "see https://example.com/a?b=c", []string{"example.com"}},
		{"c++", "C++ is not C", []string{"C++"}},
		{"👍", "ok 👍🏽!", []string{"👍"}},
		{"❤", "I ❤️ it", []string{"❤"}},

		// Nothing in a query is a language
		{".*", "a.*b", []string{".*"}},
		{".*", "ab", nil},
		{`(a|b)+[^c]`, "x (A|B)+[^C]", []string{"(A|B)+[^C]"}},
		{`\`, `a\b`, []string{`\`}},
		{"' OR 1=1 --", "or 1=1 -- '", []string{"or", "1=1", "--", "'"}},
	} {
		got := found(t, c.query, c.text)
		if (got == nil) != (c.want == nil) || !slices.Equal(got, c.want) {
			t.Errorf("%q in %q: %q, want %q", c.query, c.text, got, c.want)
		}
	}
}

func TestParse(t *testing.T) {
	zone := time.FixedZone("", 8*3600)
	day := wire.TimeOf(time.Date(2026, 11, 1, 0, 0, 0, 0, zone))
	for text, want := range map[string]query{
		"from:ann lunch":                     {needles: []needle{{"lunch", true}}, from: []string{"ann"}},
		"From：@陈小明 in:#上海":                   {from: []string{"陈小明"}, in: []string{"上海"}},
		`from:"Ann Lee" "a  b" c`:            {needles: []needle{{"a b", false}, {"c", true}}, from: []string{"Ann Lee"}},
		"from:“Ann Lee”":                     {from: []string{"Ann Lee"}},
		"before:2026-11-01 after:2026-11-01": {before: day, after: day},
		"before:2026-11-01T00:00:00+08:00":   {before: day},
		"from: x":                            {needles: []needle{{"from:", false}, {"x", true}}},
		"http://x":                           {needles: []needle{{"http://x", true}}},
		`a"b c"d`:                            {needles: []needle{{"a", false}, {"b c", false}, {"d", true}}},
		"\u200B a":                           {needles: []needle{{"a", true}}},
	} {
		got, err := parse(text, zone)
		if err != nil || !slices.Equal(got.needles, want.needles) || !slices.Equal(got.from, want.from) ||
			!slices.Equal(got.in, want.in) || got.before != want.before || got.after != want.after {
			t.Errorf("%q: %+v, %v; want %+v", text, got, err, want)
		}
	}
	for _, text := range []string{
		"", "  \u3000", "\u200B", `""`, "before:tomorrow", "after:2026-13-01", "a\xff",
		strings.Repeat("x", wire.MaxQuery+1), strings.Repeat("x ", maxNeedles+1), strings.Repeat("from:x ", maxNeedles) + "x", strings.Repeat("in:x ", maxNeedles+1),
	} {
		if _, err := parse(text, zone); wire.CodeFrom(err) != wire.CodeBadRequest {
			t.Errorf("%.40q: %v", text, err)
		}
	}
}

// Whatever is indexed and looked up, the index may never hide a message that
// matches, and places are always places.
func FuzzMatch(f *testing.F) {
	for _, seed := range [][2]string{
		{"上海", "我们在上海見面"},
		{"cafe ", "CAFÉ au lait"},
		{"fi", "ﬁnd"},
		{"camelCase", "xCamelCaseHTTPServer12"},
		{"ｶﾞ", "ガギ e\u0301\u0301"},
		{`"a b" c`, "A\t\nb C"},
		{"เก", "เก้า"},
		{"👨‍👩‍👧", "x👨‍👩‍👧"},
		{"\u0301", "e\u0301"},
		{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"},
		{"각", "가\u11A8"},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, query, text string) {
		if !utf8.ValidString(text) {
			return
		}
		q, err := parse(query, time.UTC)
		if err != nil {
			return
		}
		var m matcher
		places, ok := m.match(text, q.needles)
		last := -1
		runes := []rune(text)
		for _, p := range places {
			if p[0] <= last || p[1] <= p[0] || p[1] > len(runes) {
				t.Fatalf("%q in %q: places %v", query, text, places)
			}
			last = p[1]
			if ok && len(q.needles) == 1 && len(places) < maxHighlights {
				part := string(new(folder).fold(string(runes[p[0]:p[1]])).text)
				if whole := strings.TrimSpace(part); !strings.Contains(part, q.needles[0].text) && !strings.Contains(whole, q.needles[0].text) {
					t.Fatalf("%q in %q: the place %v folds to %q", query, text, p, part)
				}
			}
		}
		if !ok {
			return
		}
		tokens := map[string]bool{}
		new(folder).fold(text).tokens(func(token []byte) { tokens[string(token)] = true })
		for _, l := range q.plan(nil) {
			has := false
			for token := range tokens {
				has = has || token == l.tokens[0] || l.prefix && strings.HasPrefix(token, l.tokens[0])
			}
			if !has {
				t.Fatalf("%q matches %q, which is not indexed under %+v", query, text, l)
			}
		}
	})
}
