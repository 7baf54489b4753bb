package ui

// key is what a keydown event says.
type key struct {
	Key        string
	Code       int // the old keyCode, which alone tells some input methods
	Composing  bool
	Shift, Alt bool
	Time       float64 // milliseconds
}

// codeComposing is the keyCode of a key that an input method has taken (UI
// Events, section 7.3.1).
const codeComposing = 229

// confirmMillis is how long after the end of a composition an Enter still
// belongs to it.
const confirmMillis = 100

// enter decides what the Enter key does. Writing Chinese, Japanese or Korean,
// people press Enter to choose a word, many times in a sentence: it must never
// send what is half written.
//
// Chromium and Firefox say isComposing on that keydown. Safari ends the
// composition first and then sends the keydown, with keyCode 229, and in some
// versions without; so an Enter that follows the end of a composition at once,
// with no key having been released in between, belongs to it as well.
type enter struct {
	ended     bool
	endedTime float64
}

// compositionEnd notes that a composition has ended.
func (e *enter) compositionEnd(time float64) { e.ended, e.endedTime = true, time }

// keyUp notes that a key was released: the next Enter is a new one.
func (e *enter) keyUp() { e.ended = false }

// sends tells whether a keydown is an Enter that sends the message.
func (e *enter) sends(k key) bool {
	confirms := e.ended && k.Time-e.endedTime < confirmMillis
	e.ended = false
	return k.Key == "Enter" && !k.Shift && !k.Alt && !k.Composing && k.Code != codeComposing && !confirms
}
