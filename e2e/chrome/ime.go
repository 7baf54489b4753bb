package chrome

import (
	"github.com/chromedp/cdproto/input"
)

// Compose shows text as an input method does that has not been told yet what
// is meant: nǐhǎo on the way to 你好.
func (p *Page) Compose(text string) {
	p.t.Helper()
	n := int64(len([]rune(text)))
	call(p, "compose", input.ImeSetComposition, input.ImeSetCompositionParams{Text: text, SelectionStart: n, SelectionEnd: n})
}

// ComposeKey presses a key that the input method takes for itself, so that it
// writes nothing. Most browsers tell the page of it with key code 229, some
// with the key's own.
func (p *Page) ComposeKey(k Key, number int64) {
	p.t.Helper()
	for _, kind := range []input.DispatchKeyEventType{input.DispatchKeyEventTypeRawKeyDown, input.DispatchKeyEventTypeKeyUp} {
		call(p, "press a key of the input method", input.DispatchKeyEvent, input.DispatchKeyEventParams{
			Type: kind, Key: k.key, Code: k.code, WindowsVirtualKeyCode: number, NativeVirtualKeyCode: number,
		})
	}
}
