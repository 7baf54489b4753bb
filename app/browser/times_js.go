package browser

import (
	"syscall/js"
	"time"

	"parley/shared/wire"
)

// Times writes times as the reader knows them: their zone, by Intl in a
// language. It is rows.Times. For one goroutine.
type Times struct {
	today, yesterday string
	clock, full      js.Value // Intl.DateTimeFormat
	day, dayOfYear   js.Value // in this year, in another
	offsets          map[int64]int
}

// NewTimes gives times in a locale. today and yesterday are the words for them.
func NewTimes(locale, today, yesterday string) *Times {
	format := func(options map[string]any) js.Value {
		return js.Global().Get("Intl").Get("DateTimeFormat").New(locale, options)
	}
	return &Times{
		today: today, yesterday: yesterday,
		clock:     format(map[string]any{"hour": "numeric", "minute": "2-digit"}),
		full:      format(map[string]any{"dateStyle": "full", "timeStyle": "short"}),
		day:       format(map[string]any{"weekday": "long", "day": "numeric", "month": "long"}),
		dayOfYear: format(map[string]any{"weekday": "long", "day": "numeric", "month": "long", "year": "numeric"}),
		offsets:   map[int64]int{},
	}
}

// Day counts days in the reader's time zone.
func (t *Times) Day(at wire.Time) int { return dayOf(at, t.offset(at)) }

// offset asks JavaScript once for each quarter of an hour: zones change their
// offset at no finer time.
func (t *Times) offset(at wire.Time) int {
	quarter := int64(at) / (15 * 60_000)
	offset, ok := t.offsets[quarter]
	if !ok {
		offset = js.Global().Get("Date").New(float64(at)).Call("getTimezoneOffset").Int()
		t.offsets[quarter] = offset
	}
	return offset
}

// DayName is "Today", "Yesterday" or the date, with the year if it is not this one.
func (t *Times) DayName(at wire.Time) string {
	now := wire.TimeOf(time.Now())
	switch t.Day(now) - t.Day(at) {
	case 0:
		return t.today
	case 1:
		return t.yesterday
	}
	if js.Global().Get("Date").New(float64(at)).Call("getFullYear").Int() == js.Global().Get("Date").New().Call("getFullYear").Int() {
		return t.format(t.day, at)
	}
	return t.format(t.dayOfYear, at)
}

// Clock is the time of day.
func (t *Times) Clock(at wire.Time) string { return t.format(t.clock, at) }

// Full is date and time.
func (t *Times) Full(at wire.Time) string { return t.format(t.full, at) }

// format leaves times that JavaScript cannot hold (beyond the year 275760) out.
func (t *Times) format(f js.Value, at wire.Time) (s string) {
	_ = try(func() { s = f.Call("format", float64(at)).String() })
	return s
}
