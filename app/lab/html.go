package lab

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/app/client"
	"parley/shared/rows"
)

// HTML draws a report: pictures first, then the table, what to change, and what
// happened. Nothing in it is styled but by classes.
func (w Words) HTML(r Report) string {
	var b strings.Builder
	w.axis(&b, r)
	w.bars(&b, r)
	w.polling(&b, r)
	w.table(&b, r)
	w.advice(&b, r.Verdict())
	w.events(&b, r)
	return b.String()
}

// shown is the least time on the axis.
const shown = 20 * time.Second

// axis draws a lane for each rung, with every message as a mark.
func (w Words) axis(b *strings.Builder, r Report) {
	length := max(shown, r.Took)
	b.WriteString(`<section class="lab-axis"><h2>`)
	rows.Escape(b, w.Lab.Messages)
	b.WriteString(`</h2>`)
	findings := r.Verdict().Findings
	for i, l := range r.Lanes {
		b.WriteString(`<div class="lab-lane"><b>`)
		rows.Escape(b, w.rung(l.Rung))
		b.WriteString(`</b><svg viewBox="0 0 1000 24" preserveAspectRatio="none" role="img" aria-label="`)
		rows.Escape(b, w.Finding(findings[i]))
		b.WriteString(`"><line class="base" x1="0" y1="12" x2="1000" y2="12"/>`)
		for _, m := range l.Marks {
			line(b, m.Kind, int(1000*m.At/length))
		}
		for _, e := range l.Events {
			if e.Broke() {
				line(b, end, int(1000*e.At/length))
			}
		}
		b.WriteString(`</svg></div>`)
	}
	b.WriteString(`<p class="lab-scale"><span>0</span><span>`)
	rows.Escape(b, w.Time(length))
	b.WriteString(`</span></p><ul class="lab-legend">`)
	for i, text := range w.Lab.Legend {
		b.WriteString(`<li><svg viewBox="0 0 8 24" aria-hidden="true">`)
		line(b, MarkKind(i), 4)
		b.WriteString(`</svg>`)
		rows.Escape(b, text)
		b.WriteString(`</li>`)
	}
	b.WriteString(`</ul></section>`)
}

// end is the mark of a connection's end.
const end = Poll + 1

// line draws a mark: its class, and where it begins.
func line(b *strings.Builder, kind MarkKind, x int) {
	class, top := "end", 0
	switch kind {
	case Tick:
		class, top = "tick", 4
	case Echo:
		class = "echo"
	case Poll:
		class, top = "poll", 9
	}
	at := strconv.Itoa(x)
	b.WriteString(`<line class="` + class + `" x1="` + at + `" x2="` + at + `" y1="` + strconv.Itoa(top) + `" y2="` + strconv.Itoa(24-top) + `"/>`)
}

// bars draws what a message costs on each rung.
func (w Words) bars(b *strings.Builder, r Report) {
	most := 1
	for _, l := range r.Lanes {
		most = max(most, l.Overhead())
	}
	b.WriteString(`<section class="lab-bars"><h2>`)
	rows.Escape(b, w.Lab.OverheadTitle)
	b.WriteString(`</h2>`)
	for _, l := range r.Lanes {
		label := nothing
		if l.Messages > 0 {
			label = w.Lab.Bytes(strconv.Itoa(l.Overhead()))
		}
		bar(b, w.rung(l.Rung), l.Overhead(), most, label)
	}
	b.WriteString(`</section>`)
}

func bar(b *strings.Builder, name string, value, most int, label string) {
	b.WriteString(`<div class="lab-bar"><b>`)
	rows.Escape(b, name)
	b.WriteString(`</b><svg aria-hidden="true"><rect height="100%" width="` + strconv.Itoa(100*value/max(most, 1)) + `%"/></svg><span>`)
	rows.Escape(b, label)
	b.WriteString(`</span></div>`)
}

