package chrome

import (
	"os"
	"path/filepath"
	"strings"

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
	scheme := "light"
	if v.Dark {
		scheme = "dark"
	}
	call(p, "set the colours", emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
}

// Screenshot is what the page looks like, as PNG.
func (p *Page) Screenshot() []byte {
	p.t.Helper()
	return call(p, "take a screenshot", page.CaptureScreenshot, page.CaptureScreenshotParams{}).Data
}

// Keep saves a screenshot among the run's pictures: in the folder that
// PARLEY_PICTURES names, nowhere without it.
func (p *Page) Keep(name string) {
	p.t.Helper()
	if os.Getenv("PARLEY_PICTURES") != "" {
		p.save(name, p.Screenshot())
	}
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
