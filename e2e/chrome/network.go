package chrome

import "github.com/chromedp/cdproto/network"

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
