package e2e_test

import (
	"debug/elf"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/e2e/parley"
)

// `make build` leaves one static binary with a commit stamped in and the app
// inside; when nothing has changed, building again makes nothing again.
func TestMakeBuild(t *testing.T) {
	if os.Getenv("PARLEY_BIN") != "" {
		t.Skip("PARLEY_BIN names a binary that was built elsewhere")
	}
	binary := parley.Binary(t)
	root := filepath.Dir(binary)
	built := func() (times [2]time.Time) {
		for i, name := range []string{"parley", "static/web/built/assets.json"} {
			info, err := os.Stat(filepath.Join(root, name))
			must(t, err)
			times[i] = info.ModTime()
		}
		return times
	}
	before := built()
	out, err := exec.CommandContext(t.Context(), "make", "-C", root, "--no-print-directory", "build").CombinedOutput()
	if err != nil || len(out) != 0 || built() != before {
		t.Errorf("building again: %v, made %v after %v\n%s", err, built(), before, out)
	}
	now := time.Now()
	must(t, os.Chtimes(filepath.Join(root, "server/web/chat.html"), now, now)) // embedded, and no Go
	out, err = exec.CommandContext(t.Context(), "make", "-C", root, "--no-print-directory", "build").CombinedOutput()
	if after := built(); err != nil || after[0].Equal(before[0]) || !after[1].Equal(before[1]) {
		t.Errorf("building after a page was changed: %v, made %v after %v\n%s", err, after, before, out)
	}

	f, err := elf.Open(binary)
	must(t, err)
	defer f.Close()
	if f.Section(".interp") != nil || f.Section(".dynamic") != nil {
		t.Error("the binary is not static")
	}
	head, err := exec.CommandContext(t.Context(), "git", "-C", root, "rev-parse", "HEAD").Output()
	must(t, err)
	version, err := parley.Run(t, "version")
	must(t, err)
	if commit := strings.TrimSpace(string(head)); !strings.Contains(version, commit) {
		t.Errorf("the version is %q, the commit %s", version, commit)
	}
}
