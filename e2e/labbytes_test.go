package e2e_test

import (
	"context"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/app/client"
	"parley/app/lab"
	"parley/e2e/parley"
)

// meter passes connections on and counts what goes through.
type meter struct {
	net.Listener
	up, down atomic.Int64
	to       string
	work     sync.WaitGroup
}

func startMeter(t *testing.T, to string) *meter {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	must(t, err)
	m := &meter{Listener: l, to: to}
	m.work.Go(m.serve)
	t.Cleanup(func() {
		must(t, l.Close())
		m.work.Wait()
	})
	return m
}

func (m *meter) serve() {
	for {
		in, err := m.Accept()
		if err != nil {
			return
		}
		out, err := net.Dial("tcp", m.to) //nolint:noctx // ends with the listener
		if err != nil {
			_ = in.Close()
			return
		}
		pass := func(to, from net.Conn, n *atomic.Int64) {
			defer to.Close()
			_, _ = io.Copy(counting{to, n}, from)
		}
		m.work.Go(func() { pass(out, in, &m.up) })
		m.work.Go(func() { pass(in, out, &m.down) })
	}
}

type counting struct {
	io.Writer
	n *atomic.Int64
}

func (c counting) Write(p []byte) (int, error) {
	c.n.Add(int64(len(p)))
	return c.Writer.Write(p)
}

// exchange is what a request that was on its way at the end may have cost, in
// bytes, without having been counted.
const exchange = 500

// TestLabCountsBytes: what the lab says of bytes is what goes over the wire.
func TestLabCountsBytes(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	for _, rung := range []client.Rung{client.WebSocket, client.SSE, client.LongPoll, client.ShortPoll} {
		t.Run(rung.String(), func(t *testing.T) {
			t.Parallel()
			m := startMeter(t, s.Addr())
			l := untilTrips(t, "http://"+m.Addr().String(), rung, 6)
			for _, c := range []struct {
				name       string
				said, seen int
			}{{"up", l.Up, int(m.up.Load())}, {"down", l.Down, int(m.down.Load())}} {
				t.Logf("%s: says %d, seen %d", c.name, c.said, c.seen)
				if off := c.said - c.seen; off*20 > c.seen || -off*20 > c.seen+20*exchange {
					t.Errorf("%s: the lab says %d bytes, %d have passed", c.name, c.said, c.seen)
				}
			}
		})
	}
}

// untilTrips runs a lab of one rung until so many numbers have come back.
func untilTrips(t *testing.T, url string, rung client.Rung, n int) lab.Lane {
	t.Helper()
	native, err := client.NewNative(url, "")
	must(t, err)
	defer native.Close()
	changed := make(chan struct{}, 1)
	l := lab.New(lab.Config{Net: native, Rungs: []client.Rung{rung}, Changed: func() {
		select {
		case changed <- struct{}{}:
		default:
		}
	}})
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	done := make(chan struct{})
	go func() {
		defer close(done)
		l.Run(ctx)
	}()
	for len(l.Report().Lanes[0].Trips) < n {
		select {
		case <-changed:
		case <-done:
			t.Fatalf("%+v", l.Report())
		}
	}
	r := l.Report().Lanes[0]
	stop()
	<-done
	return r
}
