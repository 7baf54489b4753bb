package lab

import (
	"strconv"
	"time"

	"parley/app/client"
	"parley/shared/texts"
)

// Words puts findings into words. Rungs are their names, best first.
type Words struct {
	Lab    *texts.Lab
	Rungs  [4]string
	Origin string // of the server, where what finds out more is to be told of; empty: nowhere
}

// Verdict is the whole of it in a sentence or two.
func (w Words) Verdict(v Verdict) string {
	switch { // what the server says to all of them alike says nothing of the network
	case v.None && v.refused(401):
		return w.Lab.SignIn
	case v.None && v.refused(429):
		return w.Lab.Busy
	}
	var clauses []string
	for _, f := range v.Findings {
		clauses = append(clauses, w.Finding(f))
	}
	sum := w.Lab.Nothing
	switch {
	case !v.None:
		sum = w.Lab.Uses(w.rung(v.Uses))
	case !v.Sure:
		sum = w.Lab.Measuring
	}
	return w.Lab.Sentence(clauses, sum)
}

// Finding is what became of one rung, as a clause.
func (w Words) Finding(f Finding) string {
	rung := w.rung(f.Rung)
	switch f.Kind {
	case Fine:
		return w.Lab.Fine(rung)
	case Barred:
		return w.barred(f, rung)
	case Mute:
		return w.Lab.Mute(rung)
	case Late:
		return w.Lab.Late(rung, w.Time(f.After))
	case Short:
		return w.Lab.Short(rung, w.Time(f.After))
	case NoWay:
		return w.Lab.NoWay(rung)
	case Another:
		return w.Lab.Another(rung)
	case Closed:
		return w.Lab.Closed(rung)
	case OneWay:
		return w.Lab.OneWay(rung, strconv.Itoa(f.Status))
	}
	return w.Lab.Unsure(rung)
}

func (w Words) barred(f Finding, rung string) string {
	switch {
	case f.Status == 0:
		return w.Lab.BarredSilently(rung)
	case f.Status < 400:
		return w.Lab.Instead(rung, strconv.Itoa(f.Status))
	case f.Foreign:
		return w.Lab.BarredBetween(rung, strconv.Itoa(f.Status))
	}
	return w.Lab.BarredHere(rung, strconv.Itoa(f.Status))
}

// Advice is what to change, as a sentence before its lines.
func (w Words) Advice(a Advice) string {
	switch a {
	case PassUpgrade:
		return w.Lab.PassThrough
	case PassHost:
		return w.Lab.PassName
	case StopHolding:
		return w.Lab.PassOn
	}
	return w.Lab.Wait
}

// Hint says who knows what this place cannot find out; empty where there is
// nothing.
func (w Words) Hint(v Verdict) string {
	for _, f := range v.Findings {
		if f.Kind == Closed || f.Kind == Barred && f.Status == 0 {
			if w.Origin != "" {
				return w.Lab.AskDoctor("parley doctor " + w.Origin)
			}
		}
	}
	return ""
}

// Time is a time as a person reads it.
func (w Words) Time(d time.Duration) string {
	if d < time.Second {
		return w.Lab.Milli(strconv.FormatInt(d.Milliseconds(), 10))
	}
	return w.Lab.Seconds(strconv.FormatFloat(d.Seconds(), 'f', 1, 64))
}

func (w Words) rung(r client.Rung) string { return w.Rungs[r] }
