package docs

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// bot is the program behind a bot, which the server asks.
type bot struct {
	url    string
	asked  chan asked
	answer chan string // what the page lets it answer: status, headers and body
}

type asked struct {
	method string
	header http.Header
	body   []byte
}

func startBot(t *testing.T) *bot {
	t.Helper()
	b := &bot{asked: make(chan asked), answer: make(chan string)}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		select {
		case b.asked <- asked{r.Method, r.Header, body}:
		case <-r.Context().Done():
			return
		}
		head, body2, _ := strings.Cut(<-b.answer, "\n\n")
		_, headers, _ := strings.Cut(head, "\n")
		for line := range strings.Lines(headers) {
			name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
			w.Header().Set(name, value)
		}
		_, _ = io.WriteString(w, body2) // 200, as on the page
	}))
	t.Cleanup(server.Close)
	b.url = server.URL + "/parley"
	return b
}

// webhook waits for the server to ask what the page says, and answers.
func (r *runner) webhook(ctx context.Context, request, answer string) error {
	var got asked
	select {
	case got = <-r.bot.asked:
	case <-ctx.Done():
		return fmt.Errorf("the server has asked nothing: %w", ctx.Err())
	}
	r.bot.answer <- answer
	head, body, _ := strings.Cut(request, "\n\n")
	first, headers, _ := strings.Cut(head, "\n")
	if r.fill(first) != got.method+" "+r.bot.url {
		return fmt.Errorf("asked by %s, the page says %s", got.method, first)
	}
	r.names["$delivery"] = got.header.Get("Parley-Delivery")
	signature := got.header.Get("Parley-Signature")
	at, mac, _ := strings.Cut(strings.TrimPrefix(signature, "t="), ",v1=")
	sum := hmac.New(sha256.New, []byte(r.names["$webhook_secret"]))
	fmt.Fprintf(sum, "%s.%s", at, got.body)
	if mac != hex.EncodeToString(sum.Sum(nil)) {
		return fmt.Errorf("the signature %s is wrong", signature)
	}
	for line := range strings.Lines(headers) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		if have := got.header.Get(name); name != "Parley-Signature" && have != r.fill(value) {
			return fmt.Errorf("%s: %q, the page says %q", name, have, value)
		}
	}
	return r.sameJSON(body, got.body)
}
