package chrome

import "github.com/chromedp/cdproto/browser"

// Downloads lets the browser save files in a folder, without asking. It is for the
// page of [Browser.Profile].
func (p *Page) Downloads(dir string) {
	p.t.Helper()
	call(p, "let files be saved", browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
		Behavior: browser.SetDownloadBehaviorBehaviorAllow, DownloadPath: dir,
	})
}
