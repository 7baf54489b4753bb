// Package docs holds the manual. Its test sends every example of protocol.md
// to a real server, so that the page cannot rot.
package docs

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"parley/shared/wire"
)

const (
	// patience is how long one example may take in all.
	patience = 30 * time.Second
	// again is the time between two tries of an example whose answer comes soon:
	// as often as the limits of the server allow.
	again = 250 * time.Millisecond
)

func TestProtocolExamples(t *testing.T) {
	page, err := os.ReadFile("protocol.md")
	if err != nil {
		t.Fatal(err)
	}
	examples := findExamples(string(page))
	if len(examples) < 30 {
		t.Fatalf("found %d examples, expected the whole page", len(examples))
	}
	base, stop := startStoppable(t, "--webhooks-to-private")
	bot := startBot(t)
	r := runner{base: base, stop: stop, bot: bot, names: map[string]string{
		"$too_long": strings.Repeat("x", wire.MaxText+1), "$bot_url": bot.url,
	}}
	for _, ex := range examples {
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		err := r.run(ctx, ex)
		cancel()
		if err != nil {
			t.Fatalf("protocol.md:%d: %v", ex.line, err)
		}
	}
}

// startServer starts the program with an empty data folder.
func startServer(t *testing.T, flags ...string) (base string) {
	t.Helper()
	base, _ = startStoppable(t, flags...)
	return base
}

// startStoppable is startServer with a way to tell the program to stop.
func startStoppable(t *testing.T, flags ...string) (base string, stop func() error) {
	t.Helper()
	args := append([]string{"serve", "--addr", "127.0.0.1:0", "--data", filepath.Join(t.TempDir(), "data")}, flags...)
	cmd := exec.CommandContext(t.Context(), program(t), args...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 15 * time.Second
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Cancel()
		_, _ = io.Copy(io.Discard, stdout)
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("the server said:\n%s", stderr.Bytes())
		}
	})
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		if at := regexp.MustCompile(`http://[^\s,]+`).FindString(lines.Text()); at != "" {
			return at, cmd.Cancel
		}
	}
	t.Fatalf("the server did not say where it is\n%s", stderr.Bytes())
	return "", nil
}

// example is one fenced block of the page.
type example struct {
	line  int    // of the fence
	kind  string // http, websocket, or webhook, which the server asks
	after int    // how often to send the request first, whatever the answers
	soon  bool   // the answer may be another at first
	text  string
}

// fence matches a block, which may be indented as part of a list.
var fence = regexp.MustCompile("(?ms)^( *)```(http|websocket|webhook)(?: after=(\\d+))?( soon)?\n(.*?)^ *```$")

func findExamples(page string) []example {
	var found []example
	for _, at := range fence.FindAllStringIndex(page, -1) {
		m := fence.FindStringSubmatch(page[at[0]:at[1]])
		after, _ := strconv.Atoi(m[3]) // 0 when it is not there
		text := regexp.MustCompile("(?m)^"+m[1]).ReplaceAllString(m[5], "")
		found = append(found, example{
			line:  1 + strings.Count(page[:at[0]], "\n"),
			kind:  m[2],
			after: after,
			soon:  m[4] != "",
			text:  strings.TrimRight(text, "\n"),
		})
	}
	return found
}

// runner sends examples and remembers what $names stand for.
type runner struct {
	base  string
	stop  func() error // tells the server to stop
	bot   *bot         // whom the server asks
	names map[string]string
}

func (r *runner) run(ctx context.Context, ex example) error {
	if ex.kind == "websocket" {
		return r.socket(ctx, ex.text)
	}
	request, answer, ok := strings.Cut(ex.text, "\n\nHTTP/1.1 ")
	if !ok {
		return fmt.Errorf("no answer in the example")
	}
	if ex.kind == "webhook" {
		return r.webhook(ctx, request, answer)
	}
	for range ex.after {
		if resp, err := r.send(ctx, request); err == nil {
			_ = resp.Body.Close()
		}
	}
	for {
		before := maps.Clone(r.names)
		err := r.http(ctx, request, answer)
		if err == nil || !ex.soon {
			return err
		}
		r.names = before
		select {
		case <-ctx.Done():
			return err
		case <-time.After(again):
		}
	}
}

// send sends the request of an example.
func (r *runner) send(ctx context.Context, request string) (*http.Response, error) {
	head, body, _ := strings.Cut(request, "\n\n")
	method, path, header, err := r.head(head)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, method, r.base+strings.TrimPrefix(path, r.base), strings.NewReader(r.fill(body)))
	if err != nil {
		return nil, err
	}
	req.Header = header
	return http.DefaultTransport.RoundTrip(req)
}

