package wasm

import "bytes"

// layOut writes what is kept into the memory of the table, from its header on,
// and gives the start function that completes it.
func (s *slim) layOut(t *Table) (*assembler, error) {
	if !t.findsEach() {
		return nil, layoutError("program counters are looked up otherwise")
	}
	var (
		n     = t.n
		end   = t.word(modEpclntab)
		funcs = t.header + headerSize // first the index, which holds one entry more, then the records
		rows  = funcs + 8*n + 8
		at    = rows + n*recordSize // of what is written next
	)
	clear(t.img.Mem[t.header+headerSize : end])
	place := func(data []byte) int {
		start := at
		at += len(data)
		if at <= end {
			copy(t.img.Mem[start:], data)
		}
		return start
	}
	names, pctab, gofunc := place(s.names.bytes), place(s.pctab.bytes), place(s.data.bytes)
	at = (at + 3) &^ 3
	find := place(make([]byte, n*findSize))

	a := &assembler{}
	a.each(n*findSize/findStep, row(find, findStep), counter().op(opShrU, constant(4)))
	a.each(n+1, row(funcs, 8), counter().op(opAdd, constant(funcIndex)))
	a.each(n, row(funcs+4, 8), row(rows-funcs, recordSize))
	a.each(n, row(rows+4*funcEntry, recordSize), counter().op(opAdd, constant(funcIndex)))
	a.each(n, row(rows+4*funcNpc, recordSize), constant(pcdataCountKept))
	a.each(n, row(rows+4*(funcSize+pcdataCountKept+3), recordSize), constant(-1))
	for i, word := range kept {
		data, width, bias := s.columns[i].encode()
		stored := load(row(place(data), width), width)
		a.each(n, row(rows+4*word, recordSize), stored.op(opSub, constant(bias)))
	}
	if at > end {
		return nil, layoutError("the smaller table does not fit where the larger one was")
	}

	t.setSlice(modNames, names, len(s.names.bytes))
	t.setSlice(modCutab, names, 0)
	t.setSlice(modFiles, names, 0)
	t.setSlice(modPctab, pctab, len(s.pctab.bytes))
	t.setSlice(modPclntable, funcs, rows+n*recordSize-funcs)
	t.setSlice(modFtab, funcs, n+1)
	t.setWord(modGofunc, gofunc)
	t.setWord(modFindfunc, find)
	for _, p := range []struct{ header, at int }{
		{headerNames, names}, {headerCutab, names}, {headerFiles, names}, {headerPctab, pctab}, {headerFuncs, funcs},
	} {
		t.img.putU64(t.header+p.header, p.at-t.header)
	}
	return a, nil
}

// findsEach tells whether a program counter is looked up as the start function
// writes it: sixteen buckets for each function, which say its number. (The
// last function has less than one.)
func (t *Table) findsEach() bool {
	find := t.word(modFindfunc)
	for i := range (t.n - 1) * 16 {
		bucket := t.img.Mem[find+i*findStep:][:findStep]
		if int(t.img.u32(find+i*findStep)) != i/16 || len(bytes.Trim(bucket[4:], "\x00")) != 0 {
			return false
		}
	}
	return true
}
