package main

import (
	"strings"
	"testing"
)

func TestScriptsOfGoapp(t *testing.T) {
	runtime, start, err := goappScripts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(runtime), "globalThis.Go = class") {
		t.Error("the runtime defines no Go")
	}
	for _, want := range []string{"goappNav", "goappTryUpdate", `"/sw.js"`} {
		if !strings.Contains(string(start), want) {
			t.Errorf("the script lacks %s", want)
		}
	}
	if strings.Contains(string(start), "WebAssembly") {
		t.Error("the script starts the app, as ours does")
	}
	if strings.Contains(string(start), "{{") {
		t.Error("the start script has a placeholder left")
	}
}
