package ui

import (
	"runtime"
	"runtime/debug"
	"strconv"
)

func init() {
	// What ends the app prints program counters, too: a release has no line numbers.
	debug.SetTraceback("system")
}

// limitTrace is how many callers are told of: a panic deep in a recursion says
// nothing new after as many.
const limitTrace = 32

// trace tells where we are: functions by name as far as the app knows names,
// and the program counters by which `go run ./static/build -explain` finds the
// lines of all of them.
func trace() string {
	var pcs [limitTrace]uintptr
	n := runtime.Callers(2, pcs[:]) // without itself and runtime.Callers
	out := string(debug.Stack()) + "counters"
	for _, pc := range pcs[:n] {
		out += " 0x" + strconv.FormatUint(uint64(pc-1), 16) // the call, not what follows it
	}
	return out
}