func (r *runner) http(ctx context.Context, request, answer string) error {
	resp, err := r.send(ctx, request)
	if err != nil {
		return err
	}
	defer resp.Body.Close()

	head, body, _ := strings.Cut(answer, "\n\n")
	status, headers, _ := strings.Cut(head, "\n")
	if !strings.HasPrefix(status, fmt.Sprint(resp.StatusCode)) {
		got, _ := io.ReadAll(resp.Body)
		return fmt.Errorf("answered %s, the page says %s\n%s", resp.Status, status, got)
	}
	if err := r.headers(headers, resp.Header); err != nil {
		return err
	}
	if strings.HasPrefix(resp.Header.Get("Content-Type"), "text/event-stream") {
		return r.stream(body, resp.Body)
	}
	got, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if body == "" && len(got) == 0 {
		return nil
	}
	if media := resp.Header.Get("Content-Type"); strings.HasPrefix(media, "text/plain") || media == wire.OctetStream {
		if string(got) != body {
			return fmt.Errorf("answered %q, the page says %q", got, body)
		}
		return nil
	}
	return r.sameJSON(body, got)
}

// head reads a request line and the headers under it.
func (r *runner) head(text string) (method, path string, header http.Header, err error) {
	first, rest, _ := strings.Cut(text, "\n")
	method, path, ok := strings.Cut(r.fill(first), " ")
	if !ok {
		return "", "", nil, fmt.Errorf("%q is no request line", first)
	}
	header = http.Header{}
	for line := range strings.Lines(rest) {
		name, value, _ := strings.Cut(strings.TrimSpace(r.fill(line)), ": ")
		header.Add(name, value)
	}
	return method, path, header, nil
}

// headers compares those that the page names, and takes names out of cookies.
func (r *runner) headers(want string, got http.Header) error {
	for line := range strings.Lines(want) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		have := got.Get(name)
		if name == "Set-Cookie" {
			have, _, _ = strings.Cut(have, ";")
			cookie, secret, _ := strings.Cut(have, "=")
			wantCookie, wantSecret, _ := strings.Cut(value, "=")
			if cookie != wantCookie || !r.sameString(wantSecret, secret) {
				return fmt.Errorf("cookie %q, the page says %q", have, value)
			}
			continue
		}
		media, _, _ := strings.Cut(have, ";")
		if value == "$any" && have != "" {
			continue
		}
		if have != value && (name != "Content-Type" || media != value) {
			return fmt.Errorf("%s: %q, the page says %q", name, have, value)
		}
	}
	return nil
}

// stream compares the lines of SSE, comments and blank lines aside.
func (r *runner) stream(want string, got io.Reader) error {
	lines := bufio.NewScanner(got)
	for wanted := range strings.Lines(want) {
		wanted = strings.TrimSpace(wanted)
		for lines.Scan() && (lines.Text() == "" || strings.HasPrefix(lines.Text(), ":")) {
			continue
		}
		field, value, _ := strings.Cut(lines.Text(), ":")
		value = strings.TrimPrefix(value, " ")
		wantField, wantValue, _ := strings.Cut(wanted, ": ")
		same := r.sameString(wantValue, value)
		if field == "data" {
			same = r.sameJSON(wantValue, []byte(value)) == nil
		}
		if field != wantField || !same {
			return fmt.Errorf("streamed %q, the page says %q", lines.Text(), wanted)
		}
	}
	return nil
}

// socket plays a WebSocket example. What the server says between two of the
// client's lines may come in any order.
func (r *runner) socket(ctx context.Context, text string) error {
	head, talk, _ := strings.Cut(text, "\n\n")
	_, path, header, err := r.head(head)
	if err != nil {
		return err
	}
	header.Set("Origin", r.base)
	conn, resp, err := websocket.Dial(ctx, r.base+path, &websocket.DialOptions{
		HTTPHeader: header, Subprotocols: []string{wire.Subprotocol},
	})
	if resp != nil && resp.Body != nil {
		defer resp.Body.Close()
	}
	if err != nil {
		return err
	}
	defer conn.CloseNow() //nolint:errcheck // the example is over
	var pending []string
	for line := range strings.Lines(talk + "\n> ") {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case strings.HasPrefix(line, "< "):
			pending = append(pending, line[2:])
			continue
		case strings.HasPrefix(line, "close "):
			if err := r.expect(ctx, conn, pending); err != nil {
				return err
			}
			_, _, err := conn.Read(ctx)
			if got := fmt.Sprint(int(websocket.CloseStatus(err))); got != line[6:] {
				return fmt.Errorf("closed with %s, the page says %s", got, line[6:])
			}
			return nil
		}
		if err := r.expect(ctx, conn, pending); err != nil {
			return err
		}
		pending = nil
		if elsewhere, is := strings.CutPrefix(line, "# "); is {
			if err := r.elsewhere(ctx, elsewhere); err != nil {
				return err
			}
			continue
		}
		if line != "> " {
			if err := conn.Write(ctx, websocket.MessageText, []byte(r.fill(line[2:]))); err != nil {
				return err
			}
		}
	}
	return nil
}

