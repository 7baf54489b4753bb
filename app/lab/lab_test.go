package lab

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"parley/app/client"
	"parley/shared/texts"
	"parley/shared/wire"
)

var words = Words{Lab: &texts.English.Lab, Rungs: texts.English.Rungs}

// sample is what a lab might find behind a proxy that refuses WebSockets and
// collects streams.
func sample() Report {
	const s = time.Second
	return Report{Took: 10 * s, Poll: 2 * s, Lanes: []Lane{
		{Rung: client.WebSocket, State: Failed, Requests: 3, Events: []Event{{At: s, Kind: Refused, Status: 403, Foreign: true}}},
		{
			Rung: client.SSE, State: Open, Connect: s / 10, First: s, Messages: 9, Payload: 300, Down: 4000, Up: 500, Held: 8 * s, Requests: 1,
			Events: []Event{{At: s, Kind: Connected}}, Marks: []Mark{{At: s}, {At: 5 * s, Kind: Echo}}, Proxies: []string{"Via: 1.1 `x`"},
		},
		{Rung: client.LongPoll, State: Open, Connect: s / 10, First: s / 10, Messages: 10, Payload: 400, Down: 8000, Up: 6000, Requests: 20, Trips: []time.Duration{s / 50, s / 20}, Events: []Event{{Kind: Connected}, {At: 9 * s, Kind: ClosedByThem, Code: 1000, Text: "The lane is over."}}},
		{Rung: client.ShortPoll, State: Open, Connect: s / 10, First: s / 10, Messages: 10, Payload: 400, Down: 5000, Up: 3000, Requests: 12, Polls: 11, Polled: 10, Vain: 1, Marks: []Mark{{At: 2 * s, Kind: Poll}}},
	}}
}

func TestVerdict(t *testing.T) {
	v := sample().Verdict()
	want := "WebSocket is refused with 403 by something between you and the server; SSE is held back: something collects what is sent " +
		"and passes it on up to 8.0 s late; Long poll works; Short poll works. Parley uses Long poll."
	if got := words.Verdict(v); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if advice := v.Advice(); len(advice) != 2 || advice[0] != PassUpgrade || advice[1] != StopHolding {
		t.Errorf("advice %v", advice)
	}
	none := Report{Lanes: []Lane{{Rung: client.SSE, State: Failed, Events: []Event{{Kind: NoRoute}}}}}
	if got := words.Verdict(none.Verdict()); got != "SSE does not reach the server at all. Parley cannot be used from here." {
		t.Error(got)
	}
}

// TestVerdictWaits: as long as something is being tried, nobody is told that
// nothing gets through.
func TestVerdictWaits(t *testing.T) {
	const nothing = "Parley cannot be used from here."
	r := Report{Lanes: []Lane{{Rung: client.WebSocket, State: Failed, Events: []Event{{Kind: NoRoute}}}, {Rung: client.SSE, State: Opening}}}
	if got := words.Verdict(r.Verdict()); strings.Contains(got, nothing) || !strings.Contains(got, texts.English.Lab.Measuring) {
		t.Error(got)
	}
	r.Lanes[1] = Lane{Rung: client.SSE, State: Failed, Events: []Event{{Kind: NoRoute}}}
	if got := words.Verdict(r.Verdict()); !strings.Contains(got, nothing) {
		t.Error(got)
	}
}

// TestAdviceInBrowsers: a browser is not told whether the proxy or the server
// refused its WebSocket, so both are spoken of; a program knows that nothing came.
func TestAdviceInBrowsers(t *testing.T) {
	for code, want := range map[int]string{1006: fmt.Sprint([]Advice{PassUpgrade, PassHost}), 0: fmt.Sprint([]Advice{PassUpgrade})} {
		r := Report{Lanes: []Lane{
			{Rung: client.WebSocket, State: Failed, Events: []Event{{Kind: Unopened, Code: code}}},
			{Rung: client.SSE, State: Open, First: time.Second, Messages: 9},
		}}
		if got := fmt.Sprint(r.Verdict().Advice()); got != want {
			t.Errorf("%d: %s, want %s", code, got, want)
		}
	}
}

func TestReport(t *testing.T) {
	html, markdown := words.HTML(sample()), words.Markdown(sample(), "chat.example.com")
	for _, want := range []string{`class="echo" x1="250"`, `class="end"`, "proxy_set_header Upgrade", "66 a minute", "60 a minute", "6 a minute", "Asking every 2 s makes 30 requests a minute", "closed by the server (1000): The lane is over.", "1360 bytes"} {
		if !strings.Contains(html, want) {
			t.Errorf("the page lacks %q: %s", want, html)
		}
	}
	for _, want := range []string{"# Connection Lab: chat.example.com", "| | WebSocket | SSE | Long poll | Short poll |\n|---|---:|---:|---:|---:|\n| Time to connect | – | 100 ms |", "| Overhead per message | – | 466 |", "| What broke | refused (403) | – | closed by the server (1000) | – |", "- 1.0 s WebSocket: refused (403)", "- SSE: `Via: 1.1 'x'`", "# HAProxy"} {
		if !strings.Contains(markdown, want) {
			t.Errorf("the report lacks %q: %s", want, markdown)
		}
	}
}

// What comes from the network is text wherever it is shown.
func TestHostileNetwork(t *testing.T) {
	r := sample()
	r.Lanes[2].Events[1].Text = `<img src=x onerror=alert(1)>`
	if html := words.HTML(r); strings.Contains(html, "<img") {
		t.Error(html)
	}
}

func TestEventOf(t *testing.T) {
	for _, c := range []struct {
		err  error
		want EventKind
	}{
		{errSilent, Silent},
		{errForeign, ForeignAnswer},
		{context.DeadlineExceeded, Silent},
		{wire.Errorf(wire.CodeRateLimited, "x"), Refused},
		{client.CloseError{Code: 1000}, ClosedByThem},
		{client.CloseError{Code: 1006}, Cut},
		{io.EOF, ClosedByThem},
		{errors.New("read: connection reset by peer"), Cut},
		{errors.New("dial tcp: connection refused"), NoRoute},
	} {
		if got := eventOf(c.err); got.Kind != c.want {
			t.Errorf("%v: %v, want %v", c.err, got.Kind, c.want)
		}
	}
}

func TestPercentile(t *testing.T) {
	list := []time.Duration{5, 1, 4, 2, 3}
	if Percentile(list, 0.5) != 3 || Percentile(list, 0.95) != 5 || Percentile(nil, 0.5) != 0 || list[0] != 5 {
		t.Error(Percentile(list, 0.5), Percentile(list, 0.95))
	}
}
