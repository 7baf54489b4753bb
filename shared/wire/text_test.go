package wire_test

import (
	"strings"
	"testing"

	"parley/shared/wire"
)

func TestCleanText(t *testing.T) {
	long := strings.Repeat("明", wire.MaxText)
	for name, c := range map[string]struct {
		in, want string
		code     wire.Code
	}{
		"plain":                  {"hi", "hi", ""},
		"kept as it is":          {"  a\t\n\n<b>&amp; ", "  a\t\n\n<b>&amp; ", ""},
		"line ends":              {"a\r\nb\rc\nd\n\re", "a\nb\nc\nd\n\ne", ""},
		"not normalised":         {"e\u0301 ﬁ", "e\u0301 ﬁ", ""},
		"turned direction stays": {"\u202Eabc", "\u202Eabc", ""},
		"longest":                {long, long, ""},
		"longest with CRLF":      {strings.Repeat("x\r\n", wire.MaxText/2), strings.Repeat("x\n", wire.MaxText/2), ""},
		"one emoji":              {"👍🏽", "👍🏽", ""},
		"empty":                  {"", "", wire.CodeBadRequest},
		"blank":                  {" \t\r\n\u3000\u00A0\u2028", "", wire.CodeBadRequest},
		"nothing to see":         {"\u200B\u200D\uFEFF\u2800\u3164\uFE0F", "", wire.CodeBadRequest},
		"only controls":          {"\x01\x7f\u0085", "", wire.CodeBadRequest},
		"NUL":                    {"a\x00b", "", wire.CodeBadRequest},
		"not UTF-8":              {"a\xc0\xafb", "", wire.CodeBadRequest},
		"one too long":           {long + "x", "", wire.CodeTooLarge},
	} {
		got, err := wire.CleanText(c.in)
		if got != c.want || wire.CodeFrom(err) != c.code {
			t.Errorf("%s: %.40q, %v", name, got, err)
		}
	}
}

func TestCheckNonceAndSession(t *testing.T) {
	for in, ok := range map[string]bool{
		"a": true, "f81d4fae-7dec": true, "a b": true, strings.Repeat("é", 64): true,
		"": false, strings.Repeat("x", 65): false, "a\nb": false, "a\x00": false, "a\xff": false, "a\u200Bb": false, "a\uFFFD": false,
	} {
		for what, check := range map[string]func(string) error{"nonce": wire.CheckNonce, "session": wire.CheckSession} {
			err := check(in)
			if (err == nil) != ok || (!ok && wire.CodeFrom(err) != wire.CodeBadRequest) {
				t.Errorf("%s %q: %v", what, in, err)
			}
			if err != nil && !strings.Contains(err.Error(), "The "+what+" ") {
				t.Errorf("%v does not say what is meant", err)
			}
		}
	}
}
