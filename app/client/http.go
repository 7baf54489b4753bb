package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"parley/shared/wire"
)

// base is where the API lies.
const base = "/api/v1"

// answerTimeout is how long a whole answer may take: a command's or query's.
const answerTimeout = 15 * time.Second

var errNoAnswer = errors.New("the server did not answer in time")

// ask sends one HTTP request and reads the JSON of a good answer into result,
// unless that is nil. The error is the server's *wire.Problem, or says how the
// network failed. What proxies say instead of the server is a failure of the
// network.
func ask(ctx context.Context, net Net, r Request, result any) error {
	if r.Accept == "" {
		r.Accept = "application/json"
	}
	a, err := net.Do(ctx, r)
	if err != nil {
		if cause := context.Cause(ctx); cause != nil {
			return cause
		}
		return err
	}
	return readAnswer(a, result)
}

func readAnswer(a Response, result any) error {
	if a.Status < 200 || a.Status > 299 {
		return problemOf(a.Status, a.Header("Content-Type"), a.Body)
	}
	if result == nil || a.Status == 204 {
		return nil
	}
	if err := json.Unmarshal(a.Body, result); err != nil {
		return fmt.Errorf("the answer is not the server's: %w", err)
	}
	return nil
}

// foreignError is a status that did not come from a Parley server.
type foreignError struct{ status int }

// Error names the status.
func (e foreignError) Error() string {
	return fmt.Sprintf("something in between answered %d", e.status)
}

// problemOf is the error in an answer with a bad status.
func problemOf(status int, contentType string, body []byte) error {
	var p wire.Problem
	if !isMedia(contentType, wire.ProblemType) || json.Unmarshal(body, &p) != nil || p.Code == "" {
		return foreignError{status}
	}
	return &p
}

// isMedia compares a Content-Type without its parameters.
func isMedia(contentType, media string) bool {
	got, _, _ := strings.Cut(contentType, ";")
	return strings.EqualFold(strings.TrimSpace(got), media)
}

// request asks the server in the name of this client. An answer that nobody is
// signed in ends Run.
func (c *Client) request(ctx context.Context, timeout time.Duration, r Request, result any) error {
	ctx, cancel := within(ctx, c.clock, timeout, errNoAnswer)
	defer cancel()
	r.Path = c.mine(r.Path)
	return c.noted(ask(ctx, c.net, r, result))
}

// mine says in a path whose request it is, as soon as that is known: the
// browser's cookie may have become somebody else's in another tab, and what this
// page reads and sends is not theirs.
func (c *Client) mine(path string) string {
	me := c.Me().ID
	if me == "" {
		return path
	}
	between := "?"
	if strings.Contains(path, "?") {
		between = "&"
	}
	return path + between + "user=" + url.QueryEscape(me)
}

// noted ends Run if err says that the login is no longer valid.
func (c *Client) noted(err error) error {
	if wire.CodeFrom(err) == wire.CodeUnauthenticated {
		c.fail(err)
	}
	return err
}

// Get asks a query, such as "/rooms". The error is a *wire.Problem or a network
// error.
func (c *Client) Get(ctx context.Context, path string, result any) error {
	return c.request(ctx, answerTimeout, Request{Method: "GET", Path: base + path}, result)
}
