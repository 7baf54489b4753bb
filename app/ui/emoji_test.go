package ui

import (
	"os"
	"testing"
)

func table(t *testing.T, lang string) *emojiTable {
	t.Helper()
	data, err := os.ReadFile("../../static/web/emoji.json")
	if err != nil {
		t.Fatal(err)
	}
	groups, err := parseEmoji(data, lang)
	if err != nil {
		t.Fatal(err)
	}
	return &emojiTable{lang: lang, groups: groups}
}

// TestFindEmoji: by its name, by a part of it, and by words of both languages,
// whatever the reader's is.
func TestFindEmoji(t *testing.T) {
	en, zh := table(t, "en"), table(t, "zh-Hans")
	for typed, want := range map[string]string{
		"tada": "🎉", "thumbsup": "👍️", "+1": "👍️", "hear": "❤️", "heart": "❤️", "庆祝": "🎉", "笑脸": "😁", "party popper": "🎉", "Tada": "🎉", "china": "🇨🇳",
	} {
		for _, table := range []*emojiTable{en, zh} {
			list := table.find(typed, 8)
			if len(list) == 0 || list[0].char != want {
				t.Errorf("%s in %s finds %+v", typed, table.lang, list)
			}
		}
	}
	if list := en.find("no such emoji", 8); len(list) != 0 {
		t.Errorf("found %+v", list)
	}
	if e := zh.named([]string{"🎉", "x"}); len(e) != 1 || e[0].label != "拉炮彩带" {
		t.Errorf("🎉 is %+v", e)
	}
	if len(en.groups) != 9 || en.groups[0].title == zh.groups[0].title {
		t.Errorf("groups %d, %s", len(en.groups), en.groups[0].title)
	}
	for _, bad := range []string{"", "{}", `[{"emoji":[["x"]]}]`} {
		if _, err := parseEmoji([]byte(bad), "en"); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

func TestEmojiTyped(t *testing.T) {
	for before, want := range map[string]string{
		":ta": "ta", "hi :tada": "tada", "好:笑": "笑", "好：笑脸": "笑脸", "(:+1": "+1", "\n:heart_e": "heart_e",
		"": "", ":": "", ":t": "", "10:30": "", "at 10:30": "", "http://x": "", "a:tada": "", ":tada ": "", ":tada:": "", "::": "", "x :)": "", ": hello": "", ":3x": "",
		":abcdefghijklmnopqrstuvwxyz": "",
	} {
		start, name := emojiTyped(before)
		if name != want || (start < 0) != (want == "") {
			t.Errorf("%q: %q at %d, want %q", before, name, start, want)
		}
	}
}

func TestUTF16Len(t *testing.T) {
	for s, want := range map[string]int{"": 0, "ab": 2, "笑": 1, "🎉": 2, ":🎉x": 4} {
		if got := utf16Len(s); got != want {
			t.Errorf("%q is %d long", s, got)
		}
		if got := utf16Cut(s+"!", want); got != s {
			t.Errorf("%d of %q! are %q", want, s, got)
		}
	}
}
