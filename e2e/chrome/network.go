package chrome

import (
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/debugger"
	"github.com/chromedp/cdproto/network"
)

// Offline takes the page's network away, or gives it back, as the browser sees
// it: requests fail, nothing comes over WebSockets that are open, though they are
// not closed (Chromium 156), and the page is told by events.
func (p *Page) Offline(on bool) {
	p.t.Helper()
	call(p, "change the network", network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
		MatchedNetworkConditions: []*network.Conditions{{Offline: on, DownloadThroughput: -1, UploadThroughput: -1}},
	})
	call(p, "say what the network is", network.OverrideNetworkState, network.OverrideNetworkStateParams{
		Offline: on, DownloadThroughput: -1, UploadThroughput: -1,
	})
}

// Freeze stops the page where it is, as one that hangs, or lets it go on. While it
// is frozen nothing can be asked of it.
func (p *Page) Freeze(on bool) {
	p.t.Helper()
	if on {
		call(p, "hold the page", debugger.Enable, debugger.EnableParams{})
		call(p, "hold the page", debugger.Pause, cdp.Empty{})
		return
	}
	call(p, "let the page go on", debugger.Resume, debugger.ResumeParams{})
	call(p, "let the page go on", debugger.Disable, cdp.Empty{})
}
