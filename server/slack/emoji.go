package slack

import (
	_ "embed"
	"strings"
	"sync"
)

// emojiTable has a line for each emoji: itself, a * when it takes a skin tone, and
// its names. static/emoji writes it.
//
//go:embed emoji.txt
var emojiTable string

// symbol is an emoji; toned tells whether it takes a skin tone, behind its first
// character.
type symbol struct {
	emoji string
	toned bool
}

var symbols = sync.OnceValue(func() map[string]symbol {
	named := map[string]symbol{}
	for line := range strings.Lines(emojiTable) {
		fields := strings.Fields(line)
		s, names := symbol{emoji: fields[0]}, fields[1:]
		if names[0] == "*" {
			s.toned, names = true, names[1:]
		}
		for _, name := range names {
			named[name] = s
		}
	}
	return named
})

// tones are the skin tones by what Slack calls them: the types of the Fitzpatrick
// scale, of which the first two share one.
var tones = map[string]string{
	"skin-tone-2": "\U0001F3FB", "skin-tone-3": "\U0001F3FC", "skin-tone-4": "\U0001F3FD", "skin-tone-5": "\U0001F3FE", "skin-tone-6": "\U0001F3FF",
}

// Emoji is what Slack calls by a name such as "tada" or "wave::skin-tone-3"; empty
// for a picture that only one team has. A tone that the emoji does not take is
// left out.
func Emoji(name string) string {
	name, tone, _ := strings.Cut(name, "::")
	s := symbols()[name]
	if tones[tone] == "" || !s.toned {
		return s.emoji
	}
	first := string([]rune(s.emoji)[0])
	return first + tones[tone] + strings.TrimPrefix(s.emoji[len(first):], "\uFE0F") // the tone takes its place
}
