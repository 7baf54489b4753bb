package weight

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestTable(t *testing.T) {
	var table Table
	if table.Add(Row{"HTML", 6.92, 30, "KB"}).Over() || !table.Add(Row{"start", 501, 500, "ms"}).Over() || table.Add(Row{"requests", 0, 0, "requests"}).Over() {
		t.Error("judged wrongly")
	}
	want := "| what | measured | budget | |\n|---|--:|--:|---|\n" +
		"| HTML | 6.9 KB | 30 KB | holds |\n| start | 501 ms | 500 ms | **over** |\n| requests | 0 requests | 0 requests | holds |\n"
	if got := table.Markdown(); got != want {
		t.Errorf("got\n%s", got)
	}
}

func TestNote(t *testing.T) {
	got, err := Note("a\n<!-- x -->\nold\n<!-- /x -->\nb\n", map[string]string{"x": "new\n"})
	if want := "a\n<!-- x -->\nnew\n<!-- /x -->\nb\n"; err != nil || got != want {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := Note("a\n<!-- x -->\n", map[string]string{"x": ""}); err == nil {
		t.Error("noted in half a place")
	}
}

func TestTally(t *testing.T) {
	var tally Tally
	h := tally.Fault(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/css; charset=utf-8")
		_, _ = w.Write([]byte("a{}"))
		_, _ = w.Write([]byte("b{}"))
	}))
	for _, path := range []string{"/static/app.css", "/api/v1/about"} {
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), "GET", path, nil))
	}
	if loads := tally.Of("text/css"); len(loads) != 1 || Bytes(loads) != 6 || loads[0].Path != "/static/app.css" {
		t.Errorf("counted %v", loads)
	}
	if tally.Reset(); tally.Of("text/css") != nil {
		t.Error("remembers what it should forget")
	}
}