// elsewhere does what happens besides a WebSocket: a request of somebody's, or
// the end of the server.
func (r *runner) elsewhere(ctx context.Context, what string) error {
	if what == "the server is told to stop" {
		return r.stop()
	}
	who, request, _ := strings.Cut(what, ": ")
	line, body, _ := strings.Cut(request, " {")
	if body != "" {
		body = "{" + body
	}
	line = strings.Replace(line, " /", " /api/v1/", 1)
	resp, err := r.send(ctx, fmt.Sprintf("%s\nCookie: session=%s\nContent-Type: application/json\n\n%s", line, who, body))
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if got, _ := io.ReadAll(resp.Body); resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s %s", what, resp.Status, got)
	}
	return nil
}

func (r *runner) expect(ctx context.Context, conn *websocket.Conn, want []string) error {
	for len(want) > 0 {
		_, got, err := conn.Read(ctx)
		if err != nil {
			return fmt.Errorf("waiting for %s: %w", want[0], err)
		}
		at := -1
		for i, w := range want {
			if at < 0 && r.sameJSON(w, got) == nil {
				at = i
			}
		}
		if at < 0 {
			return fmt.Errorf("the server said\n%s\nthe page says\n%s", got, strings.Join(want, "\nor "))
		}
		want = append(want[:at:at], want[at+1:]...)
	}
	return nil
}

// fill puts what is known in the place of $names.
func (r *runner) fill(text string) string {
	return regexp.MustCompile(`\$\w+`).ReplaceAllStringFunc(text, func(name string) string {
		if known, ok := r.names[name]; ok {
			return known
		}
		return name
	})
}

func (r *runner) sameJSON(want string, got []byte) error {
	var w, g any
	if err := json.Unmarshal([]byte(want), &w); err != nil {
		return fmt.Errorf("the example is not JSON: %w\n%s", err, want)
	}
	if err := json.Unmarshal(got, &g); err != nil {
		return fmt.Errorf("the answer is not JSON: %w\n%s", err, got)
	}
	if !r.try(func() bool { return r.same("", w, g) }) {
		return fmt.Errorf("answered\n%s\nthe page says\n%s", got, r.fill(want))
	}
	return nil
}

// varying are the members whose number the page cannot know.
var varying = map[string]bool{"retry_after": true, "reconnect_ms": true, "head_up": true, "head_down": true}

// unordered are the lists whose order is that of ids, which the page cannot know.
var unordered = map[string]bool{"members": true, "users": true, "rooms": true}

// same compares member by member; nothing may be missing, nothing too much.
func (r *runner) same(name string, want, got any) bool {
	switch want := want.(type) {
	case string:
		got, ok := got.(string)
		return ok && r.sameString(want, got)
	case map[string]any:
		got, ok := got.(map[string]any)
		if !ok || len(got) != len(want) {
			return false
		}
		for name, w := range want {
			g, ok := got[name]
			if !ok || !r.same(name, w, g) {
				return false
			}
		}
		return true
	case []any:
		got, ok := got.([]any)
		return ok && len(got) == len(want) && r.sameList(want, got, unordered[name])
	}
	if number, ok := got.(float64); ok && varying[name] {
		return number > 0
	}
	return reflect.DeepEqual(want, got)
}

// try forgets the $names that a comparison took when it then failed.
func (r *runner) try(compare func() bool) bool {
	before := maps.Clone(r.names)
	if compare() {
		return true
	}
	r.names = before
	return false
}

// sameList compares in order, or else finds each wanted item among the rest.
func (r *runner) sameList(want, got []any, anyOrder bool) bool {
	rest := append([]any(nil), got...)
	for _, w := range want {
		found := false
		for i, g := range rest {
			if r.try(func() bool { return r.same("", w, g) }) {
				rest, found = append(rest[:i:i], rest[i+1:]...), true
				break
			}
			if !anyOrder {
				return false
			}
		}
		if !found {
			return false
		}
	}
	return true
}

var (
	wholeName = regexp.MustCompile(`^\$\w+$`)
	aTime     = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`)
)

// sameString lets $any stand for every string, a time for every time, and a
// $name for whatever it was first.
func (r *runner) sameString(want, got string) bool {
	switch {
	case want == "$any":
		return got != ""
	case aTime.MatchString(want):
		return aTime.MatchString(got)
	case wholeName.MatchString(want):
		if _, known := r.names[want]; !known {
			r.names[want] = got
		}
		return r.names[want] == got
	}
	return want == got
}
