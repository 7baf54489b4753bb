package e2e_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"parley/static/wasm"
)

// command runs a program of the toolchain for js/wasm and gives what it says.
func command(t *testing.T, name string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
	return strings.TrimSpace(string(out))
}

// quoted is a value as JavaScript.
func quoted(v any) string {
	data, _ := json.Marshal(v) // of strings: never fails
	return string(data)
}

// lineOf looks a program counter up in a whole module.
func lineOf(t *testing.T, module []byte, pc string) (name, file string, line int) {
	t.Helper()
	n, err := strconv.ParseInt(pc, 16, 64)
	must(t, err)
	m, err := wasm.Parse(module)
	must(t, err)
	image, err := m.Image()
	must(t, err)
	table, err := image.Table()
	must(t, err)
	name, file, line, ok := table.Line(int(n))
	if !ok {
		t.Errorf("%s is no program counter", pc)
	}
	return name, file, line
}
