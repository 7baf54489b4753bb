package client

import (
	"context"
	"net/url"

	"parley/shared/wire"
)

// Task is one's own long work as the feed last told of it; the zero Task when it
// has told of none.
func (c *Client) Task() wire.Task {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.state.task
}

// NewTask is an id for a task that is about to be started.
func (c *Client) NewTask() string { return c.newName() }

// WaitTask asks how far a task has come, and waits a while for it to move: for
// networks in which neither a stream nor the feed gets through in time.
func (c *Client) WaitTask(ctx context.Context, id string) (task wire.Task, err error) {
	err = c.Get(ctx, "/tasks/"+url.PathEscape(id)+"?wait=5", &task)
	return task, err
}

// CancelTask ends a task.
func (c *Client) CancelTask(ctx context.Context, id string) error {
	return c.request(ctx, answerTimeout, Request{Method: "DELETE", Path: base + "/tasks/" + url.PathEscape(id)}, nil)
}

// Into reads the JSON of a good answer into result, unless that is nil. The
// error is the server's *wire.Problem, or says that it was not the server who
// answered.
func (r Response) Into(result any) error { return readAnswer(r, result) }
