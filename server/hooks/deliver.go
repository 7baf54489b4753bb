package hooks

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"mime"
	"net/http"
	"time"
	"unicode/utf8"

	"parley/server/chat"
	"parley/server/store"
	"parley/shared/wire"
)

// maxAttempts is how often it is tried to deliver one message: for about twenty
// minutes, in which a program is started again or a name moves. Past that it is
// in the way of what comes after it.
const maxAttempts = 12

// parcel is a delivery with what it takes to send it.
type parcel struct {
	wire.Delivery
	url    string
	secret string
}

// deliver tells a bot of the message at an offset, however often it takes. It is
// false when ctx has ended before that was decided.
func (s *Sender) deliver(ctx context.Context, q *queue, offset uint64) bool {
	for attempt := 1; ; attempt++ {
		p, err := s.parcel(q.bot, offset)
		switch {
		case errors.Is(err, errNothing):
			return true
		case err != nil:
			s.log.Error("a message for a webhook cannot be read", slog.String("bot", q.bot), slog.Uint64("offset", offset), slog.Any("error", err))
			return true
		}
		status := s.try(ctx, p, attempt)
		if ctx.Err() != nil {
			return false
		}
		s.mu.Lock()
		s.report(q, status)
		s.mu.Unlock()
		if status.State == wire.WebhookRetrying {
			if s.rest(ctx, q, attempt) {
				attempt = 0 // it is another webhook
			}
			continue
		}
		if status.State == wire.WebhookDropped {
			s.log.Warn("a webhook was not told of a message", slog.String("bot", q.bot), slog.String("delivery", p.ID), slog.Int("attempts", attempt), slog.String("why", status.Detail))
		}
		return true
	}
}

// rest waits until it is time for the next attempt, and tells whether the webhook
// was changed meanwhile. The times double, with jitter so that what fell together
// does not come back together.
func (s *Sender) rest(ctx context.Context, q *queue, attempt int) (changed bool) {
	d := min(s.o.pace.first<<(attempt-1), s.o.pace.most)
	timer := time.NewTimer(d/2 + rand.N(d/2+1))
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	case <-q.changed:
		return true
	}
	return false
}

// try is one attempt.
func (s *Sender) try(ctx context.Context, p parcel, attempt int) wire.WebhookStatus {
	status := wire.WebhookStatus{State: wire.WebhookDelivered, Delivery: p.ID, Attempts: attempt}
	answer, err := s.post(ctx, p)
	switch {
	case err == nil:
		status.Detail = s.answered(ctx, p, answer)
	case attempt >= maxAttempts:
		status.State, status.Detail = wire.WebhookDropped, err.Error()
	default:
		status.State, status.Detail = wire.WebhookRetrying, err.Error()
	}
	status.Detail = cut(status.Detail)
	return status
}

func cut(s string) string {
	if utf8.RuneCountInString(s) <= wire.MaxHookStatus {
		return s
	}
	return string([]rune(s)[:wire.MaxHookStatus-1]) + "…"
}

// errNothing is of a message that need not be delivered any more.
var errNothing = errors.New("nothing to deliver")

// parcel reads what is delivered: the message as it is now.
func (s *Sender) parcel(bot string, offset uint64) (p parcel, err error) {
	p.ID = s.id(offset)
	err = s.db.View(func(tx *store.Tx) error {
		w, err := tx.Webhook(bot)
		if errors.Is(err, store.ErrNotExist) || offset < tx.First() {
			return errNothing
		}
		if err != nil {
			return err
		}
		p.url, p.secret = w.URL, w.Secret
		var event wire.Event
		if err := tx.Log(offset-1, func(e store.Event) bool {
			err = json.Unmarshal(e.Data, &event)
			return false
		}); err != nil {
			return err
		}
		if err != nil || event.Message == nil {
			return fmt.Errorf("read the event at offset %d: %w", offset, err)
		}
		p.Message = *event.Message
		return p.fill(tx, bot)
	})
	return p, err
}

// fill adds who and where.
func (p *parcel) fill(tx *store.Tx, bot string) error {
	member, err := tx.IsMember(p.Message.Room, bot)
	if err != nil {
		return err
	}
	if !member || p.Message.Deleted != 0 {
		return errNothing
	}
	room, err1 := tx.Room(p.Message.Room)
	author, err2 := tx.User(p.Message.Author)
	me, err3 := tx.User(bot)
	p.Room, p.Author, p.Bot = room.Room, author.User, me.User
	return errors.Join(err1, err2, err3)
}

func (s *Sender) id(offset uint64) string { return store.FormatCursor(s.db.Epoch(), offset) }

// post sends a parcel and reads the answer. The error is a sentence.
func (s *Sender) post(ctx context.Context, p parcel) (reply, error) {
	ctx, cancel := context.WithTimeout(ctx, maxTime)
	defer cancel()
	body := wire.Encode(p.Delivery)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url, bytes.NewReader(body))
	if err != nil {
		return reply{}, errors.New("The address cannot be used.") //nolint:staticcheck // for people
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "Parley")
	req.Header.Set(deliveryHeader, p.ID)
	req.Header.Set(signatureHeader, sign(p.secret, s.o.Env.Now(), body))
	resp, err := s.client.Do(req)
	if err != nil {
		return reply{}, errors.New(whatFailed(err))
	}
	defer func() { _ = resp.Body.Close() }()
	switch code := resp.StatusCode; {
	case code >= 300 && code < 400:
		return reply{}, fmt.Errorf("It answers %d: redirects are not followed.", code) //nolint:staticcheck // for people
	case code < 200 || code >= 300:
		return reply{}, fmt.Errorf("It answers %d.", code) //nolint:staticcheck // for people
	}
	return read(resp), nil
}

// reply is what a webhook has answered, as far as it was read.
type reply struct {
	text   string
	detail string // why there is no text, if that is worth telling
}

// read reads the answer to what has been delivered: whatever is wrong with it, it
// was.
func read(resp *http.Response) reply {
	if media, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type")); media != "application/json" {
		return reply{}
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	switch {
	case len(data) > maxAnswer:
		return reply{detail: fmt.Sprintf("Its answer is longer than %d bytes, and was left out.", maxAnswer)}
	case err != nil:
		return reply{detail: "Its answer did not come to an end, and was left out."}
	case len(bytes.TrimSpace(data)) == 0:
		return reply{}
	}
	var said struct {
		Text string `json:"text"`
	}
	if err := wire.Decode(data, &said); err != nil {
		return reply{detail: "Its answer cannot be read: " + sentence(err)}
	}
	return reply{text: said.Text}
}

// answered stores an answer as a message of the bot, once for each delivery. It
// gives what is wrong with it.
func (s *Sender) answered(ctx context.Context, p parcel, r reply) string {
	if r.text == "" {
		return r.detail
	}
	args := wire.Send{Room: p.Message.Room, Text: r.text, Nonce: "webhook " + p.ID}
	call, err := s.o.Env.Command(chat.Actor{User: p.Bot}, wire.CmdSend, wire.Encode(args))
	if err == nil {
		_, err = s.o.Submit(ctx, call.Entry)
	}
	switch {
	case err == nil || wire.CodeFrom(err) == wire.CodeConflict: // it has answered to this before
		return ""
	case wire.CodeFrom(err) == "":
		s.log.Error("a webhook's answer was not stored", slog.String("bot", p.Bot.ID), slog.Any("error", err))
	}
	return "Its answer was not stored: " + sentence(err)
}

// sentence is a problem in words.
func sentence(err error) string {
	var p *wire.Problem
	if errors.As(err, &p) {
		return p.Detail
	}
	return "Something went wrong on the server."
}
