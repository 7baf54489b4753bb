// Package process has what all programs that the tests start have in common: an
// address of their own, and what they write.
package process

import (
	"bytes"
	"net"
	"sync"
	"testing"
)

// FreeAddr is an address of this machine that is free now and, as the system
// hands ports out in a random order, most likely a moment later.
func FreeAddr(t testing.TB) string {
	t.Helper()
	var config net.ListenConfig
	l, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// Output collects what processes write. It may be used concurrently.
type Output struct {
	mu  sync.Mutex
	buf bytes.Buffer // guarded by mu
}

// Write appends.
func (o *Output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.Write(p)
}

// String is all so far.
func (o *Output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.String()
}
