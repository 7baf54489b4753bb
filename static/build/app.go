package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/andybalholm/brotli"

	"parley/static/wasm"
)

// compileApp is ./app as WebAssembly. Inlining costs the download more than it
// gives the reader, whose time goes into the DOM: without it the app is
// smaller by a twentieth. See [wasm.Flags] for where it is worth it.
func compileApp(ctx context.Context, dev bool) ([]byte, error) {
	dir, err := os.MkdirTemp("", "parley-app-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	mod, err := trimGoapp(ctx, dir)
	if err != nil {
		return nil, err
	}
	out := filepath.Join(dir, "app.wasm")
	args := []string{"build", "-modfile=" + mod, "-buildvcs=false", "-trimpath", "-ldflags=-s -w", "-o", out}
	args = append(args, wasm.Flags()...)
	if dev {
		args = append(args, "-tags", "dev")
	}
	cmd := exec.CommandContext(ctx, "go", append(args, "./app")...)
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0")
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("compile the app: %w", err)
	}
	return os.ReadFile(out)
}

// slimApp takes out of the app what it does not need to run, about a quarter of
// the download. The names of our own functions stay, so that a stack trace on
// somebody's console says something; `go run ./static/build -explain` says the rest.
func slimApp(app []byte) ([]byte, error) {
	return wasm.Slim(app, func(name string) bool { return strings.HasPrefix(name, "parley/") })
}

// quickBrotli and quickGzip are levels that take a tenth of the time of the best.
const quickBrotli, quickGzip = 4, 4

// compress gives the best that gzip and brotli can do, by their suffixes: it is
// done once and downloaded often. For a development build it gives what is quick.
func compress(data []byte, dev bool) (map[string][]byte, error) {
	gzipLevel, brotliLevel := gzip.BestCompression, brotli.BestCompression
	if dev {
		gzipLevel, brotliLevel = quickGzip, quickBrotli
	}
	var gz, br bytes.Buffer
	zw, err := gzip.NewWriterLevel(&gz, gzipLevel)
	if err != nil {
		return nil, err
	}
	if _, err := zw.Write(data); err != nil {
		return nil, err
	}
	if err := zw.Close(); err != nil {
		return nil, err
	}
	bw := brotli.NewWriterOptions(&br, brotli.WriterOptions{Quality: brotliLevel, LGWin: 24})
	if _, err := bw.Write(data); err != nil {
		return nil, err
	}
	if err := bw.Close(); err != nil {
		return nil, err
	}
	return map[string][]byte{".gz": gz.Bytes(), ".br": br.Bytes()}, nil
}
