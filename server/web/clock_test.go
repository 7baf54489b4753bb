package web

import (
	"testing"
	"time"

	"parley/shared/texts"
	"parley/shared/wire"
)

// TestClock holds what the page says to what Chromium's Intl.DateTimeFormat does.
func TestClock(t *testing.T) {
	now := time.Date(2026, 11, 25, 3, 0, 0, 0, time.UTC)
	afternoon := wire.TimeOf(time.Date(2026, 11, 3, 14, 5, 0, 0, time.UTC))
	night := wire.TimeOf(time.Date(2025, 11, 3, 0, 5, 0, 0, time.UTC))
	for tag, want := range map[string][5]string{
		"en":    {"2:05 PM", "12:05 AM", "Tuesday, November 3, 2026 at 2:05 PM", "Tuesday, November 3", "Monday, November 3, 2025"},
		"en-US": {"2:05 PM", "12:05 AM", "Tuesday, November 3, 2026 at 2:05 PM", "Tuesday, November 3", "Monday, November 3, 2025"},
		"en-GB": {"14:05", "0:05", "Tuesday, 3 November 2026 at 14:05", "Tuesday 3 November", "Monday, 3 November 2025"},
		"en-AU": {"2:05 pm", "12:05 am", "Tuesday, 3 November 2026 at 2:05 pm", "Tuesday 3 November", "Monday 3 November 2025"},
		"en-CA": {"2:05 p.m.", "12:05 a.m.", "Tuesday, November 3, 2026 at 2:05 p.m.", "Tuesday, November 3", "Monday, November 3, 2025"},
		"en-IN": {"2:05 pm", "12:05 am", "Tuesday, 3 November 2026 at 2:05 pm", "Tuesday, 3 November", "Monday, 3 November 2025"},
		"en-IE": {"14:05", "0:05", "Tuesday 3 November 2026 at 14:05", "Tuesday, 3 November", "Monday 3 November 2025"},
		"en-ZA": {"14:05", "0:05", "Tuesday, 03 November 2026 at 14:05", "Tuesday, 03 November", "Monday, 3 November 2025"},
		"en-DE": {"14:05", "0:05", "Tuesday, 3 November 2026 at 14:05", "Tuesday, 3 November", "Monday, 3 November 2025"},
		"zh-CN": {"14:05", "0:05", "2026年11月3日星期二 14:05", "11月3日星期二", "2025年11月3日星期一"},
	} {
		c := newClock(texts.For(tag), []string{"fr", tag}, time.UTC, now)
		got := [5]string{c.Clock(afternoon), c.Clock(night), c.Full(afternoon), c.DayName(afternoon), c.DayName(night)}
		if got != want {
			t.Errorf("%s: %q, want %q", tag, got, want)
		}
	}
}

func TestClockDays(t *testing.T) {
	now := time.Date(2026, 11, 25, 3, 0, 0, 0, time.UTC) // the 24th in New York
	at := wire.TimeOf(time.Date(2026, 11, 24, 23, 30, 0, 0, time.UTC))
	for zone, want := range map[string]string{
		"America/New_York": "Today", "Europe/Paris": "Today", "UTC": "Yesterday", "": "Yesterday",
		"Local": "Yesterday", "../../etc/passwd": "Yesterday", "no such zone": "Yesterday",
	} {
		if got := newClock(&texts.English, nil, zoneOf(zone), now).DayName(at); got != want {
			t.Errorf("%s: %s, want %s", zone, got, want)
		}
	}
	c := newClock(&texts.English, nil, time.UTC, now)
	before := wire.TimeOf(time.Date(1969, 12, 31, 23, 0, 0, 0, time.UTC))
	if c.Day(before) != -1 || c.Day(0) != 0 {
		t.Errorf("days around the epoch: %d and %d", c.Day(before), c.Day(0))
	}
}
