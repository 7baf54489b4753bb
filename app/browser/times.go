package browser

import (
	"strings"
	"time"

	"parley/shared/wire"
)

const millisPerDay = int64(24 * time.Hour / time.Millisecond)

// dayOf counts days from the epoch, in the time zone that lies offset minutes
// west of Greenwich (as JavaScript's getTimezoneOffset has it).
func dayOf(t wire.Time, offset int) int {
	local := int64(t) - int64(offset)*60_000
	day := local / millisPerDay
	if local%millisPerDay < 0 {
		day--
	}
	return int(day)
}

// Locale chooses among the reader's languages the first that is a form of
// lang, such as en-GB for en; lang itself when there is none. Dates then look
// as the reader knows them, in the language of the words around them.
func Locale(lang string, languages []string) string {
	for _, tag := range languages {
		if tag == lang || strings.HasPrefix(tag, lang+"-") {
			return tag
		}
	}
	return lang
}
