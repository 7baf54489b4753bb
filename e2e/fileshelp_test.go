package e2e_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/e2e/badproxy"
	"parley/e2e/chrome"
	"parley/e2e/parley"
	"parley/shared/wire"
)

// attachInput is where the button with the clip has files chosen.
const attachInput = "#attach"

// drawing is a picture of so many pixels, every one of another colour.
func drawing(width, height int) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			img.Set(x, y, color.RGBA{uint8(255 * x / width), uint8(255 * y / height), uint8(x ^ y), 255})
		}
	}
	return img
}

// pngOf and jpegOf are pictures of so many pixels.
func pngOf(t *testing.T, width, height int) []byte {
	t.Helper()
	var b bytes.Buffer
	must(t, png.Encode(&b, drawing(width, height)))
	return b.Bytes()
}

func jpegOf(t *testing.T, width, height int) []byte {
	t.Helper()
	var b bytes.Buffer
	must(t, jpeg.Encode(&b, drawing(width, height), &jpeg.Options{Quality: 95}))
	return b.Bytes()
}

// noise is so many bytes of a file that is nothing in particular.
func noise(n int) []byte {
	r := rand.New(rand.NewPCG(1, uint64(n)))
	data := make([]byte, n)
	for i := range data {
		data[i] = byte(r.Uint32())
	}
	return data
}

// store writes a file of this machine.
func store(t *testing.T, name string, data []byte) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), name)
	must(t, os.WriteFile(path, data, 0o600))
	return path
}

// transfer is what is pasted or dropped, in a script.
func transfer(name, media string, data []byte) string {
	args, _ := json.Marshal([]string{name, media, base64.StdEncoding.EncodeToString(data)})
	return `(([name, type, data]) => {
		const transfer = new DataTransfer();
		transfer.items.add(new File([Uint8Array.from(atob(data), c => c.charCodeAt(0))], name, {type}));
		return transfer;
	})(` + string(args) + `)`
}

// paste pastes a file, as after a screenshot.
func paste(p *chrome.Page, name, media string, data []byte) {
	chrome.Eval[bool](p, `(() => {
		const clipboardData = `+transfer(name, media, data)+`;
		document.querySelector('.composer-text').dispatchEvent(new ClipboardEvent('paste', {clipboardData, bubbles: true, cancelable: true}));
		return true;
	})()`)
}

// drop drags a file over the conversation, and drops it there. seen is called in
// between.
func drop(p *chrome.Page, name, media string, data []byte, seen func()) {
	chrome.Eval[bool](p, `(() => {
		window.dragged = `+transfer(name, media, data)+`;
		return document.querySelector('.timeline').dispatchEvent(new DragEvent('dragover', {dataTransfer: window.dragged, bubbles: true, cancelable: true}));
	})()`)
	seen()
	chrome.Eval[bool](p, `document.querySelector('.timeline').dispatchEvent(new DragEvent('drop', {dataTransfer: window.dragged, bubbles: true, cancelable: true}))`)
}

// tray is what is attached to the message that is being written, as far as it is
// ready.
func tray(p *chrome.Page) []string {
	return chrome.Eval[[]string](p, `[...document.querySelectorAll('.tray li:not(.busy) .file-name')].map(e => e.textContent)`)
}

func wantTray(p *chrome.Page, names ...string) {
	p.Wait("the tray to hold "+strings.Join(names, " and "), func() bool {
		return strings.Join(tray(p), "\n") == strings.Join(names, "\n") && !chrome.Eval[bool](p, `!!document.querySelector('.tray .busy')`)
	})
}

// sent waits for the message with a file of this name to have its place.
func waitFile(p *chrome.Page, name string) chrome.Row {
	var row chrome.Row
	p.Wait("the file "+name, func() bool {
		seq := chrome.Eval[uint64](p, `(() => {
			const named = e => e.alt === `+quote(name)+` || e.textContent === `+quote(name)+`;
			const file = [...document.querySelectorAll('[data-seq] :is(.picture img, .file-name)')].find(named);
			return file ? Number(file.closest('[data-seq]').dataset.seq) : 0;
		})()`)
		for _, r := range p.Rows() {
			if r.Seq == seq && seq > 0 {
				row = r
				return true
			}
		}
		return false
	})
	return row
}

// waitPicture waits until a picture can be seen, and gives its pixels.
func waitPicture(p *chrome.Page, name string) (width, height int) {
	var size [2]int
	p.Wait("the picture "+name, func() bool {
		size = chrome.Eval[[2]int](p, `(() => {
			const img = [...document.querySelectorAll('[data-seq] .picture img')].find(e => e.alt === `+quote(name)+`);
			return img && img.complete ? [img.naturalWidth, img.naturalHeight] : [0, 0];
		})()`)
		return size[0] > 0
	})
	return size[0], size[1]
}

// bytesOf are the bytes of a file, as somebody gets them.
func bytesOf(t *testing.T, u *parley.User, f wire.File) []byte {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, u.Origin()+f.Path(), nil)
	must(t, err)
	req.Header = u.Header()
	res, err := http.DefaultClient.Do(req)
	must(t, err)
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	must(t, err)
	if res.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s", f.Path(), res.Status)
	}
	return data
}

// held answers requests for what is at a path only when it is let go.
func held(prefix string, let <-chan struct{}) badproxy.Fault {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasPrefix(r.URL.Path, prefix) {
				select {
				case <-let:
				case <-r.Context().Done():
					return
				}
			}
			next.ServeHTTP(w, r)
		})
	}
}

// downloaded waits until a file is in a folder, whole.
func downloaded(p *chrome.Page, dir, name string, want []byte) {
	p.Wait("the download of "+name, func() bool {
		got, err := os.ReadFile(filepath.Join(dir, name))
		return err == nil && bytes.Equal(got, want)
	})
}
