package parts

import (
	"strings"
	"testing"

	"parley/shared/texts"
)

const evil = `"><script>alert('x')</script>&`

// TestEscaping: whatever people call things, or have typed, stays text.
func TestEscaping(t *testing.T) {
	for name, html := range map[string]string{
		"sign-in":   Door{Community: evil, Name: evil, Next: evil, Text: evil, Problem: evil}.HTML(&texts.English),
		"notice":    Door{Notice: evil}.HTML(&texts.English),
		"set-up":    Door{Way: SetUp, Place: evil, Name: evil, Code: true, Typed: evil}.HTML(&texts.English),
		"sign-up":   Door{Way: SignUp, Invite: evil, Community: evil}.HTML(&texts.English),
		"composer":  Composer{Room: evil, Text: evil, Problem: evil, Action: evil, Token: evil, Nonce: evil}.HTML(&texts.English),
		"beginning": Beginning(&texts.English, evil, true),
		"older":     Older(&texts.English, evil),
	} {
		if strings.Contains(html, "<script") || strings.Contains(html, `">`+"<script") || !strings.Contains(html, "script") {
			t.Errorf("%s: %s", name, html)
		}
	}
}

func TestLacks(t *testing.T) {
	en := &texts.English
	for _, c := range []struct {
		door           Door
		name, password string
		want           string
	}{
		{Door{}, "", "x", en.NameNeeded},
		{Door{}, "a", "", en.PasswordNeeded},
		{Door{}, "a", "x", ""},
		{Door{Way: SetUp}, "a", "1234567", en.PasswordShort},
		{Door{Way: SetUp}, "a", "密码密码密码密码", ""},
		{Door{Way: SignUp}, "a", "", ""},
		{Door{Way: SignUp}, "a", "short", en.PasswordShort},
	} {
		if got := c.door.Lacks(en, c.name, c.password); got != c.want {
			t.Errorf("%+v with %q and %q lacks %q, want %q", c.door, c.name, c.password, got, c.want)
		}
	}
}

// TestComposerKeepsText: a parser drops a line feed at the beginning of a
// textarea, so there is one to drop.
func TestComposerKeepsText(t *testing.T) {
	html := Composer{Text: "\n  two\r\n"}.HTML(&texts.English)
	if !strings.Contains(html, ">\n\n  two&#13;\n</textarea>") {
		t.Error(html)
	}
}
