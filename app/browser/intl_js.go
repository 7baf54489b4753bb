package browser

import "syscall/js"

// Intl writes numbers and lists as the reader knows them. For one goroutine.
type Intl struct{ number, list js.Value }

// NewIntl gives the writing of a locale.
func NewIntl(locale string) *Intl {
	intl := js.Global().Get("Intl")
	return &Intl{
		number: intl.Get("NumberFormat").New(locale),
		list:   intl.Get("ListFormat").New(locale, map[string]any{"type": "conjunction"}),
	}
}

// Number writes 1234 as 1,234.
func (i *Intl) Number(n int) string { return i.number.Call("format", n).String() }

// List writes names as Ada, Ben and Zoë.
func (i *Intl) List(names []string) string {
	list := make([]any, len(names))
	for i, name := range names {
		list[i] = name
	}
	return i.list.Call("format", list).String()
}
