package ui

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"parley/app/client"
	"parley/shared/rows"
	"parley/shared/wire"
)

// suggestMention offers whom an @ in front of the caret may call: the members of
// the room, by their names or as those are typed in Latin letters, and everybody.
func (m *Model) suggestMention(before string, _ func()) (int, []suggestion) {
	r, ok := m.room(m.Current)
	start := mentionStart(before)
	if !ok || start < 0 {
		return -1, nil
	}
	typed := strings.TrimPrefix(strings.TrimPrefix(before[start:], "@"), "＠")
	return start, m.mentionsFor(r, typed, strings.HasPrefix(before, "/invite "))
}

// mentionStart is where the last @ that may begin a mention stands, -1 for none.
// A name may have spaces, and no line break.
func mentionStart(before string) int {
	start := strings.LastIndexAny(before, "@＠")
	if start < 0 || strings.Contains(before[start:], "\n") || utf8.RuneCountInString(before[start:]) > wire.MaxName+1 {
		return -1
	}
	last, _ := utf8.DecodeLastRuneInString(before[:start])
	if start > 0 && (strings.ContainsRune("@＠._-+/", last) || last < 0x2000 && (unicode.IsLetter(last) || unicode.IsDigit(last))) {
		return -1 // an address, as in me@example.org
	}
	return start
}

// mentionsFor are the suggestions for what was typed behind an @, those that fit
// best first: members, or to be invited those who are none.
func (m *Model) mentionsFor(r client.RoomState, typed string, outside bool) []suggestion {
	type hit struct {
		user wire.User
		rank int
	}
	var hits []hit
	for _, u := range m.Users {
		if u.ID == m.Me.ID || u.Deactivated || len(r.Members) > 0 && slices.Contains(r.Members, u.ID) == outside {
			continue
		}
		if rank := rankName(u, typed); rank > 0 {
			hits = append(hits, hit{u, rank})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return cmp.Compare(b.rank, a.rank) })
	list := make([]suggestion, 0, maxSuggestions)
	for _, h := range hits[:min(len(hits), maxSuggestions-1)] {
		list = append(list, suggestion{text: "@" + h.user.Name, sign: rows.Initials(h.user.Name), label: h.user.Name})
	}
	word := m.T.EverybodyWord
	called := strings.ToLower(typed)
	if !outside && r.Kind != wire.KindDirect && m.Me.Role != wire.RoleGuest &&
		(strings.HasPrefix("room", called) || strings.HasPrefix(word, called) || strings.HasPrefix("suoyouren", called)) {
		list = append(list, suggestion{text: "@" + word, sign: "@", label: word, hint: m.T.EverybodyHint})
	}
	return list
}

// rankName is how well a name is what was typed, 0 for not at all.
func rankName(u wire.User, typed string) int {
	name, typed := strings.ToLower(u.Name), strings.ToLower(typed)
	switch {
	case typed == "":
		return 1
	case strings.HasPrefix(name, typed):
		return 4
	case strings.Contains(name, " "+typed):
		return 3
	case spells(strings.Fields(u.Latin), strings.ReplaceAll(typed, " ", "")):
		return 2
	case typed[0] >= 0x80 && strings.Contains(name, typed): // Chinese has no spaces between words
		return 1
	}
	return 0
}

// spells tells whether typed is the beginning of each of some words that follow
// each other from the first or a later one on: chen, cxm, chenxm and xm all
// spell "chen xiao ming". Of a word with several readings one is enough.
func spells(words []string, typed string) bool {
	end := len(typed)
	if end > 62 {
		return false
	}
	var at uint64 // bit n: the words up to here can spell the first n bytes
	for _, word := range words {
		at |= 1 // or it begins here
		var next uint64
		for reading := range strings.SplitSeq(word, "/") {
			for from := range end {
				if at>>from&1 == 1 {
					next |= (1<<common(reading, typed[from:]) - 1) << (from + 1)
				}
			}
		}
		if next>>end&1 == 1 {
			return true
		}
		at = next
	}
	return false
}

// common is how many bytes two words have in common at their beginning.
func common(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}
