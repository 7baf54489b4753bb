package chrome

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
)

// View is a screen.
type View struct {
	Name          string
	Width, Height int64
	Scale         float64
	Mobile        bool
	Dark          bool
	Still         bool // prefers reduced motion
	Forced        bool // the system's own few colours
}

// Views that the page must look good in.
var (
	Desktop     = View{Name: "desktop-light", Width: 1280, Height: 800, Scale: 1}
	DesktopDark = View{Name: "desktop-dark", Width: 1280, Height: 800, Scale: 1, Dark: true}
	Phone       = View{Name: "phone-light", Width: 390, Height: 844, Scale: 2, Mobile: true}
	PhoneDark   = View{Name: "phone-dark", Width: 390, Height: 844, Scale: 2, Mobile: true, Dark: true}
)

// Show gives the page a screen.
func (p *Page) Show(v View) {
	p.t.Helper()
	call(p, "set the size", emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: v.Width, Height: v.Height, DeviceScaleFactor: v.Scale, Mobile: v.Mobile,
	})
	call(p, "set touch", emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: v.Mobile})
	var features []*emulation.MediaFeature
	for _, f := range []struct {
		name    string
		is      bool
		yes, no string
	}{
		{"prefers-color-scheme", v.Dark, "dark", "light"},
		{"prefers-reduced-motion", v.Still, "reduce", ""},
		{"forced-colors", v.Forced, "active", ""},
	} {
		value := f.no
		if f.is {
			value = f.yes
		}
		features = append(features, &emulation.MediaFeature{Name: f.name, Value: value})
	}
	call(p, "set the media", emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features})
}

// Speak gives the person's browser languages, as in Accept-Language.
func (p *Page) Speak(languages string) {
	p.t.Helper()
	agent := Eval[string](p, "navigator.userAgent")
	call(p, "set the languages", emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{UserAgent: agent, AcceptLanguage: languages})
}

// Screenshot is what the page looks like, as PNG.
func (p *Page) Screenshot() []byte {
	p.t.Helper()
	return call(p, "take a screenshot", page.CaptureScreenshot, page.CaptureScreenshotParams{}).Data
}

// WebP is what the page looks like, in a fifth of the bytes: for pictures that
// are kept.
func (p *Page) WebP() []byte {
	p.t.Helper()
	return call(p, "take a screenshot", page.CaptureScreenshot, page.CaptureScreenshotParams{
		Format: page.CaptureScreenshotFormatWebp, Quality: new(int64(webpQuality)),
	}).Data
}

// Small is WebP of a view, in fewer pixels where it has many: for a gallery.
func (p *Page) Small(v View) []byte {
	p.t.Helper()
	scale := 1.0
	if v.Scale > 1 {
		scale = 1.5 / v.Scale
	}
	return call(p, "take a screenshot", page.CaptureScreenshot, page.CaptureScreenshotParams{
		Format: page.CaptureScreenshotFormatWebp, Quality: new(int64(webpQuality)),
		Clip: &page.Viewport{Width: float64(v.Width), Height: float64(v.Height), Scale: scale},
	}).Data
}

// webpQuality is where text still has no halo.
const webpQuality = 82

// Draw draws an SVG as a square PNG of size pixels, on a transparent ground.
func (p *Page) Draw(svg string, size int64) []byte {
	p.t.Helper()
	call(p, "set the size", emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: size, Height: size, DeviceScaleFactor: 1,
	})
	call(p, "set the ground", emulation.SetDefaultBackgroundColorOverride, emulation.SetDefaultBackgroundColorOverrideParams{
		Color: &cdp.RGBA{A: 0.001}, // 0 is left out on the way, and means opaque
	})
	p.Open("data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString([]byte(svg)))
	return p.Screenshot()
}

// Keep saves a screenshot among the run's pictures: in the folder that
// PARLEY_PICTURES names, nowhere without it.
func (p *Page) Keep(name string) {
	p.t.Helper()
	if os.Getenv("PARLEY_PICTURES") != "" {
		p.save(name, p.Screenshot())
	}
}

// KeepWhole is Keep for a page that is longer than the screen and scrolls in its
// first element.
func (p *Page) KeepWhole(name string) {
	p.t.Helper()
	if os.Getenv("PARLEY_PICTURES") == "" {
		return
	}
	size := Eval[[]int64](p, "(() => { const e = document.getElementById('app'); return [innerWidth, Math.min(e.scrollHeight, 16000)]; })()")
	call(p, "set the size", emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: size[0], Height: size[1], DeviceScaleFactor: 1,
	})
	p.save(name, p.Screenshot())
}

// keep is Keep for a test that has failed already.
func (p *Page) keep(name string) {
	res, err := try(p, page.CaptureScreenshot, page.CaptureScreenshotParams{})
	if err == nil && os.Getenv("PARLEY_PICTURES") != "" {
		p.save(strings.NewReplacer("/", "-", " ", "_").Replace(p.t.Name()+"-"+p.name)+"-"+name, res.Data)
	}
}

func (p *Page) save(name string, png []byte) {
	p.t.Helper()
	dir := os.Getenv("PARLEY_PICTURES")
	path := filepath.Join(dir, name+".png")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		p.t.Errorf("save a picture: %v", err)
		return
	}
	if err := os.WriteFile(path, png, 0o644); err != nil {
		p.t.Errorf("save a picture: %v", err)
	}
}

// Zone puts the person into a time zone; "" is the machine's own.
func (p *Page) Zone(name string) {
	p.t.Helper()
	call(p, "set the time zone", emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: name})
}
