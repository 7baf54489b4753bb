package web

import (
	"fmt"
	"net/url"
	"strings"
	"time"
	_ "time/tzdata" // so that the reader's zone is known wherever the server runs

	"parley/shared/texts"
	"parley/shared/wire"
)

// clock writes times as the reader's browser will (Intl.DateTimeFormat), for
// the languages and regions that we know; it is rows.Times. Where the two differ
// the app writes the row again, so nobody is told a wrong time for long.
type clock struct {
	t     *texts.Texts
	zone  *time.Location
	style style
	now   time.Time
}

// style is how a region writes times: Go layouts, but for the clock.
type style struct {
	half            bool   // the clock has twelve hours
	am, pm          string // and names its halves
	full, day, year string // date with year before a time; date without year; date with it
	joint           string // between full and the time
}

// styles are by region; "" is for English in others.
var styles = map[string]style{
	"":   {full: "Monday, 2 January 2006", day: "Monday, 2 January", year: "Monday, 2 January 2006", joint: " at "},
	"US": {half: true, am: "AM", pm: "PM", full: "Monday, January 2, 2006", day: "Monday, January 2", year: "Monday, January 2, 2006", joint: " at "},
	"CA": {half: true, am: "a.m.", pm: "p.m.", full: "Monday, January 2, 2006", day: "Monday, January 2", year: "Monday, January 2, 2006", joint: " at "},
	"GB": {full: "Monday, 2 January 2006", day: "Monday 2 January", year: "Monday, 2 January 2006", joint: " at "},
	"IE": {full: "Monday 2 January 2006", day: "Monday, 2 January", year: "Monday 2 January 2006", joint: " at "},
	"ZA": {full: "Monday, 02 January 2006", day: "Monday, 02 January", year: "Monday, 2 January 2006", joint: " at "},
	"AU": {half: true, am: "am", pm: "pm", full: "Monday, 2 January 2006", day: "Monday 2 January", year: "Monday 2 January 2006", joint: " at "},
	"IN": {half: true, am: "am", pm: "pm", full: "Monday, 2 January 2006", day: "Monday, 2 January", year: "Monday, 2 January 2006", joint: " at "},
}

func init() {
	for _, like := range []string{"NZ", "SG", "HK"} {
		styles[like] = styles["IN"]
	}
}

// chinese has its weekdays apart.
var chinese = style{full: "2006年1月2日", day: "1月2日", year: "2006年1月2日", joint: " "}

var weekdays = [...]string{"星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"}

// newClock chooses the style by the first of the reader's languages that is a
// form of t's, as the app does.
func newClock(t *texts.Texts, accepted []string, zone *time.Location, now time.Time) clock {
	c := clock{t: t, zone: zone, now: now.In(zone)}
	if strings.HasPrefix(t.Lang, "zh") {
		c.style = chinese
		return c
	}
	region := "US"
	for _, tag := range accepted {
		if tag == t.Lang {
			break
		}
		if r, ok := strings.CutPrefix(tag, t.Lang+"-"); ok {
			region = r
			break
		}
	}
	c.style = styles[""]
	if known, ok := styles[region]; ok {
		c.style = known
	}
	return c
}

// zoneOf is the time zone of a name that somebody sent; UTC for what is none.
func zoneOf(name string) *time.Location {
	const longest = 64 // America/Argentina/ComodRivadavia has 32
	if name == "Local" || len(name) > longest {
		return time.UTC
	}
	zone, err := time.LoadLocation(name) // refuses to leave its folder
	if err != nil {
		return time.UTC
	}
	return zone
}

func unescape(value string) string {
	s, err := url.PathUnescape(value)
	if err != nil {
		return ""
	}
	return s
}

func (c clock) in(at wire.Time) time.Time { return at.Std().In(c.zone) }

// Day counts days in the reader's time zone.
func (c clock) Day(at wire.Time) int { return dayOf(c.in(at)) }

func dayOf(t time.Time) int {
	return int(time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60))
}

// DayName is "Today", "Yesterday" or the date, with the year if it is not this one.
func (c clock) DayName(at wire.Time) string {
	t := c.in(at)
	switch {
	case dayOf(c.now)-dayOf(t) == 0:
		return c.t.Today
	case dayOf(c.now)-dayOf(t) == 1:
		return c.t.Yesterday
	case t.Year() == c.now.Year():
		return c.date(c.style.day, t)
	}
	return c.date(c.style.year, t)
}

func (c clock) date(layout string, t time.Time) string {
	if c.style == chinese {
		return t.Format(layout) + weekdays[t.Weekday()]
	}
	return t.Format(layout)
}

// Clock is the time of day.
func (c clock) Clock(at wire.Time) string { return c.time(c.in(at), "%d:%02d") }

func (c clock) time(t time.Time, format string) string {
	if !c.style.half {
		return fmt.Sprintf(format, t.Hour(), t.Minute())
	}
	half := c.style.am
	if t.Hour() >= 12 {
		half = c.style.pm
	}
	return fmt.Sprintf("%d:%02d %s", (t.Hour()+11)%12+1, t.Minute(), half)
}

// Full is date and time.
func (c clock) Full(at wire.Time) string {
	t := c.in(at)
	return c.date(c.style.full, t) + c.style.joint + c.time(t, "%02d:%02d")
}
