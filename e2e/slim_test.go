package e2e_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"parley/e2e/chrome"
	"parley/static/wasm"
)

// TestSlimRuns: a program that was made smaller does the same as before, in
// all that needs the table of functions: deep stacks, the garbage collector,
// panics recovered and not. What it says when it ends can be traced back.
func TestSlimRuns(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	whole := filepath.Join(dir, "trial.wasm")
	args := append([]string{"build", "-trimpath", "-ldflags=-s -w", "-o", whole}, wasm.Flags()...)
	command(t, "go", append(args, "../static/wasm/testdata/trial")...)
	data, err := os.ReadFile(whole)
	must(t, err)
	small, err := wasm.Slim(data, func(name string) bool { return strings.HasPrefix(name, "main.") })
	must(t, err)
	must(t, os.WriteFile(filepath.Join(dir, "small.wasm"), small, 0o600))
	runtime := filepath.Join(command(t, "go", "env", "GOROOT"), "lib", "wasm", "wasm_exec.js")

	mux := http.NewServeMux()
	mux.Handle("/", http.FileServer(http.Dir(dir)))
	mux.HandleFunc("/run", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte(`<!DOCTYPE html><link rel="icon" href="data:,"><script src="/wasm_exec.js"></script>`))
	})
	mux.HandleFunc("/wasm_exec.js", func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, runtime) })
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)

	page := chrome.Start(t).Person("the browser")
	page.Open(server.URL + "/run")
	run := func(file string, args ...string) string {
		return chrome.Eval[string](page, `(async () => {
			const out = [], log = console.log
			console.log = line => out.push(line)
			const go = new Go()
			go.argv = `+quoted(append([]string{"trial"}, args...))+`
			go.env = {GOTRACEBACK: "system"}
			const {instance} = await WebAssembly.instantiateStreaming(fetch("`+file+`"), go.importObject)
			await go.run(instance)
			console.log = log
			return out.join("\n")
		})()`)
	}
	before, after := run("/trial.wasm"), run("/small.wasm")
	if before == "" || !strings.HasSuffix(before, "kept 100") {
		t.Fatalf("the trial says %q", before)
	}
	if after != before {
		t.Errorf("the smaller program says %s\nand the whole one says\n%s", after, before)
	}

	page.Tolerate("exit code: 2", "Go program has already exited") // a timer of the runtime that nobody stopped
	end := run("/small.wasm", "and", "panic")
	pc := regexp.MustCompile(`main\.main\(.*\)\s+\?:0 \+0x\w+ fp=\w+ sp=\w+ pc=0x(\w+)`).FindStringSubmatch(end)
	if !strings.Contains(end, "panic: the end") || pc == nil {
		t.Fatalf("the panic is told as %s", end)
	}
	if name, file, line := lineOf(t, data, pc[1]); name != "main.main" || !strings.HasSuffix(file, "main.go") || line < 80 {
		t.Errorf("pc %s is %s, %s:%d", pc[1], name, file, line)
	}
}
