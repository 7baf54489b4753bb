package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

type backupCommand struct {
	File string `arg:"" help:"The copy to make; it must not exist yet."`
}

// Help is shown by `parley backup --help`.
func (backupCommand) Help() string {
	return `The copy is of one moment, complete, and can be read only by you. To restore it, stop the server and put it in ` +
		`the place of parley.db in the data folder.`
}

// Run copies the data file, through the running server if there is one.
func (b *backupCommand) Run(ctx context.Context, common *common, out *console) error {
	path, err := filepath.Abs(b.File) // the server has another working directory
	if err != nil {
		return err
	}
	k, err := openKeeper(ctx, common.Data)
	if err != nil {
		return err
	}
	if err := errors.Join(k.backup(ctx, path), k.Close()); err != nil {
		return err
	}
	bytes := ""
	if info, err := os.Stat(path); err == nil {
		bytes = " (" + size(info.Size()) + ")"
	}
	_, err = fmt.Fprintf(out.stdout, "The data in %s are backed up to %s%s.\n", common.Data, b.File, bytes)
	return err
}

// backup copies the data file to path.
func (e *engine) backup(path string) error {
	err := e.db.Backup(path)
	var failed *fs.PathError
	switch {
	case errors.Is(err, fs.ErrExist):
		return fmt.Errorf("%s exists already, and a backup replaces nothing", path)
	case errors.As(err, &failed):
		return fmt.Errorf("cannot back up to %s: %w", path, failed.Err)
	}
	return err
}
