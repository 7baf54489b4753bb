// Command parley is a chat server in one program and one data folder. Run it
// with --help.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/alecthomas/kong"
)

// Exit codes.
const (
	exitFailed = 1 // it could not be done; one line on stderr says why
	exitUsage  = 2 // the command line was not understood
)

func main() {
	err := run(context.Background(), os.Args[1:], os.Stdout, os.Stderr)
	if err == nil {
		return
	}
	fmt.Fprintln(os.Stderr, "parley:", err)
	var usage *usageError
	if errors.As(err, &usage) {
		os.Exit(exitUsage)
	}
	os.Exit(exitFailed)
}

// run is the whole program: it does what args say and returns when that is
// done. The error is one line for a person; nothing of it has been printed.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	var cli commands
	done := false // --help has been answered
	parser, err := kong.New(&cli,
		kong.Name("parley"),
		kong.Description(description),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.ValueFormatter(describe),
		kong.DefaultEnvars("PARLEY"),
		kong.Writers(stdout, stderr),
		kong.Exit(func(int) { done = true }),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(&cli.common, &console{stdout: stdout, stderr: stderr}),
	)
	if err != nil {
		return err
	}
	parsed, err := parser.Parse(args)
	switch {
	case done:
		return nil
	case err != nil:
		return &usageError{err}
	}
	return parsed.Run()
}

const description = `Parley is chat that gets through: one program, one data folder, in any browser.

Without a command it serves. Every flag can also be given as the environment variable that stands behind it.`

// commands is the command line, as kong reads it.
type commands struct {
	common

	Serve   serveCommand   `cmd:"" default:"withargs" help:"Serve the community to browsers and programs (the default)."`
	Invite  inviteCommand  `cmd:"" help:"Make an invite and print its link."`
	Check   checkCommand   `cmd:"" help:"Verify the data file."`
	Backup  backupCommand  `cmd:"" help:"Copy the data file, also while the server runs."`
	Doctor  doctorCommand  `cmd:"" help:"Examine the way from here to a server, transport by transport."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

// common are the flags of every command.
type common struct {
	Data string `default:"./data" placeholder:"FOLDER" help:"Where everything is kept"`
}

// describe is the help of a flag, with its default and its variable.
func describe(v *kong.Value) string {
	var notes []string
	if v.Default != "" {
		notes = append(notes, "default "+v.Default)
	}
	for _, env := range v.Tag.Envs {
		notes = append(notes, "$"+env)
	}
	if len(notes) == 0 {
		return v.Help
	}
	return v.Help + " (" + strings.Join(notes, ", ") + ")"
}

// console is where a command writes what it was asked for.
type console struct{ stdout, stderr io.Writer }

// usageError is a command line that was not understood.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() + " (see parley --help)" }
func (e *usageError) Unwrap() error { return e.err }
