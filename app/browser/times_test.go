package browser

import (
	"testing"
	"time"

	"parley/shared/wire"
)

func TestDayOf(t *testing.T) {
	at := func(s string) wire.Time {
		std, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return wire.TimeOf(std)
	}
	for _, c := range []struct {
		a, b   string
		offset int
		same   bool
	}{
		{"2026-03-04T00:00:00Z", "2026-03-04T23:59:59Z", 0, true},
		{"2026-03-04T23:59:59Z", "2026-03-05T00:00:00Z", 0, false},
		{"2026-03-04T15:59:59Z", "2026-03-04T16:00:00Z", -480, false}, // midnight in Shanghai
		{"2026-03-04T16:00:00Z", "2026-03-05T15:59:59Z", -480, true},
		{"2026-03-04T04:59:59Z", "2026-03-04T05:00:00Z", 300, false}, // midnight in New York
		{"1969-12-31T23:59:59Z", "1970-01-01T00:00:00Z", 0, false},
		{"1969-12-31T00:00:00Z", "1969-12-31T23:59:59Z", 0, true},
	} {
		if same := dayOf(at(c.a), c.offset) == dayOf(at(c.b), c.offset); same != c.same {
			t.Errorf("%s and %s at %d: same day is %v", c.a, c.b, c.offset, same)
		}
	}
}

func TestLocale(t *testing.T) {
	for _, c := range []struct {
		languages []string
		want      string
	}{
		{nil, "en"},
		{[]string{"en"}, "en"},
		{[]string{"de-DE", "en-GB", "en"}, "en-GB"},
		{[]string{"zh-CN", "eng"}, "en"},
	} {
		if got := Locale("en", c.languages); got != c.want {
			t.Errorf("Locale(en, %v) = %s, want %s", c.languages, got, c.want)
		}
	}
}

func TestMinuteOf(t *testing.T) {
	for _, c := range []struct {
		at     wire.Time
		offset int
		want   int
	}{
		{0, 0, 0}, {59_999, 0, 0}, {60_000, 0, 1}, {-1, 0, 1439}, {0, 300, 19 * 60}, {0, -480, 8 * 60}, {0, -345, 5*60 + 45},
	} {
		if got := minuteOf(c.at, c.offset); got != c.want {
			t.Errorf("minuteOf(%d, %d) = %d, want %d", c.at, c.offset, got, c.want)
		}
	}
}

// TestFrameOf: where the time of day is not what it is alone, or not alone
// what it is, a date is not put together.
func TestFrameOf(t *testing.T) {
	for _, c := range []struct {
		full, clock string
		want        frame
	}{
		{"Monday, 23 November 2026 at 14:05", "14:05", frame{"Monday, 23 November 2026 at ", "", true}},
		{"2026年11月23日星期一 14:05", "14:05", frame{"2026年11月23日星期一 ", "", true}},
		{"14:05, segunda-feira", "14:05", frame{"", ", segunda-feira", true}},
		{"Montag um 09:05", "9:05", frame{ok: false}},
		{"Monday, 2:05 PM", "14:05", frame{ok: false}},
		{"12:05 12:05", "12:05", frame{ok: false}},
		{"", "", frame{ok: false}},
	} {
		got := frameOf(c.full, c.clock)
		if got.ok != c.want.ok || got.ok && got != c.want {
			t.Errorf("frameOf(%q, %q) = %+v", c.full, c.clock, got)
		}
	}
}
