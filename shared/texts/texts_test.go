package texts

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode"

	"parley/shared/wire"
)

// TestCataloguesAreComplete: a text that is missing is a label that nobody can read.
func TestCataloguesAreComplete(t *testing.T) {
	for _, l := range Languages {
		complete(t, l.Lang, reflect.ValueOf(*l))
	}
}

func complete(t *testing.T, path string, v reflect.Value) {
	t.Helper()
	for i := range v.NumField() {
		field := v.Type().Field(i)
		name := path + "." + field.Name
		switch f := v.Field(i); f.Kind() {
		case reflect.Struct:
			complete(t, name, f)
		case reflect.String:
			if slices.Contains([]string{"gap", "between", "Comma", "Colon"}, field.Name) { // they stand between words
				continue
			}
			wantText(t, name, f.String())
		case reflect.Array:
			for j := range f.Len() {
				wantText(t, name, f.Index(j).String())
			}
		case reflect.Func:
			if f.IsNil() {
				t.Errorf("%s is nil", name)
			}
		}
	}
}

func wantText(t *testing.T, name, text string) {
	t.Helper()
	if strings.TrimSpace(text) != text || text == "" {
		t.Errorf("%s is %q", name, text)
	}
}

// TestSentences: what is put together reads well for none, one, two and many.
func TestSentences(t *testing.T) {
	for lang, want := range map[string][]string{
		"en": {
			"0 members", "1 member", "2 members", "1,234 members",
			"0 new messages", "1 new message", "2 new messages", "1,234 new messages",
			"0 unread", "1 unread", "2 unread", "1,234 unread",
			"Message Ada & 陈", "This is where Ada & 陈 begins.",
			"", "A is typing", "A and B are typing", "A, B and C are typing", "Several people are typing",
		},
		"zh": {
			"0 位成员", "1 位成员", "2 位成员", "1,234 位成员",
			"0 条新消息", "1 条新消息", "2 条新消息", "1,234 条新消息",
			"0 条未读", "1 条未读", "2 条未读", "1,234 条未读",
			"发消息到“Ada & 陈”", "“Ada & 陈”从这里开始。",
			"", "A 正在输入", "A and B 正在输入", "A, B and C 正在输入", "好几个人正在输入",
		},
	} {
		l := For(lang)
		var got []string
		for _, fn := range []func(Number) string{l.MemberCount, l.NewMessages, l.Unread} {
			for _, n := range []int{0, 1, 2, 1234} {
				got = append(got, fn(Plain(n)))
			}
		}
		got = append(got, l.MessageTo("Ada & 陈"), l.Beginning("Ada & 陈"))
		for n, names := range []string{"", "A", "A and B", "A, B and C", "A, B, C and D"} {
			got = append(got, l.Typing(n, names))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s says\n%q, want\n%q", lang, got, want)
		}
	}
}

