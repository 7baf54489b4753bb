package wasm

import (
	"encoding/binary"
	"strings"
)

// Slim takes out of a module that Go's linker wrote what a running program
// does not need, and stores its table of functions so that it compresses.
//
//   - File names and line numbers, and the names of functions for which keep
//     is false, go: a stack trace shows them as [NoName] and ?:0. The runtime's
//     own names stay, as it compares some. Go/wasm has no asynchronous
//     preemption, so its table of unsafe points goes too, and so do what only
//     prints arguments in a stack trace, custom sections and the build's id.
//   - What follows from the rest is computed when the module is instantiated,
//     by a start function: the 2 MB by which a program counter is looked up,
//     and the records of the functions, which are stored column by column.
//
// Everything else keeps its address. Functions keep their numbers, so that a
// program counter means the same in the module that went in: see [Table.Line].
func Slim(data []byte, keep func(name string) bool) ([]byte, error) {
	m, err := Parse(data)
	if err != nil {
		return nil, err
	}
	img, err := m.Image()
	if err != nil {
		return nil, err
	}
	t, err := img.Table()
	if err != nil {
		return nil, err
	}
	s, err := gather(t, keep)
	if err != nil {
		return nil, err
	}
	start, err := s.layOut(t)
	if err != nil {
		return nil, err
	}
	m.dropCustom()
	m.SetImage(img)
	if err := m.addStart(start); err != nil {
		return nil, err
	}
	return m.Encode(), nil
}

// NoName is the name of every function whose name was taken out. It has the
// form of a method's name because the runtime takes such names apart when it
// says that a nil pointer's method was called (runtime.panicwrap).
const NoName = "?.(*?).?"

// slim is what stays of the table: heaps of bytes, and columns of offsets into
// them with a row for each function.
type slim struct {
	names, pctab, data heap
	columns            [len(kept)]column
}

// kept are the words of a _func that have a column. The others are the same
// for all functions.
var kept = [...]int{
	funcName, funcArgs, funcDefer, funcPcsp, funcKind,
	funcSize + pcdataStackMap,
	funcSize + pcdataCountKept, funcSize + pcdataCountKept + 1, funcSize + pcdataCountKept + 2,
	funcSize + pcdataCountKept + 4,
}

const (
	pcdataCountKept = pcdataStackMap + 1
	recordSize      = 4 * (funcSize + pcdataCountKept + funcdataKept)
	findSize        = 16 * findStep // bytes that look up one function
	findStep        = 20            // bytes of a findfuncbucket, one for 4096 of the 65536 counters of a function
)

// gather reads the table.
func gather(t *Table, keep func(string) bool) (*slim, error) {
	s := &slim{}
	s.pctab.add("\x00") // an offset of 0 says that there is no table
	s.names.add("\x00") // and an empty name
	data := t.funcdataPieces()
	for i := range t.n {
		if err := t.known(i); err != nil {
			return nil, err
		}
		name := t.Name(i)
		if !keep(name) && !needed(name) {
			name = NoName
		}
		row := map[int]uint32{
			funcName:                  s.names.add(name + "\x00"),
			funcArgs:                  t.field(i, funcArgs),
			funcDefer:                 t.field(i, funcDefer),
			funcPcsp:                  s.table(t, int(t.field(i, funcPcsp))),
			funcKind:                  t.field(i, funcKind)&0xffff | funcdataKept<<24,
			funcSize + pcdataStackMap: s.table(t, t.pcdata(i, pcdataStackMap)),
		}
		for n := range funcdataKept {
			row[funcSize+pcdataCountKept+n] = none
			if off := t.funcdata(i, n); off != none && n != funcdataInline {
				row[funcSize+pcdataCountKept+n] = s.data.add(data[off])
			}
		}
		for n, word := range kept {
			s.columns[n] = append(s.columns[n], row[word])
		}
	}
	return s, nil
}

// table keeps one table of pctab.
func (s *slim) table(t *Table, offset int) uint32 {
	if offset == 0 {
		return 0
	}
	return s.pctab.add(string(t.pairs(offset)))
}

// needed tells the names that the runtime compares: see runtime/stkframe.go and
// isSystemGoroutine.
func needed(name string) bool {
	return strings.HasPrefix(name, "runtime.") || name == "reflect.makeFuncStub" || name == "reflect.methodValueCall"
}

// known checks that a function has nothing that would be lost unknowingly.
func (t *Table) known(i int) error {
	if (t.pcdata(i, pcdataInline) != 0 || t.funcdata(i, funcdataInline) != none) && !t.inlines(i) {
		return layoutError("functions are inlined in " + t.Name(i))
	}
	for n := pcdataArgLive + 1; n < t.pcdataCount(i); n++ {
		if t.pcdata(i, n) != 0 {
			return layoutError("tables of a function that this cannot judge: " + t.Name(i))
		}
	}
	return nil
}

// funcdataPieces are the funcdata by their offsets. Each ends where the next begins.
func (t *Table) funcdataPieces() map[uint32]string {
	pieces := map[uint32]string{}
	for i := range t.n {
		for n := range t.funcdataCount(i) {
			if off := t.funcdata(i, n); off != none {
				pieces[off] = ""
			}
		}
	}
	at := t.word(modGofunc)
	end := uint32(t.word(modFindfunc) - at)
	for off := int(end) - 1; off >= 0; off-- {
		if _, is := pieces[uint32(off)]; is {
			pieces[uint32(off)] = string(t.img.Mem[at+off : at+int(end)])
			end = uint32(off)
		}
	}
	return pieces
}

// heap is bytes in which equal pieces lie once.
type heap struct {
	bytes []byte
	at    map[string]uint32
}

func (h *heap) add(piece string) uint32 {
	if h.at == nil {
		h.at = map[string]uint32{}
	}
	at, is := h.at[piece]
	if !is {
		at = uint32(len(h.bytes))
		h.at[piece] = at
		h.bytes = append(h.bytes, piece...)
	}
	return at
}

// column is one word of every function's record.
type column []uint32

// encode gives the column in the fewest bytes a number, and what it adds to
// each: 1 where none occurs, so that none is 0.
func (c column) encode() (data []byte, width, bias int) {
	var most uint32
	for _, v := range c {
		if v == none {
			bias = 1
		} else {
			most = max(most, v)
		}
	}
	width = 4
	if most+uint32(bias) < 1<<8 {
		width = 1
	} else if most+uint32(bias) < 1<<16 {
		width = 2
	}
	for _, v := range c {
		var b [4]byte
		binary.LittleEndian.PutUint32(b[:], v+uint32(bias))
		data = append(data, b[:width]...)
	}
	return data, width, bias
}
