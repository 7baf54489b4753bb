package chat

import "parley/shared/wire"

// Trim drops up to Limit of the oldest events that are older than Before,
// keeping at least Keep, and looks at up to Limit sessions and invites for
// those that have expired. The result is the number of events dropped, an int.
type Trim struct {
	Before wire.Time
	Keep   int
	Limit  int
}

func (op Trim) apply(c *change) (any, error) {
	// At least one event stays: the newest carries the log's time on.
	n, err := c.tx.TrimLog(op.Before, max(op.Keep, 1), op.Limit)
	if err != nil {
		return nil, err
	}
	return n, c.tx.SweepExpired(c.entry.Time, op.Limit)
}
