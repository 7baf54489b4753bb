// Package wasm reads and rewrites the WebAssembly that Go's linker writes, as
// far as making it smaller and telling what it is made of needs.
//
// A module is a list of sections ([Parse], [Module.Encode]). Two matter here:
// the code section, one body for each function, and the data section, which is
// the first image of the linear memory ([Image]). In that memory lies the table
// by which Go's runtime finds a function from a program counter ([Table]): its
// name, its lines, its frame's size, where its pointers are.
//
// [Slim] takes out what only a stack trace shows, and stores the rest so that
// it compresses. [Weigh] attributes bytes to packages.
//
// The layouts are those of the Go version that [Table] names; another one is
// refused. Sources: the WebAssembly core specification, 5 (binary format);
// cmd/link/internal/wasm/asm.go, cmd/link/internal/ld/pcln.go and
// runtime/symtab.go of Go.
package wasm
