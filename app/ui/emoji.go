package ui

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/app/client"
)

// emoji is one of the table.
type emoji struct {
	char  string
	names []string // those between colons
	words []string // to find it by, in English and Chinese
	label string   // what it is called, in the reader's language
}

// emojiGroup is a part of the picker.
type emojiGroup struct {
	title string
	list  []emoji
}

// emojiTable is every emoji there is. It is a file of its own, fetched when
// somebody wants one; see static/emoji for where it comes from.
type emojiTable struct {
	lang    string
	groups  []emojiGroup
	loading bool
	waiting []func()
}

// maxRecent is how many emoji one has used come first.
const maxRecent = 18

// parseEmoji reads the table for readers of a language.
func parseEmoji(data []byte, lang string) ([]emojiGroup, error) {
	var file []struct {
		En, Zh string
		Emoji  [][]string
	}
	if err := json.Unmarshal(data, &file); err != nil {
		return nil, fmt.Errorf("the table of emoji: %w", err)
	}
	chinese := strings.HasPrefix(lang, "zh")
	groups := make([]emojiGroup, len(file))
	for i, g := range file {
		groups[i] = emojiGroup{title: g.En, list: make([]emoji, 0, len(g.Emoji))}
		if chinese {
			groups[i].title = g.Zh
		}
		for _, e := range g.Emoji {
			if len(e) != 4 {
				return nil, fmt.Errorf("the table of emoji: %q", e)
			}
			en, zh := strings.Split(e[2], ","), strings.Split(e[3], ",")
			one := emoji{char: e[0], names: strings.Fields(e[1]), words: append(en, zh...), label: en[0]}
			if chinese && zh[0] != "" {
				one.label = zh[0]
			}
			groups[i].list = append(groups[i].list, one)
		}
	}
	return groups, nil
}

// find gives up to n emoji for what somebody has typed, those that are called so
// first.
func (t *emojiTable) find(typed string, n int) []emoji {
	typed = strings.ToLower(strings.TrimSpace(typed))
	type hit struct {
		emoji
		rank int
	}
	var hits []hit
	for _, g := range t.groups {
		for _, e := range g.list {
			if rank := e.rank(typed); rank > 0 {
				hits = append(hits, hit{e, rank})
			}
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { // of those that fit as well, what is said shortly is said often
		return cmp.Or(cmp.Compare(b.rank, a.rank), cmp.Compare(len(a.names[0]), len(b.names[0])))
	})
	var list []emoji
	for _, h := range hits[:min(n, len(hits))] {
		list = append(list, h.emoji)
	}
	return list
}

// rank is how well e is what was typed, 0 for not at all.
func (e emoji) rank(typed string) int {
	rank := 0
	name := strings.ReplaceAll(typed, " ", "_")
	for _, n := range e.names {
		switch {
		case n == name:
			return 6
		case strings.HasPrefix(n, name):
			rank = 5
		case strings.Contains(n, "_"+name):
			rank = max(rank, 3)
		}
	}
	for _, w := range e.words {
		w = strings.ToLower(w)
		switch {
		case w == typed:
			rank = max(rank, 4)
		case strings.HasPrefix(w, typed) || strings.Contains(w, " "+typed):
			rank = max(rank, 2)
		case typed != "" && typed[0] >= 0x80 && strings.Contains(w, typed):
			rank = max(rank, 1) // Chinese has no spaces between words
		}
	}
	return rank
}

// named are the emoji of a list of characters, as far as they are in the table.
func (t *emojiTable) named(chars []string) []emoji {
	var list []emoji
	for _, char := range chars {
		for _, g := range t.groups {
			if at := slices.IndexFunc(g.list, func(e emoji) bool { return e.char == char }); at >= 0 {
				list = append(list, g.list[at])
			}
		}
	}
	return list
}

// withEmoji calls then on the UI goroutine once the table is there. Where it
// cannot be had, it does not.
func (m *Model) withEmoji(then func(), failed func(error)) {
	t := &m.emoji
	if t.groups != nil && t.lang == m.T.Lang {
		then()
		return
	}
	t.waiting = append(t.waiting, then)
	if t.loading {
		return
	}
	t.loading = true
	lang := m.T.Lang
	var groups []emojiGroup
	var err error
	m.async(func(ctx context.Context) {
		var answer client.Response
		answer, err = m.net.Do(ctx, client.Request{Method: "GET", Path: app.Window().Get("parleyEmoji").String()})
		if err == nil && answer.Status != 200 {
			err = fmt.Errorf("the table of emoji: status %d", answer.Status)
		}
		if err == nil {
			groups, err = parseEmoji(answer.Body, lang)
		}
	}, func() {
		waiting := t.waiting
		t.loading, t.waiting = false, nil
		if err != nil {
			failed(err)
			return
		}
		t.lang, t.groups = lang, groups
		for _, fn := range waiting {
			fn()
		}
	})
}

// recentKey is where the emoji that one has used are kept, newest first.
func (m *Model) recentKey() string { return "emoji/" + m.Me.ID }

func (m *Model) recentEmoji() []string {
	kept, _ := m.store.Load(context.Background(), m.recentKey())
	return strings.Fields(string(kept))
}

// usedEmoji puts an emoji first among those that one has used.
func (m *Model) usedEmoji(char string) {
	list := slices.DeleteFunc(m.recentEmoji(), func(c string) bool { return c == char })
	list = append([]string{char}, list...)
	_ = m.store.Save(context.Background(), m.recentKey(), []byte(strings.Join(list[:min(len(list), maxRecent)], " ")))
}

// emojiTyped is the name after a colon that somebody is typing at the end of
// before: where it begins there, -1 for none.
func emojiTyped(before string) (start int, name string) {
	start = strings.LastIndexAny(before, ":：")
	if start < 0 {
		return -1, ""
	}
	name = strings.TrimPrefix(strings.TrimPrefix(before[start:], ":"), "：")
	if start > 0 {
		if c := before[start-1]; c < 0x80 && c != ' ' && c != '\n' && c != '(' {
			return -1, "" // 10:30, http://
		}
	}
	runes := 0
	for _, r := range name {
		runes++
		if r < 0x80 && r != '_' && r != '+' && r != '-' && (r < '0' || r > '9') && (r|0x20 < 'a' || r|0x20 > 'z') || r == '，' || r == '。' {
			return -1, ""
		}
	}
	if runes == 0 || runes > 24 || runes == 1 && name[0] < 0x80 || name[0] >= '0' && name[0] <= '9' {
		return -1, ""
	}
	return start, name
}

// suggestEmoji completes :name: in the composer.
func (m *Model) suggestEmoji(before string, again func()) (start int, list []suggestion) {
	start, name := emojiTyped(before)
	if start < 0 {
		return -1, nil
	}
	if m.emoji.groups == nil || m.emoji.lang != m.T.Lang {
		m.withEmoji(again, func(error) {}) // without a network words are enough
		return -1, nil
	}
	for _, e := range m.emoji.find(name, maxSuggestions) {
		list = append(list, suggestion{
			text: e.char, sign: e.char, label: e.label, hint: ":" + e.names[0] + ":",
			chosen: func() { m.usedEmoji(e.char) },
		})
	}
	return start, list
}