// polling draws what polling costs: requests against messages.
func (w Words) polling(b *strings.Builder, r Report) {
	for _, l := range r.Lanes {
		if l.Rung != client.ShortPoll || l.Messages == 0 || r.Poll <= 0 {
			continue
		}
		b.WriteString(`<section class="lab-bars"><h2>`)
		rows.Escape(b, w.Lab.PollingTitle)
		b.WriteString(`</h2>`)
		in := max(r.Took-l.PollsSince, r.Poll) // the first is answered at once
		counts := [3]int{perMinute(l.Polls, in), perMinute(l.Vain, in), perMinute(l.Polled, in)}
		for i, name := range []string{w.Lab.Requests, w.Lab.InVain, w.Lab.Received} {
			bar(b, name, counts[i], max(counts[0], counts[2]), w.Lab.PerMinute(strconv.Itoa(counts[i])))
		}
		b.WriteString(`<p class="hint">`)
		rows.Escape(b, w.Lab.PollCost(strconv.Itoa(int(r.Poll/time.Second)), strconv.Itoa(int(time.Minute/r.Poll))))
		b.WriteString(`</p></section>`)
	}
}

func perMinute(n int, in time.Duration) int {
	if in <= 0 {
		return 0
	}
	return int(time.Duration(n) * time.Minute / in)
}

// cells are a lane's figures, in the order of the table's.
func (w Words) cells(l Lane) []string {
	overhead := nothing
	if l.Messages > 0 {
		overhead = strconv.Itoa(l.Overhead())
	}
	return []string{
		w.orNothing(l.Connect), w.orNothing(l.First), w.orNothing(Percentile(l.Trips, 0.5)), w.orNothing(Percentile(l.Trips, 0.95)),
		w.orNothing(l.Held), w.orNothing(l.Silence), strconv.Itoa(l.Messages), strconv.Itoa(l.Lost), strconv.Itoa(l.Requests),
		strconv.Itoa(l.Up), strconv.Itoa(l.Down), overhead, cmp.Or(w.Broke(l), nothing),
	}
}

// nothing stands where there is no figure.
const nothing = "–"

func (w Words) orNothing(d time.Duration) string {
	if d == 0 {
		return nothing
	}
	return w.Time(d)
}

// Broke is what broke on a lane, each with how often; empty when nothing did.
func (w Words) Broke(l Lane) string {
	var names []string
	times := map[string]int{}
	for _, e := range l.Events {
		if !e.Broke() {
			continue
		}
		name := w.what(e)
		if times[name]++; times[name] == 1 {
			names = append(names, name)
		}
	}
	for i, name := range names {
		if n := times[name]; n > 1 {
			names[i] += " ×" + strconv.Itoa(n)
		}
	}
	return strings.Join(names, ", ")
}

// table has a column for each rung: there are few of them, and many figures.
func (w Words) table(b *strings.Builder, r Report) {
	b.WriteString(`<section class="lab-table" tabindex="0" role="region" aria-label="`)
	rows.Escape(b, w.Lab.Figures)
	b.WriteString(`"><table><thead><tr><td></td>`)
	var columns [][]string
	for _, l := range r.Lanes {
		b.WriteString(`<th scope="col">`)
		rows.Escape(b, w.rung(l.Rung))
		b.WriteString(`</th>`)
		columns = append(columns, w.cells(l))
	}
	b.WriteString(`</tr></thead><tbody>`)
	for i, figure := range w.Lab.Figure {
		b.WriteString(`<tr><th scope="row">`)
		rows.Escape(b, figure)
		b.WriteString(`</th>`)
		for _, column := range columns {
			b.WriteString(`<td>`)
			rows.Escape(b, column[i])
			b.WriteString(`</td>`)
		}
		b.WriteString(`</tr>`)
	}
	b.WriteString(`</tbody></table></section>`)
}

