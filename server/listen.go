package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"strconv"
	"strings"
	"syscall"
)

// listen opens the port. The error is one line for a person.
func listen(ctx context.Context, addr string) (net.Listener, error) {
	var config net.ListenConfig
	l, err := config.Listen(ctx, "tcp", addr)
	switch {
	case err == nil:
		return l, nil
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("the address %s is used by another program; choose one with --addr", addr)
	case errors.Is(err, fs.ErrPermission):
		return nil, fmt.Errorf("the address %s is not for ordinary users; choose a port from 1024 on with --addr", addr)
	}
	var op *net.OpError
	if errors.As(err, &op) {
		err = op.Err
	}
	return nil, fmt.Errorf("cannot listen on %s: %w", addr, err)
}

// defaultBase is where a server with default flags is.
const defaultBase = "http://localhost:8080"

// localURL is where a server that listens on addr is, seen from this machine.
func localURL(addr net.Addr) string {
	tcp, ok := addr.(*net.TCPAddr)
	if ok && (tcp.IP.IsUnspecified() || tcp.IP.IsLoopback()) {
		return "http://" + net.JoinHostPort("localhost", strconv.Itoa(tcp.Port))
	}
	return "http://" + addr.String()
}

// isOrigin tells whether s is a URL with nothing after the host.
func isOrigin(s string) bool {
	u, err := url.Parse(strings.TrimRight(s, "/"))
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.Path == "" && u.RawQuery == "" && u.Fragment == ""
}
