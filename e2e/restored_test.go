package e2e_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"parley/e2e/chrome"
	"parley/e2e/parley"
	"parley/shared/wire"
)

// TestBackupIsPutBack: in the place of what was said after the backup stands what
// has been said since it was put back, also in a page that was open all the time,
// and in what that has kept.
func TestBackupIsPutBack(t *testing.T) {
	t.Parallel()
	data, backup := t.TempDir(), filepath.Join(t.TempDir(), "backup")
	s := parley.StartIn(t, nil, data)
	owner := s.Setup("Olga")
	say := func(from, to int, what string) {
		t.Helper()
		for i := from; i <= to; i++ {
			_, err := owner.Send(t.Context(), wire.Lobby, fmt.Sprint(what, " ", i), fmt.Sprint(what, i))
			must(t, err)
		}
	}
	say(1, 5, "message")
	user := s.Member(owner, "Ada")
	out, err := exec.CommandContext(t.Context(), parley.Binary(t), "backup", "--data", data, backup).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	say(6, 9, "lost")
	ada := chrome.Start(t).Person("Ada")
	ada.TolerateNetwork()
	visit(ada, user, s.URL())
	ada.WaitRow("lost 9")
	waitRung(ada, "WebSocket")
	must(t, s.Term())
	must(t, os.Rename(backup, filepath.Join(data, "parley.db")))
	s.Again()
	say(6, 10, "anew")
	ada.WaitRow("anew 10")
	want := []string{"message 1", "message 2", "message 3", "message 4", "message 5", "anew 6", "anew 7", "anew 8", "anew 9", "anew 10"}
	wantSame(t, want, ada)
}
