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

	// What JavaScript has been asked already: five thousand messages have ten
	// thousand times, but few days, and 1,440 minutes at most.
	offsets map[int64]int  // by quarters of an hour
	flat    map[int64]int  // by days in which it stays the same
	clocks  map[int]string // by minutes of the day
	frames  map[int]frame  // by days
}

// latest is the last moment that JavaScript can hold.
const latest = 8_640_000_000_000_000

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
		offsets:   map[int64]int{}, flat: map[int64]int{},
		clocks: map[int]string{}, frames: map[int]frame{},
	}
}

// Day counts days in the reader's time zone.
func (t *Times) Day(at wire.Time) int { return dayOf(at, t.offset(at)) }

// offset is how many minutes the reader's time zone lies west of Greenwich.
// JavaScript is asked at both ends of a day, and where they differ once for each
// quarter of an hour: zones change their offset at no finer time.
func (t *Times) offset(at wire.Time) int {
	day := int64(at) / millisPerDay
	if offset, ok := t.flat[day]; ok {
		return offset
	}
	start, end := t.offsetAt(day*millisPerDay), t.offsetAt((day+1)*millisPerDay)
	if start == end {
		t.flat[day] = start
		return start
	}
	return t.offsetAt(int64(at))
}

func (t *Times) offsetAt(at int64) int {
	quarter := at / (15 * 60_000)
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
func (t *Times) Clock(at wire.Time) string {
	if at > latest {
		return ""
	}
	minute := minuteOf(at, t.offset(at))
	clock, ok := t.clocks[minute]
	if !ok {
		clock = t.format(t.clock, at)
		t.clocks[minute] = clock
	}
	return clock
}

// Full is date and time.
func (t *Times) Full(at wire.Time) string {
	if at > latest {
		return ""
	}
	day, clock := t.Day(at), t.Clock(at)
	around, ok := t.frames[day]
	if !ok {
		around = frameOf(t.format(t.full, at), clock)
		t.frames[day] = around
	}
	if !around.ok {
		return t.format(t.full, at)
	}
	return around.before + clock + around.after
}

// format leaves times that JavaScript cannot hold (beyond the year 275760) out.
func (t *Times) format(f js.Value, at wire.Time) (s string) {
	_ = try(func() { s = f.Call("format", float64(at)).String() })
	return s
}
