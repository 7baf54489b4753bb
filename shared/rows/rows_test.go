package rows

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"parley/shared/wire"
)

// utc tells times as a server without a person would.
type utc struct{}

func (utc) Day(t wire.Time) int        { return int(t / 86_400_000) }
func (utc) DayName(t wire.Time) string { return t.Std().Format("Monday, 2 January") }
func (utc) Clock(t wire.Time) string   { return t.Std().Format("15:04") }
func (utc) Full(t wire.Time) string    { return t.Std().Format(time.RFC1123) }

func writer() Writer {
	names := map[string]string{"u1": "Ada Lovelace", "u2": "陈小明"}
	return Writer{
		Me: "u2", Name: func(id string) string { return names[id] }, Times: utc{},
		Texts: Texts{
			New: "New", Deleted: "Deleted", Edited: "edited", Sending: "Sending", Sent: "Sent", Failed: "Failed", TryAgain: "Try again", Edit: "Edit",
			ReplyTo: "In reply to", Reactions: "Reactions", React: "React", You: "you", SeeEdits: "See edits", ShowAll: "Show all", Copy: "Copy", Comma: ", ", Colon: ": ",
		},
		Quote: func(seq uint64) (wire.Quote, bool) {
			return wire.Quote{Seq: seq, Author: "u1", Text: "Where\n<b> & when?", Deleted: seq == 8}, seq != 9
		},
	}
}

func at(clock string) wire.Time {
	t, err := time.Parse("2006-01-02 15:04:05", "2026-03-0"+clock)
	if err != nil {
		panic(err)
	}
	return wire.TimeOf(t)
}

func TestGrouping(t *testing.T) {
	first := wire.Message{Seq: 1, Author: "u1", Time: at("4 12:00:00"), Text: "a"}
	for _, c := range []struct {
		name   string
		prev   *wire.Message
		author string
		time   wire.Time
		unread bool
		head   bool
		day    bool
	}{
		{"the first row", nil, "u1", at("4 12:00:00"), false, true, true},
		{"at once, same author", &first, "u1", at("4 12:00:01"), false, false, false},
		{"just within the gap", &first, "u1", at("4 12:04:59"), false, false, false},
		{"after the gap", &first, "u1", at("4 12:05:00"), false, true, false},
		{"another author", &first, "u2", at("4 12:00:01"), false, true, false},
		{"another day", &first, "u1", at("5 12:00:01"), false, true, true},
		{"a clock that went back", &first, "u1", at("4 11:50:00"), false, true, false},
		{"the first unread", &first, "u1", at("4 12:00:01"), true, true, false},
	} {
		var b strings.Builder
		writer().Message(&b, c.prev, wire.Message{Seq: 2, Author: c.author, Time: c.time, Text: "b"}, c.unread)
		got := b.String()
		if has := strings.Contains(got, `class="avatar`); has != c.head {
			t.Errorf("%s: head is %v: %s", c.name, has, got)
		}
		if has := strings.Contains(got, `class="day"`); has != c.day {
			t.Errorf("%s: day is %v: %s", c.name, has, got)
		}
		if has := strings.Contains(got, `class="unread"`); has != c.unread {
			t.Errorf("%s: unread is %v: %s", c.name, has, got)
		}
	}
}

func TestMessageIsExact(t *testing.T) {
	var b strings.Builder
	writer().Message(&b, nil, wire.Message{Seq: 7, Author: "u2", Time: at("4 09:05:00"), Text: "你好 <b>\nhttps://example.com/?a=1&b=2."}, false)
	want := `<article class="row head own" data-author="u2" id="m7" data-seq="7" data-state="sent">` +
		`<div class="day" role="separator"><span>Wednesday, 4 March</span></div>` +
		`<div class="line"><span class="avatar hue2" aria-hidden="true">小明</span>` +
		`<div class="who"><b class="name">陈小明</b><time datetime="2026-03-04T09:05:00.000Z" title="Wed, 04 Mar 2026 09:05:00 UTC">09:05</time></div>` +
		"<div class=\"text\" dir=\"auto\">你好 &lt;b&gt;\n" +
		`<a href="https://example.com/?a=1&amp;b=2" target="_blank" rel="noopener nofollow">https://example.com/?a=1&amp;b=2</a>.</div>` +
		`<span class="state">Sent</span></div></article>`
	if b.String() != want {
		t.Errorf("got  %s\nwant %s", b.String(), want)
	}
}

