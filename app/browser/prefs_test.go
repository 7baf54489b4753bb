package browser

import "testing"

func TestCookieOf(t *testing.T) {
	const all = "mylang=de; lang=zh-Hans;theme=dark; tz=Europe%2FZurich"
	for name, want := range map[string]string{"lang": "zh-Hans", "theme": "dark", "tz": "Europe%2FZurich", "la": "", "": ""} {
		if got := cookieOf(all, name); got != want {
			t.Errorf("cookie %s = %q, want %q", name, got, want)
		}
	}
}

func TestThemeMedia(t *testing.T) {
	for _, c := range []struct{ of, chosen, want string }{
		{"light", "", "(prefers-color-scheme: light)"},
		{"dark", "", "(prefers-color-scheme: dark)"},
		{"dark", "dark", "all"},
		{"dark", "light", "not all"},
	} {
		if got := themeMedia(c.of, c.chosen); got != c.want {
			t.Errorf("the frame's colour for %s, %q chosen: %q, want %q", c.of, c.chosen, got, c.want)
		}
	}
}
