package main

import (
	"io"
	"log/slog"
	"os"
)

// newLog is a log to w: text when format says so, or says auto and w is a
// terminal; else JSON.
func newLog(w io.Writer, format, level string) *slog.Logger {
	var at slog.Level
	_ = at.UnmarshalText([]byte(level)) // kong has checked it
	options := &slog.HandlerOptions{Level: at, ReplaceAttr: readable}
	if format == "text" || format == "auto" && isTerminal(w) {
		return slog.New(slog.NewTextHandler(w, options))
	}
	return slog.New(slog.NewJSONHandler(w, options))
}

// readable writes durations as people do ("1.5s"), also in JSON.
func readable(_ []string, a slog.Attr) slog.Attr {
	if a.Value.Kind() == slog.KindDuration {
		a.Value = slog.StringValue(a.Value.Duration().String())
	}
	return a
}

// discardLog is for commands that end at once: what goes wrong is their error.
func discardLog() *slog.Logger { return slog.New(slog.DiscardHandler) }

// isTerminal tells whether w is a character device other than the null device:
// in practice a terminal.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	null, err := os.Stat(os.DevNull)
	return err != nil || !os.SameFile(info, null)
}
