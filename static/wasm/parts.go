package wasm

import "strings"

// Part is what a module holds for one purpose.
type Part struct {
	Name string // the path of a package, for its code
	Data []byte
}

// Parts takes a module apart, be it [Slim] or not: the code of each package, in
// the order of their first functions, then the data by kind. names is the table
// of the module that has all names; its functions are the same ones.
func Parts(m *Module, names *Table) ([]Part, error) {
	bodies, err := m.Bodies()
	if err != nil {
		return nil, err
	}
	img, err := m.Image()
	if err != nil {
		return nil, err
	}
	var parts []Part
	at := map[string]int{}
	for i, body := range bodies {
		name := "what the build adds"
		if i < names.n {
			name = packageOf(names.Name(i))
		}
		if _, is := at[name]; !is {
			at[name] = len(parts)
			parts = append(parts, Part{Name: name})
		}
		part := &parts[at[name]]
		part.Data = append(part.Data, body...)
	}
	table, end := names.header, names.word(modEpclntab)
	parts = append(parts,
		Part{"types, texts and constants", img.Mem[:table]},
		Part{"table of functions", img.Mem[table:end]},
		Part{"initial values", img.Mem[end:]},
	)
	return parts, nil
}

// packageOf is the package of a function's linker name.
func packageOf(name string) string {
	name = strings.TrimPrefix(name, "type:.eq.")
	name, _, _ = strings.Cut(name, "[") // of what it is instantiated with
	slash := strings.LastIndexByte(name, '/')
	path, _, _ := strings.Cut(name[slash+1:], ".")
	return name[:slash+1] + path
}
