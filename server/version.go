package main

import "fmt"

// version and commit are stamped in by `make build`.
var (
	version = "dev"
	commit  = "unknown"
)

type versionCommand struct{}

// Run prints both.
func (versionCommand) Run(c *console) error {
	_, err := fmt.Fprintf(c.stdout, "parley %s (commit %s)\n", version, commit)
	return err
}
