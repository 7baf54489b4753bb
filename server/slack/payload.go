package slack

import (
	"cmp"
	"encoding/json"
	"strings"

	"parley/shared/wire"
)

// payload is what is posted to an incoming webhook of Slack's
// (https://api.slack.com/messaging/webhooks). Who it is said to be by, and where,
// is left out: a webhook speaks as itself.
type payload struct {
	Text        string       `json:"text"`
	Blocks      []block      `json:"blocks"`
	Attachments []attachment `json:"attachments"`
}

// attachment is the old way to send more than a text.
type attachment struct {
	Fallback  string  `json:"fallback"`
	Pretext   string  `json:"pretext"`
	Title     string  `json:"title"`
	TitleLink string  `json:"title_link"`
	Text      string  `json:"text"`
	Blocks    []block `json:"blocks"`
	Fields    []struct {
		Title string `json:"title"`
		Value string `json:"value"`
	} `json:"fields"`
}

// block is a block, or an element of one.
type block struct {
	Type     string  `json:"type"`
	Text     words   `json:"text"`
	Fields   []words `json:"fields"`
	Elements []block `json:"elements"`
	URL      string  `json:"url"`
	Name     string  `json:"name"`  // of an emoji
	Range    string  `json:"range"` // of a broadcast
	AltText  string  `json:"alt_text"`
}

// words are a text, or an object with one in it.
type words struct{ Type, Text string }

// UnmarshalJSON takes both forms, and for what is neither nothing.
func (w *words) UnmarshalJSON(data []byte) error {
	if json.Unmarshal(data, &w.Text) == nil {
		return nil
	}
	type object words
	_ = json.Unmarshal(data, (*object)(w))
	return nil
}

// Text is what a payload says, as a message here. The error is a *wire.Problem
// (bad_request).
func Text(body []byte) (string, error) {
	var p payload
	if err := wire.Decode(body, &p); err != nil {
		return "", err
	}
	parts := []string{cmp.Or(blocks(p.Blocks), Names{}.Markdown(p.Text))}
	for _, a := range p.Attachments {
		parts = append(parts, a.text())
	}
	text := joined("\n\n", parts...)
	if text == "" {
		return "", wire.Errorf(wire.CodeBadRequest, `The body says nothing: it needs a "text", such as {"text": "Hello"}.`)
	}
	return text, nil
}

func (a attachment) text() string {
	title := Names{}.Markdown(a.Title)
	if title != "" && a.TitleLink != "" {
		title = "[" + title + "](" + a.TitleLink + ")"
	}
	parts := []string{Names{}.Markdown(a.Pretext), title, Names{}.Markdown(a.Text)}
	for _, f := range a.Fields {
		parts = append(parts, joined(": ", Names{}.Markdown(f.Title), Names{}.Markdown(f.Value)))
	}
	parts = append(parts, blocks(a.Blocks))
	return cmp.Or(joined("\n", parts...), Names{}.Markdown(a.Fallback))
}

func blocks(list []block) string {
	parts := make([]string, len(list))
	for i, b := range list {
		parts[i] = b.text()
	}
	return joined("\n\n", parts...)
}

// text is a block of the page. Buttons, menus and files say nothing.
func (b block) text() string {
	switch b.Type {
	case "header":
		if b.Text.Text != "" {
			return "**" + b.Text.Text + "**"
		}
	case "section":
		parts := []string{b.Text.markdown()}
		for _, f := range b.Fields {
			parts = append(parts, f.markdown())
		}
		return joined("\n", parts...)
	case "markdown":
		return b.Text.Text
	case "context":
		parts := make([]string, len(b.Elements))
		for i, e := range b.Elements {
			parts[i] = cmp.Or(words{e.Type, e.Text.Text}.markdown(), e.AltText)
		}
		return joined(" ", parts...)
	case "image":
		return b.AltText
	case "rich_text":
		parts := make([]string, len(b.Elements))
		for i, e := range b.Elements {
			parts[i] = e.rich()
		}
		return joined("\n", parts...)
	}
	return ""
}

// rich is a part of rich text.
func (b block) rich() string {
	var line strings.Builder
	for _, e := range b.Elements {
		switch e.Type {
		case "rich_text_section": // of a list
			line.WriteString("\n- " + e.rich())
		case "link":
			line.WriteString(Names{}.named(e.URL, e.URL, e.Text.Text))
		case "emoji":
			line.WriteString(":" + e.Name + ":")
		case "broadcast":
			line.WriteString("@room")
		default:
			line.WriteString(e.Text.Text)
		}
	}
	text := strings.TrimPrefix(line.String(), "\n")
	switch b.Type {
	case "rich_text_preformatted":
		return "```\n" + text + "\n```"
	case "rich_text_quote":
		return "> " + strings.ReplaceAll(text, "\n", "\n> ")
	}
	return text
}

func (w words) markdown() string {
	if w.Type == "plain_text" {
		return w.Text
	}
	return Names{}.Markdown(w.Text)
}

// joined are the parts that say something.
func joined(between string, parts ...string) string {
	var said []string
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			said = append(said, p)
		}
	}
	return strings.Join(said, between)
}
