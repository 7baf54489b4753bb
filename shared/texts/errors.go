package texts

import (
	"errors"
	"strings"

	"parley/shared/wire"
)

// Error says in words what went wrong. The server's own sentences are meant for
// the person; where it only has a number, and where it was not reached, ours
// are better.
func (t *Texts) Error(err error) string {
	var p *wire.Problem
	if !errors.As(err, &p) {
		return t.Unreachable
	}
	return t.Detail(p)
}

// Title is what kind of problem it is, in a few words.
func (t *Texts) Title(p *wire.Problem) string {
	if title := t.titles[p.Code]; title != "" {
		return title
	}
	return p.Title
}

// Detail is what went wrong, as a sentence. The server speaks English; what it
// says is looked up as it is, so that its answers are the same for all who ask.
func (t *Texts) Detail(p *wire.Problem) string {
	switch {
	case p.Code == wire.CodeRateLimited:
		return t.TooMany
	case p.Code == wire.CodeUnavailable:
		return t.Unavailable
	case p.Code == wire.CodeInternal || p.Detail == "":
		return t.Internal
	case t.details == nil:
		return p.Detail
	}
	if ours := t.translate(p.Detail); ours != "" {
		return ours
	}
	if title := t.titles[p.Code]; title != "" {
		return title
	}
	return t.Internal
}

// translate is a sentence of the server's in this language; empty when it is not
// known. What is wrong with a file begins with where: that stays, whatever follows.
func (t *Texts) translate(sentence string) string {
	longest, found := 0, "" // the longest format that fits says the most
	for said, ours := range t.details {
		if values, ok := match(said, sentence); ok && len(said) > longest {
			for _, v := range values {
				ours = strings.Replace(ours, "%s", v, 1)
			}
			longest, found = len(said), ours
		}
	}
	if found != "" {
		return found
	}
	for said, ours := range t.places {
		values, ok := match(said, sentence)
		if !ok || !isNumber(values[len(values)-2]) {
			continue
		}
		if what := t.translate(values[len(values)-1]); what != "" {
			values[len(values)-1] = what
		}
		for _, v := range values {
			ours = strings.Replace(ours, "%s", v, 1)
		}
		return ours
	}
	return ""
}

func isNumber(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// match tells whether a sentence was made from a format, and with which values,
// as they stand in it. A verb may have a width, as in %.40q.
func match(format, sentence string) (values []string, ok bool) {
	parts := strings.Split(format, "%")
	rest, ok := strings.CutPrefix(sentence, parts[0])
	if !ok {
		return nil, false
	}
	for i, part := range parts[1:] {
		next := strings.TrimLeft(part, ".0123456789")[1:] // after the verb
		end := strings.Index(rest, next)
		if i == len(parts)-2 {
			end = len(rest) - len(next)
		}
		if end < 0 || rest[end:end+len(next)] != next {
			return nil, false
		}
		values, rest = append(values, rest[:end]), rest[end+len(next):]
	}
	return values, rest == ""
}
