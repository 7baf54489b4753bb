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
	Silence time.Duration // of Short: the longest that was survived
	Untold  bool          // of Closed and Barred: by a browser, which is not told who refuses
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
	Closed                     // it does not open, and nobody says why
	OneWay                     // messages come, and what is posted is refused with a status
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
	if f.Kind == Fine || f.Kind == Short {
		l.hearPosts(&f)
	}
	return f
}

// hearPosts looks whether anything came back of what was posted.
func (l Lane) hearPosts(f *Finding) {
	for _, e := range l.Events {
		if e.Kind == Unposted && len(l.Trips) == 0 {
			f.Kind, f.Status, f.Foreign = OneWay, e.Status, e.Foreign
		}
	}
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
	opened := time.Duration(0)
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
		case Unopened:
			f.Kind, f.Untold = Closed, e.Code != 0
		case ForeignAnswer:
			f.Kind = Another
		case Cut, ClosedByThem:
			f.Kind, f.After, f.Silence = Short, e.At-opened, l.Silence
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
		if f.Serves() && v.None {
			v.Uses, v.None = l.Rung, false
		}
	}
	v.explain()
	return v
}

// lasting is which silence a connection has to survive so that Parley stays with
// its rung, and opens it again when it is cut: until a second batch, which a feed
// has at the latest after a heartbeat.
const lasting = 15 * time.Second

// Serves tells whether a rung can carry a conversation.
func (f Finding) Serves() bool { return f.Kind == Fine || f.Kind == Short && f.Silence >= lasting }

// explain says of connections that do not open what those beside them tell: a
// browser does not say why a WebSocket is refused, nor why a request is not
// answered at all.
func (v Verdict) explain() {
	why := Finding{Kind: NoWay}
	for _, f := range v.Findings {
		switch {
		case f.Kind == Barred && !f.Foreign:
			why = f // such as by the limit for an address, which is one for all rungs
		case f.Kind != Closed && f.Kind != NoWay && f.Kind != Unsure && why.Kind == NoWay:
			why = Finding{Kind: Barred}
		}
	}
	for i, f := range v.Findings {
		if f.Kind == Closed && len(v.Findings) > 1 {
			v.Findings[i] = Finding{Rung: f.Rung, Kind: why.Kind, Status: why.Status, Untold: f.Untold && why.Status == 0}
		}
	}
}

// refused tells whether the server itself refuses every rung with a status.
func (v Verdict) refused(status int) bool {
	for _, f := range v.Findings {
		if f.Kind != Barred || f.Foreign || f.Status != status {
			return false
		}
	}
	return len(v.Findings) > 0
}

// Advice is what an administrator should change.
type Advice int

// What can be changed.
const (
	PassUpgrade Advice = iota // let a WebSocket through
	PassHost                  // let the server know under which name it is asked
	StopHolding               // pass on what is streamed at once
	WaitLonger                // longer time-outs
)

// Advice says what would help, the most useful first.
func (v Verdict) Advice() []Advice {
	has := map[Advice]bool{}
	for _, f := range v.Findings {
		switch {
		case (f.Rung == client.WebSocket && f.Kind == Barred || f.Kind == OneWay) && f.Status == 403 && !f.Foreign:
			has[PassHost] = true
		case f.Rung == client.WebSocket && (f.Kind == Barred && (f.Foreign || f.Status == 0) || f.Kind == Closed || f.Kind == Mute || f.Kind == Another):
			has[PassUpgrade], has[PassHost] = true, has[PassHost] || f.Untold
		case f.Kind == Late, f.Kind == Mute && f.Rung == client.SSE:
			has[StopHolding] = true
		case f.Kind == Short:
			has[WaitLonger] = true
		}
	}
	var list []Advice
	for _, a := range []Advice{PassUpgrade, PassHost, StopHolding, WaitLonger} {
		if has[a] {
			list = append(list, a)
		}
	}
	return list
}

// Lines are the lines that follow the advice, for a proxy's configuration.
func (a Advice) Lines() Lines { return lines[a] }

// Lines are lines of configuration for the proxies that people have. Those of one
// advice can stand beside those of every other.
type Lines struct{ Nginx, Caddy, HAProxy string }

var lines = map[Advice]Lines{
	PassUpgrade: {
		Nginx: "proxy_http_version 1.1;\nproxy_set_header Upgrade $http_upgrade;\nproxy_set_header Connection \"upgrade\";",
		Caddy: "reverse_proxy 127.0.0.1:8080   # passes WebSockets by itself; look for what stands before Caddy",
		HAProxy: "mode http             # passes WebSockets by itself; look for rules on Upgrade\n" +
			"timeout tunnel 1h",
	},
	PassHost: {
		Nginx:   "proxy_set_header Host $http_host;\nproxy_set_header X-Forwarded-Proto $scheme;",
		Caddy:   "# Caddy passes both on by itself: take out what sets them, such as header_up Host",
		HAProxy: "http-request set-header X-Forwarded-Proto https if { ssl_fc }\n# and nothing that sets Host",
	},
	StopHolding: {
		Nginx: "proxy_buffering off;\ngzip off;   # for the location of /api/v1/events",
		Caddy: "# Older versions of Caddy hold streams back in encode. In its place:\n" +
			"@still not header Accept *event-stream*\nencode @still zstd gzip",
		HAProxy: "option http-no-delay\n# and take out http-response wait-for-body",
	},
	WaitLonger: {
		Nginx:   "proxy_read_timeout 5m;\nproxy_send_timeout 5m;",
		Caddy:   "# Caddy cuts nothing by itself. Take out what does: stream_timeout and\n# read_timeout of reverse_proxy, and write of servers { timeouts { … } }",
		HAProxy: "timeout client 5m\ntimeout server 5m\ntimeout tunnel 1h",
	},
}
