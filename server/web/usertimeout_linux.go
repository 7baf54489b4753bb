package web

import (
	"net"
	"time"

	"golang.org/x/sys/unix"
)

// unackedTime is how long the kernel waits for a client to acknowledge what it
// was sent (RFC 5482). A phone that lost its network says no farewell, and
// heartbeats to it are small enough to be buffered for ever: without this it
// would be shown as online for the quarter of an hour of Linux's default. It is
// longer than a write may take, which is the better judge where it can tell.
const unackedTime = time.Minute

func limitUnacked(conn net.Conn) {
	tcp, ok := conn.(*net.TCPConn)
	if !ok {
		return
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return // it is closed already
	}
	_ = raw.Control(func(fd uintptr) { // a help; nothing depends on it
		_ = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, int(unackedTime.Milliseconds()))
	})
}
