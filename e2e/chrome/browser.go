// Package chrome drives a real Chromium as a person would use it: by what can
// be seen and what a screen reader is told. Things are found by role and
// accessible name, never by class, so a test fails when the page cannot be
// used without eyes.
//
// Whatever a page writes to its console as an error, an exception or a
// violation of its content security policy fails the test, unless the test has
// said that it expects it (see [Page.Expect]).
package chrome

import (
	"context"
	"errors"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// Patience is how long a page may take to become what a test waits for: far
// more than it needs on a machine with other work.
const Patience = 30 * time.Second

// House is a name for this machine which browsers trust no more than one in a
// network: without TLS, what is served there is no secure context.
const House = "parley.test"

// Browser is a Chromium process with a profile of its own. It belongs to the
// test's goroutine.
type Browser struct {
	t     testing.TB
	ctx   context.Context
	first bool // the first page, in the profile itself, is not taken yet
}

// names of the browser, as in chromedp and the distributions.
var names = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "headless-shell"}

// Start starts a browser with a fresh profile. The test's end stops it.
func Start(t testing.TB) *Browser {
	t.Helper()
	return start(t)
}

// StartTrusting is Start of a browser that takes every certificate for a good one.
func StartTrusting(t testing.TB) *Browser {
	t.Helper()
	return start(t, chromedp.Flag("ignore-certificate-errors", true))
}

func start(t testing.TB, more ...chromedp.ExecAllocatorOption) *Browser {
	t.Helper()
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(find(t)),
		chromedp.Headless,
		chromedp.NoSandbox, // tests may run as root
		chromedp.DisableGPU,
		chromedp.NoFirstRun,
		chromedp.NoDefaultBrowserCheck,
		chromedp.UserDataDir(t.TempDir()),
		chromedp.WindowSize(1280, 800),
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.Flag("force-color-profile", "srgb"),
		chromedp.Flag("lang", "en-US"),
		chromedp.Flag("host-resolver-rules", "MAP "+House+" 127.0.0.1"),
		// A window in front of nobody is throttled as if it were hidden.
		chromedp.Flag("disable-background-timer-throttling", true),
		chromedp.Flag("disable-backgrounding-occluded-windows", true),
		chromedp.Flag("disable-renderer-backgrounding", true),
	}
	allocator, cancel := chromedp.NewExecAllocator(context.Background(), append(options, more...)...)
	t.Cleanup(cancel)
	ctx, cancelBrowser := chromedp.NewContext(allocator)
	t.Cleanup(cancelBrowser)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start Chromium: %v", err)
	}
	return &Browser{t: t, ctx: ctx, first: true}
}

func find(t testing.TB) string {
	t.Helper()
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatal(errors.New("no Chromium; install it with: sudo apt-get install chromium"))
	return ""
}

// Profile is a page in the browser's own profile, the only one that can
// install an app.
func (b *Browser) Profile(name string) *Page {
	b.t.Helper()
	if !b.first {
		b.t.Fatal("the profile's page is taken")
	}
	b.first = false
	return newPage(b.t, b.ctx, name)
}

// Person is a page in a browser context of its own, which shares nothing with
// the others: another person. name is for what the test prints.
func (b *Browser) Person(name string) *Page {
	b.t.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	b.t.Cleanup(cancel)
	return newPage(b.t, ctx, name)
}

// Tab is another tab of the same person.
func (p *Page) Tab(name string) *Page {
	p.t.Helper()
	ctx, cancel := chromedp.NewContext(p.ctx)
	p.t.Cleanup(cancel)
	return newPage(p.t, ctx, name)
}

// On is the same browser for a subtest, whose end closes the pages.
func (b *Browser) On(t testing.TB) *Browser {
	return &Browser{t: t, ctx: b.ctx}
}
