package lab

import (
	"time"

	"parley/app/client"
)

// Finding is what became of one rung, for words.
type Finding struct {
	Rung    client.Rung
	Kind    FindingKind
	Status  int           // of Barred
	Foreign bool          // of Barred: by something in between
	After   time.Duration // of Late: how late; of Short: how long it lasted
}

// FindingKind is what can become of a rung.
type FindingKind int

// The findings.
const (
	Unsure  FindingKind = iota // nothing to say yet
	Fine                       // messages come through at once
	Barred                     // refused with a status
	Mute                       // opened or not, nothing comes
	Late                       // held back by something that collects before it passes on
	Short                      // cut again and again
	NoWay                      // the server cannot be reached at all
	Another                    // somebody else answers
)

// Finding says what became of a lane so far.
func (l Lane) Finding() Finding {
	f := Finding{Rung: l.Rung}
	switch {
	case l.State == Open && l.Held >= HeldTooLong:
		f.Kind, f.After = Late, l.Held
	case l.Works() && !l.keepsBreaking():
		f.Kind = Fine
	case l.State == Opening:
	default:
		l.blame(&f)
	}
	return f
}

// keepsBreaking tells whether the connection was cut more often than once.
func (l Lane) keepsBreaking() bool {
	n := 0
	for _, e := range l.Events {
		if e.Kind == Cut || e.Kind == Silent || e.Kind == ClosedByThem {
			n++
		}
	}
	return n > 1
}

// blame goes by the last thing that went wrong.
func (l Lane) blame(f *Finding) {
	opened := time.Duration(-1)
	for _, e := range l.Events {
		switch e.Kind {
		case Connected:
			opened = e.At
		case Refused:
			f.Kind, f.Status, f.Foreign = Barred, e.Status, e.Foreign
		case Silent:
			f.Kind = Mute
		case NoRoute:
			f.Kind = NoWay
		case ForeignAnswer:
			f.Kind = Another
		case Cut, ClosedByThem:
			f.Kind = Short
			if f.After = 0; opened >= 0 {
				f.After = e.At - opened
			} else if l.Rung == client.WebSocket {
				f.Kind = Barred // a browser does not say with which status
			}
		}
	}
}

// Verdict is what all of it means.
type Verdict struct {
	Uses     client.Rung // the best rung that works
	None     bool        // none does
	Sure     bool        // every lane has something to say
	Findings []Finding   // in the order of the rungs
}

// Verdict judges.
func (r Report) Verdict() Verdict {
	v := Verdict{None: true, Sure: true}
	for _, l := range r.Lanes {
		f := l.Finding()
		v.Findings = append(v.Findings, f)
		v.Sure = v.Sure && f.Kind != Unsure
		if f.Kind == Fine && v.None {
			v.Uses, v.None = l.Rung, false
		}
	}
	return v
}

// Advice is what an administrator should change.
type Advice int

// What can be changed.
const (
	PassUpgrade Advice = iota // let a WebSocket through
	StopHolding               // pass on what is streamed at once
	WaitLonger                // longer time-outs
)

// Advice says what would help, the most useful first.
func (v Verdict) Advice() []Advice {
	has := map[Advice]bool{}
	for _, f := range v.Findings {
		switch {
		case f.Rung == client.WebSocket && (f.Kind == Barred || f.Kind == Mute || f.Kind == Another):
			has[PassUpgrade] = true
		case f.Kind == Late, f.Kind == Mute && f.Rung == client.SSE:
			has[StopHolding] = true
		case f.Kind == Short:
			has[WaitLonger] = true
		}
	}
	var list []Advice
	for _, a := range []Advice{PassUpgrade, StopHolding, WaitLonger} {
		if has[a] {
			list = append(list, a)
		}
	}
	return list
}

// Lines are the lines that follow the advice, for a proxy's configuration.
func (a Advice) Lines() Lines { return lines[a] }

// Lines are lines of configuration for the proxies that people have.
type Lines struct{ Nginx, Caddy, HAProxy string }

var lines = map[Advice]Lines{
	PassUpgrade: {
		Nginx: "proxy_http_version 1.1;\nproxy_set_header Upgrade $http_upgrade;\nproxy_set_header Connection \"upgrade\";",
		Caddy: "reverse_proxy 127.0.0.1:8080   # passes WebSockets by itself; look for what stands before Caddy",
		HAProxy: "option http-server-close       # and not: option httpclose\n" +
			"timeout tunnel 1h",
	},
	StopHolding: {
		Nginx:   "proxy_buffering off;\ngzip off;   # for the location of /api/v1/events",
		Caddy:   "reverse_proxy 127.0.0.1:8080 {\n\tflush_interval -1\n}",
		HAProxy: "no option http-buffer-request\n# and no compression for text/event-stream",
	},
	WaitLonger: {
		Nginx:   "proxy_read_timeout 5m;\nproxy_send_timeout 5m;",
		Caddy:   "servers {\n\ttimeouts {\n\t\tidle 5m\n\t}\n}",
		HAProxy: "timeout client 5m\ntimeout server 5m\ntimeout tunnel 1h",
	},
}
