package rows

import (
	"slices"
	"strconv"
	"strings"

	"parley/shared/wire"
)

// maxNamed is how many of those who reacted are named: more nobody reads.
const maxNamed = 20

// reactions writes each emoji as a button that tells who chose it, and one that
// offers more.
func (w Writer) reactions(b *strings.Builder, list []wire.Reaction) {
	if len(list) == 0 {
		return
	}
	b.WriteString(`<div class="reactions" role="group"`)
	attr(b, "aria-label", w.Texts.Reactions)
	b.WriteByte('>')
	for _, r := range list {
		mine, who, n := slices.Contains(r.Users, w.Me), w.who(r.Users), strconv.Itoa(len(r.Users))
		b.WriteString(`<button type="button" class="reaction" data-do="react"`)
		attr(b, "data-emoji", r.Emoji)
		attr(b, "aria-pressed", strconv.FormatBool(mine))
		attr(b, "aria-label", r.Emoji+" "+n+w.Texts.Colon+who)
		attr(b, "title", who)
		b.WriteString(`><span>`)
		Escape(b, r.Emoji)
		b.WriteString(`</span> <b>` + n + `</b></button>`)
	}
	b.WriteString(`<button type="button" class="reaction more" data-do="pick"`)
	attr(b, "aria-label", w.Texts.React)
	attr(b, "title", w.Texts.React)
	b.WriteString(`>+</button></div>`)
}

// who names users, the reader first.
func (w Writer) who(users []string) string {
	var names []string
	if slices.Contains(users, w.Me) {
		names = append(names, w.Texts.You)
	}
	for _, id := range users {
		if id != w.Me && len(names) < maxNamed {
			names = append(names, w.Name(id))
		}
	}
	who := strings.Join(names, w.Texts.Comma)
	if rest := len(users) - len(names); rest > 0 {
		who += w.Texts.Comma + "+" + strconv.Itoa(rest)
	}
	return who
}
