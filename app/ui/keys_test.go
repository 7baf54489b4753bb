package ui

import "testing"

func TestEnter(t *testing.T) {
	plain := key{Key: "Enter", Code: 13, Time: 1000}
	with := func(change func(*key)) key {
		k := plain
		change(&k)
		return k
	}
	for _, c := range []struct {
		name   string
		before func(*enter)
		key    key
		sends  bool
	}{
		{"Enter", nil, plain, true},
		{"Shift+Enter", nil, with(func(k *key) { k.Shift = true }), false},
		{"Alt+Enter", nil, with(func(k *key) { k.Alt = true }), false},
		{"a letter", nil, key{Key: "a", Code: 65}, false},
		{"Chromium, Firefox: while composing", nil, with(func(k *key) { k.Composing, k.Code = true, 229 }), false},
		{"composing, with a plain code", nil, with(func(k *key) { k.Composing = true }), false},
		{"Safari: after the composition's end, code 229", func(e *enter) { e.compositionEnd(999) }, with(func(k *key) { k.Code = 229 }), false},
		{"Safari: the same without the code", func(e *enter) { e.compositionEnd(999) }, plain, false},
		{"a word chosen by its number, key released, then Enter", func(e *enter) { e.compositionEnd(950); e.keyUp() }, plain, true},
		{"a word chosen with the mouse, then Enter", func(e *enter) { e.compositionEnd(800) }, plain, true},
		{"Safari: a second Enter after the one that chose", func(e *enter) { e.compositionEnd(998); e.sends(plain) }, plain, true},
	} {
		var e enter
		if c.before != nil {
			c.before(&e)
		}
		if got := e.sends(c.key); got != c.sends {
			t.Errorf("%s: sends is %v", c.name, got)
		}
	}
}
