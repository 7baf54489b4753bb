package e2e_test

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"parley/e2e/chrome"
	"parley/e2e/parley"
	"parley/shared/wire"
)

// importing posts a file of messages to the lobby, and gives the lines of the
// stream that answers.
func importing(ctx context.Context, t *testing.T, u *parley.User, file string) *bufio.Scanner {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, u.Origin()+"/api/v1/rooms/lobby/import?stream=true", strings.NewReader(file))
	must(t, err)
	r.Header = u.Header()
	r.Header.Set("Content-Type", "application/x-ndjson")
	a, err := http.DefaultClient.Do(r)
	must(t, err)
	t.Cleanup(func() { _ = a.Body.Close() })
	if a.StatusCode != http.StatusOK {
		t.Fatalf("answered %s", a.Status)
	}
	return bufio.NewScanner(a.Body)
}

// TestImportSurvivesKill kills the server in the middle of an import: what is
// there is the beginning of the file, in order; the same file again completes it,
// without doubles. Others talk in between.
func TestImportSurvivesKill(t *testing.T) {
	t.Parallel()
	const lines = 40_000
	var file strings.Builder
	for i := range lines {
		fmt.Fprintf(&file, `{"seq":%d,"text":"line %d","nonce":"n%d"}`+"\n", i+1, i, i)
	}
	s := parley.Start(t)
	owner := s.Setup("Olga")
	ben := s.Member(owner, "Ben")

	events := importing(t.Context(), t, owner, file.String())
	for moving := false; !moving; {
		if !events.Scan() {
			t.Fatal("the stream ended before it moved")
		}
		moving = strings.HasPrefix(events.Text(), "data: ") && !strings.Contains(events.Text(), `"done":0,`)
	}
	_, err := ben.Send(t.Context(), wire.Lobby, "in between", "b1")
	must(t, err)
	s.Kill()
	s.Again()
	owner = owner.Via(s.URL())
	count := func() (imported, others int) {
		t.Helper()
		for _, m := range historyOf(t, t.Context(), owner, wire.Lobby) {
			if m.Text == "in between" {
				others++
				continue
			}
			if want := fmt.Sprint("line ", imported); m.Text != want {
				t.Fatalf("message %d is %q, want %q", m.Seq, m.Text, want)
			}
			imported++
		}
		return imported, others
	}
	there, others := count()
	t.Logf("%d of %d lines were there after the kill", there, lines)
	if others != 1 {
		t.Errorf("what Ben said between two chunks is there %d times", others)
	}
	events = importing(t.Context(), t, owner, file.String())
	last := ""
	for events.Scan() {
		if name, ok := strings.CutPrefix(events.Text(), "event: "); ok {
			last = name
		}
	}
	if last != "done" {
		t.Fatalf("the second import ended with %q", last)
	}
	if there, _ := count(); there != lines {
		t.Errorf("%d of %d lines are there in the end", there, lines)
	}
}

// TestImportIsSeen: whoever is in the room sees what is imported, and nothing of
// it is unread.
func TestImportIsSeen(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Olga")
	ada := chrome.Start(t).Person("Ada")
	visit(ada, owner, s.URL())
	events := importing(t.Context(), t, owner, `{"text":"**old** words","nonce":"1","time":"2020-01-02T03:04:05.000Z"}`)
	for events.Scan() { // to the end
	}
	ada.Wait("the imported message", func() bool { rows := ada.Rows(); return len(rows) == 1 && rows[0].Text == "old words" })
}
