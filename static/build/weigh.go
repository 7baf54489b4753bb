package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/andybalholm/brotli"

	"parley/static/wasm"
)

// weighQuality compresses forty times in the time that the best takes once, and
// shares out the same.
const weighQuality = 5

// limitRow is the share of the app from which a package has a row of its own.
const limitRow = 0.01

// piece is a row of what the app is made of.
type piece struct {
	name string
	raw  int
	adds int // by so much the whole is smaller without it, compressed
}

// weigh writes what the released app is made of, as a Markdown table. How much
// of the compressed size is a package's is not defined, as a compressor finds
// in one what it knows from another: each gets its share of by how much the
// whole shrinks without it.
func weigh(ctx context.Context, out io.Writer) error {
	whole, err := compileApp(ctx, false)
	if err != nil {
		return err
	}
	table, err := tableOf(whole)
	if err != nil {
		return err
	}
	small, err := slimApp(whole)
	if err != nil {
		return err
	}
	module, err := wasm.Parse(small)
	if err != nil {
		return err
	}
	parts, err := wasm.Parts(module, table)
	if err != nil {
		return err
	}
	forms, err := compress(small, false)
	if err != nil {
		return err
	}
	pieces, err := share(parts)
	if err != nil {
		return err
	}
	return writePieces(out, pieces, len(small), len(forms[".br"]))
}

// share gathers small parts into pieces and finds how much each weighs.
func share(parts []wasm.Part) ([]*piece, error) {
	total := 0
	for _, p := range parts {
		total += len(p.Data)
	}
	byName := map[string]*piece{}
	var pieces []*piece
	order := make([]*piece, len(parts)) // the piece of each part
	for i, p := range parts {
		name := p.Name
		if float64(len(p.Data)) < limitRow*float64(total) {
			name = "other packages of Go"
			if strings.HasPrefix(p.Name, "parley/") {
				name = "other packages of Parley"
			}
		}
		if byName[name] == nil {
			byName[name] = &piece{name: name}
			pieces = append(pieces, byName[name])
		}
		byName[name].raw += len(p.Data)
		order[i] = byName[name]
	}
	without := func(left *piece) (int, error) {
		var rest bytes.Buffer
		for i, p := range parts {
			if order[i] != left {
				rest.Write(p.Data)
			}
		}
		return compressed(rest.Bytes())
	}
	all, err := without(nil)
	for _, p := range pieces {
		if err == nil {
			p.adds, err = without(p)
			p.adds = all - p.adds
		}
	}
	return pieces, err
}

func compressed(data []byte) (int, error) {
	var out bytes.Buffer
	w := brotli.NewWriterOptions(&out, brotli.WriterOptions{Quality: weighQuality, LGWin: 24})
	if _, err := w.Write(data); err != nil {
		return 0, err
	}
	err := w.Close()
	return out.Len(), err
}

func writePieces(out io.Writer, pieces []*piece, raw, br int) error {
	sum := 0
	for _, p := range pieces {
		sum += p.adds
	}
	slices.SortFunc(pieces, func(a, b *piece) int { return cmp.Compare(b.adds, a.adds) })
	text := "| part | KB | of the brotli, about |\n|---|--:|--:|\n"
	for _, p := range pieces {
		text += fmt.Sprintf("| %s | %d | %d KB |\n", p.name, p.raw/1000, p.adds*br/sum/1000)
	}
	_, err := fmt.Fprintf(out, "%s| all | %d | %d KB |\n", text, raw/1000, br/1000)
	return err
}