func TestPending(t *testing.T) {
	prev := &wire.Message{Author: "u2", Time: at("4 12:00:00")}
	for state, want := range map[State]string{
		Sending: `<span class="state">Sending</span></div></article>`,
		Sent:    `<span class="state">Sent</span></div></article>`,
		Failed: `<span class="state">Failed</span><div class="failure"><span class="reason">Too &lt;long&gt;.</span>` +
			`<button type="button" class="link" data-do="retry">Try again</button>` +
			`<button type="button" class="link" data-do="discard">Edit</button></div></div></article>`,
	} {
		var b strings.Builder
		writer().Pending(&b, prev, Pending{Nonce: `n"1`, Text: "x", Time: at("4 12:01:00"), State: state, Reason: "Too <long>."})
		got := b.String()
		if !strings.HasSuffix(got, want) || !strings.Contains(got, `data-nonce="n&#34;1" data-state="`+string(state)+`"`) {
			t.Errorf("%s: %s", state, got)
		}
	}
}

func TestDeletedAndEdited(t *testing.T) {
	var b strings.Builder
	writer().Message(&b, nil, wire.Message{Author: "u1", Text: "secret", Deleted: 1}, false)
	if got := b.String(); strings.Contains(got, "secret") || !strings.Contains(got, `<div class="text gone">Deleted</div>`) {
		t.Error(got)
	}
	b.Reset()
	writer().Message(&b, nil, wire.Message{Author: "u1", Text: "x", Edited: 1}, false)
	if got := b.String(); !strings.Contains(got, `<span class="edited">edited</span>`) {
		t.Error(got)
	}
}

func TestLinks(t *testing.T) {
	for text, want := range map[string][]string{
		"https://example.com":                            {"https://example.com"},
		"see http://a.b/c?d=e#f, then":                   {"http://a.b/c?d=e#f"},
		"(https://en.wikipedia.org/wiki/Go_(game))":      {"https://en.wikipedia.org/wiki/Go_(game)"},
		"看https://example.com/路吧":                        {"https://example.com/"},
		"去 https://example.com。好":                        {"https://example.com"},
		"（https://example.com）":                          {"https://example.com"},
		"https://münchen.de/straße":                      {"https://münchen.de/straße"},
		"HTTPS://EXAMPLE.COM":                            {"HTTPS://EXAMPLE.COM"},
		"mailto:a@b.c or mailto:nobody":                  {"mailto:a@b.c"},
		"http://[::1]:8080/x":                            {"http://[::1]:8080/x"},
		"https://a.b https://c.d\nhttps://e.f":           {"https://a.b", "https://c.d", "https://e.f"},
		"**https://a.b/c**":                              {"https://a.b/c"},
		`"https://a.b"`:                                  {"https://a.b"},
		"<https://a.b>":                                  {"https://a.b"},
		"xhttps://a.b":                                   nil,
		"http:// https://. mailto: http://-":             nil,
		"javascript:alert(1) data:text/html,x":           nil,
		"java\nscript:alert(1)//http:/x":                 nil,
		"vbscript:x file:///etc/passwd ftp://a.b":        nil,
		"https://a.b\u202Egnp.exe":                       {"https://a.b"},
		"https://a.b/\"onmouseover=\"alert(1)":           {"https://a.b/"},
		"https://a.b/'onmouseover='alert(1)":             {"https://a.b/'onmouseover='alert(1)"},
		"http://https://a.b":                             {"http://https://a.b"},
		"https://a.b/" + strings.Repeat("x", 3000) + "!": {"https://a.b/" + strings.Repeat("x", 3000)},
	} {
		var b strings.Builder
		Text(&b, text)
		var got []string
		for _, part := range strings.Split(b.String(), `<a href="`)[1:] {
			href, _, _ := strings.Cut(part, `"`)
			got = append(got, unescape(href))
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%.60q: links %q, want %q", text, got, want)
		}
	}
}

func TestInitials(t *testing.T) {
	for name, want := range map[string]string{
		"Ada Lovelace": "AL", "ada": "A", "陈小明": "小明", "陈": "陈", "김민수": "민수", "Jean-Luc Picard": "JP",
		"":      "?",
		"  ":    "?",
		"🦊 Fox": "🦊", "👩🏽‍💻dev": "👩🏽‍💻", "🇩🇪": "🇩🇪", "é́clair": "É́", "R2 D2": "RD", "42": "4", "_x_": "X",
	} {
		if got := Initials(name); got != want {
			t.Errorf("Initials(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestEmojiOnly(t *testing.T) {
	for text, want := range map[string]bool{
		"👍": true, "🎉🎉🎉": true, "👩🏽‍💻": true, "❤️": true, "🇩🇪": true, "👍 👍": true,
		"🎉🎉🎉🎉": false, "ok 👍": false, "": false, " ": false, "\u200d": false, "好": false,
	} {
		if got := emojiOnly(text); got != want {
			t.Errorf("emojiOnly(%q) = %v", text, got)
		}
	}
}

func BenchmarkMessage(b *testing.B) {
	w := writer()
	m := wire.Message{Seq: 2, Author: "u1", Time: at("4 12:00:01"), Text: strings.Repeat("Some words & a link https://example.com/x. ", 3)}
	b.ReportAllocs()
	for b.Loop() {
		var out strings.Builder
		w.Message(&out, &m, m, false)
	}
}
