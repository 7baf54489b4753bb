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

// minuteOf counts the minutes of a day, in the time zone that lies offset
// minutes west of Greenwich.
func minuteOf(t wire.Time, offset int) int {
	local := int64(t) - int64(offset)*60_000
	return int((local%millisPerDay+millisPerDay)%millisPerDay) / 60_000
}

// frame is what stands around the time of day in a date: the same at all times
// of one day.
type frame struct {
	before, after string
	ok            bool // the time of day was found
}

// frameOf finds the time of day in a date with it.
func frameOf(full, clock string) frame {
	before, after, ok := strings.Cut(full, clock)
	if clock == "" || strings.Contains(after, clock) || endsInDigit(before) || startsWithDigit(after) {
		ok = false
	}
	return frame{before, after, ok}
}

func endsInDigit(s string) bool     { return s != "" && isDigit(s[len(s)-1]) }
func startsWithDigit(s string) bool { return s != "" && isDigit(s[0]) }
func isDigit(c byte) bool           { return c >= '0' && c <= '9' }

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
