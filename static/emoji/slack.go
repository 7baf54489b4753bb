package main

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
)

// slackNames writes a line for each emoji that Slack has a name for (its names are
// those of https://github.com/iamcal/emoji-data): the emoji, a * when a skin tone
// behind its first character gives it that tone, and its names.
func slackNames(data, out string) error {
	var list []record
	var names map[string]any // one string, or several
	if err := read(data, map[string]any{"en/data.json": &list, "en/shortcodes/iamcal.json": &names}); err != nil {
		return err
	}
	slices.SortFunc(list, func(a, b record) int { return a.Order - b.Order })
	var b bytes.Buffer
	for _, r := range list {
		known, ok := names[r.Hexcode]
		if !ok {
			continue
		}
		mark := ""
		if takesTone(r) {
			mark = " *"
		}
		fmt.Fprintf(&b, "%s%s %s\n", r.Emoji, mark, shortNames(known, r.Label))
	}
	return os.WriteFile(out, b.Bytes(), 0o644)
}

// takesTone tells whether the lightest skin tone behind the first character makes
// the emoji what the data have for it.
func takesTone(r record) bool {
	const lightest = "\U0001F3FB"
	first := []rune(r.Emoji)[0]
	rest := strings.TrimPrefix(r.Emoji[len(string(first)):], "\uFE0F") // the tone takes its place
	return slices.ContainsFunc(r.Skins, func(s skin) bool {
		return s.Tone == 1.0 && s.Emoji == string(first)+lightest+rest
	})
}
