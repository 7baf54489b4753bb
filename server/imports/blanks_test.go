package imports

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

// What white space means nothing is left out, what stands in strings stays.
func TestBlanks(t *testing.T) {
	const in = "  [ \n\t {\"a  b\" :  \"c \\\\\\\"  d\" } ,  1   ]\r\n\r\n"
	for name, r := range map[string]io.Reader{
		"whole": strings.NewReader(in), "by the byte": iotest.OneByteReader(strings.NewReader(in)), "with its end": iotest.DataErrReader(strings.NewReader(in)),
	} {
		got, err := io.ReadAll(&blanks{r: r})
		if want := " [ {\"a  b\" : \"c \\\\\\\"  d\" } , 1 ]\r"; err != nil || string(got) != want {
			t.Errorf("%s: %q, %v; want %q", name, got, err, want)
		}
		if !json.Valid(got) {
			t.Errorf("%s: %q is no JSON any more", name, got)
		}
	}
}

// A bomb of nothing costs no more than to unpack it, and whoever cancels an
// import does not wait for it either.
func TestBombOfBlanks(t *testing.T) {
	bomb := zipOf(t, map[string]string{"a/1.json": "[" + strings.Repeat(" ", maxDay-2) + "]"})
	began := time.Now()
	if _, err := check(t, bomb, ""); err == nil || !strings.Contains(err.Error(), "no message") {
		t.Errorf("%v", err)
	}
	if took := time.Since(began); took > 30*time.Second {
		t.Errorf("took %v", took)
	}
	f, err := opened(t, bomb, "")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := f.Check(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled check: %v", err)
	}
}
