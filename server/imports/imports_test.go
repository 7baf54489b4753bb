package imports

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"parley/shared/wire"
)

var now = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)

// opened is a file with a content.
func opened(t testing.TB, content []byte, channel string) (*File, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := Open(path, Options{Channel: channel, Now: now})
	if err == nil {
		t.Cleanup(func() { _ = f.Close() })
	}
	return f, err
}

// check opens and checks.
func check(t testing.TB, content []byte, channel string) (Summary, error) {
	t.Helper()
	f, err := opened(t, content, channel)
	if err != nil {
		return Summary{}, err
	}
	return f.Check(context.Background())
}

func lines(t testing.TB, f *File) []Line {
	t.Helper()
	var list []Line
	if err := f.Each(context.Background(), func(l Line) error { list = append(list, l); return nil }); err != nil {
		t.Fatal(err)
	}
	return list
}

func TestLines(t *testing.T) {
	content := `{"author":"陈小明","time":"2020-01-02T03:04:05.000Z","text":"你好\r\nworld","nonce":"1","seq":4}` + "\n\n" +
		`{"text":"second","nonce":"2","seq":7,"reply_to":4,"reactions":[{"emoji":"👍","users":["Ada","陈小明"]}],"unknown":true}` + "\r\n" +
		`{"deleted":"2020-01-02T03:04:05.000Z","text":"gone","nonce":"3","seq":8}` // no line feed at the end
	f, err := opened(t, []byte(content), "")
	if err != nil {
		t.Fatal(err)
	}
	s, err := f.Check(t.Context())
	if err != nil || s.Messages != 3 || fmt.Sprint(s.Authors) != "[Ada 陈小明]" {
		t.Fatalf("%+v, %v", s, err)
	}
	got := lines(t, f)
	if got[0].Text != "你好\nworld" || got[1].ReplyTo != 4 || got[1].Reactions[0].Users[1] != "陈小明" || got[2].Text != "" || got[2].Deleted == 0 {
		t.Errorf("%+v", got)
	}
}

