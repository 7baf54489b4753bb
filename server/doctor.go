package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"parley/app/client"
	"parley/app/lab"
	"parley/shared/texts"
)

type doctorCommand struct {
	URL  string        `arg:"" help:"The server's address, such as https://chat.example.com"`
	For  time.Duration `default:"15s" placeholder:"TIME" help:"How long to watch the connection"`
	JSON bool          `help:"Print what was found as JSON"`
}

// doctorWords are the words that the doctor speaks.
var doctorWords = lab.Words{Lab: &texts.English.Lab, Rungs: texts.English.Rungs}

// Run examines the way to a server from here, rung by rung. It fails unless
// WebSocket or SSE gets through.
func (d *doctorCommand) Run(ctx context.Context, out *console) error {
	origin, err := originOf(d.URL)
	if err != nil {
		return err
	}
	if d.For < time.Second {
		return errors.New("--for must be at least 1s")
	}
	ctx, release := untilSignal(ctx)
	defer release()
	arrival, err := arrive(ctx, origin)
	if err != nil {
		if d.JSON {
			err = errors.Join(err, encode(out.stdout, map[string]any{"url": origin, "problem": err.Error()}))
		}
		return fmt.Errorf("%s: %w", origin, err)
	}
	report, err := d.watch(ctx, origin, out)
	if err != nil {
		return err
	}
	verdict := report.Verdict()
	if d.JSON {
		err = printJSON(out.stdout, origin, arrival, report, verdict)
	} else {
		err = printReport(out.stdout, arrival, report, verdict)
	}
	if err == nil && (verdict.None || verdict.Uses > client.SSE) {
		err = errors.New("neither WebSocket nor SSE gets through")
	}
	return err
}

// watch runs the lab, with a line that moves while it does.
func (d *doctorCommand) watch(ctx context.Context, origin string, out *console) (lab.Report, error) {
	net, err := client.NewNative(origin, "")
	if err != nil {
		return lab.Report{}, err
	}
	defer net.Close()
	ctx, cancel := context.WithTimeout(ctx, d.For)
	defer cancel()
	l := lab.New(lab.Config{Net: net})
	done := make(chan struct{})
	go func() {
		defer close(done)
		l.Run(ctx)
	}()
	moves := isTerminal(out.stderr)
	for tick := time.NewTicker(250 * time.Millisecond); ; {
		select {
		case <-tick.C:
			if moves {
				fmt.Fprintf(out.stderr, "\r\x1b[K%s", progress(l.Report(), d.For))
			}
		case <-done:
			tick.Stop()
			if moves {
				fmt.Fprint(out.stderr, "\r\x1b[K")
			}
			return l.Report(), nil
		}
	}
}

// progress is one line of where the lab stands.
func progress(r lab.Report, in time.Duration) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%2.0f of %.0f s", r.Took.Seconds(), in.Seconds())
	for _, l := range r.Lanes {
		state := map[lab.State]string{lab.Opening: "…", lab.Open: fmt.Sprint(l.Messages), lab.Broken: "broken", lab.Failed: "failed"}[l.State]
		fmt.Fprintf(&b, "   %s: %s", doctorWords.Rungs[l.Rung], state)
	}
	return b.String()
}

