package wasm

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// trial compiles testdata/trial as the app is compiled. What it does when it
// has been made smaller is tested in a browser, in e2e.
func trial(t *testing.T, flags ...string) []byte {
	t.Helper()
	out := filepath.Join(t.TempDir(), "trial.wasm")
	args := append([]string{"build", "-trimpath", "-ldflags=-s -w", "-o", out}, flags...)
	cmd := exec.CommandContext(t.Context(), "go", append(args, "./testdata/trial")...)
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0")
	if output, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	data, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func table(t *testing.T, data []byte) (*Module, *Table) {
	t.Helper()
	m, err := Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	img, err := m.Image()
	if err != nil {
		t.Fatal(err)
	}
	tab, err := img.Table()
	if err != nil {
		t.Fatal(err)
	}
	return m, tab
}

func mine(name string) bool { return strings.HasPrefix(name, "main.") }

func TestSlim(t *testing.T) {
	whole := trial(t, Flags()...)
	small, err := Slim(whole, mine)
	if err != nil {
		t.Fatal(err)
	}
	if len(small) > len(whole)*4/5 {
		t.Errorf("%d bytes of %d are left", len(small), len(whole))
	}
	before, full := table(t, whole)
	after, err := Parse(small)
	if err != nil {
		t.Fatal(err)
	}
	img, err := after.Image()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"runtime.mallocgc", "main.deep", "reflect.methodValueCall", NoName} {
		if !bytes.Contains(img.Mem, []byte("\x00"+name+"\x00")) {
			t.Errorf("the name %s is not there", name)
		}
	}
	for _, text := range []string{"encoding/binary.Uvarint", "reflect.MakeFunc", "testdata/trial/main.go"} {
		if bytes.Contains(img.Mem[full.header:full.word(modEpclntab)], []byte(text)) {
			t.Errorf("%q is still there", text)
		}
	}
	a, errA := before.Bodies()
	b, errB := after.Bodies()
	if errA != nil || errB != nil || len(b) != len(a)+1 {
		t.Fatalf("%d functions became %d (%v, %v)", len(a), len(b), errA, errB)
	}
	for i := range a {
		if !bytes.Equal(a[i], b[i]) {
			t.Fatalf("function %d, %s, is another", i, full.Name(i))
		}
	}
	if _, err := Slim(small, mine); err == nil {
		t.Error("what is small was made smaller again")
	}
}

// TestSlimRefuses: what it does not know it does not touch.
func TestSlimRefuses(t *testing.T) {
	whole := trial(t, Flags()...)
	_, tab := table(t, whole)
	// Both are found in the file by what they hold: the file's offsets are not the memory's.
	header := bytes.Index(whole, pclnMagic)
	spoilt := func(change func(data []byte)) []byte {
		data := bytes.Clone(whole)
		change(data)
		return data
	}
	for what, data := range map[string][]byte{
		"nothing":           {},
		"no WebAssembly":    []byte("\x7fELF"),
		"a module cut off":  whole[:len(whole)/2],
		"only the magic":    whole[:8],
		"another magic":     spoilt(func(d []byte) { d[header] = 0xf2 }),
		"another count":     spoilt(func(d []byte) { d[header+headerNfunc]++ }),
		"names elsewhere":   spoilt(func(d []byte) { d[header+headerNames]++ }),
		"pctab elsewhere":   spoilt(func(d []byte) { d[header+headerPctab]++ }),
		"inlined functions": trial(t),
	} {
		if out, err := Slim(data, mine); err == nil {
			t.Errorf("%s: gave %d bytes", what, len(out))
		}
	}
	if tab.n < 1000 {
		t.Errorf("the table has %d functions only", tab.n)
	}
}

// TestLine: a counter of a small module's stack trace is understood with the whole one.
func TestLine(t *testing.T) {
	_, tab := table(t, trial(t, Flags()...))
	for i := range tab.n {
		if tab.Name(i) != "main.deep" {
			continue
		}
		name, file, line, ok := tab.Line((funcIndex + i) << 16)
		if !ok || name != "main.deep" || !strings.HasSuffix(file, "testdata/trial/main.go") || line < 20 || line > 30 {
			t.Errorf("%s %s:%d %v", name, file, line, ok)
		}
		if got := fmt.Sprint(tab.Line(funcIndex<<16 - 1)); !strings.HasSuffix(got, "false") {
			t.Errorf("a counter before all functions is %s", got)
		}
		return
	}
	t.Error("there is no main.deep")
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("\x00asm\x01\x00\x00\x00\x0b\x07\x01\x00\x41\x05\x0b\x01\x41"))
	f.Add([]byte("\x00asm\x01\x00\x00\x00\x0a\x04\x01\x02\x00\x0b"))
	f.Fuzz(func(_ *testing.T, data []byte) {
		_, _ = Slim(data, mine) // no panic
	})
}
