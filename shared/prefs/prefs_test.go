package prefs

import "testing"

func TestThemeOf(t *testing.T) {
	for value, want := range map[string]string{"light": Light, "dark": Dark, "": "", "Dark": "", `"><script>`: ""} {
		if got := ThemeOf(value); got != want {
			t.Errorf("ThemeOf(%q) = %q, want %q", value, got, want)
		}
	}
}
