package rows

import (
	"fmt"
	"strings"
	"testing"

	"parley/shared/wire"
)

func TestFilesAreExact(t *testing.T) {
	w := writer()
	w.Texts.Files = "Files"
	var b strings.Builder
	w.Message(&b, nil, wire.Message{Seq: 7, Author: "u1", Time: at("4 09:05:00"), Files: []wire.File{
		{ID: "f1", Name: `截图 "1".png`, Type: "image/png", Size: 812_345, Width: 1600, Height: 900},
		{ID: "f2", Name: "plan.pdf", Type: "application/pdf", Size: 1_240_000},
	}}, false)
	_, got, _ := strings.Cut(b.String(), "</time></div>")
	want := `<div class="files" role="group" aria-label="Files">` +
		`<a class="picture" target="_blank" rel="noopener" data-do="picture" href="/files/f1" title="截图 &#34;1&#34;.png">` +
		`<img loading="lazy" decoding="async" src="/files/f1" alt="截图 &#34;1&#34;.png" width="360" height="203"></a>` +
		`<a class="file" href="/files/f2" download="plan.pdf"><span class="file-kind" aria-hidden="true">PDF</span>` +
		`<span class="file-name" dir="auto">plan.pdf</span> <span class="file-size">1.2` + "\u00a0" + `MB</span></a></div></div></article>`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestFilesBelongToTheirText: a text stands above its files, and a deleted message
// has neither.
func TestFilesBelongToTheirText(t *testing.T) {
	files := []wire.File{{ID: "f", Name: "a.zip"}}
	row := func(m wire.Message) string {
		var b strings.Builder
		writer().Message(&b, nil, m, false)
		return b.String()
	}
	got := row(wire.Message{Text: "hello", Files: files})
	if text, at := strings.Index(got, "hello"), strings.Index(got, `class="files"`); text < 0 || at < text {
		t.Errorf("the files do not follow the text: %s", got)
	}
	if got := row(wire.Message{Files: files}); strings.Contains(got, `class="text`) {
		t.Errorf("a message without a text has a place for one: %s", got)
	}
	if got := row(wire.Message{Files: files, Deleted: 1}); strings.Contains(got, "files") {
		t.Errorf("a deleted message has files: %s", got)
	}
	if got := row(wire.Message{Text: "hello"}); strings.Contains(got, "file") {
		t.Errorf("a message without files speaks of them: %s", got)
	}
}

func TestPendingFiles(t *testing.T) {
	picture := wire.File{Name: "cat.jpg", Type: "image/jpeg", Width: 100, Height: 50}
	for name, c := range map[string]struct {
		file     PendingFile
		state    State
		want     string
		progress bool
	}{
		"a picture that is here":     {PendingFile{File: picture, Src: "blob:x/1"}, Sending, `<img loading="lazy" decoding="async" src="blob:x/1" alt="cat.jpg" width="100" height="50">`, true},
		"a picture that is nowhere":  {PendingFile{File: picture}, Sending, `<span class="file"><span class="file-kind" aria-hidden="true">JPG</span>`, true},
		"another file":               {PendingFile{File: wire.File{Name: "a.pdf", Type: "application/pdf"}, Src: "blob:x/2"}, Sending, `<span class="file">`, true},
		"what waits for its place":   {PendingFile{File: picture, Src: "blob:x/3"}, Sent, `src="blob:x/3"`, false},
		"what was refused":           {PendingFile{File: picture, Src: "blob:x/4"}, Failed, `src="blob:x/4"`, false},
		"a drawing that is no image": {PendingFile{File: wire.File{Name: "a.svg", Type: "image/svg+xml"}, Src: "blob:x/5"}, Sending, `<span class="file">`, true},
	} {
		var b strings.Builder
		writer().Pending(&b, nil, Pending{Nonce: "n", Files: []PendingFile{c.file}, Percent: 41, State: c.state})
		got := b.String()
		if !strings.Contains(got, c.want) || strings.Contains(got, "/files/") {
			t.Errorf("%s: %s", name, got)
		}
		if has := strings.Contains(got, `<progress class="files-progress" max="100" value="41"`); has != c.progress {
			t.Errorf("%s: progress is %v: %s", name, has, got)
		}
	}
}

// TestPicturesKeepTheirPlace: a picture's size in the row is that of its pixels, in
// their proportions, as far as there is room.
func TestPicturesKeepTheirPlace(t *testing.T) {
	for _, c := range []struct{ width, height, n, wantWide, wantHigh int }{
		{1600, 900, 1, 360, 203},
		{900, 1600, 1, 180, 320},
		{20, 10, 1, 20, 10},
		{wire.MaxPixels, 1, 1, 360, 1},
		{1, wire.MaxPixels, 1, 1, 320},
		{1600, 900, 2, 320, 180},
		{900, 1600, 3, 101, 180},
	} {
		files := make([]wire.File, c.n)
		for i := range files {
			files[i] = wire.File{Type: "image/webp", Width: c.width, Height: c.height}
		}
		var b strings.Builder
		writer().files(&b, append(files, wire.File{Type: "text/plain"}))
		size := fmt.Sprintf(`width="%d" height="%d"`, c.wantWide, c.wantHigh)
		if n := strings.Count(b.String(), size); n != c.n {
			t.Errorf("%d of %d × %d: %s is there %d times: %s", c.n, c.width, c.height, size, n, b.String())
		}
	}
	for _, f := range []wire.File{{}, {Width: 10}, {Height: 10}, {Width: -5, Height: 5}} {
		f.Type = "image/png"
		var b strings.Builder
		writer().files(&b, []wire.File{f})
		if got := b.String(); !strings.Contains(got, "<img") || strings.Contains(got, "width=") {
			t.Errorf("%d × %d: %s", f.Width, f.Height, got)
		}
	}
}

func TestKind(t *testing.T) {
	for name, want := range map[string]string{
		"a.pdf": "PDF", "A.TAR.gz": "GZ", "照片.jpeg": "JPEG", "README": "", "a.": "", "": "", "x.markdown": "", "报告.docx": "DOCX", "a.b/c": "B/C",
	} {
		if got := Kind(name); got != want {
			t.Errorf("Kind(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestSize(t *testing.T) {
	for bytes, want := range map[int64]string{
		-1: "0 B", 0: "0 B", 1: "1 B", 999: "999 B", 1000: "1.0 KB", 9949: "9.9 KB", 9950: "10 KB", 340_400: "340 KB",
		999_499: "999 KB", 999_500: "1.0 MB", 1_240_000: "1.2 MB", 32 << 20: "34 MB", 5e9: "5.0 GB", 2e15: "2000 TB",
	} {
		if got := strings.ReplaceAll(Size(bytes), "\u00a0", " "); got != want {
			t.Errorf("Size(%d) = %q, want %q", bytes, got, want)
		}
	}
}
