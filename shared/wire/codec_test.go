package wire_test

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"

	"parley/shared/wire"
)

// What Decode refuses, and what the person reads then.
func TestDecodeRefuses(t *testing.T) {
	for name, c := range map[string]struct{ in, detail string }{
		"nothing":              {"", "valid JSON"},
		"white space":          {" \n", "valid JSON"},
		"cut short":            {`{"room":"lobby","text":"h`, "valid JSON"},
		"cut before the end":   {`{"room":"lobby"`, "valid JSON"},
		"trailing data":        {`{"room":"lobby"} {}`, "valid JSON"},
		"trailing comma":       {`{"room":"lobby",}`, "valid JSON"},
		"single quotes":        {`{'room':'lobby'}`, "valid JSON"},
		"byte order mark":      {"\uFEFF{}", "valid JSON"},
		"raw control":          {"{\"room\":\"a\x00b\"}", "valid JSON"},
		"not UTF-8":            {"{\"room\":\"\xff\"}", "UTF-8"},
		"not UTF-8 in a name":  {"{\"\xc3\x28\":1}", "UTF-8"},
		"array":                {`[]`, "JSON object"},
		"null":                 {`null`, "JSON object"},
		"number":               {` 7`, "JSON object"},
		"string":               {`"x"`, "JSON object"},
		"same name twice":      {`{"room":"a","room":"b"}`, "twice"},
		"same value twice":     {`{"room":"a","room":"a"}`, "twice"},
		"other letter case":    {`{"room":"a","ROOM":"b"}`, "twice"},
		"Kelvin sign":          {"{\"k\":1,\"\u212A\":2}", "twice"},
		"long s":               {"{\"seq\":1,\"\u017Feq\":2}", "twice"},
		"escaped name":         {`{"room":"a","\u0072oom":"b"}`, "twice"},
		"escaped quote":        {`{"a\"":1,"a\u0022":2}`, "twice"},
		"twice further in":     {`{"x":[1,{"a":1,"b":{},"a":2}]}`, "twice"},
		"twice among unknown":  {`{"x":1,"room":"a","x":2}`, "twice"},
		"empty name twice":     {`{"":1,"":2}`, "twice"},
		"10,000 arrays deep":   {`{"x":` + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000) + `}`, ""},
		"10,000 objects deep":  {strings.Repeat(`{"x":`, 10_000) + "1" + strings.Repeat("}", 10_000), ""},
		"one level too deep":   {deep(wire.MaxDepth + 1), "nested deeper"},
		"wrong type":           {`{"room":7}`, `"room" cannot be a JSON number`},
		"wrong type inside":    {`{"files":["a",{}]}`, "cannot be a JSON object"},
		"negative seq":         {`{"reply_to":-1}`, `"reply_to" cannot be a JSON number`},
		"fraction":             {`{"reply_to":1.5}`, `"reply_to" cannot be a JSON number`},
		"more than 64 bits":    {`{"reply_to":18446744073709551616}`, `"reply_to" cannot be a JSON number`},
		"object for an array":  {`{"files":{}}`, `"files" cannot be a JSON object`},
		"unpaired brackets":    {`{"x":[}`, "valid JSON"},
		"bracket in the wrong": {`{"x":"[{"`, "valid JSON"},
	} {
		t.Run(name, func(t *testing.T) {
			var v wire.Send
			err := wire.Decode([]byte(c.in), &v)
			if wire.CodeFrom(err) != wire.CodeBadRequest || !strings.Contains(err.Error(), c.detail) {
				t.Errorf("got %v, want a bad_request with %q", err, c.detail)
			}
		})
	}
}

// What Decode accepts although it looks like something it refuses.
func TestDecodeAccepts(t *testing.T) {
	for name, in := range map[string]string{
		"empty":                  `{}`,
		"white space around":     " \t\r\n{ } \n",
		"unknown members":        `{"x":{"y":[1,2,{"z":null}]},"room":"a"}`,
		"null":                   `{"room":null,"files":null}`,
		"as deep as allowed":     deep(wire.MaxDepth),
		"same name elsewhere":    `{"room":"a","x":{"room":1},"y":[{"room":1},{"room":2}]}`,
		"same strings as values": `{"x":["room","room"],"room":"room","text":"room"}`,
		"names in strings":       `{"text":"{\"room\":1,\"room\":2}\\"}`,
		"brackets in strings":    `{"text":"` + strings.Repeat("[{", 1000) + `"}`,
		"dotless and dotted i":   "{\"i\":1,\"\u0130\":2,\"\u0131\":3}",
		"lone surrogate":         `{"text":"\ud800"}`,
	} {
		t.Run(name, func(t *testing.T) {
			var v wire.Send
			if err := wire.Decode([]byte(in), &v); err != nil {
				t.Error(err)
			}
		})
	}
}

// deep is an object of n levels.
func deep(n int) string {
	return `{"x":` + strings.Repeat("[", n-1) + strings.Repeat("]", n-1) + `}`
}

// Ten megabytes of every ugly kind are refused or read in bounded time and
// without a deep stack; callers cut the body off long before.
func TestDecodeLarge(t *testing.T) {
	const size = 10 << 20
	many := bytes.NewBufferString(`{"a":1`)
	for i := 0; many.Len() < size; i++ {
		fmt.Fprintf(many, `,"k%d":%d`, i, i)
	}
	many.WriteString("}")
	for name, in := range map[string][]byte{
		"brackets":     bytes.Repeat([]byte("["), size),
		"objects":      bytes.Repeat([]byte(`{"":`), size/4),
		"quotes":       bytes.Repeat([]byte(`"`), size),
		"back slashes": append([]byte(`{"`), bytes.Repeat([]byte(`\`), size)...),
		"many members": many.Bytes(),
		"long string":  append(append([]byte(`{"room":"`), bytes.Repeat([]byte("x"), size)...), `","room":1}`...),
	} {
		var v wire.Send
		err := wire.Decode(in, &v)
		if name != "many members" && wire.CodeFrom(err) != wire.CodeBadRequest {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Encoding the same value gives the same bytes, on one line, without HTML escapes.
func TestEncodeIsStable(t *testing.T) {
	s := wire.Sync{Reads: map[string]uint64{}}
	for i := range uint64(50) {
		s.Reads[fmt.Sprint("r", i)] = i
	}
	first := wire.Encode(s)
	for range 20 {
		if again := wire.Encode(s); !bytes.Equal(first, again) {
			t.Fatalf("\n%s\n%s", first, again)
		}
	}
	line := wire.Encode(wire.Send{Text: "<a>&\r\n\u2028"})
	if bytes.ContainsAny(line, "\r\n") || !bytes.Contains(line, []byte("<a>&")) {
		t.Errorf("%s", line)
	}
}

func TestEncodePanicsOnTheImpossible(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("encoded a percentage that is no number")
		}
	}()
	wire.Encode(wire.Task{Percent: math.NaN()})
}
