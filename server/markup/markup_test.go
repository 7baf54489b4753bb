package markup

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
)

// HTML is the first half of what Render gives.
func (r *Renderer) HTML(source string) string {
	html, _ := r.Render(source)
	return html
}

func TestWhatPeopleType(t *testing.T) {
	r := New()
	link := func(url, words string) string {
		return `<a href="` + url + `" rel="nofollow noreferrer noopener" target="_blank">` + words + `</a>`
	}
	p := func(inner string) string { return `<p dir="auto">` + inner + `</p>` }
	for source, want := range map[string]string{
		// Nothing but words: shown as it was typed.
		"hello":                             "",
		"two\nlines  and   spaces":          "",
		"# 1 is not a heading":              "",
		"---":                               "",
		"a\n---\nb":                         "",
		"    indented":                      "",
		"<b>no html</b> & <!-- none -->":    "",
		"2 * 3 * 4 = 24, snake_case_name":   "",
		"see https://a.b/__init__.py?x=*y*": "",
		"[1]: https://a.b":                  "",
		"| a | b |\n|---|---|\n| 1 | 2 |":   "",
		"price: 5$ [sic]":                   "",
		"<javascript:alert(1)>":             "",
		"private \U000F0000 **use**":        "",
		"C:\\dir\\file":                     "",
		"¯\\o/¯":                            "",

		"**bold** and *italic*":              p("<strong>bold</strong> and <em>italic</em>"),
		"~~gone~~ ~also~":                    p("<del>gone</del> <del>also</del>"),
		"`a < b`":                            p("<code>a &lt; b</code>"),
		"one **two**\nthree\n\nfour":         p("one <strong>two</strong><br>three") + p("four"),
		"[words](https://a.b/c_d_e)":         p(link("https://a.b/c_d_e", "words")),
		"**https://a.b/x_y_z**":              p("<strong>" + link("https://a.b/x_y_z", "https://a.b/x_y_z") + "</strong>"),
		"看 `x` https://example.com/路吧":       p("看 <code>x</code> " + link("https://example.com/", "https://example.com/") + "路吧"),
		"![cat](https://a.b/c.png)":          p(link("https://a.b/c.png", "cat")),
		"[x](javascript:alert(1))":           p("x (javascript:alert(1))"),
		"*<https://a.b>*":                    p("<em>" + link("https://a.b", "https://a.b") + "</em>"),
		`\*not italic\*`:                     p("*not italic*"),
		"- a\n- **b**":                       `<ul><li dir="auto">a</li><li dir="auto"><strong>b</strong></li></ul>`,
		"3. c\n4. d":                         `<ol start="3"><li dir="auto">c</li><li dir="auto">d</li></ol>`,
		"> quoted\n> more\n\nanswer":         `<blockquote dir="auto">` + p("quoted<br>more") + `</blockquote>` + p("answer"),
		"```\na\n\n  b\n```":                 `<pre class="code"><code>` + "a\n\n  b\n" + `</code></pre>`,
		"```go\nfunc f() {}\n```":            `<pre class="code"><code class="lang-go"><span class="k">func</span> <span class="nf">f</span>() {}` + "\n</code></pre>",
		"```nosuchlang\n<b>\n```":            `<pre class="code"><code class="lang-nosuchlang">&lt;b&gt;` + "\n</code></pre>",
		"```\"><script>\nx\n```":             `<pre class="code"><code>x` + "\n</code></pre>",
		":tada:":                             `<p class="emoji">🎉</p>`,
		":+1: :tada:":                        `<p class="emoji">👍 🎉</p>`,
		"nice :tada:":                        p("nice 🎉"),
		"at 10:30:45 :nosuchthing: `:tada:`": p("at 10:30:45 :nosuchthing: <code>:tada:</code>"),

		// East Asian scripts have no spaces.
		"**注意：**请看":         p("<strong>注意：</strong>请看"),
		"请看**“重要”**的部分":     p("请看<strong>“重要”</strong>的部分"),
		"这是**重点**。":         p("这是<strong>重点</strong>。"),
		"~~旧价。~~新价":         p("<del>旧价。</del>新价"),
		"*注意（important）*请看": p("<em>注意（important）</em>请看"),
		"**テスト。**テスト":       p("<strong>テスト。</strong>テスト"),
	} {
		if got := r.HTML(source); got != want {
			t.Errorf("%q\n got %s\nwant %s", source, got, want)
		}
	}
}

