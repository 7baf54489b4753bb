package slack

import (
	"cmp"
	"regexp"
	"strings"
)

var (
	reference = regexp.MustCompile(`<([^<>|\n]+)(?:\|([^<>\n]*))?>`)
	bold      = regexp.MustCompile(`(^|[\s(])\*([^\s*](?:[^*\n]*[^\s*])?)\*($|[\s).,!?:;])`)
	strike    = regexp.MustCompile(`(^|[\s(])~([^\s~](?:[^~\n]*[^\s~])?)~($|[\s).,!?:;])`)
	plain     = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")
)

// Names are what users and channels are called, by their ids.
type Names struct{ Users, Channels map[string]string }

// Markdown turns Slack's markup into ours. What only looks like it stays.
func (n Names) Markdown(text string) string {
	text = bold.ReplaceAllString(text, "$1**$2**$3")
	text = strike.ReplaceAllString(text, "$1~~$2~~$3")
	text = reference.ReplaceAllStringFunc(text, func(ref string) string {
		m := reference.FindStringSubmatch(ref)
		return n.named(ref, m[1], m[2])
	})
	return plain.Replace(text)
}

// named is what a reference <target|label> reads as here.
func (n Names) named(ref, target, label string) string {
	switch {
	case strings.HasPrefix(target, "@"):
		return "@" + cmp.Or(label, n.Users[target[1:]], target[1:])
	case strings.HasPrefix(target, "#"):
		return "#" + cmp.Or(label, n.Channels[target[1:]], target[1:])
	case target == "!here", target == "!channel", target == "!everyone":
		return "@room"
	case strings.HasPrefix(target, "!"):
		return cmp.Or(label, target)
	case !strings.Contains(target, ":"):
		return ref
	case label != "" && label != target:
		return "[" + label + "](" + target + ")"
	}
	return target
}
