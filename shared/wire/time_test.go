package wire_test

import (
	"encoding/json"
	"testing"
	"time"

	"parley/shared/wire"
)

func TestTimeOnTheWire(t *testing.T) {
	for in, want := range map[string]string{
		`"2026-03-04T05:06:07.089Z"`:         "2026-03-04T05:06:07.089Z",
		`"2026-03-04T05:06:07Z"`:             "2026-03-04T05:06:07.000Z",
		`"2026-03-04T05:06:07.0899999Z"`:     "2026-03-04T05:06:07.089Z",
		`"2026-03-04T05:06:07.1+08:00"`:      "2026-03-03T21:06:07.100Z",
		`"2024-02-29T23:59:59.999-00:30"`:    "2024-03-01T00:29:59.999Z",
		`"1969-12-31T23:59:59.9999Z"`:        "1969-12-31T23:59:59.999Z",
		`"0000-01-01T00:00:00Z"`:             "0000-01-01T00:00:00.000Z",
		`"9999-12-31T23:59:59.999999Z"`:      "9999-12-31T23:59:59.999Z",
		`"9999-12-31T23:59:59.999999+00:01"`: "9999-12-31T23:58:59.999Z",
	} {
		var at wire.Time
		if err := json.Unmarshal([]byte(in), &at); err != nil || at.String() != want {
			t.Errorf("%s: %s, %v", in, at, err)
		}
		if out, err := json.Marshal(at); err != nil || string(out) != `"`+want+`"` {
			t.Errorf("%s: written as %s, %v", in, out, err)
		}
	}
}

func TestTimeRefuses(t *testing.T) {
	for _, in := range []string{
		`""`, `"now"`, `1772600767`, `{}`, `"2026-03-04"`, `"2026-03-04 05:06:07Z"`, `"2026-03-04T05:06:07"`,
		`"2026-03-04T05:06:07,089Z"`, `"2026-02-30T00:00:00Z"`, `"2026-03-04T24:00:00Z"`, `"2026-03-04T5:06:07Z"`,
		`"2026-03-04T05:06:07+24:00"`, `"12026-03-04T05:06:07Z"`, `"-001-03-04T05:06:07Z"`,
		`"9999-12-31T23:59:59-00:01"`, `"0000-01-01T00:00:00+00:01"`, // no year in UTC
	} {
		at := wire.Time(7)
		if err := json.Unmarshal([]byte(in), &at); err == nil {
			t.Errorf("%s: read as %s", in, at)
		} else if at != 7 {
			t.Errorf("%s: refused, but changed to %s", in, at)
		}
	}
	for _, at := range []wire.Time{1 << 62, -1 << 62} {
		if out, err := json.Marshal(at); err == nil {
			t.Errorf("%d: written as %s", int64(at), out)
		}
	}
}

// A moment that is not set is left out where the field says so, and null keeps it unset.
func TestNoTime(t *testing.T) {
	var i wire.CreateInvite
	if err := wire.Decode([]byte(`{"role":"guest","expires":null}`), &i); err != nil || i.Expires != 0 {
		t.Errorf("%v, %v", i.Expires, err)
	}
	if got := string(wire.Encode(i)); got != `{"role":"guest"}` {
		t.Error(got)
	}
}

func TestTimeArithmetic(t *testing.T) {
	at := wire.TimeOf(time.Date(2026, 1, 1, 0, 0, 0, 999_999, time.FixedZone("", 3600)))
	switch {
	case at.String() != "2025-12-31T23:00:00.000Z":
		t.Error(at)
	case at.Add(1500*time.Microsecond) != at+1:
		t.Error("Add is not cut to milliseconds")
	case at.Add(time.Hour).Sub(at) != time.Hour:
		t.Error("Sub")
	case at.Std().Location() != time.UTC:
		t.Error("Std is not in UTC")
	}
}
