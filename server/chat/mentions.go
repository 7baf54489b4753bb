package chat

import (
	"errors"
	"slices"
	"strings"
	"unicode"

	"parley/server/store"
	"parley/shared/names"
	"parley/shared/wire"
)

// maxMentionRunes is how much of a text after an @ may be a name: its
// characters can be written in more than one code point each.
const maxMentionRunes = 3 * wire.MaxName / 2

// mentionsAll are the names, folded, by which a text calls everybody in a room.
var mentionsAll = []string{"room", "所有人"}

// mentionPlaces is, for each @ of a text that may begin a mention, what could be
// the name there, folded, the longest first. Which of them is one, Apply
// decides: it knows the members. At most wire.MaxMentions places are looked at.
func mentionPlaces(text string) [][]string {
	if !strings.ContainsAny(text, "@＠") {
		return nil
	}
	var places [][]string
	runes := []rune(text)
	for i, r := range runes {
		if r != '@' && r != '＠' || i > 0 && !mayPrecede(runes[i-1]) {
			continue
		}
		rest := runes[i+1:]
		if candidates := namesAt(rest[:min(len(rest), maxMentionRunes+1)]); len(candidates) > 0 {
			places = append(places, candidates)
		}
		if len(places) == wire.MaxMentions {
			break
		}
	}
	return places
}

// namesAt are the beginnings of s that may be names. s has a rune more than a
// name can have, to see where words end.
func namesAt(s []rune) []string {
	var candidates []string
	for n := min(len(s), maxMentionRunes); n > 0; n-- {
		if line := slices.Index(s[:n], '\n'); line >= 0 {
			n = line + 1
			continue
		}
		if unicode.IsSpace(s[n-1]) || n < len(s) && inWord(s[n-1], s[n]) {
			continue
		}
		folded := names.Fold(string(s[:n]))
		if folded != "" && !slices.Contains(candidates, folded) {
			candidates = append(candidates, folded)
		}
	}
	return candidates
}

// mayPrecede tells whether a mention can follow a character: in an address, as
// in me@example.org, it cannot.
func mayPrecede(r rune) bool {
	return !strings.ContainsRune("@＠._-+/", r) && (!isWordRune(r) || isUnspaced(r))
}

// inWord tells whether two characters that follow each other belong together,
// so that no name ends between them.
func inWord(a, b rune) bool {
	if unicode.IsMark(b) || wire.Joiner(a) || wire.Joiner(b) {
		return true
	}
	return isWordRune(a) && isWordRune(b) && !isUnspaced(a) && !isUnspaced(b)
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

// isUnspaced tells the scripts that are written without spaces between words.
func isUnspaced(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// mentioned are the members of the room that a text names, each once, in the
// order of the text, and whether it calls everybody. Guests cannot do that.
func (c *change) mentioned(room string, places [][]string) (ids []string, all bool, err error) {
	known := map[string]string{} // name to member, "" for nobody
	for _, candidates := range places {
		for _, name := range candidates {
			if slices.Contains(mentionsAll, name) {
				all = all || c.actor.Role != wire.RoleGuest
				break
			}
			id, ok := known[name]
			if !ok {
				if id, err = c.memberNamed(room, name); err != nil {
					return nil, false, err
				}
				known[name] = id
			}
			if id == "" {
				continue
			}
			if !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
			break
		}
	}
	return ids, all, nil
}

// memberNamed is the member of the room who has that name, folded; "" if none has.
func (c *change) memberNamed(room, folded string) (string, error) {
	id, err := c.tx.UserNamed(folded)
	if errors.Is(err, store.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	member, err := c.tx.IsMember(room, id)
	if err != nil || !member {
		return "", err
	}
	return id, nil
}

// moveMentions keeps the index of mentions in step with a message m that is
// about to mention others.
func (c *change) moveMentions(m wire.Message, ids []string, all bool) error {
	for _, id := range m.Mentions {
		if !slices.Contains(ids, id) {
			if err := c.tx.DeleteMention(id, m); err != nil {
				return err
			}
		}
	}
	for _, id := range ids {
		if !slices.Contains(m.Mentions, id) {
			if err := c.tx.PutMention(id, m); err != nil {
				return err
			}
		}
	}
	switch {
	case all && !m.MentionsAll:
		return c.tx.PutMention(store.InRoom, m)
	case !all && m.MentionsAll:
		return c.tx.DeleteMention(store.InRoom, m)
	}
	return nil
}
