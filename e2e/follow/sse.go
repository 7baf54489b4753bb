package follow

import (
	"bufio"
	"bytes"
	"context"
	"time"
)

func (r *Reader) sse(ctx context.Context, cancel context.CancelFunc) error {
	watchdog := time.AfterFunc(firstBatch, cancel)
	defer watchdog.Stop()
	res, err := r.get(ctx, "", "text/event-stream")
	if err != nil {
		return err
	}
	defer res.Body.Close()
	lines := bufio.NewScanner(res.Body)
	lines.Buffer(nil, readLimit)
	var id, data []byte
	for first := true; lines.Scan(); {
		switch line := lines.Bytes(); {
		case bytes.HasPrefix(line, []byte("id:")):
			id = bytes.Clone(bytes.TrimSpace(line[3:]))
		case bytes.HasPrefix(line, []byte("data:")):
			if data != nil {
				return broken("two data lines in one event")
			}
			data = bytes.Clone(bytes.TrimSpace(line[5:]))
		case len(line) == 0 && data != nil:
			watchdog.Reset(silence)
			b, err := r.batch(SSE, data)
			if err != nil {
				return err
			}
			if string(id) != b.Cursor {
				return broken("the event's id is %q, its cursor %q", id, b.Cursor)
			}
			if first {
				r.conns[SSE]++
			}
			first, id, data = false, nil, nil
		}
	}
	if err := lines.Err(); err != nil {
		return err
	}
	return errAgain
}
