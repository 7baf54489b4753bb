package main

import (
	"context"
	"errors"
	"fmt"
)

type checkCommand struct{}

// Run verifies the data file, in the running server if there is one.
func (checkCommand) Run(ctx context.Context, common *common, out *console) error {
	k, err := openKeeper(ctx, common.Data)
	if err != nil {
		return err
	}
	r, err := k.check(ctx)
	if err := errors.Join(err, k.Close()); err != nil {
		return err
	}
	for _, finding := range r.Findings {
		fmt.Fprintln(out.stdout, finding)
	}
	if !r.OK() {
		return fmt.Errorf("the data in %s are damaged: %d findings", common.Data, len(r.Findings)+r.Unlisted)
	}
	_, err = fmt.Fprintf(out.stdout, "The data in %s are sound: %d users, %d rooms, %d messages, %d files, %d events in the log, %s.\n",
		common.Data, r.Users, r.Rooms, r.Messages, r.Files, r.Events, size(r.Bytes))
	return err
}

// size is a number of bytes for a person.
func size(bytes int64) string {
	if bytes < 1_000_000 {
		return fmt.Sprintf("%d kB", (bytes+999)/1000)
	}
	return fmt.Sprintf("%.1f MB", float64(bytes)/1e6)
}