func (w Words) advice(b *strings.Builder, v Verdict) {
	if hint := w.Hint(v); hint != "" {
		b.WriteString(`<p class="hint">`)
		rows.Escape(b, hint)
		b.WriteString(`</p>`)
	}
	for _, a := range v.Advice() {
		b.WriteString(`<section class="lab-advice"><h2>`)
		rows.Escape(b, w.Advice(a))
		b.WriteString(`</h2>`)
		lines := a.Lines()
		for _, proxy := range [][2]string{{"nginx", lines.Nginx}, {"Caddy", lines.Caddy}, {"HAProxy", lines.HAProxy}} {
			b.WriteString(`<h3>` + proxy[0] + `</h3><pre tabindex="0">`)
			rows.Escape(b, proxy[1])
			b.WriteString(`</pre>`)
		}
		b.WriteString(`</section>`)
	}
}

// happened are the events of all lanes, as they came.
func happened(r Report) (list []laneEvent) {
	for _, l := range r.Lanes {
		for _, e := range l.Events {
			list = append(list, laneEvent{l.Rung, e})
		}
	}
	slices.SortStableFunc(list, func(a, b laneEvent) int { return cmp.Compare(a.At, b.At) })
	return list
}

type laneEvent struct {
	client.Rung
	Event
}

func (w Words) events(b *strings.Builder, r Report) {
	b.WriteString(`<section class="lab-events"><h2>`)
	rows.Escape(b, w.Lab.Happened)
	b.WriteString(`</h2><ol>`)
	for _, e := range happened(r) {
		b.WriteString(`<li><time>`)
		rows.Escape(b, w.Time(e.At))
		b.WriteString(`</time> <b>`)
		rows.Escape(b, w.rung(e.Rung))
		b.WriteString(`</b> <span`)
		if e.Broke() {
			b.WriteString(` class="broke"`)
		}
		b.WriteString(`>`)
		rows.Escape(b, w.Event(e.Event))
		b.WriteString(`</span></li>`)
	}
	b.WriteString(`</ol></section>`)
}

// what is what happened, without what the network says of it.
func (w Words) what(e Event) string {
	words := w.Lab.Events[e.Kind]
	switch {
	case e.Status != 0:
		words += " (" + strconv.Itoa(e.Status) + ")"
	case e.Code != 0:
		words += " (" + strconv.Itoa(e.Code) + ")"
	}
	return words
}

// Event is what happened, in words.
func (w Words) Event(e Event) string {
	words := w.what(e)
	if e.Kind == ClosedByThem && e.Text != "" && e.Text != "EOF" {
		words += ": " + e.Text // the other side's own reason
	}
	return words
}

// Markdown is the report to be sent to somebody who can help.
func (w Words) Markdown(r Report, host string) string {
	var b strings.Builder
	v := r.Verdict()
	b.WriteString("# " + w.Lab.Title + ": " + host + "\n\n" + w.Verdict(v) + "\n\n|")
	var columns [][]string
	for _, l := range r.Lanes {
		b.WriteString(" | " + w.rung(l.Rung))
		columns = append(columns, w.cells(l))
	}
	b.WriteString(" |\n|---" + strings.Repeat("|---:", len(r.Lanes)) + "|\n")
	for i, figure := range w.Lab.Figure {
		b.WriteString("| " + figure)
		for _, column := range columns {
			b.WriteString(" | " + column[i])
		}
		b.WriteString(" |\n")
	}
	b.WriteString("\n")
	for _, e := range happened(r) {
		b.WriteString("- " + w.Time(e.At) + " " + w.rung(e.Rung) + ": " + oneLine(w.Event(e.Event)) + "\n")
	}
	for _, l := range r.Lanes {
		for _, p := range l.Proxies {
			b.WriteString("- " + w.rung(l.Rung) + ": `" + oneLine(strings.ReplaceAll(p, "`", "'")) + "`\n")
		}
	}
	if hint := w.Hint(v); hint != "" {
		b.WriteString("\n" + hint + "\n")
	}
	for _, a := range v.Advice() {
		lines := a.Lines()
		b.WriteString("\n" + w.Advice(a) + "\n\n```\n# nginx\n" + lines.Nginx + "\n\n# Caddy\n" + lines.Caddy + "\n\n# HAProxy\n" + lines.HAProxy + "\n```\n")
	}
	return b.String()
}

// oneLine is what came from the network, without what would end its line.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
