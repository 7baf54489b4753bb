package e2e_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"parley/app/client"
	"parley/e2e/badproxy"
	"parley/e2e/parley"
	"parley/shared/wire"
)

// TestNativeClient runs the client of the page without a page: over its native
// transport, behind real proxies, against the real server, which is killed on
// the way. On every rung it hears each message once and in order, and what it
// sends is stored once.
func TestNativeClient(t *testing.T) {
	t.Parallel()
	noWS := badproxy.WSRefuse()
	for _, n := range []struct {
		rung   client.Rung
		faults []badproxy.Fault
	}{
		{client.WebSocket, nil},
		{client.SSE, []badproxy.Fault{noWS}},
		{client.SSE, []badproxy.Fault{badproxy.WSHang()}},
		{client.SSE, []badproxy.Fault{badproxy.WSMute()}},
		{client.LongPoll, []badproxy.Fault{noWS, badproxy.SSEBuffer()}},
		{client.ShortPoll, []badproxy.Fault{noWS, badproxy.SSEFail(502), badproxy.On(badproxy.Hang(), badproxy.LongPoll)}},
	} {
		t.Run(fmt.Sprintf("%s %d", n.rung, len(n.faults)), func(t *testing.T) {
			if n.rung == client.ShortPoll {
				t.Parallel() // it takes 30 s to find that nothing comes
			}
			s := parley.Start(t)
			owner := s.Setup("Olga")
			lobby := "lobby"
			proxy := through(t, s, n.faults...)
			c := runNative(t, proxy.URL(), "Olga")
			await(t, "the rung "+n.rung.String(), c, func() bool { st := c.Status(); return st.Live && st.Rung == n.rung })
			if err := c.LoadNewest(t.Context(), lobby); err != nil {
				t.Fatal(err)
			}
			for i := range 20 {
				if _, err := c.Send(lobby, fmt.Sprint("mine ", i)); err != nil {
					t.Fatal(err)
				}
				if i == 10 {
					s.Kill()
					s.Again()
				}
				if _, err := owner.Send(t.Context(), lobby, fmt.Sprint("theirs ", i), fmt.Sprint("n", i)); err != nil {
					t.Fatal(err)
				}
			}
			await(t, "every message", c, func() bool {
				line := c.Timeline(lobby)
				return len(line.Messages) == 40 && len(line.Outgoing) == 0
			})
			for i, m := range c.Timeline(lobby).Messages {
				if m.Seq != uint64(i+1) {
					t.Errorf("message %d in the place of %d", m.Seq, i+1)
				}
			}
			await(t, "the rung "+n.rung.String()+" again", c, func() bool { st := c.Status(); return st.Live && st.Rung == n.rung })
			proxy.Set()
			c.Wake("online")
			await(t, "WebSocket", c, func() bool { st := c.Status(); return st.Live && st.Rung == client.WebSocket })
		})
	}
}

// runNative signs in and runs a client until the test ends.
func runNative(t *testing.T, origin, name string) *client.Client {
	t.Helper()
	net, err := client.NewNative(origin, "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(net.Close)
	if _, err := (client.Door{Net: net}).Login(t.Context(), wire.Login{Name: name, Password: parley.Password}); err != nil {
		t.Fatal(err)
	}
	c := client.New(client.Config{Net: net, Log: func(format string, args ...any) {
		t.Errorf("the client reports: "+format, args...)
	}})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- c.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("the client ended with %v", err)
		}
	})
	return c
}

// await waits for a change of the client after which something is true.
func await(t *testing.T, what string, c *client.Client, ok func() bool) {
	t.Helper()
	changed := make(chan struct{}, 1)
	defer c.Watch(func(client.Change) {
		select {
		case changed <- struct{}{}:
		default:
		}
	})()
	timeout := time.After(60 * time.Second)
	for !ok() {
		select {
		case <-changed:
		case <-timeout:
			t.Fatalf("never came: %s; the status is %+v", what, c.Status())
		}
	}
}
