package web

import (
	"net"
	"net/http"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"parley/shared/wire"
)

// Every connection has the kernel's patience limited.
func TestUnackedIsLimited(t *testing.T) {
	c := newCommunity(t)
	var got time.Duration
	c.server.mux.Handle("/api/patience", c.server.route(methods{"GET": func(w *answer, r *http.Request) (err error) {
		got, err = patience(connOf(r.Context()).(*countedConn).Conn)
		if err != nil {
			return err
		}
		return writeJSON(w, wire.Empty{})
	}}))
	c.stranger().ask("GET", "//api/patience", nil).into(t, nil)
	if got != unackedTime || got < defaultTimes().write+defaultTimes().grace {
		t.Errorf("it is %v", got)
	}
}

func patience(conn net.Conn) (time.Duration, error) {
	raw, err := conn.(*net.TCPConn).SyscallConn()
	if err != nil {
		return 0, err
	}
	var ms int
	ctrl := raw.Control(func(fd uintptr) {
		ms, err = unix.GetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT)
	})
	if ctrl != nil {
		return 0, ctrl
	}
	return time.Duration(ms) * time.Millisecond, err
}
