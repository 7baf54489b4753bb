package rows

import (
	"hash/fnv"
	"strings"
	"unicode"
)

// Hues is how many colours there are for avatars: classes hue0 to hue11.
const Hues = 12

// Hue chooses a colour for a user, the same everywhere and for ever.
func Hue(id string) int {
	h := fnv.New32a()
	h.Write([]byte(id))
	return int(h.Sum32() % Hues)
}

// Initials are one or two characters that stand for a name in its avatar:
// first letters of the first and the last word; of Chinese, Japanese and Korean
// names the last two characters, as is usual there (陈小明 is 小明).
func Initials(name string) string {
	words := strings.FieldsFunc(name, func(r rune) bool {
		return unicode.IsSpace(r) || r == '-' || r == '_' || r == '.'
	})
	if len(words) == 0 {
		return "?"
	}
	first := []rune(words[0])
	if unicode.In(first[0], unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana) {
		return string(first[max(0, len(first)-2):])
	}
	initials := cluster(first)
	if last := []rune(words[len(words)-1]); len(words) > 1 && unicode.IsLetter(last[0]) && unicode.IsLetter(first[0]) {
		initials += string(last[0])
	}
	return strings.ToUpper(initials)
}

// cluster is the first character as a person sees it: an emoji with its skin
// tone and joiners, a letter with its accents.
func cluster(s []rune) string {
	end := 1
	for end < len(s) {
		r := s[end]
		switch {
		case unicode.Is(unicode.M, r), r == 0xFE0F, r >= 0x1F3FB && r <= 0x1F3FF:
			end++
		case r == 0x200D && end+1 < len(s):
			end += 2
		case end == 1 && isFlag(s[0]) && isFlag(r):
			end++
		default:
			return string(s[:end])
		}
	}
	return string(s[:end])
}

func isFlag(r rune) bool { return r >= 0x1F1E6 && r <= 0x1F1FF }
