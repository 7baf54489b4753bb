package wasm

import "encoding/binary"

// Line tells what a program counter of a stack trace stands for: a function's
// name and, where the table still has them, a file and a line. It is false for
// what is no program counter.
func (t *Table) Line(pc int) (name, file string, line int, ok bool) {
	i := pc>>16 - funcIndex
	if i < 0 || i >= t.n {
		return "", "", 0, false
	}
	within := pc & 0xffff
	file = "?"
	number, hasFile := t.at(int(t.field(i, funcPcfile)), within)
	line, hasLine := t.at(int(t.field(i, funcPcln)), within)
	if hasFile && hasLine {
		cutab := t.word(modCutab) + 4*(int(t.field(i, funcCU))+number)
		file = t.img.cstring(t.word(modFiles) + int(t.img.u32(cutab)))
	}
	return t.Name(i), file, line, true
}

// at looks a value up in a table of pctab: pairs of how much the value changes
// (zigzag) and for how many counters it then holds. Source: runtime/symtab.go, step.
func (t *Table) at(offset, within int) (int, bool) {
	if offset == 0 {
		return 0, false
	}
	v, end := -1, 0
	for pairs := t.pairs(offset); len(pairs) > 1; {
		delta, n := binary.Uvarint(pairs)
		span, m := binary.Uvarint(pairs[n:])
		pairs = pairs[n+m:]
		v += int(delta>>1) ^ -int(delta&1)
		if end += int(span); within < end {
			return v, true
		}
	}
	return 0, false
}