func printReport(out io.Writer, a arrival, r lab.Report, v lab.Verdict) error {
	fmt.Fprintf(out, "%s\n\n", a)
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "\topen\tfirst\ttrip p50\tp95\theld\tmessages\toverhead\trequests\t")
	for _, l := range r.Lanes {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%d\t%d B\t%d\t\n", doctorWords.Rungs[l.Rung], short(l.Connect), short(l.First),
			short(lab.Percentile(l.Trips, 0.5)), short(lab.Percentile(l.Trips, 0.95)), short(l.Held), l.Messages, l.Overhead(), l.Requests)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, l := range r.Lanes {
		if broke := doctorWords.Broke(l); broke != "" {
			fmt.Fprintf(out, "\n%s: %s", doctorWords.Rungs[l.Rung], broke)
		}
		for _, header := range l.Proxies {
			fmt.Fprintf(out, "\n%s reaches the server with %s", doctorWords.Rungs[l.Rung], header)
		}
	}
	fmt.Fprintf(out, "\n%s\n", doctorWords.Verdict(v))
	for _, advice := range v.Advice() {
		lines := advice.Lines()
		fmt.Fprintf(out, "\n%s\n", doctorWords.Advice(advice))
		for _, proxy := range [][2]string{{"nginx", lines.Nginx}, {"Caddy", lines.Caddy}, {"HAProxy", lines.HAProxy}} {
			fmt.Fprintf(out, "  %s\n    %s\n", proxy[0], strings.ReplaceAll(proxy[1], "\n", "\n    "))
		}
	}
	return nil
}

// short is a time for a table.
func short(d time.Duration) string {
	switch {
	case d == 0:
		return "-"
	case d < 10*time.Millisecond:
		return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond))
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}

// jsonLane is a lane as programs read it. Times are in milliseconds.
type jsonLane struct {
	Transport string   `json:"transport"`
	Works     bool     `json:"works"`
	Finding   string   `json:"finding"`
	Status    int      `json:"status,omitempty"`
	Broke     []broken `json:"broke,omitempty"`
	Connect   float64  `json:"connect_ms"`
	First     float64  `json:"first_batch_ms"`
	P50       float64  `json:"trip_p50_ms"`
	P95       float64  `json:"trip_p95_ms"`
	Lost      int      `json:"lost"`
	Held      float64  `json:"held_ms"`
	Silence   float64  `json:"silence_ms"`
	Messages  int      `json:"messages"`
	Requests  int      `json:"requests"`
	Up        int      `json:"bytes_up"`
	Down      int      `json:"bytes_down"`
	Overhead  int      `json:"overhead_per_message"`
	Proxies   []string `json:"proxies,omitempty"`
}

// broken is something that broke on a lane.
type broken struct {
	At     float64 `json:"at_ms"`
	What   string  `json:"what"`
	Status int     `json:"status,omitempty"`     // of HTTP
	Code   int     `json:"close_code,omitempty"` // of a WebSocket
	Says   string  `json:"says,omitempty"`       // the network, or the other side
}

func brokenOf(l lab.Lane) (list []broken) {
	for _, e := range l.Events {
		if e.Broke() {
			list = append(list, broken{ms(e.At), doctorWords.Lab.Events[e.Kind], e.Status, e.Code, e.Text})
		}
	}
	return list
}

func printJSON(out io.Writer, origin string, a arrival, r lab.Report, v lab.Verdict) error {
	lanes := []jsonLane{}
	for i, l := range r.Lanes {
		f := v.Findings[i]
		lanes = append(lanes, jsonLane{
			Transport: doctorWords.Rungs[l.Rung], Works: f.Serves(), Finding: doctorWords.Finding(f), Status: f.Status, Broke: brokenOf(l),
			Connect: ms(l.Connect), First: ms(l.First), P50: ms(lab.Percentile(l.Trips, 0.5)), P95: ms(lab.Percentile(l.Trips, 0.95)),
			Lost: l.Lost, Held: ms(l.Held), Silence: ms(l.Silence), Messages: l.Messages, Requests: l.Requests,
			Up: l.Up, Down: l.Down, Overhead: l.Overhead(), Proxies: l.Proxies,
		})
	}
	uses := ""
	if !v.None {
		uses = doctorWords.Rungs[v.Uses]
	}
	return encode(out, map[string]any{
		"url": origin, "server": a, "transports": lanes, "uses": uses, "verdict": doctorWords.Verdict(v),
	})
}

func encode(out io.Writer, v any) error {
	enc := json.NewEncoder(out)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
