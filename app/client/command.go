package client

import (
	"context"
	"encoding/json"
	"fmt"

	"parley/shared/wire"
)

// Do runs a command over what carries it best: the WebSocket when it carries
// the feed, else POST. result may be nil. The error is a *wire.Problem or a
// network error; after the latter the command may have been done or not.
func (c *Client) Do(ctx context.Context, cmd string, args, result any) error {
	body := wire.Encode(args)
	c.mu.Lock()
	ws := c.carrier
	c.mu.Unlock()
	if ws == nil {
		return c.request(ctx, answerTimeout, Request{Method: "POST", Path: base + "/" + cmd, Body: body}, result)
	}
	ctx, cancel := within(ctx, c.clock, answerTimeout, errNoAnswer)
	defer cancel()
	answer, err := ws.call(ctx, cmd, body)
	if err != nil {
		return c.noted(err)
	}
	if result == nil {
		return nil
	}
	if err := json.Unmarshal(answer, result); err != nil {
		return fmt.Errorf("the answer does not fit: %w", err)
	}
	return nil
}
