//go:build !js

package browser

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"parley/app/client"
	"parley/shared/wire"
)

// NewNet gives a network that refuses.
func NewNet() client.Net { return noNet{} }

type noNet struct{}

func (noNet) Do(context.Context, client.Request) (client.Response, error) {
	return client.Response{}, errors.ErrUnsupported
}

func (noNet) Stream(context.Context, client.Request) (client.Stream, error) {
	return nil, errors.ErrUnsupported
}

func (noNet) Dial(context.Context, string) (client.Socket, error) {
	return nil, errors.ErrUnsupported
}

// NewStore gives a store that keeps nothing.
func NewStore() client.Store { return noStore{} }

type noStore struct{}

func (noStore) Load(context.Context, string) ([]byte, error)   { return nil, nil }
func (noStore) Save(context.Context, string, []byte) error     { return nil }
func (noStore) Keys(context.Context, string) ([]string, error) { return nil, nil }

// NewDatabase gives none.
func NewDatabase() client.Database { return nil }

// NewBlobs gives none.
func NewBlobs(client.Database) client.Blobs { return nil }

func (*Blob) read(context.Context, int64, int64) ([]byte, error) { return nil, errors.ErrUnsupported }

// BlobURL is none: there is no page.
func BlobURL(client.Blob) string { return "" }

// RevokeBlobURL does nothing.
func RevokeBlobURL(string) {}

// NewTabs knows of no other tabs.
func NewTabs(string) client.Tabs { return nil }

// Wakes never wakes.
func Wakes(func(reason string)) (cancel func()) { return func() {} }

// Closes calls nothing.
func Closes(func()) (cancel func()) { return func() {} }

// Hides never calls.
func Hides(func()) (cancel func()) { return func() {} }

// SyncLater does nothing.
func SyncLater(context.Context) error { return errors.ErrUnsupported }

// Visible is false: nobody looks.
func Visible() bool { return false }

// Focused is false.
func Focused() bool { return false }

// Installed is false.
func Installed() bool { return false }

// Agent has no name.
func Agent() (name string, touch bool) { return "", false }

// Badge shows nothing.
func Badge(uint64, bool) {}

// Favicon shows nothing.
func Favicon(bool) {}

// Launches never calls.
func Launches(func(url string)) {}

// TakeShared gives nothing.
func TakeShared(context.Context) (Shared, error) { return Shared{}, nil }

// Languages are not known.
func Languages() []string { return nil }

// Copy refuses.
func Copy(context.Context, string, string) error { return errors.ErrUnsupported }

// Times writes times in UTC, as Go does.
type Times struct{ today, yesterday string }

// NewTimes gives times in UTC, whatever the locale.
func NewTimes(_, today, yesterday string) *Times { return &Times{today: today, yesterday: yesterday} }

// Day counts days in UTC.
func (t *Times) Day(at wire.Time) int { return dayOf(at, 0) }

// DayName is "Today", "Yesterday" or the date.
func (t *Times) DayName(at wire.Time) string {
	switch t.Day(wire.TimeOf(time.Now())) - t.Day(at) {
	case 0:
		return t.today
	case 1:
		return t.yesterday
	}
	return at.Std().Format("Monday, 2 January 2006")
}

// Clock is the time of day.
func (t *Times) Clock(at wire.Time) string { return at.Std().Format("15:04") }

// Full is date and time.
func (t *Times) Full(at wire.Time) string { return at.Std().Format("Monday, 2 January 2006 at 15:04") }

// Intl writes numbers and lists without knowing a locale.
type Intl struct{}

// NewIntl gives it.
func NewIntl(string) *Intl { return &Intl{} }

// Number writes digits.
func (*Intl) Number(n int) string { return strconv.Itoa(n) }

// List puts commas between.
func (*Intl) List(names []string) string { return strings.Join(names, ", ") }

// Session is nothing.
func Session(string) string { return "" }

// SetSession keeps nothing.
func SetSession(string, string) {}

// Pref is nothing: nobody chose.
func Pref(string) string { return "" }

// SetPref keeps nothing.
func SetPref(string, string) {}

// Cookie is none: there is no page.
func Cookie(string) string { return "" }

// SetCookie sets none.
func SetCookie(string, string) {}

// ShowPrefs has no page to show them on.
func ShowPrefs(string, string) {}

// Zone is not known.
func Zone() string { return "" }

// NotePermission is none: there are no notifications.
func NotePermission() string { return "" }

// AskNotes refuses.
func AskNotes(context.Context) (string, error) { return "", errors.ErrUnsupported }

// Notify refuses.
func Notify(context.Context, Note) error { return errors.ErrUnsupported }

// CloseNotes finds none.
func CloseNotes(context.Context, func(tag string) bool) error { return nil }

// NoteClicks never calls.
func NoteClicks(func(path string)) {}

// Chosen gives none.
func Chosen(string) (File, bool) { return File{}, false }

// Send sends nothing.
func (Upload) Send(context.Context) (client.Response, error) {
	return client.Response{}, errors.ErrUnsupported
}
