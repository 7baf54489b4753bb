package texts

import (
	"errors"

	"parley/shared/wire"
)

// Error says in words what went wrong. The server's own sentences are meant for
// the person; where it only has a number, and where it was not reached, ours
// are better.
func (t *Texts) Error(err error) string {
	var p *wire.Problem
	if !errors.As(err, &p) {
		return t.Unreachable
	}
	switch {
	case p.Code == wire.CodeRateLimited:
		return t.TooMany
	case p.Code == wire.CodeUnavailable:
		return t.Unavailable
	case p.Code == wire.CodeInternal || p.Detail == "":
		return t.Internal
	}
	return p.Detail
}
