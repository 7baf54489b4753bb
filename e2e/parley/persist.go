package parley

import (
	"context"
	"errors"
	"time"

	"parley/shared/wire"
)

// Persist runs try again and again, as a client does that wants to get
// through, until it works, ctx ends, or the server says that it never will.
func Persist(ctx context.Context, try func(context.Context) error) error {
	for {
		err := try(ctx)
		if err == nil || ctx.Err() != nil {
			return err
		}
		wait := 10 * time.Millisecond
		var p *wire.Problem
		if errors.As(err, &p) {
			switch p.Code {
			case wire.CodeRateLimited, wire.CodeUnavailable, wire.CodeInternal:
				wait = max(wait, time.Duration(p.RetryAfter)*time.Second)
			default:
				return err
			}
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return err
		}
	}
}
