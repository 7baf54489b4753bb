package wasm

// Opcodes of the start function. Source: specification, 5.4.
const (
	opLoop, opBrIf, opEmptyType           = 0x03, 0x0d, 0x40
	opLocalGet, opLocalSet, opLocalTee    = 0x20, 0x21, 0x22
	opLoad32, opLoad8, opLoad16, opStor32 = 0x28, 0x2d, 0x2f, 0x36
	opLtU, opAdd, opSub, opMul, opShrU    = 0x49, 0x6a, 0x6b, 0x6c, 0x76
	typeI32, typeFunc                     = 0x7f, 0x60
)

// assembler writes the body of a function without parameters that has one
// local variable, the counter of its loops.
type assembler struct{ code []byte }

// value is code that leaves a number on the stack.
type value []byte

func constant(v int) value { return appendSleb([]byte{opI32Const}, int64(int32(v))) }

// counter is the loop's counter.
func counter() value { return value{opLocalGet, 0} }

func (a value) op(op byte, b value) value {
	return append(append(append(value{}, a...), b...), op)
}

// load reads an unsigned number of a width in bytes, 1, 2 or 4.
func load(at value, width int) value {
	op := map[int]byte{1: opLoad8, 2: opLoad16, 4: opLoad32}[width]
	return append(append(value{}, at...), op, 0, 0)
}

// each stores v at the address at, for every counter below n.
func (a *assembler) each(n int, at, v value) {
	a.code = append(append(a.code, constant(0)...), opLocalSet, 0, opLoop, opEmptyType)
	a.code = append(append(append(a.code, at...), v...), opStor32, 0, 0)
	a.code = append(append(append(a.code, counter()...), constant(1)...), opAdd, opLocalTee, 0)
	a.code = append(append(a.code, constant(n)...), opLtU, opBrIf, 0, opEnd)
}

// row is the address of the counter's row in a table with rows of a size.
func row(table, size int) value {
	return counter().op(opMul, constant(size)).op(opAdd, constant(table))
}

// addStart makes the function run when the module is instantiated: after the
// memory was filled, before anything of Go runs.
func (m *Module) addStart(a *assembler) error {
	if m.section(SectionStart) != nil {
		return layoutError("there is a start function")
	}
	body := append(append([]byte{1, 1, typeI32}, a.code...), opEnd)
	imports, err := m.importedFunctions()
	if err != nil {
		return err
	}
	kind, err := m.add(SectionType, []byte{typeFunc, 0, 0})
	if err != nil {
		return err
	}
	n, err := m.add(SectionFunction, appendUleb(nil, kind))
	if err != nil {
		return err
	}
	if _, err := m.add(SectionCode, append(appendUleb(nil, len(body)), body...)); err != nil {
		return err
	}
	start := Section{ID: SectionStart, Data: appendUleb(nil, imports+n)}
	for i := range m.Sections {
		if id := m.Sections[i].ID; id > SectionStart {
			m.Sections = append(m.Sections[:i], append([]Section{start}, m.Sections[i:]...)...)
			return nil
		}
	}
	return layoutError("no code after the start function")
}
