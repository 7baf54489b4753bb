package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"

	"parley/server/store"
	"parley/shared/wire"
)

// keeper does what the command line asks: through the server that has the data
// file, or with the file itself.
type keeper interface {
	invite(ctx context.Context, i wire.CreateInvite, base string) (link string, err error)
	check(ctx context.Context) (*store.Report, error)
	backup(ctx context.Context, path string) error
	Close() error
}

// openKeeper finds out which. It never creates a data file.
func openKeeper(ctx context.Context, data string) (keeper, error) {
	if r, ok := dialRemote(ctx, filepath.Join(data, socketName)); ok {
		return r, nil
	}
	if _, err := os.Stat(filepath.Join(data, dataFile)); errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("there are no data in %s; name the folder with --data", data)
	}
	e, err := openEngine(data, "", discardLog())
	if errors.Is(err, store.ErrLocked) {
		return nil, fmt.Errorf("%w, which does not answer at %s", err, filepath.Join(data, socketName))
	}
	if err != nil {
		return nil, err
	}
	return ownFile{e}, nil
}

// ownFile is the keeper of a data file that nobody else has.
type ownFile struct{ *engine }

func (o ownFile) invite(ctx context.Context, i wire.CreateInvite, base string) (string, error) {
	if base == "" {
		base = defaultBase
	}
	return o.engine.invite(ctx, i, base)
}

func (o ownFile) check(context.Context) (*store.Report, error) { return o.db.Check() }
func (o ownFile) backup(_ context.Context, path string) error  { return o.engine.backup(path) }

// remote is the keeper at the other end of a running server's local socket.
type remote struct{ client http.Client }

// dialRemote tells whether a server is there. A socket that a killed server
// left refuses.
func dialRemote(ctx context.Context, path string) (*remote, bool) {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "unix", path)
	}
	conn, err := dial(ctx, "", "")
	if err != nil {
		return nil, false
	}
	_ = conn.Close()
	return &remote{http.Client{Transport: &http.Transport{DialContext: dial, DisableKeepAlives: true}}}, true
}

func (r *remote) invite(ctx context.Context, i wire.CreateInvite, base string) (string, error) {
	var link adminLink
	err := r.ask(ctx, "/invite", adminInvite{i, base}, &link)
	return link.Link, err
}

func (r *remote) check(ctx context.Context) (*store.Report, error) {
	var report store.Report
	err := r.ask(ctx, "/check", wire.Empty{}, &report)
	return &report, err
}

func (r *remote) backup(ctx context.Context, path string) error {
	return r.ask(ctx, "/backup", adminBackup{path}, &wire.Empty{})
}

func (r *remote) Close() error { return nil }

func (r *remote) ask(ctx context.Context, path string, args, result any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://parley"+path, bytes.NewReader(wire.Encode(args)))
	if err != nil {
		return err
	}
	resp, err := r.client.Do(req)
	if err != nil {
		return fmt.Errorf("ask the running server: %w", err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return fmt.Errorf("ask the running server: %w", err)
	}
	if resp.StatusCode == http.StatusOK {
		return wire.Decode(body, result)
	}
	var failed adminError
	if err := wire.Decode(body, &failed); err != nil || failed.Error == "" {
		return fmt.Errorf("the running server answered %s", resp.Status)
	}
	return errors.New(failed.Error)
}
