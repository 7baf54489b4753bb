package rows

import (
	"strings"
	"testing"

	"parley/shared/wire"
)

// written is a message as a row.
func written(w Writer, m wire.Message) string {
	var b strings.Builder
	w.Message(&b, nil, m, false)
	return b.String()
}

func TestQuote(t *testing.T) {
	for to, want := range map[uint64]string{
		7: `<a class="quote" href="?before=8#m7" data-do="jump" data-to="7"><span class="vh">In reply to </span><b>Ada Lovelace</b> <span class="quoted">Where &lt;b&gt; &amp; when?</span></a>`,
		8: `<b>Ada Lovelace</b> <span class="quoted gone">Deleted</span></a>`,
		9: `<span class="quoted">…</span></a>`,
	} {
		if got := written(writer(), wire.Message{Text: "x", ReplyTo: to}); !strings.Contains(got, want+`<div class="text"`) {
			t.Errorf("%d: %s", to, got)
		}
	}
	if got := written(writer(), wire.Message{Deleted: 1, ReplyTo: 7}); strings.Contains(got, "quote") {
		t.Errorf("a deleted reply still quotes: %s", got)
	}
}

func TestExcerpt(t *testing.T) {
	for text, want := range map[string]string{"**a** `b`\n\n```go\nc\n```": "a b go c", " x * y ": "x * y", "": ""} {
		if got := Excerpt(text); got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
}

func TestReactions(t *testing.T) {
	got := written(writer(), wire.Message{Text: "x", Reactions: []wire.Reaction{{Emoji: "🎉", Users: []string{"u1", "u2"}}, {Emoji: "👍", Users: []string{"u1"}}}})
	for _, want := range []string{
		`data-emoji="🎉" aria-pressed="true" aria-label="🎉 2: you, Ada Lovelace" title="you, Ada Lovelace"><span>🎉</span> <b>2</b></button>`,
		`data-emoji="👍" aria-pressed="false" aria-label="👍 1: Ada Lovelace"`, `data-do="pick" aria-label="React"`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in %s", want, got)
		}
	}
	many := make([]string, 30)
	if got := writer().who(many); !strings.HasSuffix(got, ", +10") {
		t.Errorf("thirty are %q", got)
	}
}

func TestMentionsStandOut(t *testing.T) {
	const ada, me = `<span class="mention">@Ada Lovelace</span>`, `<span class="mention me">@陈小明</span>`
	both := []string{"u1", "u2"}
	for _, c := range []struct {
		m    wire.Message
		want string
	}{
		{wire.Message{Text: "@Ada Lovelace, hi", Mentions: both}, `>` + ada + `, hi<`},
		{wire.Message{Text: "问@陈小明吧", Mentions: both}, `>问` + me + `吧<`},
		{wire.Message{Text: "＠ada lovelace", Mentions: both}, `<span class="mention">＠ada lovelace</span>`},
		{wire.Message{Text: "@Ada Lovelaced x@陈小明 https://a.b/@陈小明", Mentions: both}, `>@Ada Lovelaced x@陈小明 <a href="https://a.b/@" target="_blank" rel="noopener nofollow">https://a.b/@</a>陈小明<`},
		{wire.Message{Text: "@陈小明", Author: "u1"}, `>@陈小明<`},
		{wire.Message{Text: "@room now", MentionsAll: true}, `<span class="mention me">@room</span> now`},
		{wire.Message{Text: "x", HTML: `<p dir="auto"><strong>@陈小明</strong> <code>@陈小明</code></p>`, Mentions: both}, `<strong>` + me + `</strong> <code>@陈小明</code>`},
		{wire.Message{Text: "x", HTML: `<pre class="code"><code>@陈小明 &lt;</code></pre><p>＃@`, Mentions: both}, `<div class="code-box"><button type="button" class="copy-code" data-do="copy-code">Copy</button><pre class="code"><code>@陈小明 &lt;</code></pre></div><p>＃@</div>`},
	} {
		if got := written(writer(), c.m); !strings.Contains(got, c.want) {
			t.Errorf("%s%s: no %s in\n%s", c.m.Text, c.m.HTML, c.want, got)
		}
	}
	for author, want := range map[string]bool{"u1": true, "u2": false} {
		if got := written(writer(), wire.Message{Author: author, Text: "@room", MentionsAll: true}); strings.Contains(got, " calls") != want {
			t.Errorf("by %s: %s", author, got)
		}
	}
}

func TestFold(t *testing.T) {
	for text, want := range map[string]bool{
		"short": false, strings.Repeat("a line\n", 20): false, strings.Repeat("a line\n", 30): true,
		strings.Repeat("word ", 400): false, strings.Repeat("word ", 500): true, strings.Repeat("字", 1200): true, strings.Repeat("字", 1000): false,
	} {
		got := written(writer(), wire.Message{Text: text})
		if strings.Contains(got, ` long" dir`) != want || strings.Contains(got, `<label class="unfold" for="f0">Show all</label>`) != want {
			t.Errorf("%.20q of %d bytes: folded is not %v", text, len(text), want)
		}
	}
}

// TestEditedAsks: what a message said before is for its author and for those who
// look after the community.
func TestEditedAsks(t *testing.T) {
	w := writer()
	for author, want := range map[string]bool{"u2": true, "u1": false} {
		if got := written(w, wire.Message{Author: author, Text: "x", Edited: 1}); strings.Contains(got, `data-do="revisions"`) != want {
			t.Errorf("by %s: %s", author, got)
		}
	}
	w.Moderates = true
	if got := written(w, wire.Message{Author: "u1", Text: "x", Edited: 1}); !strings.Contains(got, `<button type="button" class="edited" data-do="revisions" title="See edits">edited</button>`) {
		t.Error(got)
	}
}
