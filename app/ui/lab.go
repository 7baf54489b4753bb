package ui

import (
	"context"
	"strconv"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/app/browser"
	"parley/app/client"
	"parley/app/lab"
	"parley/shared/prefs"
)

// labPath is where the Connection Lab is found.
const labPath = "/lab"

// labFrames is how often what the lab finds is drawn, at the most.
const labFrames = 250 * time.Millisecond

// labView is the Connection Lab: it shows what this network does to each
// transport, to whoever opens it.
type labView struct {
	app.Compo

	M   *Model
	Rev int

	bench *bench
}

// OnMount starts the lab at once: who comes here has a question.
func (v *labView) OnMount(ctx app.Context) {
	defer v.M.guard()
	v.bench = &bench{island: island{m: v.M, ctx: ctx}, poll: time.Second, only: forcedRung()}
	v.bench.connect()
}

// OnDismount ends it.
func (v *labView) OnDismount() {
	if v.bench != nil {
		v.bench.disconnect()
	}
}

// Render draws what can be chosen, and the places that the bench draws into.
func (v *labView) Render() app.UI {
	m := v.M
	return app.Main().Class("lab").Body(
		app.Header().Class("lab-head").Body(
			app.A().Class("link").Href("/").Attr("target", "_self").Text(m.About.Name),
			app.H1().Text(m.T.Lab.Title),
			app.P().Class("lab-lead").Text(m.T.Lab.Lead),
		),
		app.P().ID("lab-verdict").Class("lab-verdict").Attr("role", "status"),
		v.controls(),
		app.Div().ID("lab-found").Class("lab-found"),
	)
}

func (v *labView) controls() app.UI {
	m, b := v.M, v.bench
	running, only, poll := true, -1, 1
	if b != nil {
		running, only, poll = b.stop != nil, b.only, int(b.poll/time.Second)
	}
	rungs := []option{{value: "-1", label: m.T.Lab.All}}
	for i, name := range m.T.Rungs {
		rungs = append(rungs, option{value: strconv.Itoa(i), label: name})
	}
	switchLabel, flip := m.T.Lab.Connect, func(app.Event) { v.bench.connect(); v.Rev++ }
	if running {
		switchLabel, flip = m.T.Lab.Disconnect, func(app.Event) { v.bench.disconnect(); v.Rev++ }
	}
	return app.Div().Class("lab-controls").Body(
		choose(m, "lab-rung", m.T.Lab.Force, strconv.Itoa(only), v.force, rungs...),
		app.Label().Class("lab-interval").Body(
			app.Span().Text(m.T.Lab.Interval(strconv.Itoa(poll))),
			app.Input().Type("range").Min(1).Max(30).Value(poll).Attr("name", "interval").
				OnInput(m.on("lab-interval", func(e app.Event) { v.setPoll(e.Get("target").Get("value").String()) })),
		),
		app.Div().Class("lab-buttons").Body(
			app.Button().Type("button").Class("button", "primary").Text(switchLabel).OnClick(m.on("lab-"+switchLabel, flip)),
			app.Button().Type("button").Class("button").Text(v.copyLabel()).OnClick(m.on("lab-copy", func(app.Event) { v.copy() })),
		),
	)
}

func (v *labView) copyLabel() string {
	if v.bench != nil && v.bench.copied {
		return v.M.T.Copied
	}
	return v.M.T.Lab.CopyReport
}

// force looks at one rung alone, and has the app use it in this window's session.
func (v *labView) force(value string) {
	only, err := strconv.Atoi(value)
	if err != nil || v.bench == nil {
		return
	}
	v.bench.only = only
	browser.SetSession(prefs.Rung, map[bool]string{true: value}[only >= 0])
	v.bench.connect()
}

func (v *labView) setPoll(value string) {
	seconds, err := strconv.Atoi(value)
	if err != nil || v.bench == nil {
		return
	}
	v.bench.poll = time.Duration(min(max(seconds, 1), 30)) * time.Second
	if v.bench.lab != nil {
		v.bench.lab.SetPoll(v.bench.poll)
	}
}

// copy puts the report on the clipboard, as Markdown.
func (v *labView) copy() {
	b := v.bench
	if b == nil || b.lab == nil {
		return
	}
	report := b.words().Markdown(b.lab.Report(), app.Window().URL().Host)
	var err error
	v.M.async(func(ctx context.Context) { err = browser.Copy(ctx, report, "lab-report") }, func() {
		b.copied = err == nil
		if err != nil {
			v.M.fail(err)
		}
		v.Rev++
	})
}

// forcedRung is the rung that was chosen in this window's session; -1 for none.
func forcedRung() int {
	n, err := strconv.Atoi(browser.Session(prefs.Rung))
	if err != nil || n < int(client.WebSocket) || n > int(client.ShortPoll) {
		return -1
	}
	return n
}

// bench runs a lab and draws what it finds.
type bench struct {
	island

	lab    *lab.Lab
	stop   func() // ends it; nil when it does not run
	only   int    // the rung that is looked at alone; -1: all
	poll   time.Duration
	copied bool
	asked  bool // a drawing is on its way
}

// connect begins anew.
func (b *bench) connect() {
	b.disconnect()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	conf := lab.Config{Net: b.m.net, Poll: b.poll, Changed: b.changed}
	if b.only >= 0 {
		conf.Rungs = []client.Rung{client.Rung(b.only)}
	}
	l := lab.New(conf)
	b.lab, b.copied = l, false
	b.stop = func() {
		cancel()
		go func() { <-done; b.changed() }()
	}
	go func() {
		defer close(done)
		l.Run(ctx)
		b.ctx.Dispatch(func(app.Context) {
			defer b.m.guard()
			if b.lab == l {
				b.stop = nil // all has been seen
			}
		})
	}()
}

// disconnect ends what runs; what was found stays.
func (b *bench) disconnect() {
	if b.stop != nil {
		b.stop()
		b.stop = nil
	}
}

// changed has what was found drawn soon.
func (b *bench) changed() {
	b.quiet(func() {
		if b.asked {
			return
		}
		b.asked = true
		time.AfterFunc(labFrames, func() {
			b.quiet(func() {
				b.asked = false
				b.draw()
			})
		})
	})
}

func (b *bench) words() lab.Words {
	u := app.Window().URL()
	return lab.Words{Lab: &b.m.T.Lab, Rungs: b.m.T.Rungs, Origin: u.Scheme + "://" + u.Host}
}

func (b *bench) draw() {
	report := b.lab.Report()
	set(app.Window().GetElementByID("lab-verdict"), "textContent", b.words().Verdict(report.Verdict()))
	set(app.Window().GetElementByID("lab-found"), "innerHTML", b.words().HTML(report))
}

// set sets a property that has changed.
func set(e app.Value, property, value string) {
	if e.Truthy() && e.Get(property).String() != value {
		e.Set(property, value)
	}
}
