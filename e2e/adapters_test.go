package e2e_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"parley/e2e/chrome"
)

// inBrowser runs the tests of a Go program. What they say goes to window.said.
const inBrowser = `<!doctype html><title>tests</title><script src="/wasm_exec.js"></script><script>
window.said = "";
fs.writeSync = (fd, bytes) => { said += new TextDecoder().decode(bytes); return bytes.length; };
const go = new Go();
go.argv = ["test", "-test.v", "-test.run=^Test"];
go.exit = (code) => { window.exit = code; };
WebAssembly.instantiateStreaming(fetch("/test.wasm"), go.importObject).then((made) => go.run(made.instance));
</script>`

// TestAdaptersInBrowser runs those tests of app/browser that need a real browser.
func TestAdaptersInBrowser(t *testing.T) {
	t.Parallel()
	module := filepath.Join(t.TempDir(), "test.wasm")
	command(t, "go", "test", "-c", "-o", module, "parley/app/browser")
	runtime := filepath.Join(command(t, "go", "env", "GOROOT"), "lib", "wasm", "wasm_exec.js")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/":
			_, _ = io.WriteString(w, inBrowser)
		case "/wasm_exec.js":
			http.ServeFile(w, r, runtime)
		case "/test.wasm":
			http.ServeFile(w, r, module)
		case "/echo":
			w.Header()["Content-Type"] = r.Header["Content-Type"]
			_, _ = io.Copy(w, r.Body)
		default:
			w.WriteHeader(http.StatusNoContent)
		}
	}))
	defer server.Close()
	page := chrome.Start(t).Profile("tests")
	page.Raw()
	page.Tolerate("ERR_FILE_NOT_FOUND") // at an address that was revoked
	page.Open(server.URL)
	page.Wait("the tests to end", func() bool { return chrome.Eval[bool](page, "'exit' in window") })
	said := chrome.Eval[string](page, "said")
	if code := chrome.Eval[int](page, "exit"); code != 0 || !strings.Contains(said, "--- PASS: TestBlobsKeep") {
		t.Errorf("the tests ended with %d:\n%s", code, said)
	}
}
