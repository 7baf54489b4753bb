package ui

import (
	"strconv"
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/shared/rows"
)

// maxSuggestions is how many are offered: what is further down nobody reads
// while typing.
const maxSuggestions = 8

// suggestion is what the word in front of the caret may become.
type suggestion struct {
	text   string // takes the word's place
	sign   string // in front of the label: an emoji, initials
	label  string
	hint   string
	chosen func() // nil, or told when it was taken
}

// suggester looks at the text in front of the caret and gives the place where
// the word begins that it can complete, -1 for none, and what that may become. It
// may call again, on the UI goroutine, when it knows more.
type suggester func(before string, again func()) (start int, list []suggestion)

// completion offers to complete what is typed into a text field: a list above
// it, whose chosen option is walked to with the arrows and taken with Enter or
// Tab. The focus stays in the text (WAI-ARIA's listbox by aria-activedescendant).
// While an input method is at work it is away: those keys are its own.
type completion struct {
	text    app.Value // the textarea; static after construction
	popup   app.Value
	sources []suggester
	replace func(start, end int, with string) // in characters of the text

	list  []suggestion
	start int // where the word begins, in bytes
	word  string
	at    int
	hides string // the word for which the list was sent away by Escape
}

// newCompletion offers what the sources know, in that order, in an element above
// the text.
func newCompletion(text, place app.Value, replace func(start, end int, with string), sources ...suggester) *completion {
	popup := element(place, "ul", "complete")
	popup.Set("id", "complete")
	popup.Set("hidden", true)
	popup.Call("setAttribute", "role", "listbox")
	text.Call("setAttribute", "aria-autocomplete", "list")
	text.Call("setAttribute", "aria-haspopup", "listbox")
	return &completion{text: text, popup: popup, sources: sources, replace: replace}
}

// label names the list.
func (c *completion) label(words string) { c.popup.Call("setAttribute", "aria-label", words) }

// open tells whether something is offered.
func (c *completion) open() bool { return len(c.list) > 0 }

// before is the text in front of the caret; none while something is selected.
func (c *completion) before() string {
	from, to := c.text.Get("selectionStart").Int(), c.text.Get("selectionEnd").Int()
	if from != to {
		return ""
	}
	return utf16Cut(c.text.Get("value").String(), from)
}

// update looks at the text again, after it or the caret has changed.
func (c *completion) update() {
	before := c.before()
	for _, source := range c.sources {
		start, list := source(before, c.update)
		if start < 0 || len(list) == 0 {
			continue
		}
		word := before[start:]
		if word == c.hides {
			break
		}
		if word != c.word {
			c.at = 0
		}
		c.start, c.word, c.hides = start, word, ""
		c.list = list[:min(len(list), maxSuggestions)]
		c.at = min(c.at, len(c.list)-1)
		c.draw()
		return
	}
	c.close()
}

// close takes the list away.
func (c *completion) close() {
	if !c.open() {
		return
	}
	c.list, c.word, c.at = nil, "", 0
	c.draw()
}

// key does what a key does while something is offered. It is false for one that
// means what it always means.
func (c *completion) key(k key) bool {
	if !c.open() || k.Composing || k.Code == codeComposing || k.Alt {
		return false
	}
	switch n := len(c.list); {
	case k.Key == "ArrowDown" && !k.Shift:
		c.at = (c.at + 1) % n
	case k.Key == "ArrowUp" && !k.Shift:
		c.at = (c.at + n - 1) % n
	case (k.Key == "Enter" || k.Key == "Tab") && !k.Shift:
		c.take(c.at)
		return true
	case k.Key == "Escape":
		c.hides = c.word
		c.close()
		return true
	default:
		return false
	}
	c.draw()
	return true
}

// clicked takes the option that was clicked.
func (c *completion) clicked(e app.Event) {
	if option := e.Get("target").Call("closest", "[data-at]"); option.Truthy() {
		if at, err := strconv.Atoi(option.Call("getAttribute", "data-at").String()); err == nil && at < len(c.list) {
			c.take(at)
		}
	}
}

// take puts a suggestion in the word's place, with a space after it.
func (c *completion) take(at int) {
	s := c.list[at]
	end := c.text.Get("selectionStart").Int()
	start := end - utf16Len(c.word)
	c.close()
	if s.chosen != nil {
		s.chosen()
	}
	c.replace(start, end, s.text+" ")
}

// utf16Len is a length as browsers count.
func utf16Len(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return n
}

// utf16Cut is the beginning of s that is n long as browsers count.
func utf16Cut(s string, n int) string {
	for i, r := range s {
		if n <= 0 {
			return s[:i]
		}
		n--
		if r > 0xFFFF {
			n--
		}
	}
	return s
}

func (c *completion) draw() {
	var b strings.Builder
	for i, s := range c.list {
		n := strconv.Itoa(i)
		b.WriteString(`<li role="option" class="complete-option" id="` + c.popup.Get("id").String() + `-` + n + `" data-at="` + n + `" aria-selected="` + strconv.FormatBool(i == c.at) + `">`)
		for _, part := range [][2]string{{"sign", s.sign}, {"label", s.label}, {"hint", s.hint}} {
			if part[1] != "" {
				b.WriteString(`<span class="complete-` + part[0] + `" dir="auto">`)
				rows.Escape(&b, part[1])
				b.WriteString(`</span>`)
			}
		}
		b.WriteString(`</li>`)
	}
	c.popup.Set("innerHTML", b.String())
	c.popup.Set("hidden", !c.open())
	if !c.open() {
		c.text.Call("removeAttribute", "aria-activedescendant")
		c.text.Call("removeAttribute", "aria-controls")
		return
	}
	c.text.Call("setAttribute", "aria-controls", c.popup.Get("id"))
	c.text.Call("setAttribute", "aria-activedescendant", c.popup.Get("id").String()+"-"+strconv.Itoa(c.at))
}
