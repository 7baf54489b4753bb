package chrome

import (
	"github.com/chromedp/cdproto/input"
)

// Key is a key that has a name, as DOM events tell of it.
type Key struct {
	key, code string
	number    int64  // Windows virtual key code
	text      string // what it writes
}

// The keys that tests press.
var (
	Enter  = Key{"Enter", "Enter", 13, "\r"}
	Escape = Key{"Escape", "Escape", 27, ""}
	TabKey = Key{"Tab", "Tab", 9, ""}
	Space  = Key{" ", "Space", 32, " "}
	Right  = Key{"ArrowRight", "ArrowRight", 39, ""}
	Up     = Key{"ArrowUp", "ArrowUp", 38, ""}
	Down   = Key{"ArrowDown", "ArrowDown", 40, ""}
	Home   = Key{"Home", "Home", 36, ""}
	PageUp = Key{"PageUp", "PageUp", 33, ""}
)

// Modifier is a key that is held down meanwhile.
type Modifier int64

// The keys that tests hold.
const (
	Alt   Modifier = 1
	Ctrl  Modifier = 2
	Shift Modifier = 8
)

// Letter is the key of a letter, a to z.
func Letter(l rune) Key {
	upper := l - 'a' + 'A'
	return Key{string(l), "Key" + string(upper), int64(upper), ""}
}

// Sign is a key that writes a sign, with its Windows virtual key code.
func Sign(sign string, number int64) Key { return Key{sign, "", number, sign} }

// Press presses a key. It is one event with its text, as from a keyboard: a
// page that prevents the key then prevents what it would have written.
func (p *Page) Press(k Key, held ...Modifier) {
	p.t.Helper()
	event := input.DispatchKeyEventParams{
		Type: input.DispatchKeyEventTypeKeyDown, Key: k.key, Code: k.code,
		WindowsVirtualKeyCode: k.number, NativeVirtualKeyCode: k.number, Text: k.text, UnmodifiedText: k.text,
	}
	for _, m := range held {
		event.Modifiers |= int64(m)
	}
	call(p, "press a key", input.DispatchKeyEvent, event)
	event.Type, event.Text, event.UnmodifiedText = input.DispatchKeyEventTypeKeyUp, "", ""
	call(p, "let a key go", input.DispatchKeyEvent, event)
}
