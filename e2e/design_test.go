package e2e_test

import (
	"net/http"
	"os/exec"
	"strings"
	"testing"

	"parley/e2e/chrome"
	"parley/e2e/parley"
)

// TestDesignPage: development builds show every component in every state, and
// others have nothing of it.
func TestDesignPage(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	s.Setup("Ada")
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL()+"/design", nil)
	must(t, err)
	res, err := http.DefaultClient.Do(req)
	must(t, err)
	must(t, res.Body.Close())
	if res.StatusCode == http.StatusNotFound {
		wantNoDesign(t)
		return
	}
	p := chrome.Start(t).Person("designer")
	p.Tolerate("401")
	for _, v := range views {
		p.Show(v)
		p.Open(s.URL() + "/design")
		p.Find("heading", "Parley’s components")
		for _, part := range []string{"Messages", "Files", "Connection", "Rooms and people", "No room"} {
			if n := len(p.All("heading", part)); n != 2 {
				t.Errorf("on %s the part %s is there %d times", v.Name, part, n)
			}
		}
		if over := chrome.Eval[int](p, "document.getElementById('app').scrollWidth - innerWidth"); over > 0 {
			t.Errorf("on %s the page is %d pixels too wide", v.Name, over)
		}
		p.KeepWhole("design-" + v.Name)
	}
	for _, dialog := range []string{"New room", "Share", "Install", "Picture"} {
		p.Click("button", dialog)
		p.Wait("the dialog", func() bool { return len(p.All("dialog", "")) > 0 && settled(p) })
		p.Press(chrome.Escape)
		p.Gone("dialog", "")
	}
}

// wantNoDesign wants a release to be made of no file of the page's.
func wantNoDesign(t *testing.T) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-f", "{{.GoFiles}}", "parley/app", "parley/app/ui", "parley/server/web").Output()
	must(t, err)
	if strings.Contains(string(out), "_dev.go") {
		t.Errorf("a release is made of %s", out)
	}
	found, err := exec.CommandContext(t.Context(), "grep", "-c", "-a", "design-sheet", parley.Binary(t)).CombinedOutput()
	if err == nil {
		t.Errorf("the program contains the page: %s", found)
	}
}