func TestNumbers(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1000: "-1,000", -100: "-100"} {
		if got := Plain(n); got.Written != want || got.N != n {
			t.Errorf("Plain(%d) = %v", n, got)
		}
	}
	for n, want := range map[uint64]string{1: "1", 99: "99", 100: "99+"} {
		if got := Badge(n); got != want {
			t.Errorf("Badge(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestLanguageOfTheReader(t *testing.T) {
	for _, c := range []struct {
		chosen, accept string
		want           *Texts
	}{
		{"", "", &English},
		{"", "*", &English},
		{"", "zh-CN,zh;q=0.9,en;q=0.8", &Chinese},
		{"", "zh-Hans-SG", &Chinese},
		{"", "ZH", &Chinese},
		{"", "zh-TW,zh;q=0.9,en-US;q=0.8", &Chinese},
		{"", "zh-Hant-HK", &Chinese},
		{"", "en-GB,zh-TW;q=0.7", &English},
		{"", "zh-TW;q=0.5, en;q=0.9", &English},
		{"", "de-CH,de;q=0.9,zh;q=0.1", &Chinese},
		{"", "zh;q=0,en", &English},
		{"", "zh;q=loud, de", &English},
		{"", "zha", &English}, // Zhuang
		{"", strings.Repeat("de,", 100) + "zh", &English},
		{"zh-Hans", "en", &Chinese},
		{"en", "zh-CN", &English},
		{"zh_CN", "en", &Chinese},
		{"<script>", "zh", &Chinese},
	} {
		if got := For(append([]string{c.chosen}, Accepted(c.accept)...)...); got != c.want {
			t.Errorf("who chose %q and accepts %.40q reads %s", c.chosen, c.accept, got.Lang)
		}
	}
}

func TestErrorsInWords(t *testing.T) {
	for _, c := range []struct {
		err              error
		english, chinese string
	}{
		{errors.New("Failed to fetch"), English.Unreachable, Chinese.Unreachable},
		{wire.Errorf(wire.CodeRateLimited, "Slow down."), English.TooMany, Chinese.TooMany},
		{wire.Errorf(wire.CodeUnavailable, ""), English.Unavailable, Chinese.Unavailable},
		{wire.Errorf(wire.CodeInternal, "x"), English.Internal, Chinese.Internal},
		{wire.Errorf(wire.CodeBadRequest, ""), English.Internal, Chinese.Internal},
		{wire.Errorf(wire.CodeConflict, "The name is taken."), "The name is taken.", "这个名字已有人使用。"},
		{wire.Errorf(wire.CodeBadRequest, "The password must have 8 to 200 characters."), "The password must have 8 to 200 characters.", "密码需要 8 到 200 个字符。"},
		{wire.Errorf(wire.CodeConflict, "100%% %%s is deactivated."), "100% %s is deactivated.", "100% %s 的账号已停用。"},
		{wire.Errorf(wire.CodeForbidden, "Not in this weather."), "Not in this weather.", "没有权限"},
	} {
		if got := English.Error(c.err); got != c.english {
			t.Errorf("%v in English: %q, want %q", c.err, got, c.english)
		}
		if got := Chinese.Error(c.err); got != c.chinese {
			t.Errorf("%v in Chinese: %q, want %q", c.err, got, c.chinese)
		}
	}
}

// TestTitles: every code has a title in every language.
func TestTitles(t *testing.T) {
	for _, l := range Languages {
		for status := range 600 {
			p := wire.Errorf(wire.CodeOf(status), "x")
			if title := l.Title(p); title == "" || l != &English && strings.ContainsFunc(title, isLatin) {
				t.Errorf("%s: the title of %s is %q", l.Lang, p.Code, title)
			}
		}
	}
}

func isLatin(r rune) bool { return unicode.Is(unicode.Latin, r) }

func TestNameOfTheLobby(t *testing.T) {
	for _, c := range []struct{ id, name, want string }{
		{wire.Lobby, "lobby", "大厅"},
		{wire.Lobby, "Kitchen", "Kitchen"},
		{"r2", "lobby", "lobby"},
	} {
		if got := Chinese.NameOf(wire.Room{ID: c.id, Name: c.name}, "me", nil); got != c.want {
			t.Errorf("room %s named %q is called %q, want %q", c.id, c.name, got, c.want)
		}
	}
}

// TestNameOfADirectRoom: it is called by the others in it.
func TestNameOfADirectRoom(t *testing.T) {
	names := map[string]string{"a": "Ada", "b": "ben", "c": "陈小明"}
	for _, c := range []struct {
		members string
		en, zh  string
	}{
		{"a", "Ada (you)", "Ada（你）"},
		{"ac", "陈小明", "陈小明"},
		{"acb", "ben, 陈小明", "ben、陈小明"},
	} {
		r := wire.Room{ID: "d", Kind: wire.KindDirect, Members: strings.Split(c.members, "")}
		name := func(id string) string { return names[id] }
		if en, zh := English.NameOf(r, "a", name), Chinese.NameOf(r, "a", name); en != c.en || zh != c.zh {
			t.Errorf("with %s: %q and %q, want %q and %q", c.members, en, zh, c.en, c.zh)
		}
	}
}

func TestOrderOfRooms(t *testing.T) {
	list := []wire.Room{
		{ID: "1", Name: "Ben", Kind: wire.KindDirect},
		{ID: "2", Name: "attic", Archived: true},
		{ID: "3", Name: "Zoo"},
		{ID: "4", Name: "Garden"},
		{ID: wire.Lobby, Name: "lobby"},
		{ID: "5", Name: "Ada", Kind: wire.KindDirect},
	}
	slices.SortFunc(list, CompareRooms)
	var got string
	for _, r := range list {
		got += r.Name + " "
	}
	if want := "lobby Garden Zoo Ada Ben attic "; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
