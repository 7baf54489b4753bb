package wasm

import (
	"bytes"
	"fmt"
	"slices"
)

// Ids of sections. Specification 5.5.2.
const (
	SectionCustom   = 0
	SectionType     = 1
	SectionImport   = 2
	SectionFunction = 3
	SectionStart    = 8
	SectionCode     = 10
	SectionData     = 11
)

var magic = []byte("\x00asm\x01\x00\x00\x00")

// Module is a module's sections in their order.
type Module struct {
	Sections []Section
}

// Section is one section without its header.
type Section struct {
	ID   byte
	Data []byte
}

// Parse reads the sections. They share the memory of data.
func Parse(data []byte) (*Module, error) {
	if !bytes.HasPrefix(data, magic) {
		return nil, fmt.Errorf("wasm: no WebAssembly of version 1")
	}
	r := &reader{data: data[len(magic):]}
	m := &Module{}
	for len(r.data) > 0 {
		id := r.byte()
		m.Sections = append(m.Sections, Section{ID: id, Data: r.take(r.uleb())})
	}
	return m, r.err
}

// Encode writes the module.
func (m *Module) Encode() []byte {
	out := bytes.Clone(magic)
	for _, s := range m.Sections {
		out = append(out, s.ID)
		out = appendUleb(out, len(s.Data))
		out = append(out, s.Data...)
	}
	return out
}

// section is the one of an id, or nil.
func (m *Module) section(id byte) *Section {
	for i := range m.Sections {
		if m.Sections[i].ID == id {
			return &m.Sections[i]
		}
	}
	return nil
}

// Bodies are the functions' code in order. The first has the index 0 among
// those that are not imported.
func (m *Module) Bodies() ([][]byte, error) {
	s := m.section(SectionCode)
	if s == nil {
		return nil, fmt.Errorf("wasm: no code section")
	}
	r := &reader{data: s.Data}
	var bodies [][]byte
	for n := r.uleb(); n > 0 && r.err == nil; n-- {
		bodies = append(bodies, r.take(r.uleb()))
	}
	return bodies, r.err
}

// importedFunctions is how many functions come from outside: they are numbered first.
func (m *Module) importedFunctions() (int, error) {
	s := m.section(SectionImport)
	if s == nil {
		return 0, layoutError("no imports")
	}
	r := &reader{data: s.Data}
	count := r.uleb()
	for n := count; n > 0 && r.err == nil; n-- {
		_, _ = r.take(r.uleb()), r.take(r.uleb())
		if r.byte() != 0 {
			return 0, layoutError("something is imported that is no function")
		}
		_ = r.uleb()
	}
	return count, r.err
}

// add puts an entry at the end of a section that is a list, and gives its number.
func (m *Module) add(id byte, entry []byte) (int, error) {
	s := m.section(id)
	if s == nil {
		return 0, layoutError(fmt.Sprintf("no section %d", id))
	}
	r := &reader{data: s.Data}
	n := r.uleb()
	s.Data = append(append(appendUleb(nil, n+1), r.data...), entry...)
	return n, r.err
}

// dropCustom leaves out the sections that no engine reads.
func (m *Module) dropCustom() {
	m.Sections = slices.DeleteFunc(m.Sections, func(s Section) bool { return s.ID == SectionCustom })
}
