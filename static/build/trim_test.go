package main

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestTrim: what go-app is trimmed of stays out of the app, through whomever.
func TestTrim(t *testing.T) {
	t.Chdir("../..") // the module's root, as for the build
	mod, err := trimGoapp(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "go", "list", "-modfile="+mod, "-deps", "./app")
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	packages := strings.Fields(string(out))
	if !slices.Contains(packages, goappModule+"/pkg/app") || !slices.Contains(packages, "parley/app/client") {
		t.Fatalf("these are not the packages of the app: %v", packages)
	}
	for _, name := range packages {
		if name == "regexp" || name == "math/big" || strings.HasPrefix(name, "net/http") || strings.HasPrefix(name, "crypto/") || strings.HasPrefix(name, "github.com/google/") {
			t.Errorf("the app has %s in it", name)
		}
	}
}

func TestTrimRefuses(t *testing.T) {
	one := trim{file: "a.go", edits: []edit{{"old", "new"}}}
	if got, err := one.apply("an old hat"); err != nil || got != "an new hat" {
		t.Errorf("%q, %v", got, err)
	}
	for _, source := range []string{"", "old and old"} {
		if _, err := one.apply(source); err == nil || !strings.Contains(err.Error(), "a.go") {
			t.Errorf("edited %q: %v", source, err)
		}
	}
}