func TestBrokenLines(t *testing.T) {
	good := `{"text":"x","nonce":"n%d"}` + "\n"
	var many strings.Builder
	for i := range 70_000 {
		fmt.Fprintf(&many, good, i)
	}
	for name, c := range map[string]struct{ content, want string }{
		"line 70,001":         {many.String() + `{"text":"x","nonce":` + "\n", "Line 70001: It breaks off: a line is one whole JSON object."},
		"no JSON":             {"hello\n", "Line 1: It is not JSON: its character 1 cannot stand there."},
		"an array":            {"[1]\n", "Line 1: It is no JSON object, which begins with {."},
		"invalid UTF-8":       {`{"text":"x","nonce":"1"}` + "\n" + "{\"text\":\"\xc3\x28\",\"nonce\":\"2\"}\n", "Line 2: It is not in UTF-8, the encoding that the file must have."},
		"no text":             {`{"nonce":"1"}`, "Line 1: The text is empty."},
		"NUL":                 {`{"text":"a\u0000b","nonce":"1"}`, "NUL"},
		"too long":            {`{"text":"` + strings.Repeat("好", wire.MaxText+1) + `","nonce":"1"}`, "longer than 16000"},
		"no nonce":            {`{"text":"x"}`, "Line 1: The nonce"},
		"the future":          {`{"text":"x","nonce":"1","time":"2026-03-05T05:06:07.000Z"}`, "future"},
		"no time":             {`{"text":"x","nonce":"1","time":"yesterday"}`, "Line 1: A time in it is none: they are written as 2026-03-04T05:06:07.089Z."},
		"a name twice":        {`{"text":"x","text":"y","nonce":"1"}`, `Line 1: The JSON names "text" twice.`},
		"another nonce":       {`{"text":"x","nonce":"1"}` + "\n" + `{"text":"y","nonce":"1"}`, "Line 2: Its nonce"},
		"an order":            {`{"text":"x","nonce":"1","seq":2}` + "\n" + `{"text":"y","nonce":"2","seq":2}`, "Line 2: Its seq"},
		"an answer to later":  {`{"text":"x","nonce":"1","seq":2,"reply_to":3}`, "Line 1: It answers"},
		"a long name":         {`{"text":"x","nonce":"1","author":"` + strings.Repeat("x", wire.MaxName+1) + `"}`, "Line 1: The author"},
		"a reaction":          {`{"text":"x","nonce":"1","reactions":[{"emoji":"` + strings.Repeat("x", 100) + `"}]}`, "Line 1: A reaction"},
		"nesting":             {`{"text":"x","nonce":"1","y":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + "}", "Line 1: The JSON is nested deeper than"},
		"nothing":             {"", "empty"},
		"only blank lines":    {"\n \r\n\t\n", "no message"},
		"half a zip":          {"PK\x03\x04half", "zip file is damaged"},
		"a line without end":  {`{"text":"` + strings.Repeat("x", maxLine), "Line 1: It is longer"},
		"a second one of it":  {`{"text":"x","nonce":"1"}` + "\n" + strings.Repeat("x", 3*maxLine), "Line 2: It is longer"},
		"a surrogate's half":  {`{"text":"x","nonce":"\ud800"}`, "Line 1: The nonce"},
		"an author of 5":      {`{"text":"x","nonce":"1","author":5}`, `Line 1: Its "author" must be text.`},
		"a seq in words":      {`{"text":"x","nonce":"1","seq":"two"}`, `Line 1: Its "seq" must be a whole number.`},
		"half a seq":          {`{"text":"x","nonce":"1","seq":1.5}`, `Line 1: Its "seq" must be a whole number.`},
		"reactions in words":  {`{"text":"x","nonce":"1","reactions":"👍"}`, `Line 1: Its "reactions" must be a list.`},
		"a reaction in words": {`{"text":"x","nonce":"1","reactions":["👍"]}`, `Line 1: Its "reactions" must be a JSON object.`},
		"a comma too many":    {`{"text":"你好","nonce":"1",}`, "Line 1: It is not JSON: its character 26 cannot stand there."},
		"two on a line":       {`{"text":"x","nonce":"1"} {"text":"y","nonce":"2"}`, "Line 1: It is not JSON: its character 26 cannot stand there."},
	} {
		s, err := check(t, []byte(c.content), "")
		var p *wire.Problem
		if !errors.As(err, &p) || !strings.Contains(p.Detail, c.want) {
			t.Errorf("%s: %+v, %v; want %q", name, s, err, c.want)
		}
	}
}

// zipOf makes a zip file.
func zipOf(t testing.TB, files map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, content := range files {
		f, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const slackUsers = `[{"id":"U1","name":"ada","profile":{"display_name":"Ada"}},{"id":"U2","name":"ming","real_name":"陈小明","profile":{}}]`

func TestSlack(t *testing.T) {
	content := zipOf(t, map[string]string{
		"users.json":              slackUsers,
		"channels.json":           `[{"id":"C1","name":"general"}]`,
		"general/2020-01-03.json": `[{"type":"message","user":"U2","text":"third","ts":"1578009601.000200"}]`,
		"general/2020-01-02.json": `[
			{"type":"message","subtype":"channel_join","user":"U1","text":"<@U1> has joined","ts":"1577923200.000100"},
			{"type":"message","user":"U1","text":"Hi <@U2>, see <https://a.b/c|this> in <#C1> *now* &lt;ok&gt;","ts":"1577923201.000200","edited":{"user":"U1","ts":"1577923301.000000"}},
			{"type":"message","user":"U1","text":"","ts":"1577923202.000300","files":[{}]},
			{"type":"message","subtype":"bot_message","username":"deploys","text":"<!here> done","ts":"1577923203.000400"}]`,
	})
	f, err := opened(t, content, "")
	if err != nil {
		t.Fatal(err)
	}
	s, err := f.Check(t.Context())
	if err != nil || s.Messages != 3 || fmt.Sprint(s.Authors) != "[Ada deploys 陈小明]" {
		t.Fatalf("%+v, %v", s, err)
	}
	got := lines(t, f)
	if got[0].Text != "Hi @陈小明, see [this](https://a.b/c) in #general **now** <ok>" || got[0].Author != "Ada" || got[0].Edited == 0 || got[0].Nonce != "slack-1577923201.000200" {
		t.Errorf("%+v", got[0])
	}
	if got[1].Text != "@room done" || got[2].Text != "third" || got[2].Time.String() != "2020-01-03T00:00:01.000Z" {
		t.Errorf("%+v", got[1:])
	}
}

// Reactions come along, by those who chose them; what only a team calls an emoji
// has no place here.
func TestSlackReactions(t *testing.T) {
	long := strings.Repeat("x", wire.MaxText+1)
	var wall strings.Builder
	for tone := range 5 {
		for _, name := range strings.Fields("+1 -1 wave clap v point_up ok_hand muscle raised_hands pray fist punch") {
			fmt.Fprintf(&wall, `,{"name":"%s::skin-tone-%d","users":["U1"]}`, name, tone+2)
		}
	}
	f, err := opened(t, zipOf(t, map[string]string{"users.json": slackUsers, "a/1.json": `[
		{"type":"message","user":"U1","ts":"1.1","text":"x","reactions":[
			{"name":"+1","users":["U1","U2"],"count":2},{"name":"tada","users":["U9"],"count":1},{"name":"party-parrot","users":["U2"],"count":1},
			{"name":"thumbsup","users":["U2","U9"],"count":2},{"name":"wave::skin-tone-3","users":["U2"],"count":1},{"name":"heart","users":[],"count":0}]},
		{"type":"message","user":"U1","ts":"2.1","text":"` + long + `","reactions":[{"name":"eyes","users":["U2"],"count":1}]},
		{"type":"message","user":"U1","ts":"3.1","text":"y","reactions":[` + wall.String()[1:] + `]}]`}), "a")
	if err != nil {
		t.Fatal(err)
	}
	s, err := f.Check(t.Context())
	if err != nil || fmt.Sprint(s.Authors) != "[Ada U9 陈小明]" {
		t.Fatalf("%+v, %v", s, err)
	}
	got := lines(t, f)
	if want := "[{👍️ [Ada 陈小明 U9]} {🎉 [U9]} {👋🏼 [陈小明]}]"; fmt.Sprint(got[0].Reactions) != want {
		t.Errorf("got %v, want %s", got[0].Reactions, want)
	}
	if fmt.Sprint(got[1].Reactions, got[2].Reactions) != "[{👀 [陈小明]}] []" {
		t.Errorf("a message in two parts: %v, %v", got[1].Reactions, got[2].Reactions)
	}
	if len(got[3].Reactions) != wire.MaxEmoji {
		t.Errorf("a wall of %d", len(got[3].Reactions))
	}
}

// What was said in a thread answers what began it, if that is there.
func TestSlackThreads(t *testing.T) {
	f, err := opened(t, zipOf(t, map[string]string{"a/1.json": `[
		{"type":"message","user":"U1","ts":"1.1","text":"before"},
		{"type":"message","user":"U1","ts":"2.1","thread_ts":"2.1","reply_count":2,"text":"begins"},
		{"type":"message","user":"U1","ts":"3.1","thread_ts":"2.1","text":"answers"},
		{"type":"message","user":"U1","ts":"4.1","thread_ts":"4.1","text":""},
		{"type":"message","user":"U1","ts":"5.1","thread_ts":"4.1","text":"answers a file"}]`, "a/2.json": `[
		{"type":"message","subtype":"thread_broadcast","user":"U1","ts":"6.1","thread_ts":"2.1","text":"answers a day later"}]`}), "a")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	got := map[string]uint64{}
	for _, l := range lines(t, f) {
		got[l.Text] = l.ReplyTo
	}
	if want := map[string]uint64{"before": 0, "begins": 0, "answers": 2, "answers a file": 0, "answers a day later": 2}; !maps.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestSlackLongMessage(t *testing.T) {
	f, err := opened(t, zipOf(t, map[string]string{"a/1.json": `[{"type":"message","user":"U1","ts":"1.5","text":"` + strings.Repeat("好", 2*wire.MaxText+5) + `"}]`}), "a")
	if err != nil {
		t.Fatal(err)
	}
	got := lines(t, f)
	if len(got) != 3 || got[2].Text != "好好好好好" || got[2].Nonce != "slack-1.5-3" {
		t.Errorf("%d parts", len(got))
	}
}

func TestBadZips(t *testing.T) {
	message := `[{"type":"message","user":"U1","text":"x","ts":"1577923201.000200"}]`
	for name, c := range map[string]struct {
		files         map[string]string
		channel, want string
	}{
		"leads out":     {map[string]string{"../../etc/passwd": "x", "a/1.json": message}, "", "leads out of it"},
		"leads to root": {map[string]string{"/a/1.json": message}, "", "leads out of it"},
		"back slashes":  {map[string]string{`a\..\1.json`: message}, "", "leads out of it"},
		"no channel":    {map[string]string{"users.json": "[]"}, "", "no export of Slack's"},
		"two channels":  {map[string]string{"a/1.json": message, "b/1.json": message}, "", "which channel to import: a, b"},
		"another":       {map[string]string{"a/1.json": message}, "c", "which channel"},
		"no JSON":       {map[string]string{"a/1.json": "hello"}, "", "a/1.json is not what Slack exports: it is not JSON."},
		"cut":           {map[string]string{"a/1.json": message[:40]}, "", "a/1.json breaks off in the middle."},
		"cut later":     {map[string]string{"a/1.json": message[:len(message)-1]}, "", "a/1.json breaks off in the middle."},
		"another form":  {map[string]string{"a/1.json": `[{"type":"message","text":"x","ts":"1.1"},{"type":5}]`}, "", "a/1.json is not what Slack exports: its entry 2 has another form."},
		"no list":       {map[string]string{"a/1.json": `{"type":"message"}`}, "", "a/1.json is not what Slack exports: it is no list."},
		"odd users":     {map[string]string{"users.json": `[{"id":5}]`, "a/1.json": message}, "", "users.json is not what Slack exports: its entry 1 has another form."},
		"no time":       {map[string]string{"a/1.json": `[{"type":"message","user":"U1","text":"x","ts":"soon"}]`}, "", "a/1.json, message 1: The time"},
		"the future":    {map[string]string{"a/1.json": `[{"type":"message","user":"U1","text":"x","ts":"2777923201.000200"}]`}, "", "future"},
		"a bomb":        {map[string]string{"a/1.json": `[{"type":"message","text":"` + strings.Repeat("0", maxDay) + `"}]`}, "", "unpacks to more"},
	} {
		_, err := check(t, zipOf(t, c.files), c.channel)
		var p *wire.Problem
		if !errors.As(err, &p) || !strings.Contains(p.Detail, c.want) {
			t.Errorf("%s: %v; want %q", name, err, c.want)
		}
	}
}

// However long the file, what is read of it is in memory one line at a time.
func TestMemoryIsFlat(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Repeat("some words ", 200)
	for i := range 50_000 { // 110 MB
		fmt.Fprintf(out, `{"text":"%s","nonce":"%d"}`+"\n", text, i)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := Open(path, Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if _, err := f.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	if m.HeapAlloc > 32<<20 {
		t.Errorf("%d MB are held", m.HeapAlloc>>20)
	}
}

func FuzzLines(f *testing.F) {
	f.Add([]byte(`{"author":"A","text":"x","nonce":"1","seq":1}` + "\n" + `{"text":"y","nonce":"2","seq":2,"reply_to":1}`))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, content []byte) {
		_, err := check(t, content, "")
		var p *wire.Problem
		if err != nil && !errors.As(err, &p) {
			t.Fatalf("not a problem: %v", err)
		}
		if err != nil && strings.Contains(p.Detail, "invalid character") {
			t.Fatalf("said by a library: %v", err)
		}
	})
}
