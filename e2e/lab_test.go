package e2e_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"parley/app/client"
	"parley/app/lab"
	"parley/e2e/badproxy"
	"parley/e2e/parley"
)

// TestLabFindsWhatIsInTheWay runs the laboratory behind each of the bad networks,
// without signing in, and asks for its verdict.
func TestLabFindsWhatIsInTheWay(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	const fine = lab.Fine
	for _, n := range []struct {
		name   string
		faults []badproxy.Fault
		want   [4]lab.FindingKind
		uses   client.Rung
		advice []lab.Advice
	}{
		{"clear", nil, [4]lab.FindingKind{fine, fine, fine, fine}, client.WebSocket, nil},
		{"WebSocket refused", []badproxy.Fault{badproxy.WSRefuse()}, [4]lab.FindingKind{lab.Barred, fine, fine, fine}, client.SSE, []lab.Advice{lab.PassUpgrade}},
		{"WebSocket hanging, SSE held back", []badproxy.Fault{badproxy.WSHang(), badproxy.SSEBuffer()}, [4]lab.FindingKind{lab.Mute, lab.Mute, fine, fine}, client.LongPoll, []lab.Advice{lab.PassUpgrade, lab.StopHolding}},
		{"WebSocket mute, SSE 502", []badproxy.Fault{badproxy.WSMute(), badproxy.SSEFail(502)}, [4]lab.FindingKind{lab.Mute, lab.Barred, fine, fine}, client.LongPoll, []lab.Advice{lab.PassUpgrade}},
		{"all cut", []badproxy.Fault{badproxy.OnAPI(badproxy.CutAnswers(2 * time.Second))}, [4]lab.FindingKind{lab.Short, lab.Short, fine, fine}, client.LongPoll, []lab.Advice{lab.WaitLonger}},
	} {
		t.Run(n.name, func(t *testing.T) {
			t.Parallel()
			r := runLab(t, through(t, s, n.faults...).URL(), n.want)
			v := r.Verdict()
			if v.None || v.Uses != n.uses || fmt.Sprint(v.Advice()) != fmt.Sprint(n.advice) {
				t.Errorf("uses %v (none: %v), advice %v", v.Uses, v.None, v.Advice())
			}
		})
	}
}

// runLab runs a laboratory until it finds what is wanted.
func runLab(t *testing.T, url string, want [4]lab.FindingKind) lab.Report {
	t.Helper()
	net, err := client.NewNative(url, "")
	must(t, err)
	defer net.Close()
	changed := make(chan struct{}, 1)
	l := lab.New(lab.Config{Net: net, Changed: func() {
		select {
		case changed <- struct{}{}:
		default:
		}
	}})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	done := make(chan struct{})
	go func() {
		defer close(done)
		l.Run(ctx)
	}()
	found := func() (got [4]lab.FindingKind) {
		for i, f := range l.Report().Verdict().Findings {
			got[i] = f.Kind
		}
		return got
	}
	for trips := false; found() != want || !trips; trips = hasTrips(l.Report()) {
		select {
		case <-changed:
		case <-ctx.Done():
			t.Fatalf("found %v, want %v: %+v", found(), want, l.Report())
		}
	}
	r := l.Report()
	cancel()
	<-done
	for _, lane := range r.Lanes {
		t.Logf("%-10v %-9v open %v first %v trip %v held %v messages %d overhead %d requests %d up %d down %d", lane.Rung, lane.Finding().Kind,
			lane.Connect, lane.First, lab.Percentile(lane.Trips, 0.5), lane.Held, lane.Messages, lane.Overhead(), lane.Requests, lane.Up, lane.Down)
	}
	return r
}

// hasTrips tells whether what works has been measured too.
func hasTrips(r lab.Report) bool {
	for _, l := range r.Lanes {
		if l.Finding().Kind == lab.Fine && len(l.Trips) < 3 {
			return false
		}
	}
	return true
}
