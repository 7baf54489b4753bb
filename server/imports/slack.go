package imports

import (
	"archive/zip"
	"cmp"
	"compress/flate"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"parley/server/slack"
	"parley/shared/wire"
)

const (
	// maxDay bounds one file of an export, unpacked, in bytes: a day of a channel
	// is a few megabytes at most, and a bomb is not.
	maxDay = 64 << 20

	// maxUnpacked bounds all of them together.
	maxUnpacked = 2 << 30

	// maxEntries bounds the files of a zip: channels times days.
	maxEntries = 100_000
)

// slackFile is an export of Slack's: users.json, and a folder for each channel with
// a file for each day.
type slackFile struct {
	days    []*zip.File // of the channel, ascending
	channel string
	users   map[string]string // id to name
	rooms   map[string]string // id to name
}

func openSlack(file *os.File, channel string) (*slackFile, error) {
	r, err := newZip(file)
	if err != nil {
		return nil, err
	}
	if len(r.File) > maxEntries {
		return nil, wire.Errorf(wire.CodeTooLarge, "The zip file has more than %d files in it.", maxEntries)
	}
	s := &slackFile{users: map[string]string{}, rooms: map[string]string{}}
	byChannel := map[string][]*zip.File{}
	var total uint64
	for _, f := range r.File {
		if isOutside(f.Name) {
			return nil, wire.Errorf(wire.CodeBadRequest, "The zip file has %.60q in it, which leads out of it.", f.Name)
		}
		if total += f.UncompressedSize64; f.UncompressedSize64 > maxDay || total > maxUnpacked {
			return nil, wire.Errorf(wire.CodeTooLarge, "The zip file unpacks to more than it may: %.60q.", f.Name)
		}
		if dir, name := path.Split(f.Name); dir != "" && path.Ext(name) == ".json" {
			dir = strings.TrimSuffix(dir, "/")
			byChannel[dir] = append(byChannel[dir], f)
		}
	}
	if err := s.readUsers(r); err != nil {
		return nil, err
	}
	if s.channel, err = chooseChannel(byChannel, channel); err != nil {
		return nil, err
	}
	s.days = byChannel[s.channel]
	slices.SortFunc(s.days, func(a, b *zip.File) int { return cmp.Compare(a.Name, b.Name) })
	return s, nil
}

