package lab

import (
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
	for i, l := range r.Lanes {
		b.WriteString(`<div class="lab-lane"><b>`)
		rows.Escape(b, w.rung(l.Rung))
		b.WriteString(`</b><svg viewBox="0 0 1000 24" preserveAspectRatio="none" role="img" aria-label="`)
		rows.Escape(b, w.Finding(r.Verdict().Findings[i]))
		b.WriteString(`"><line class="base" x1="0" y1="12" x2="1000" y2="12"/>`)
		for _, m := range l.Marks {
			class, top := "tick", 4
			switch m.Kind {
			case Echo:
				class, top = "echo", 0
			case Poll:
				class, top = "poll", 9
			}
			x := int(1000 * m.At / length)
			line(b, class, x, top)
		}
		for _, e := range l.Events {
			if e.Kind != Connected {
				line(b, "end", int(1000*e.At/length), 0)
			}
		}
		b.WriteString(`</svg></div>`)
	}
	b.WriteString(`<p class="lab-scale"><span>0</span><span>`)
	rows.Escape(b, w.Time(length))
	b.WriteString(`</span></p></section>`)
}

func line(b *strings.Builder, class string, x, top int) {
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
		bar(b, w.rung(l.Rung), l.Overhead(), most, w.Lab.Bytes(strconv.Itoa(l.Overhead())))
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
		if l.Rung != client.ShortPoll || l.Polls == 0 {
			continue
		}
		requests, messages := perMinute(l.Polls, r.Took), perMinute(l.Messages, r.Took)
		b.WriteString(`<section class="lab-bars"><h2>`)
		rows.Escape(b, w.Lab.PollingTitle)
		b.WriteString(`</h2>`)
		most := max(requests, messages)
		bar(b, w.Lab.Requests, requests, most, w.Lab.PerMinute(strconv.Itoa(requests)))
		bar(b, w.Lab.Received, messages, most, w.Lab.PerMinute(strconv.Itoa(messages)))
		b.WriteString(`</section>`)
	}
}

func perMinute(n int, in time.Duration) int {
	if in <= 0 {
		return 0
	}
	return int(time.Duration(n) * time.Minute / in)
}

// cells are a lane's figures, in the order of the table's columns.
func (w Words) cells(l Lane) []string {
	return []string{
		w.orNothing(l.Connect), w.orNothing(l.First), w.orNothing(Percentile(l.Trips, 0.5)), w.orNothing(Percentile(l.Trips, 0.95)),
		w.orNothing(l.Held), w.orNothing(l.Silence), strconv.Itoa(l.Messages), strconv.Itoa(l.Lost), strconv.Itoa(l.Requests),
		strconv.Itoa(l.Up), strconv.Itoa(l.Down), strconv.Itoa(l.Overhead()),
	}
}

func (w Words) orNothing(d time.Duration) string {
	if d == 0 {
		return "–"
	}
	return w.Time(d)
}

func (w Words) table(b *strings.Builder, r Report) {
	b.WriteString(`<section class="lab-table" tabindex="0" role="region" aria-label="`)
	rows.Escape(b, w.Lab.Figures)
	b.WriteString(`"><table><thead><tr><th scope="col">`)
	rows.Escape(b, w.Lab.Transport)
	b.WriteString(`</th>`)
	for _, column := range w.Lab.Columns {
		b.WriteString(`<th scope="col">`)
		rows.Escape(b, column)
		b.WriteString(`</th>`)
	}
	b.WriteString(`</tr></thead><tbody>`)
	for _, l := range r.Lanes {
		b.WriteString(`<tr><th scope="row">`)
		rows.Escape(b, w.rung(l.Rung))
		b.WriteString(`</th>`)
		for _, cell := range w.cells(l) {
			b.WriteString(`<td>`)
			rows.Escape(b, cell)
			b.WriteString(`</td>`)
		}
		b.WriteString(`</tr>`)
	}
	b.WriteString(`</tbody></table></section>`)
}

func (w Words) advice(b *strings.Builder, v Verdict) {
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

func (w Words) events(b *strings.Builder, r Report) {
	b.WriteString(`<section class="lab-events"><h2>`)
	rows.Escape(b, w.Lab.Happened)
	b.WriteString(`</h2><ul>`)
	for _, l := range r.Lanes {
		for _, e := range l.Events {
			b.WriteString(`<li>`)
			rows.Escape(b, w.Time(e.At)+" · "+w.rung(l.Rung)+" · "+w.Event(e))
			b.WriteString(`</li>`)
		}
	}
	b.WriteString(`</ul></section>`)
}

// Event is what happened, in words.
func (w Words) Event(e Event) string {
	words := w.Lab.Events[e.Kind]
	switch {
	case e.Status != 0:
		words += " (" + strconv.Itoa(e.Status) + ")"
	case e.Code != 0:
		words += " (" + strconv.Itoa(e.Code) + ")"
	}
	if e.Kind == ClosedByThem && e.Text != "" && e.Text != "EOF" {
		words += ": " + e.Text // the other side's own reason
	}
	return words
}

// Markdown is the report to be sent to somebody who can help.
func (w Words) Markdown(r Report, host string) string {
	var b strings.Builder
	v := r.Verdict()
	b.WriteString("# " + w.Lab.Title + ": " + host + "\n\n" + w.Verdict(v) + "\n\n| " + w.Lab.Transport)
	for _, column := range w.Lab.Columns {
		b.WriteString(" | " + column)
	}
	b.WriteString(" |\n|---" + strings.Repeat("|---:", len(w.Lab.Columns)) + "|\n")
	for _, l := range r.Lanes {
		b.WriteString("| " + w.rung(l.Rung) + " | " + strings.Join(w.cells(l), " | ") + " |\n")
	}
	for _, l := range r.Lanes {
		for _, e := range l.Events {
			b.WriteString("\n- " + w.Time(e.At) + " " + w.rung(l.Rung) + ": " + w.Event(e))
		}
		for _, p := range l.Proxies {
			b.WriteString("\n- " + w.rung(l.Rung) + ": `" + strings.ReplaceAll(p, "`", "'") + "`")
		}
	}
	for _, a := range v.Advice() {
		lines := a.Lines()
		b.WriteString("\n\n" + w.Advice(a) + "\n\n```\n# nginx\n" + lines.Nginx + "\n\n# Caddy\n" + lines.Caddy + "\n\n# HAProxy\n" + lines.HAProxy + "\n```")
	}
	return b.String() + "\n"
}
