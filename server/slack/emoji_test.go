package slack

import "testing"

// TestEmoji: what Slack calls an emoji, in a skin tone or not, and what only one
// team calls one.
func TestEmoji(t *testing.T) {
	for name, want := range map[string]string{
		"+1": "👍️", "thumbsup": "👍️", "tada": "🎉", "flag-cn": "🇨🇳", "keycap_star": "*️⃣", "heart": "❤️",
		"+1::skin-tone-2": "👍🏻", "wave::skin-tone-6": "👋🏿", "v::skin-tone-4": "✌🏽", "woman-running::skin-tone-3": "🏃🏼‍♀️",
		"man-heart-man::skin-tone-2":   "👨‍❤️‍👨", // which takes two, and is written without either
		"man-heart-man::skin-tone-2-3": "👨‍❤️‍👨",
		"tada::skin-tone-2":            "🎉",
		"+1::skin-tone-1":              "👍️",
		"+1::skin-tone-7":              "👍️",
		"+1::green":                    "👍️",
		"party-parrot":                 "", "*": "", "": "", "::skin-tone-2": "", "👍️": "", "+1 thumbsup": "",
	} {
		if got := Emoji(name); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}
