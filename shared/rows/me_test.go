package rows

import (
	"strings"
	"testing"

	"parley/shared/wire"
)

// TestMe: what somebody does is told with their name, escaped, with what the
// server has rendered of it; whatever only looks like that is a message.
func TestMe(t *testing.T) {
	for _, c := range []struct {
		name string
		m    wire.Message
		want string
	}{
		{"plain", wire.Message{Text: "/me waves <b>"}, `<div class="text action" dir="auto"><b>Ada Lovelace</b> waves &lt;b&gt;</div>`},
		{"rendered", wire.Message{Text: "/me *waves*", HTML: `<p dir="auto">/me <em>waves</em></p>`}, `<div class="text rich action"><p dir="auto"><b>Ada Lovelace</b> <em>waves</em></p></div>`},
		{"a link", wire.Message{Text: "/me reads https://a.example/"}, `<div class="text action" dir="auto"><b>Ada Lovelace</b> reads <a href="https://a.example/" target="_blank" rel="noopener nofollow">https://a.example/</a></div>`},
		{"once", wire.Message{Text: "/me types /me "}, `<div class="text action" dir="auto"><b>Ada Lovelace</b> types /me </div>`},
		{"alone", wire.Message{Text: "/me"}, `<div class="text" dir="auto">/me</div>`},
		{"another word", wire.Message{Text: "/mean"}, `<div class="text" dir="auto">/mean</div>`},
		{"not at the beginning", wire.Message{Text: "type /me waves"}, `<div class="text" dir="auto">type /me waves</div>`},
	} {
		c.m.Author = "u1"
		var b strings.Builder
		writer().body(&b, c.m)
		if b.String() != c.want {
			t.Errorf("%s: %s\nwant %s", c.name, b.String(), c.want)
		}
	}
}
