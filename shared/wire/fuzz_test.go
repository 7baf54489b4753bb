package wire_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"unicode/utf8"

	"parley/shared/wire"
)

// Whatever Decode accepts can be encoded, and what comes of it is a fixed
// point: decoding and encoding it again changes nothing. Nothing panics.
func FuzzDecode(f *testing.F) {
	files, err := filepath.Glob("testdata/golden/*.json")
	if err != nil || len(files) == 0 {
		f.Fatal("no seeds: ", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	for _, seed := range []string{`{"time":"9999-12-31T23:59:59-01:00"}`, `{"a":1,"\u0061":2}`, `{"x":[[[[]]]]}`, `[`, `{"text":"\ud800"}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		fixedPoint[wire.Message](t, data)
		fixedPoint[wire.Frame](t, data)
		fixedPoint[wire.Request](t, data)
		fixedPoint[wire.Sync](t, data)
		fixedPoint[wire.CreateInvite](t, data)
		fixedPoint[wire.Task](t, data)
		fixedPoint[wire.Problem](t, data)
	})
}

func fixedPoint[T any](t *testing.T, data []byte) {
	var v, again T
	err := wire.Decode(data, &v)
	if err != nil {
		if wire.CodeFrom(err) != wire.CodeBadRequest {
			t.Fatalf("%T: not a bad_request: %v", v, err)
		}
		return
	}
	if !utf8.Valid(data) || !json.Valid(data) {
		t.Fatalf("%T: accepted %q", v, data)
	}
	first := wire.Encode(v)
	if err := wire.Decode(first, &again); err != nil {
		t.Fatalf("%T: %s: %v", v, first, err)
	}
	if second := wire.Encode(again); !bytes.Equal(first, second) {
		t.Fatalf("%T: %s became %s", v, first, second)
	}
}
