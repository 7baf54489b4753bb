package e2e_test

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"parley/e2e/chrome"
)

// icons are drawn once, as SVG; what wants pixels gets them from there.
var icons = []struct {
	png, svg string
	size     int64
}{
	{"icon-192.png", "favicon.svg", 192},
	{"icon-512.png", "favicon.svg", 512},
	{"maskable-512.png", "maskable.svg", 512},
	{"apple-touch-icon.png", "apple-touch-icon.svg", 180},
	{"room-96.png", "room.svg", 96},
}

// TestIcons wants the icons in pixels to show what their sources do. With
// PARLEY_WRITE it makes them anew instead.
func TestIcons(t *testing.T) {
	t.Parallel()
	dir := filepath.Join("..", "static", "web", "icons")
	p := chrome.Start(t).Person("painter")
	for _, icon := range icons {
		svg, err := os.ReadFile(filepath.Join(dir, icon.svg))
		must(t, err)
		drawn := p.Draw(string(svg), icon.size)
		path := filepath.Join(dir, icon.png)
		if os.Getenv("PARLEY_WRITE") != "" {
			must(t, os.WriteFile(path, drawn, 0o644))
			continue
		}
		kept, err := os.ReadFile(path)
		must(t, err)
		if d := difference(t, drawn, kept); d > 0.01 {
			t.Errorf("%s differs from %s by %.1f %%; make screenshots draws it anew", icon.png, icon.svg, 100*d)
		}
	}
}

// difference of two pictures: 0 for none, 1 for black and white. One browser
// smooths an edge otherwise than the next, so equality is too much to ask.
func difference(t *testing.T, a, b []byte) float64 {
	t.Helper()
	one, err := png.Decode(bytes.NewReader(a))
	must(t, err)
	two, err := png.Decode(bytes.NewReader(b))
	must(t, err)
	if one.Bounds() != two.Bounds() {
		return 1
	}
	var sum float64
	bounds := one.Bounds()
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			sum += apart(one, two, x, y)
		}
	}
	return sum / float64(bounds.Dx()*bounds.Dy())
}

// apart is how far two pixels are from each other, 0 to 1.
func apart(one, two image.Image, x, y int) float64 {
	r1, g1, b1, a1 := one.At(x, y).RGBA()
	r2, g2, b2, a2 := two.At(x, y).RGBA()
	var most uint32
	for _, c := range [][2]uint32{{r1, r2}, {g1, g2}, {b1, b2}, {a1, a2}} {
		most = max(most, c[0]-min(c[0], c[1]), c[1]-min(c[0], c[1]))
	}
	return float64(most) / 0xffff
}