// A corpus of what has broken other chats. Whatever comes of it, the result has
// only the elements and attributes that the policy names, and leads nowhere else.
var attacks = []string{
	`<script>alert(1)</script>`, `**<img src=x onerror=alert(1)>**`, `*<svg/onload=alert(1)>*`,
	`[a](javascript:alert(1))`, `[a](JaVaScRiPt:alert(1))`, `[a](java&#10;script:alert(1))`, "[a](java\nscript:alert(1))",
	`[a](&#106;avascript:alert(1))`, `[a](%6aavascript:alert(1))`, `[a](\javascript:alert(1))`, `[a](vbscript:x)`,
	`[a](data:text/html;base64,PHNjcmlwdD4=)`, `[a](//evil.example)`, `[a](/api/v1/logout)`, `[a](\\evil)`,
	`[a](https://a.b "onmouseover=alert(1)")`, `[a](https://a.b/"onmouseover="alert(1))`, `[a](<https://a.b/" onclick="x>)`,
	`[a](https://a.b/%22onclick=%22x)`, "[a](https://a.b/\u202Egnp.exe)", `[https://good.example](https://evil.example)`,
	`![a](javascript:alert(1))`, `![a"onerror="alert(1)](https://a.b)`, `<javascript:alert(1)>`, `<https://a.b/"onclick="x>`,
	"```\"onload=alert(1)\nx\n```", "```html\n<script>alert(1)</script>\n```", "```js'><img/src/onerror=alert(1)>\nx\n```",
	"`<img src=x onerror=alert(1)>`", "``` ` ```", `**a<b onclick=x>c</b>**`, `*a&lt;script&gt;b*`, `*&#60;script&#62;*`,
	`> <iframe src=//evil>`, `- <form action=//evil><input>`, `1. <style>*{display:none}</style>`, `**</p></article><script>x</script>**`,
	"**\x00<script\x00>**", `*<math><mi//xlink:href="data:x,<script>alert(1)</script>">*`, `[x](mailto:a@b.c?bcc=all@x.y&body=<script>)`,
	`[![a](https://a.b)](https://c.d)`, `[a[b](https://a.b)c](https://c.d)`, "[a](https://a.b)\u2028<script>", `[a]: javascript:alert(1)` + "\n\n[a]",
	`<!--><script>alert(1)</script>-->**x**`, `<![CDATA[<script>x</script>]]>**x**`, `<?php x ?>**x**`, `**x**<plaintext>`, `**x**<noscript><p title="</noscript><img src=x onerror=x>">`,
	":<script>:", ":tada:<script>:tada:", "**\ufeff<script>**", `**<a href="https://a.b" id="app">x</a>**`, `**x** <base href=//evil>`, `**x** <meta http-equiv=refresh content=0>`,
}

func TestAttacks(t *testing.T) {
	r := New()
	for _, source := range attacks {
		checkSafe(t, source, r.HTML(source))
	}
}

// allowed are the elements with their attributes.
var allowed = map[string][]string{
	"p": {"dir", "class"}, "br": nil, "strong": nil, "em": nil, "del": nil, "code": {"class"}, "pre": {"class"}, "ul": nil,
	"ol": {"start"}, "li": {"dir"}, "blockquote": {"dir"}, "span": {"class"}, "a": {"href", "rel", "target"},
}

func checkSafe(t *testing.T, source, out string) {
	t.Helper()
	for z := html.NewTokenizer(strings.NewReader(out)); ; {
		kind := z.Next()
		token := z.Token()
		switch kind {
		case html.ErrorToken:
			return
		case html.CommentToken, html.DoctypeToken:
			t.Fatalf("%q gave %s", source, out)
		case html.StartTagToken, html.SelfClosingTagToken:
			attributes, known := allowed[token.Data]
			if !known {
				t.Fatalf("%q gave <%s>: %s", source, token.Data, out)
			}
			for _, a := range token.Attr {
				if !strings.Contains(" "+strings.Join(attributes, " ")+" ", " "+a.Key+" ") {
					t.Fatalf("%q gave the attribute %s: %s", source, a.Key, out)
				}
				lower := strings.ToLower(a.Val)
				if a.Key == "href" && !strings.HasPrefix(lower, "http://") && !strings.HasPrefix(lower, "https://") && !strings.HasPrefix(lower, "mailto:") {
					t.Fatalf("%q leads to %s", source, a.Val)
				}
			}
		}
	}
}

// A parser that panics leaves the text as it was typed.
func TestParserPanics(t *testing.T) {
	r := New()
	r.parser = nil
	if html, prose := r.Render("**x**"); html != "" || prose != "**x**" {
		t.Errorf("got %q and %q", html, prose)
	}
}

func FuzzHTML(f *testing.F) {
	for _, source := range attacks {
		f.Add(source)
	}
	f.Add("**注意：**请看 > - 1. ``` ~~x~~ :tada:")
	r := New()
	f.Fuzz(func(t *testing.T, source string) {
		if len(source) > 20_000 {
			return
		}
		out := r.HTML(source)
		checkSafe(t, source, out)
		if again := r.policy.Sanitize(out); again != out {
			t.Fatalf("%q: the sanitiser is not done with %s: %s", source, out, again)
		}
		if len(out) > maxHTML+maxHTML/4 {
			t.Fatalf("%q gave %d bytes", source, len(out))
		}
	})
}

