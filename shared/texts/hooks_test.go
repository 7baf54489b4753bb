package texts

import (
	"regexp"
	"slices"
	"testing"

	"parley/shared/wire"
)

// TestWebhookStatus: how a delivery went can be read in each language.
func TestWebhookStatus(t *testing.T) {
	for _, c := range []struct {
		status      *wire.WebhookStatus
		attempts    int
		english, zh string
	}{
		{nil, 0, "There was nothing to deliver yet.", "还没有要发送的内容。"},
		{&wire.WebhookStatus{State: wire.WebhookDelivered}, 1, "Delivered: noon.", "已送达：noon。"},
		{
			&wire.WebhookStatus{State: wire.WebhookRetrying, Detail: "It answers 503."}, 1,
			"Not delivered after 1 attempt; it is tried again. It answers 503.", "试了 1 次还没有送达，会继续重试。对方返回 503。",
		},
		{
			&wire.WebhookStatus{State: wire.WebhookDropped, Detail: "It answers 302: redirects are not followed."}, 12,
			"Given up: noon. It answers 302: redirects are not followed.", "已放弃：noon。对方返回 302：不会跟随跳转。",
		},
		{
			&wire.WebhookStatus{State: wire.WebhookRetrying, Detail: "It cannot be reached: connect: connection refused."}, 3,
			"Not delivered after 3 attempts; it is tried again. It cannot be reached: connect: connection refused.", "试了 3 次还没有送达，会继续重试。无法连接：connect: connection refused。",
		},
		{&wire.WebhookStatus{State: wire.WebhookDelivered, Detail: "What nobody foresaw."}, 1, "Delivered: noon. What nobody foresaw.", "已送达：noon。What nobody foresaw."},
	} {
		if got := English.WebhookStatus(c.status, "noon", Plain(c.attempts)); got != c.english {
			t.Errorf("%q, want %q", got, c.english)
		}
		if got := Chinese.WebhookStatus(c.status, "noon", Plain(c.attempts)); got != c.zh {
			t.Errorf("%q, want %q", got, c.zh)
		}
	}
}

// TestEveryReasonIsTranslated: why a webhook was not told is in every catalogue,
// and nothing is that the server does not say (any more).
func TestEveryReasonIsTranslated(t *testing.T) {
	sentence := regexp.MustCompile(`"((?:Its?|The address) [^"]*?)"( \+ [^\n]*"\.")?`)
	var said []string
	for path, source := range sources(t, []string{"server/hooks"}, ".go") {
		if regexp.MustCompile(`address\.go$`).MatchString(path) {
			continue // what is said at once, to whoever sets it
		}
		for _, m := range sentence.FindAllStringSubmatch(source, -1) {
			switch text := m[1]; {
			case m[2] != "":
				said = append(said, text+"%s.")
			case regexp.MustCompile(`: $`).MatchString(text):
				said = append(said, text+"%s")
			default:
				said = append(said, text)
			}
		}
	}
	if len(said) < 10 {
		t.Fatalf("only %q are found in the sources: do they look differently now?", said)
	}
	for _, l := range Languages[1:] {
		for _, s := range said {
			if l.why[s] == "" {
				t.Errorf("%s lacks %q", l.Lang, s)
			}
		}
		for known := range l.why {
			if !slices.Contains(said, known) {
				t.Errorf("%s translates %q, which nobody says", l.Lang, known)
			}
		}
	}
}
