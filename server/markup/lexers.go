package markup

import (
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/alecthomas/chroma/v2"
	"github.com/dlclark/regexp2/v2"
)

// Lexers come with regular expressions that take a quarter of a second each before
// they give up, with rules that match nothing for ever, and with panics for code
// that nobody has thought of. So here they are made anew of their own rules, each
// of which looks at the time before it takes effect, and with little time for each
// expression. What is not made of rules is left out, and its code shown plain.

// errLost ends a lexer that does not come to an end.
var errLost = errors.New("the code takes too long")

// colours are all lexers that can be bounded. They work on one piece of code at a
// time: so hostile code takes one core at most, and its lexers, and those that they
// ask for the code within it, look at one clock.
type colours struct {
	registry *chroma.LexerRegistry
	turn     chan struct{} // full while somebody has the lexers
	until    time.Time     // the end of its time; of who has the turn
}

func newColours(all ...chroma.Lexer) *colours {
	slowClock()
	c := &colours{registry: chroma.NewLexerRegistry(), turn: make(chan struct{}, 1)}
	for _, l := range all {
		if r, ok := l.(*chroma.RegexLexer); ok {
			c.registry.Register(&lexer{RegexLexer: r, colours: c})
		}
	}
	return c
}

// tokens takes code apart in time; nil where that is not possible.
func (c *colours) tokens(l *lexer, code string, until time.Time) (tokens []chroma.Token) {
	timer := time.NewTimer(time.Until(until))
	defer timer.Stop()
	select {
	case c.turn <- struct{}{}:
	case <-timer.C:
		return nil
	}
	defer func() {
		<-c.turn
		if recover() != nil { // lexers panic when they are lost: it took too long, or a rule leads nowhere
			tokens = nil
		}
	}()
	c.until = until
	next, err := l.Tokenise(nil, code)
	if err != nil {
		return nil
	}
	length := 0
	for t := next(); t != chroma.EOF; t = next() {
		if time.Now().After(until) { // also while no rule fits: then every character is a token
			return nil
		}
		tokens = append(tokens, t)
		length += len(t.Value)
	}
	if length != len(code) { // a lexer that loses or adds something shows other code than was written
		return nil
	}
	return tokens
}

// slowClock lets expressions look at the time often enough for matchTime. It is
// to be set before the first of them runs.
var slowClock = sync.OnceFunc(func() { regexp2.SetTimeoutCheckPeriod(matchTime / 2) })

// lexer is a lexer that is made anew when it is used first.
type lexer struct {
	*chroma.RegexLexer // as it comes
	colours            *colours

	once    sync.Once
	bounded *chroma.RegexLexer
	err     error
}

// SetRegistry leaves the lexer as it comes where it is.
func (l *lexer) SetRegistry(*chroma.LexerRegistry) chroma.Lexer { return l }

// Tokenise takes code apart. Its iterator panics for what takes too long.
func (l *lexer) Tokenise(o *chroma.TokeniseOptions, code string) (chroma.Iterator, error) {
	if err := l.ready(); err != nil {
		return nil, err
	}
	return l.bounded.Tokenise(o, code)
}

// ready makes the lexer, which takes up to some hundred milliseconds, once.
func (l *lexer) ready() error {
	l.once.Do(func() { l.err = l.make() })
	return l.err
}

// primer is the state in which a lexer is run once to get at its expressions.
const primer = "parley"

func (l *lexer) make() error {
	given, err := l.Rules()
	if err != nil {
		return err
	}
	rules := maps.Clone(given)
	for state, list := range rules {
		list = slices.Clone(list)
		for i, r := range list {
			if r.Pattern == goTemplates { // names a lexer instead of asking the registry for it
				list[i].Type = chroma.LiteralString
			}
			if _, ok := r.Mutator.(chroma.LexerMutator); !ok { // else it is replaced by others before anything runs
				list[i].Mutator = &watch{l.colours, r.Mutator}
			}
		}
		rules[state] = list
	}
	rules[primer] = []chroma.Rule{chroma.Default(chroma.MutatorFunc(limitMatches), chroma.Pop(1))}
	if l.bounded, err = chroma.NewLexer(l.Config(), func() chroma.Rules { return rules }); err != nil {
		return err
	}
	l.bounded.SetRegistry(l.colours.registry)
	next, err := l.bounded.Tokenise(&chroma.TokeniseOptions{State: primer}, " ")
	if err == nil {
		next()
	}
	return err
}

// goTemplates is the rule of Go's lexer for what stands between backticks.
const goTemplates = "(`)([^`]*)(`)"

// limitMatches gives every expression of a lexer its time.
func limitMatches(s *chroma.LexerState) error {
	for _, list := range s.Rules {
		for _, r := range list {
			r.Regexp.MatchTimeout = matchTime
		}
	}
	return nil
}

// watch looks at the time before a rule takes effect: one that matches nothing, and
// changes nothing, would match for ever.
type watch struct {
	colours *colours
	then    chroma.Mutator
}

// Mutate does what the rule does. The error is errLost.
func (w *watch) Mutate(s *chroma.LexerState) error {
	if time.Now().After(w.colours.until) {
		return errLost
	}
	if w.then == nil {
		return nil
	}
	return w.then.Mutate(s)
}
