package rows

import (
	"html"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"parley/shared/wire"
)

// ours is every tag that a row may hold. Values are escaped, so they hold no
// quote and no angle bracket.
var ours = regexp.MustCompile(`</?(?:article|div|span|b|time|button|a|label)>|` +
	`<article class="row(?: head)?(?: own)?(?: calls)?" data-author="[^"<>]*" (?:id="m\d+" data-seq="\d+"|data-nonce="[^"<>]*")(?: data-state="(?:sent|sending|failed)")?>|` +
	`<div class="(?:day|unread)" role="separator">|` +
	`<div class="(?:line|who|failure|text gone)">|<div class="text(?: emoji)?(?: long)?" dir="auto">|` +
	`<input type="checkbox" class="fold vh" id="f\d+">|<label class="unfold" for="f\d+">|<span class="(?:mention(?: me)?|vh|quoted(?: gone)?)">|<div class="reactions" role="group" aria-label="[^"<>]*">|` +
	`<a class="quote" href="\?before=\d+#m\d+" data-do="jump" data-to="\d+">|<button type="button" class="edited" data-do="revisions" title="[^"<>]*">|` +
	`<button type="button" class="reaction(?: more)?" data-do="(?:react|pick)"(?: data-emoji="[^"<>]*" aria-pressed="(?:true|false)")? aria-label="[^"<>]*" title="[^"<>]*">|` +
	`<span class="(?:state|reason|edited)">|<span class="avatar hue\d+" aria-hidden="true">|` +
	`<b class="name(?: vh)?">|<time datetime="[^"<>]*" title="[^"<>]*">|` +
	`<button type="button" class="link" data-do="(?:retry|discard)">|` +
	`<div class="files" role="group" aria-label="[^"<>]*">|<span class="(?:file|file-size)">|<span class="file-kind" aria-hidden="true">|<span class="file-name" dir="auto">|` +
	`<a class="picture" target="_blank" rel="noopener" data-do="picture" href="(?:/files/|blob:)[^"<>]*" title="[^"<>]*">|` +
	`<img loading="lazy" decoding="async" src="(?:/files/|blob:)[^"<>]*" alt="[^"<>]*"(?: width="\d+" height="\d+")?>|` +
	`<a class="file" href="/files/[^"<>]*" download="[^"<>]*">|<progress class="files-progress" max="100" value="\d+" aria-label="[^"<>]*"></progress>|` +
	`<a href="(?i:https?://|mailto:)[^"<>]+" target="_blank" rel="noopener nofollow">`)

func unescape(s string) string { return html.UnescapeString(s) }

// attacks are texts that have been markup somewhere.
var attacks = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `'><svg/onload=alert(1)>`, `</div></article><h1>x`,
	`<a href="javascript:alert(1)">x</a>`, `javascript:alert(1)`, `&lt;script&gt;`, `&#60;img&#62;`, `<!--`, `]]>`, `<![CDATA[`,
	`https://a.b/"onclick="alert(1)`, `https://a.b/' onclick='alert(1)`, `https://a.b/<script>`, `http://a.b/%22%3E%3Cscript%3E`,
	"https://a.b/`onclick=`", `mailto:"><script>@x`, "<\x00script>", "\u2028<\u2029", "<\uff1cscript\uff1e", `{{.}}`, `${1}`, "\xff\xfe<", "\r\n<br>",
}

func FuzzRow(f *testing.F) {
	for _, text := range attacks {
		f.Add(text, text, text)
	}
	f.Add("hello", "Ada", "u1")
	f.Add("看https://example.com吧", "陈小明", "u2")
	f.Fuzz(func(t *testing.T, text, name, id string) {
		if !utf8.ValidString(text) || !utf8.ValidString(name) || !utf8.ValidString(id) {
			return // the protocol has none
		}
		w := writer()
		w.Name = func(string) string { return name }
		w.Quote = func(seq uint64) (wire.Quote, bool) { return wire.Quote{Seq: seq, Author: id, Text: text}, true }
		for _, prev := range []*wire.Message{nil, {Author: id}} {
			var b strings.Builder
			w.Message(&b, prev, wire.Message{Seq: 1, Author: id, Text: text}, true)
			check(t, b.String(), text)
			b.Reset()
			w.Message(&b, prev, wire.Message{
				Seq: 3, Author: id, Text: text, ReplyTo: 2, Edited: 1, Mentions: []string{id}, MentionsAll: true,
				Reactions: []wire.Reaction{{Emoji: text, Users: []string{id, name}}},
			}, true)
			check(t, b.String(), text)
			b.Reset()
			w.Pending(&b, prev, Pending{Nonce: id, Text: text, State: Failed, Reason: name})
			check(t, b.String(), text)

			files := []wire.File{{ID: id, Name: name, Type: "image/png", Width: len(text), Height: len(name)}, {ID: name, Name: text, Type: text, Size: int64(len(id))}}
			b.Reset()
			w.Message(&b, prev, wire.Message{Seq: 4, Author: id, Text: text, Files: files}, true)
			check(t, b.String(), text)
			b.Reset()
			w.Pending(&b, prev, Pending{Nonce: id, Text: text, Percent: len(name), Files: []PendingFile{{File: files[0], Src: "blob:" + id}, {File: files[0]}, {File: files[1]}}, State: Sending})
			check(t, b.String(), text)
		}
	})
}

// check takes our own tags out of a row: no bracket may be left, and what is
// read in the text's place must be the text.
func check(t *testing.T, row, text string) {
	t.Helper()
	rest := ours.ReplaceAllString(row, "")
	if strings.ContainsAny(rest, `<>"'`) {
		t.Fatalf("markup of others in %q", row)
	}
	row, _, _ = strings.Cut(row, `<div class="files"`)
	_, inner, _ := strings.Cut(row, `dir="auto">`)
	inner, _, _ = strings.Cut(inner, "</div>")
	want := strings.ReplaceAll(text, "\x00", "\uFFFD")
	if got := unescape(ours.ReplaceAllString(inner, "")); got != want {
		t.Fatalf("the text %q reads %q", want, got)
	}
}
