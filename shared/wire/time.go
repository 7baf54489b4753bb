package wire

import (
	"errors"
	"fmt"
	"time"
)

// Time is a moment in Unix milliseconds (UTC). On the wire it is RFC 3339 with
// exactly three decimals, such as "2026-03-04T05:06:07.089Z". The zero Time
// stands for "no time" and is left out of objects where the field is optional.
type Time int64

const timeLayout = "2006-01-02T15:04:05.000Z"

// TimeOf cuts t to milliseconds.
func TimeOf(t time.Time) Time { return Time(t.UnixMilli()) }

// Std is t as a time.Time in UTC.
func (t Time) Std() time.Time { return time.UnixMilli(int64(t)).UTC() }

// Add is t moved by d, cut to milliseconds.
func (t Time) Add(d time.Duration) Time { return t + Time(d.Milliseconds()) }

// Sub is the time from u to t.
func (t Time) Sub(u Time) time.Duration { return time.Duration(t-u) * time.Millisecond }

// String is t as it stands on the wire, without quotes.
func (t Time) String() string { return t.Std().Format(timeLayout) }

// MarshalJSON writes RFC 3339 in UTC with milliseconds. A year outside 0 to
// 9999 is an error, as RFC 3339 has no form for it.
func (t Time) MarshalJSON() ([]byte, error) {
	if !t.writable() {
		return nil, fmt.Errorf("year %d cannot be written in RFC 3339", t.Std().Year())
	}
	return t.Std().AppendFormat(nil, `"`+timeLayout+`"`), nil
}

// UnmarshalJSON reads any RFC 3339 time, cuts it to milliseconds and moves it
// to UTC; one whose year in UTC cannot be written again is refused.
func (t *Time) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return nil
	}
	std, err := time.Parse(`"`+time.RFC3339Nano+`"`, string(data))
	if err != nil || !strict(data) || !TimeOf(std).writable() {
		return errors.New("a time must be as in RFC 3339, such as 2026-03-04T05:06:07.089Z")
	}
	*t = TimeOf(std)
	return nil
}

// strict refuses what time.Parse lets pass although RFC 3339, section 5.6, has
// no such form: an hour of one digit, a comma before the fraction, an offset
// of a day. data is a quoted time that time.Parse has accepted.
func strict(data []byte) bool {
	const hour, fraction, offset = len(`"2006-01-02T1`), len(`"2006-01-02T15:04:05`), len(`07:00"`)
	zone := string(data[len(data)-offset:])
	return data[hour] != ':' && data[fraction] != ',' &&
		(data[len(data)-2] == 'Z' || zone[:2] < "24" && zone[3:5] < "60")
}

// writable tells whether RFC 3339 has a form for t's year.
func (t Time) writable() bool {
	y := t.Std().Year()
	return 0 <= y && y <= 9999
}
