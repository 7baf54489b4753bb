package main

import (
	"strings"
	"testing"
)

func TestScriptsOfGoapp(t *testing.T) {
	runtime, start, err := goappScripts(t.Context(), "/static/app-1.wasm")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(runtime), "globalThis.Go = class") {
		t.Error("the runtime defines no Go")
	}
	for _, want := range []string{`fetch("/static/app-1.wasm")`, `"/sw.js"`} {
		if !strings.Contains(string(start), want) {
			t.Errorf("the start script lacks %s", want)
		}
	}
	if strings.Contains(string(start), "{{") {
		t.Error("the start script has a placeholder left")
	}
}
