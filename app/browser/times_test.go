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