// hostile are texts at the limit of a message that are hard on parsers.
func hostile() map[string]string {
	const n = 16_000
	fill := func(s string) string { return strings.Repeat(s, n/len([]rune(s))) }
	return map[string]string{
		"quotes":            fill(">"),
		"quotes by line":    fill("> > > > > > > > a\n"),
		"lists":             fill("- "),
		"nested lists":      nested(n),
		"brackets":          fill("["),
		"links":             fill("[a]("),
		"images":            fill("!["),
		"stars":             fill("*"),
		"stars and words":   fill("*a **a "),
		"mixed emphasis":    fill("*_~"),
		"backticks":         fill("`a``a```a"),
		"tildes":            fill("~a~~a"),
		"angles":            fill("<a"),
		"colons":            fill(":a"),
		"backslashes":       fill(`\`),
		"fences":            fill("```\n"),
		"code":              "```go\n" + fill("if x := (1+2)*3; x > 4 { \"a\\n\" } // c\n") + "\n```",
		"bad code":          "```cpp\n" + fill("<<<<((((template") + "\n```",
		"regular code":      "```perl\n" + fill("s/((a*)*)*b/") + "\n```",
		"none of a lexer's": "```atl\n" + strings.Repeat("0", 8000) + "\n```",
		"links in a row":    fill("https://a.b/ "),
		"one long word":     fill("很"),
		"emphasis nesting":  strings.Repeat("*a", n/4) + strings.Repeat("*", n/4),
		"numbers":           fill("1. a\n"),
		"entities":          fill("&amp;"),
	}
}

func nested(n int) string {
	var b strings.Builder
	for i := 0; b.Len() < n-200; i++ {
		b.WriteString(strings.Repeat("  ", min(i, 60)) + "- a\n")
	}
	return b.String()
}

// slow is far beyond what any message takes here, also with the race detector on
// a machine with other work; what grows with the square of the length is beyond it.
const slow = 5 * time.Second

func TestHostileTextsAreBounded(t *testing.T) {
	r := New()
	for name, source := range hostile() {
		began := time.Now()
		out := r.HTML(source)
		took := time.Since(began)
		t.Logf("%-18s %8v %7d bytes", name, took.Round(time.Microsecond), len(out))
		if took > slow {
			t.Errorf("%s took %v", name, took)
		}
		if len(out) > maxHTML+maxHTML/4 {
			t.Errorf("%s gave %d bytes", name, len(out))
		}
		checkSafe(t, name, out)
	}
}

// TestProse: what is code to a reader is left out of what speaks to people, and
// nothing else is.
func TestProse(t *testing.T) {
	r := New()
	for source, want := range map[string]string{
		"hi @Ada":                                "hi @Ada",
		"run `@Ada`, @Ben":                       "run `\n`, @Ben",
		"``a ` @room`` @room":                    "``\n`` @room",
		"你好`@所有人`@所有人":                           "你好`\n`@所有人",
		"`@Ada":                                  "`@Ada",
		"\\`@Ada\\`":                             "\\`@Ada\\`",
		"```\n@Ada\n@Ben\n```\n@Cy":              "```\n\n\n```\n@Cy",
		"```@Ada\n@Ben":                          "```\n\n\n",
		"> `@Ada` and @Ben\n\n- `@Cy`":           "> `\n` and @Ben\n\n- `\n`",
		"**`@Ada`** https://a.example/@b `@Ada`": "**`\n`** https://a.example/@b `\n`",
		"`https://a.example/` @Ada":              "`\n` @Ada",
	} {
		if _, prose := r.Render(source); prose != want {
			t.Errorf("of %q there is %q, want %q", source, prose, want)
		}
	}
	for name, source := range hostile() {
		if html, prose := r.Render(source); html == "" && prose != source || len(prose) > len(source)+strings.Count(source, "`")+1 {
			t.Errorf("%s: of %d bytes %d are prose", name, len(source), len(prose))
		}
	}
}

func BenchmarkHTML(b *testing.B) {
	r := New()
	for name, source := range map[string]string{
		"plain": "Shall we meet at ten? The agenda is at https://example.com/agenda, please add to it.",
		"rich":  "**Shall we** meet at `ten`? The _agenda_ is [here](https://example.com/agenda).\n\n- one\n- two",
		"code":  "```go\nfunc main() {\n\tfmt.Println(\"hello\") // greet\n}\n```",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r.HTML(source)
			}
		})
	}
}
