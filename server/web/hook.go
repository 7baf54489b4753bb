package web

import (
	"crypto/rand"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"parley/server/slack"
	"parley/shared/wire"
)

// hookPath is below where incoming webhooks are posted to. What follows is the
// secret.
const hookPath = "/hooks/"

// idempotencyKey names a post, so that the same one sent again is stored once
// (draft-ietf-httpapi-idempotency-key-header).
const idempotencyKey = "Idempotency-Key"

// postHook stores what a program says through an incoming webhook. It answers as
// Slack does, as programs made for that look for it.
func (s *Server) postHook(w *answer, r *http.Request) error {
	bot, room, err := s.conf.Queries.ByHook(r.PathValue("secret"))
	if err != nil {
		return err
	}
	nonce := rand.Text()
	if keys, has := r.Header[idempotencyKey]; has {
		nonce = strings.Join(keys, ",")
	}
	text, err := s.hookText(w, r)
	if err != nil {
		return err
	}
	id := identity{Actor: bot}
	if _, err := s.do(r.Context(), id, w.origin(), wire.CmdSend, wire.Encode(wire.Send{Room: room, Text: text, Nonce: nonce})); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	_, err = w.Write([]byte("ok"))
	return err
}

// hookText is the message in a post: text, or JSON as Slack takes it, by itself or
// in the field payload of a form.
func (s *Server) hookText(w *answer, r *http.Request) (string, error) {
	media, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if charset := params["charset"]; err != nil || charset != "" && !strings.EqualFold(charset, "utf-8") {
		media = ""
	}
	limit := int64(wire.MaxBody)
	switch media {
	case "application/json", "text/plain":
	case "application/x-www-form-urlencoded":
		limit = maxForm
	default:
		return "", wire.Errorf(wire.CodeUnsupportedMediaType, `The body must be application/json such as {"text": "Hello"}, a form with that as "payload", or text/plain, in UTF-8.`)
	}
	body, err := s.readAll(w, r, limit)
	switch {
	case err != nil:
		return "", err
	case !utf8.Valid(body):
		return "", wire.Errorf(wire.CodeBadRequest, "The body is not UTF-8.")
	case media == "text/plain":
		return string(body), nil
	case media == "application/json":
		return slack.Text(body)
	}
	return formText(string(body))
}

// formText is the message in a form. `curl -d` calls everything one.
func formText(body string) (string, error) {
	if strings.HasPrefix(strings.TrimSpace(body), "{") {
		return slack.Text([]byte(body))
	}
	form, err := url.ParseQuery(body)
	if err != nil || !form.Has("payload") {
		return "", wire.Errorf(wire.CodeBadRequest, `The form has no field "payload".`)
	}
	return slack.Text([]byte(form.Get("payload")))
}

// hooks gives one's own incoming webhooks, or all.
func (s *Server) hooks(w *answer, r *http.Request) error {
	id, err := s.identify(w, r)
	if err != nil {
		return err
	}
	list, err := s.conf.Queries.Hooks(id.Actor)
	if err != nil {
		return err
	}
	return writeJSON(w, list)
}

// webhooks gives the outgoing webhooks of one's own bots, or all.
func (s *Server) webhooks(w *answer, r *http.Request) error {
	id, err := s.identify(w, r)
	if err != nil {
		return err
	}
	list, err := s.conf.Queries.Webhooks(id.Actor)
	if err != nil {
		return err
	}
	return writeJSON(w, list)
}
