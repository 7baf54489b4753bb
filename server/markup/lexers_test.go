package markup

import (
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/chroma/v2"
)

// TestEveryLexer lets all of them look at what they do not expect: nobody panics,
// nobody takes for ever, and the code is there, coloured or not.
func TestEveryLexer(t *testing.T) {
	r := New()
	if n := len(r.colours.registry.Lexers); n < 250 {
		t.Fatalf("only %d lexers", n)
	}
	for _, l := range r.colours.registry.Lexers {
		lang := strings.ToLower(l.Config().Name)
		if !classes.MatchString("lang-" + lang) {
			continue // it cannot be named in a message
		}
		for _, code := range []string{"/* \n", `"\`, "<a", "((", "a = {"} {
			began := time.Now()
			out := r.HTML("```" + lang + "\n" + strings.Repeat(code, 100) + "\n```")
			if took := time.Since(began); took > slow {
				t.Errorf("%s takes %v for %q", lang, took, code)
			}
			if !strings.HasPrefix(out, `<pre class="code"><code class="lang-`) {
				t.Errorf("%s and %q: %.200s", lang, code, out)
			}
		}
	}
}

// TestLostLexers: a lexer whose rules lead nowhere, match nothing for ever, or
// take time that grows with the power of the length, comes to an end.
func TestLostLexers(t *testing.T) {
	for name, rules := range map[string][]chroma.Rule{
		"nowhere":     {{Pattern: "a", Type: chroma.Text, Mutator: chroma.Push("nowhere")}},
		"nothing":     {{Pattern: "", Type: nil, Mutator: nil}},
		"growing":     {{Pattern: "", Type: nil, Mutator: chroma.Push("root")}},
		"popping":     {{Pattern: "a", Type: chroma.Text, Mutator: chroma.Pop(3)}},
		"exponential": {{Pattern: "(a*)*b", Type: chroma.Text, Mutator: nil}, {Pattern: "(a|a)*c", Type: chroma.Text, Mutator: nil}},
		"in a lexer":  {{Pattern: "a+", Type: chroma.UsingSelf("root"), Mutator: nil}},
	} {
		t.Run(name, func(t *testing.T) {
			config := &chroma.Config{Name: "trial"}
			lost := chroma.MustNewLexer(config, func() chroma.Rules { return chroma.Rules{"root": rules} })
			r := New()
			r.colours = newColours(lost)
			began := time.Now()
			out := r.HTML("```trial\n" + strings.Repeat("a", 2000) + "\n```")
			if took := time.Since(began); took > slow {
				t.Errorf("it took %v", took)
			}
			if want := `<pre class="code"><code class="lang-trial">` + strings.Repeat("a", 2000) + "\n</code></pre>"; out != want {
				t.Errorf("got %.200s", out)
			}
			if err := r.colours.registry.Get("trial").(*lexer).ready(); err != nil {
				t.Error(err)
			}
		})
	}
}
