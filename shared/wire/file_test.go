package wire_test

import (
	"strings"
	"testing"

	"parley/shared/wire"
)

func TestCleanFileName(t *testing.T) {
	for name, want := range map[string]string{
		"plan.pdf": "plan.pdf", " 报告 2026.docx ": "报告 2026.docx", `C:\Users\ann\photo.jpg`: "photo.jpg", "/etc/passwd": "passwd",
		"../../x": "x", "a<b>&\".txt": `a<b>&".txt`, "👩‍🚀.png": "👩‍🚀.png", strings.Repeat("名", wire.MaxFileName): strings.Repeat("名", wire.MaxFileName),
	} {
		if got, err := wire.CleanFileName(name); err != nil || got != want {
			t.Errorf("%q: %q, %v; want %q", name, got, err, want)
		}
	}
	for _, name := range []string{
		"", "  ", ".", "..", "a/", "a/..", `\`, "a\x00b", "a\nb", "evil\u202egnp.exe", "\xff", "\u200b", strings.Repeat("n", wire.MaxFileName+1),
	} {
		if got, err := wire.CleanFileName(name); wire.CodeFrom(err) != wire.CodeBadRequest {
			t.Errorf("%q is taken as %q: %v", name, got, err)
		}
	}
}

func TestCleanFileType(t *testing.T) {
	for media, want := range map[string]string{
		"image/png": "image/png", "Text/Plain; charset=utf-8": "text/plain", "application/vnd.ms-excel": "application/vnd.ms-excel", "image/svg+xml": "image/svg+xml",
		"": wire.OctetStream, "image": wire.OctetStream, "/": wire.OctetStream, "image/": wire.OctetStream, "a/b/c": wire.OctetStream,
		"image/png\r\nX: y": wire.OctetStream, "image/é": wire.OctetStream, "a/" + strings.Repeat("b", wire.MaxFileType): wire.OctetStream,
	} {
		if got := wire.CleanFileType(media); got != want {
			t.Errorf("%q: %q, want %q", media, got, want)
		}
	}
}

// TestPicture: what a browser could run is no picture.
func TestPicture(t *testing.T) {
	for media, want := range map[string]bool{"image/png": true, "image/webp": true, "image/svg+xml": false, "text/html": false, "image/tiff": false, wire.OctetStream: false} {
		if got := (wire.File{Type: media}).Picture(); got != want {
			t.Errorf("%s: %v", media, got)
		}
	}
}

// TestQuoteOfFiles: a message without words is called by its file.
func TestQuoteOfFiles(t *testing.T) {
	files := []wire.File{{Name: "图.png"}, {Name: "b"}}
	for text, want := range map[string]string{"": "图.png", "look": "look"} {
		if q := (wire.Message{Text: text, Files: files}).Quote(); q.Text != want {
			t.Errorf("%q: %q", text, q.Text)
		}
	}
}
