package chrome

import (
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/pwa"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// Install installs the page's app, as the browser's menu does. id is that of the
// manifest, as a URL. Only the page of [Browser.Profile] can.
func (p *Page) Install(id string) {
	p.t.Helper()
	call(p, "install the app", pwa.Install, pwa.InstallParams{ManifestID: id, InstallURLOrBundleURL: id})
	call(p, "give the app a window", pwa.ChangeAppUserSettings, pwa.ChangeAppUserSettingsParams{ManifestID: id, DisplayMode: pwa.DisplayModeStandalone})
	p.t.Cleanup(func() { _, _ = try(p, pwa.Uninstall, pwa.UninstallParams{ManifestID: id}) })
}

// LaunchWindow opens the installed app in a window of its own, and gives its page.
func (p *Page) LaunchWindow(id, name string) *Page {
	p.t.Helper()
	before := p.Windows()
	p.Launch(id, "")
	var window target.ID
	p.Wait("the app's window", func() bool {
		for found := range p.Windows() {
			if !before[found] {
				window = found
			}
		}
		return window != ""
	})
	ctx, cancel := chromedp.NewContext(p.ctx, chromedp.WithTargetID(window))
	p.t.Cleanup(cancel)
	return newPage(p.t, ctx, name)
}

// Launch opens the installed app as its icon does, or at url as its shortcuts do.
func (p *Page) Launch(id, url string) {
	p.t.Helper()
	call(p, "launch the app", pwa.Launch, pwa.LaunchParams{ManifestID: id, URL: url})
}

// Windows are the pages that are open in the whole browser.
func (p *Page) Windows() map[target.ID]bool {
	p.t.Helper()
	res := call(p, "list the windows", target.GetTargets, target.GetTargetsParams{})
	windows := map[target.ID]bool{}
	for _, info := range res.TargetInfos {
		if info.Type == "page" {
			windows[info.TargetID] = true
		}
	}
	return windows
}

// Badge is the number on the icon of the installed app.
func (p *Page) Badge(id string) int64 {
	p.t.Helper()
	return call(p, "ask for the badge", pwa.GetOsAppState, pwa.GetOsAppStateParams{ManifestID: id}).BadgeCount
}

// Agent lets the page take the browser for another one, from the next load on.
func (p *Page) Agent(userAgent string) {
	p.t.Helper()
	call(p, "set the agent", emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{UserAgent: userAgent})
}