// isOutside tells names that an unpacker would be led astray by. Nothing is
// unpacked here; whoever made such a file means no good.
func isOutside(name string) bool {
	return strings.HasPrefix(name, "/") || strings.Contains(name, `\`) || slices.Contains(strings.Split(name, "/"), "..")
}

// chooseChannel is the channel that was asked for, or the only one.
func chooseChannel(byChannel map[string][]*zip.File, asked string) (string, error) {
	names := make([]string, 0, len(byChannel))
	for name := range byChannel {
		names = append(names, name)
	}
	slices.Sort(names)
	switch {
	case len(names) == 0:
		return "", wire.Errorf(wire.CodeBadRequest, "The zip file is no export of Slack's: it has no channel in it.")
	case asked == "" && len(names) == 1:
		return names[0], nil
	case byChannel[asked] != nil:
		return asked, nil
	}
	return "", wire.Errorf(wire.CodeBadRequest, "Say which channel to import: %s.", strings.Join(names[:min(len(names), 40)], ", "))
}

type slackUser struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Real    string `json:"real_name"`
	Profile struct {
		Display string `json:"display_name"`
		Real    string `json:"real_name"`
	} `json:"profile"`
}

func (s *slackFile) readUsers(r *zip.Reader) error {
	err := decodeList(r, "users.json", func(u slackUser) error {
		name := cmp.Or(u.Profile.Display, u.Real, u.Profile.Real, u.Name, u.ID)
		s.users[u.ID] = firstRunes(strings.Join(strings.Fields(name), " "), wire.MaxName)
		return nil
	})
	if err != nil {
		return err
	}
	return decodeList(r, "channels.json", func(c struct{ ID, Name string }) error {
		s.rooms[c.ID] = c.Name
		return nil
	})
}

// decodeList reads a JSON array element by element. A file that is not there is
// an empty one.
func decodeList[T any](r *zip.Reader, name string, fn func(T) error) error {
	i := slices.IndexFunc(r.File, func(f *zip.File) bool { return f.Name == name })
	if i < 0 {
		return nil
	}
	return decodeEntry(context.Background(), r.File[i], func(v T, _ int) error { return fn(v) })
}

func decodeEntry[T any](ctx context.Context, f *zip.File, fn func(v T, number int) error) error {
	body, err := f.Open()
	if err != nil {
		return wire.Errorf(wire.CodeBadRequest, "%.60s cannot be unpacked.", f.Name)
	}
	defer func() { _ = body.Close() }()
	bounded := &io.LimitedReader{R: body, N: maxDay + 1} // what the directory says of sizes may be a lie
	d := json.NewDecoder(&blanks{r: untilDone{ctx, bounded}})
	switch begin, err := d.Token(); {
	case err != nil:
		return broken(f, bounded, 0, err)
	case begin != json.Delim('['):
		return wire.Errorf(wire.CodeBadRequest, "%.60s is not what Slack exports: it is no list.", f.Name)
	}
	number := 1
	for ; d.More(); number++ {
		var v T
		if err := d.Decode(&v); err != nil {
			return broken(f, bounded, number, err)
		}
		if err := fn(v, number); err != nil {
			return err
		}
	}
	if _, err := d.Token(); err != nil {
		return broken(f, bounded, number, err)
	}
	return nil
}

// untilDone is a reader that ends with ctx.
type untilDone struct {
	ctx context.Context //nolint:containedctx // it lives as long as one call
	io.Reader
}

func (u untilDone) Read(p []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.Reader.Read(p)
}

// broken says why a file of an export cannot be read at its entry of that number.
func broken(f *zip.File, r *io.LimitedReader, number int, err error) error {
	var misfit *json.UnmarshalTypeError
	var flaw flate.CorruptInputError
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case r.N <= 0:
		return wire.Errorf(wire.CodeTooLarge, "%.60s unpacks to more than %d bytes.", f.Name, maxDay)
	case errors.Is(err, zip.ErrChecksum), errors.As(err, &flaw):
		return wire.Errorf(wire.CodeBadRequest, "%.60s is damaged.", f.Name)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return wire.Errorf(wire.CodeBadRequest, "%.60s breaks off in the middle.", f.Name)
	case errors.As(err, &misfit):
		return wire.Errorf(wire.CodeBadRequest, "%.60s is not what Slack exports: its entry %d has another form.", f.Name, number)
	}
	return wire.Errorf(wire.CodeBadRequest, "%.60s is not what Slack exports: it is not JSON.", f.Name)
}

type slackMessage struct {
	Type    string `json:"type"`
	Subtype string `json:"subtype"`
	User    string `json:"user"`
	Bot     string `json:"username"`
	Text    string `json:"text"`
	TS      string `json:"ts"`
	Thread  string `json:"thread_ts"` // the TS of what began the thread, which has its own here
	Edited  struct {
		TS string `json:"ts"`
	} `json:"edited"`
	Reactions []struct {
		Name  string   `json:"name"`
		Users []string `json:"users"`
	} `json:"reactions"`
}

// each gives the channel's messages, day by day. What is no message (somebody
// joined) and what has no text (a file alone) is passed over. What was said in a
// thread answers what began it.
func (s *slackFile) each(ctx context.Context, fn func(Line) error) error {
	seq, threads := uint64(0), map[string]uint64{} // where those that began stand
	count := func(l Line) error {
		seq++
		l.Seq = seq
		return fn(l)
	}
	for _, day := range s.days {
		err := decodeEntry(ctx, day, func(m slackMessage, number int) error {
			if m.Type != "message" || m.Subtype != "" && m.Subtype != "bot_message" && m.Subtype != "me_message" && m.Subtype != "thread_broadcast" {
				return nil
			}
			l := Line{Place: fmt.Sprintf("%s, message %d", day.Name, number), Author: s.author(m)}
			var err error
			if l.Time, err = slackTime(m.TS); err != nil {
				return l.problem("The time %.40q is none.", m.TS)
			}
			if m.Edited.TS != "" {
				l.Edited, _ = slackTime(m.Edited.TS)
			}
			before := seq
			if m.Thread != m.TS {
				l.ReplyTo = threads[m.Thread]
			}
			err = s.parts(l, m, count)
			if m.Thread == m.TS && seq > before {
				threads[m.TS] = before + 1
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *slackFile) author(m slackMessage) string {
	return firstRunes(cmp.Or(s.users[m.User], m.Bot, m.User, "Slack"), wire.MaxName)
}

// reactions are those of a message, as far as their emoji exist outside of Slack
// and a message may have so many.
func (s *slackFile) reactions(m slackMessage) (list []Reaction) {
	var chose map[[2]string]bool // emoji and name: a file may have the same a million times
	for _, r := range m.Reactions {
		emoji := slack.Emoji(r.Name)
		at := slices.IndexFunc(list, func(l Reaction) bool { return l.Emoji == emoji }) // under another of its names
		switch {
		case emoji == "" || len(r.Users) == 0:
			continue
		case at < 0 && len(list) == maxReactions:
			return list
		case at < 0:
			at, list = len(list), append(list, Reaction{Emoji: emoji})
		}
		if chose == nil {
			chose = map[[2]string]bool{}
		}
		for _, id := range r.Users {
			name := firstRunes(cmp.Or(s.users[id], id), wire.MaxName)
			if key := [2]string{emoji, name}; !chose[key] {
				chose[key] = true
				list[at].Users = append(list[at].Users, name)
			}
		}
	}
	return list
}

// parts gives a message, in several where it is longer than one may be.
func (s *slackFile) parts(l Line, m slackMessage, fn func(Line) error) error {
	text := strings.TrimRight(slack.Names{Users: s.users, Channels: s.rooms}.Markdown(m.Text), " \t\r\n")
	if !strings.ContainsFunc(text, wire.Visible) {
		return nil
	}
	l.Reactions = s.reactions(m)
	for part := 1; text != ""; part++ {
		l.Text = firstRunes(text, wire.MaxText)
		text = text[len(l.Text):]
		l.Nonce = "slack-" + m.TS
		if part > 1 {
			l.Nonce += "-" + strconv.Itoa(part)
			l.Reactions = nil
		}
		if err := fn(l); err != nil {
			return err
		}
	}
	return nil
}

// slackTime reads seconds with a fraction, such as 1355517523.000005.
func slackTime(ts string) (wire.Time, error) {
	seconds, fraction, _ := strings.Cut(ts, ".")
	s, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil || s < 0 || s > 1<<40 {
		return 0, errors.New("no time")
	}
	millis, err := strconv.ParseInt((fraction + "000")[:3], 10, 64)
	return wire.Time(s*1000 + millis), err
}

// firstRunes are at most n characters of s.
func firstRunes(s string, n int) string {
	if len(s) <= n || utf8.RuneCountInString(s) <= n {
		return s
	}
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
