package slack

import (
	"strings"
	"testing"

	"parley/shared/wire"
)

func TestMarkdown(t *testing.T) {
	names := Names{Users: map[string]string{"U1": "陈小明"}, Channels: map[string]string{"C1": "plans"}}
	for text, want := range map[string]string{
		"hello":                             "hello",
		"*bold* and ~gone~, 2*3*4":          "**bold** and ~~gone~~, 2*3*4",
		"<https://a.example/|look> there":   "[look](https://a.example/) there",
		"<https://a.example/>":              "https://a.example/",
		"<mailto:a@b.example|a@b.example>":  "[a@b.example](mailto:a@b.example)",
		"<@U1> <@U2> <#C1> <#C2|tea>":       "@陈小明 @U2 #plans #tea",
		"<!here> <!channel> <!subteam^S|x>": "@room @room x",
		"a &lt; b &amp;&amp; b &gt; c":      "a < b && b > c",
		"a < b > c, <b>x</b>":               "a < b > c, <b>x</b>",
		"&amp;lt;":                          "&lt;",
	} {
		if got := names.Markdown(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestText(t *testing.T) {
	for body, want := range map[string]string{
		`{"text": "Hello *all*", "username": "CI", "icon_emoji": ":robot:", "channel": "#x"}`: "Hello **all**",
		`{"text": "summary", "blocks": [
			{"type": "header", "text": {"type": "plain_text", "text": "Build 7"}},
			{"type": "divider"},
			{"type": "section", "text": {"type": "mrkdwn", "text": "*failed* on <https://ci.example/7|CI>"}, "fields": [{"type": "mrkdwn", "text": "branch: main"}, {"type": "plain_text", "text": "a*b*c"}]},
			{"type": "actions", "elements": [{"type": "button", "text": {"type": "plain_text", "text": "Retry"}}]},
			{"type": "context", "elements": [{"type": "image", "image_url": "https://x", "alt_text": "cat"}, {"type": "mrkdwn", "text": "just now"}]}
		]}`: "**Build 7**\n\n**failed** on [CI](https://ci.example/7)\nbranch: main\na*b*c\n\ncat just now",
		`{"text": "only buttons", "blocks": [{"type": "actions"}]}`: "only buttons",
		`{"blocks": [{"type": "rich_text", "elements": [
			{"type": "rich_text_section", "elements": [{"type": "text", "text": "See "}, {"type": "link", "url": "https://a.example/", "text": "this"}, {"type": "emoji", "name": "tada"}]},
			{"type": "rich_text_list", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "one"}]}, {"type": "rich_text_section", "elements": [{"type": "text", "text": "two"}]}]},
			{"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "x := 1"}]},
			{"type": "rich_text_quote", "elements": [{"type": "text", "text": "a\nb"}]}
		]}]}`: "See [this](https://a.example/):tada:\n- one\n- two\n```\nx := 1\n```\n> a\n> b",
		`{"attachments": [{"fallback": "unseen", "pretext": "New", "title": "Ticket", "title_link": "https://t.example/1", "text": "It *burns*", "fields": [{"title": "Priority", "value": "high", "short": true}]}, {"fallback": "only this"}]}`: "New\n[Ticket](https://t.example/1)\nIt **burns**\nPriority: high\n\nonly this",
		`{"text": "t", "blocks": [{"type": "section", "text": 7}, {"type": "section", "text": [{}]}]}`:                                                                                                                                            "t",
	} {
		if got, err := Text([]byte(body)); got != want || err != nil {
			t.Errorf("%s\n got %q, %v\nwant %q", body, got, err, want)
		}
	}
	for _, body := range []string{
		"", "hello", "[]", `"x"`, `{}`, `{"text": ""}`, `{"text": "  "}`, `{"text": 7}`, `{"text": "a", "text": "b"}`, `{"blocks": "x"}`,
		`{"blocks": [{"type": "divider"}]}`, `{"text": "` + "\xff" + `"}`, `{"blocks": ` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + `}`,
	} {
		if got, err := Text([]byte(body)); wire.CodeFrom(err) != wire.CodeBadRequest {
			t.Errorf("%.60s: got %q, %v", body, got, err)
		}
	}
}
