package wasm

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// pclnMagic, two zeros, the smallest instruction (1) and the size of a pointer
// (8) start the table. Source: runtime/symtab.go, pcHeader; abi.Go120PCLnTabMagic.
var pclnMagic = []byte{0xf1, 0xff, 0xff, 0xff, 0, 0, 1, 8}

// Offsets of pcHeader, in bytes.
const (
	headerNfunc, headerNames, headerCutab = 8, 32, 40
	headerFiles, headerPctab, headerFuncs = 48, 56, 64
	headerSize                            = 72
)

// Words of runtime.moduledata. A slice is three: address, length, capacity.
// Source: runtime/symtab.go.
const (
	modHeader, modNames, modCutab, modFiles     = 0, 1, 4, 7
	modPctab, modPclntable, modFtab             = 10, 13, 16
	modFindfunc, modMinpc, modMaxpc, modText    = 19, 20, 21, 22
	modTypes, modEtypes, modGofunc, modEpclntab = 37, 38, 40, 41
	modWords                                    = 42 // that are read
)

// Words of runtime._func. What follows are the offsets of pcdata, then of
// funcdata. Source: runtime/runtime2.go.
const (
	funcEntry, funcName, funcArgs, funcDefer  = 0, 1, 2, 3
	funcPcsp, funcPcfile, funcPcln, funcNpc   = 4, 5, 6, 7
	funcCU, funcStartLine, funcKind, funcSize = 8, 9, 10, 11
)

// Places in pcdata and funcdata. Source: internal/abi/symtab.go.
const (
	pcdataStackMap = 1
	pcdataInline   = 2
	pcdataArgLive  = 3
	funcdataInline = 3
	funcdataKept   = 5 // arguments' and locals' pointers, stack objects, inlining, open-coded defers
)

// none is the offset of a funcdata that is not there.
const none = ^uint32(0)

// funcIndex is where program counters start: the first function is called
// funcIndex<<16. Source: cmd/link/internal/wasm/asm.go, funcValueOffset.
const funcIndex = 0x1000

// Table is what Go's runtime knows of the functions: runtime.pclntab.
type Table struct {
	img    *Image
	module int // address of runtime.firstmoduledata
	header int // address of runtime.pclntab
	n      int // functions
}

// Table finds the table and checks that its layout is the known one.
func (i *Image) Table() (*Table, error) {
	t := &Table{img: i, header: bytes.Index(i.Mem, pclnMagic)}
	if t.header < 0 || t.header+headerSize > len(i.Mem) {
		return nil, layoutError("no table of functions with the known first bytes")
	}
	t.n = i.u64(t.header + headerNfunc)
	var pointer [16]byte // to the table, and then to the names in it
	binary.LittleEndian.PutUint64(pointer[:], uint64(t.header))
	binary.LittleEndian.PutUint64(pointer[8:], uint64(t.header+i.u64(t.header+headerNames)))
	t.module = bytes.Index(i.Mem, pointer[:])
	if t.module < 0 || t.module+8*modWords > len(i.Mem) {
		return nil, layoutError("nothing points to the table of functions")
	}
	return t, t.check()
}

func layoutError(why string) error {
	return fmt.Errorf("wasm: not the layout that Go 1.26's linker writes: %s", why)
}

// check compares the places where both the header and the module's data say
// the same, and what a function's number is made of.
func (t *Table) check() error {
	for _, p := range []struct{ word, header int }{
		{modNames, headerNames},
		{modCutab, headerCutab},
		{modFiles, headerFiles},
		{modPctab, headerPctab},
		{modPclntable, headerFuncs},
		{modFtab, headerFuncs},
	} {
		if t.word(p.word) != t.header+t.img.u64(t.header+p.header) {
			return layoutError("the table's parts are not where they were")
		}
	}
	if t.word(modText) != 0 || t.word(modMinpc) != funcIndex<<16 || t.word(modFtab+1) != t.n+1 {
		return layoutError("functions are numbered otherwise")
	}
	if end := t.word(modEpclntab); t.n <= 0 || end > len(t.img.Mem) || t.word(modFindfunc)+(t.n-1)*findSize > end || t.word(modGofunc) > t.word(modFindfunc) {
		return layoutError("the table's parts follow each other otherwise")
	}
	for i := range t.n {
		if at := t.record(i); at < t.header || at+4*funcSize > t.word(modGofunc) {
			return layoutError(fmt.Sprintf("the record of function %d lies outside of the table", i))
		}
		if entry := int(t.img.u32(t.word(modFtab) + 8*i)); entry != funcIndex+i || int(t.field(i, funcEntry)) != entry {
			return layoutError(fmt.Sprintf("function %d is entered at %d", i, entry))
		}
	}
	return nil
}

// word reads a word of the module's data.
func (t *Table) word(n int) int { return t.img.u64(t.module + 8*n) }

func (t *Table) setWord(n, v int) { t.img.putU64(t.module+8*n, v) }

func (t *Table) setSlice(n, at, length int) {
	t.setWord(n, at)
	t.setWord(n+1, length)
	t.setWord(n+2, length)
}

// record is the address of a function's _func.
func (t *Table) record(i int) int {
	funcs := t.word(modPclntable)
	return funcs + int(t.img.u32(funcs+8*i+4))
}

// field reads a word of a function's _func.
func (t *Table) field(i, n int) uint32 { return t.img.u32(t.record(i) + 4*n) }

// Name is the linker's name of a function, such as "bytes.(*Buffer).Len".
func (t *Table) Name(i int) string {
	return t.img.cstring(t.word(modNames) + int(t.field(i, funcName)))
}

// pcdata is the offset in pctab of one of a function's tables, or 0.
func (t *Table) pcdata(i, n int) int {
	if n >= int(t.field(i, funcNpc)) {
		return 0
	}
	return int(t.field(i, funcSize+n))
}

// pcdataCount is how many such tables a function has room for.
func (t *Table) pcdataCount(i int) int { return int(t.field(i, funcNpc)) }

// funcdata is the offset from gofunc of one of a function's data, or none.
func (t *Table) funcdata(i, n int) uint32 {
	if n >= t.funcdataCount(i) {
		return none
	}
	return t.field(i, funcSize+t.pcdataCount(i)+n)
}

func (t *Table) funcdataCount(i int) int { return int(t.field(i, funcKind) >> 24) }

// pairs is a table of pctab: pairs of numbers, ended by a zero that is not the first.
func (t *Table) pairs(offset int) []byte {
	at := t.word(modPctab) + offset
	r := &reader{data: t.img.Mem[at:]}
	for first := true; r.err == nil; first = false {
		if r.uleb() == 0 && !first {
			break
		}
		_ = r.uleb()
	}
	return t.img.Mem[at : len(t.img.Mem)-len(r.data)]
}

func (i *Image) cstring(at int) string {
	s, _, _ := bytes.Cut(i.Mem[at:], []byte{0})
	return string(s)
}
