// Command build makes the files of static/web/built: the app as WebAssembly,
// the style sheet, the scripts that start the app, the service worker, their
// compressed forms, and the index that tells the server what is served under
// which name. Run it from the module's root:
//
//	go run ./static/build
//
// What has not changed is not compressed again: brotli at its best takes ten
// seconds and more for the app. With -dev it is a development build: compressed
// quickly, not made smaller, and with what only developers look at. With
// -explain it builds nothing, but reads a stack trace from the console of
// somebody's browser and says which lines it names; the sources must be those
// of that app. With -weigh it says what the app is made of.
package main

import (
	"context"
	_ "embed"
	"flag"
	"fmt"
	"html"
	"io"
	"os"
	"path/filepath"
	"strings"

	"parley/shared/texts"
	"parley/static"
)

// designCSS is for the page /design, which only development builds have.
//
//go:embed design.css
var designCSS []byte

func main() {
	dev := flag.Bool("dev", false, "make a development build")
	trace := flag.Bool("explain", false, "explain the stack trace on the standard input")
	made := flag.Bool("weigh", false, "say what the app is made of")
	flag.Parse()
	do := func(ctx context.Context) error { return run(ctx, os.Stdout, *dev) }
	if *trace {
		do = func(ctx context.Context) error { return explain(ctx, os.Stdin, os.Stdout) }
	}
	if *made {
		do = func(ctx context.Context) error { return weigh(ctx, os.Stdout) }
	}
	if err := do(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "static/build:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer, dev bool) error {
	b := &builder{web: "static/web", out: out}
	b.index.Dev = dev
	b.again = b.wasDev() != dev
	if err := b.build(ctx); err != nil {
		return err
	}
	if err := b.writeIndex(); err != nil {
		return err
	}
	return b.sweep()
}

// build makes the files in the order in which they refer to each other: a name
// with a hash is known when the content is.
func (b *builder) build(ctx context.Context) error {
	wasm, err := compileApp(ctx, b.index.Dev)
	if err != nil {
		return err
	}
	if !b.index.Dev { // developers want stack traces
		if wasm, err = slimApp(wasm); err != nil {
			return err
		}
	}
	css, err := static.Stylesheet(os.DirFS(b.web))
	if err != nil {
		return err
	}
	if b.index.Dev {
		css = append(css, designCSS...)
	}
	if b.index.WASM, err = b.hashed("app", ".wasm", static.TypeWASM, wasm); err != nil {
		return err
	}
	if b.index.CSS, err = b.hashed("app", ".css", static.TypeCSS, []byte(minify(string(css)))); err != nil {
		return err
	}
	runtime, script, err := goappScripts(ctx)
	if err != nil {
		return err
	}
	start, err := os.ReadFile(filepath.Join(b.web, "start.js"))
	if err != nil {
		return err
	}
	table, err := os.ReadFile(filepath.Join(b.web, "emoji.json"))
	if err != nil {
		return err
	}
	emoji, err := b.hashed("emoji", ".json", static.TypeJSON, table)
	if err != nil {
		return err
	}
	fill := strings.NewReplacer("{{wasm}}", b.index.WASM, "{{emoji}}", emoji)
	start = []byte(string(script) + "\n" + fill.Replace(string(start)))
	if b.index.Runtime, err = b.hashed("runtime", ".js", static.TypeJS, runtime); err != nil {
		return err
	}
	if b.index.Script, err = b.hashed("start", ".js", static.TypeJS, start); err != nil {
		return err
	}
	return b.pages()
}

// pages are the files under fixed names that refer to hashed ones.
func (b *builder) pages() error {
	for _, e := range static.Fixed() {
		if err := b.fixed(e); err != nil {
			return err
		}
	}
	var precache []string
	for _, path := range []string{b.index.CSS, b.index.Runtime, b.index.Script, b.index.WASM, static.Offline, "/favicon.svg", "/favicon-unread.svg"} {
		precache = append(precache, `"`+path+`"`)
	}
	fill := strings.NewReplacer(
		"{{css}}", b.index.CSS,
		"{{runtime}}", b.index.Runtime,
		"{{script}}", b.index.Script,
		"{{viewport}}", static.Viewport,
		"{{head}}", static.Head,
		"{{trying}}", trying(),
		"{{offline}}", static.Offline,
		"{{version}}", b.version(),
		"{{precache}}", strings.Join(precache, ",\n\t"),
	)
	if err := b.filled("offline.html", static.Offline, static.TypeHTML, fill); err != nil {
		return err
	}
	return b.filled("sw.js", static.Worker, static.TypeJS, fill)
}

// trying says in every language that the server is away: the page is the same for
// all, and who reads it is known only when the app is there.
func trying() string {
	var b strings.Builder
	for _, t := range texts.Languages {
		b.WriteString(`<p lang="` + t.Lang + `">` + html.EscapeString(t.StillConnecting) + "</p>\n")
	}
	return strings.TrimSpace(b.String())
}
