// Command emoji writes static/web/emoji.json, the table of the picker and of
// :name: in the composer, from the data of emojibase (https://emojibase.dev, MIT
// license), which follow Unicode and CLDR: names and words to find an emoji by,
// in English and in Chinese. It writes server/slack/emoji.txt too, which has the
// names that Slack uses. It is run by hand when there are new emoji:
//
//	npm pack emojibase-data@17.0.0 && tar xzf emojibase-data-17.0.0.tgz
//	go run ./static/emoji package
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// components are the group of what is part of emoji only: skin tones, hair.
const components = 2

// chineseTitles are those of the groups: the data mix simplified and traditional
// characters there.
var chineseTitles = map[int]string{
	0: "表情", 1: "人物与身体", 3: "动物与自然", 4: "食物与饮料", 5: "旅行与地点", 6: "活动", 7: "物品", 8: "符号", 9: "旗帜",
}

// record is an emoji of emojibase.
type record struct {
	Label   string   `json:"label"`
	Hexcode string   `json:"hexcode"`
	Tags    []string `json:"tags"`
	Emoji   string   `json:"emoji"`
	Order   int      `json:"order"`
	Group   *int     `json:"group"` // nil: half a flag
	Skins   []skin   `json:"skins"`
}

// skin is an emoji in a skin tone, 1 to 5, or in several.
type skin struct {
	Emoji string `json:"emoji"`
	Tone  any    `json:"tone"`
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "static/emoji: name the folder of emojibase-data")
		os.Exit(2)
	}
	err := run(os.Args[1], filepath.Join("static", "web", "emoji.json"))
	if err == nil {
		err = slackNames(os.Args[1], filepath.Join("server", "slack", "emoji.txt"))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "static/emoji:", err)
		os.Exit(1)
	}
}

func run(data, out string) error {
	var english, chinese []record
	var names map[string]any // one string, or several
	var titles struct {
		Groups []struct {
			Message string `json:"message"`
			Order   int    `json:"order"`
		} `json:"groups"`
	}
	err := read(data, map[string]any{
		"en/data.json": &english, "zh/data.json": &chinese, "en/shortcodes/github.json": &names,
		"en/messages.json": &titles,
	})
	if err != nil {
		return err
	}
	in := map[string]record{}
	for _, r := range chinese {
		in[r.Hexcode] = r
	}
	slices.SortFunc(english, func(a, b record) int { return a.Order - b.Order })

	var b bytes.Buffer
	b.WriteString("[")
	for _, group := range titles.Groups {
		if group.Order == components {
			continue
		}
		if b.Len() > 1 {
			b.WriteString(",")
		}
		fmt.Fprintf(&b, "\n{\"en\":%s,\"zh\":%s,\"emoji\":[", quoted(capital(group.Message)), quoted(chineseTitles[group.Order]))
		first := true
		for _, r := range english {
			if r.Group == nil || *r.Group != group.Order {
				continue
			}
			if !first {
				b.WriteString(",")
			}
			first = false
			fmt.Fprintf(&b, "\n[%s,%s,%s,%s]", quoted(r.Emoji), quoted(shortNames(names[r.Hexcode], r.Label)), quoted(words(r)), quoted(words(in[r.Hexcode])))
		}
		b.WriteString("]}")
	}
	b.WriteString("]\n")
	return os.WriteFile(out, b.Bytes(), 0o644)
}

// read reads files of the data.
func read(data string, files map[string]any) error {
	for path, into := range files {
		file, err := os.ReadFile(filepath.Join(data, path))
		if err != nil {
			return err
		}
		if err := json.Unmarshal(file, into); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	return nil
}

// words are what an emoji is called, and what else it is found by.
func words(r record) string {
	list := []string{r.Label}
	for _, tag := range r.Tags {
		if !slices.Contains(list, tag) && !strings.Contains(tag, ",") {
			list = append(list, tag)
		}
	}
	return strings.Join(list, ",")
}

// shortNames are the names between colons, separated by spaces.
func shortNames(known any, label string) string {
	switch known := known.(type) {
	case string:
		return known
	case []any:
		var list []string
		for _, name := range known {
			list = append(list, fmt.Sprint(name))
		}
		return strings.Join(list, " ")
	}
	return strings.Trim(strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return '_'
	}, label), "_")
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

func quoted(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		panic(err) // a string can always be encoded
	}
	return strings.TrimSpace(b.String())
}
