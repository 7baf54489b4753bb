package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"regexp"
	"strconv"

	"parley/static/wasm"
)

// counters are how a stack trace names program counters: pc=0x12340005 where Go
// prints it, and a list after the word "counters" where the app does.
var counters = regexp.MustCompile(`0x[0-9a-f]{8}\b`)

// explain copies a stack trace from in to out, and says after each program
// counter which line of which function it stands for. The trace must come from
// an app of the same sources.
func explain(ctx context.Context, in io.Reader, out io.Writer) error {
	table, err := appTable(ctx)
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		if _, err := fmt.Fprintln(out, lines.Text()); err != nil {
			return err
		}
		for _, hex := range counters.FindAllString(lines.Text(), -1) {
			pc, err := strconv.ParseUint(hex[2:], 16, 32)
			if err != nil {
				continue
			}
			if name, file, line, ok := table.Line(int(pc)); ok {
				if _, err := fmt.Fprintf(out, "\t%s is %s, %s:%d\n", hex, name, file, line); err != nil {
					return err
				}
			}
		}
	}
	return lines.Err()
}

// appTable is the table of functions of the app as it is compiled from what is here.
func appTable(ctx context.Context) (*wasm.Table, error) {
	app, err := compileApp(ctx, false)
	if err != nil {
		return nil, err
	}
	return tableOf(app)
}

func tableOf(app []byte) (*wasm.Table, error) {
	module, err := wasm.Parse(app)
	if err != nil {
		return nil, err
	}
	image, err := module.Image()
	if err != nil {
		return nil, err
	}
	return image.Table()
}
