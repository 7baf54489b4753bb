package chrome

import (
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/heapprofiler"
	"github.com/chromedp/cdproto/memory"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/performance"
	"github.com/chromedp/cdproto/runtime"
)

// Slow makes the processor slower by a factor, and gives the network a latency
// from request to answer and a throughput in bits a second, shared by all
// requests of the page.
func (p *Page) Slow(cpu float64, latency time.Duration, bits float64) {
	p.t.Helper()
	call(p, "slow the processor", emulation.SetCPUThrottlingRate, emulation.SetCPUThrottlingRateParams{Rate: cpu})
	call(p, "slow the network", network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
		MatchedNetworkConditions: []*network.Conditions{{
			Latency: float64(latency.Milliseconds()), DownloadThroughput: bits / 8, UploadThroughput: bits / 8,
		}},
	})
}

// Early runs a script in every document from now on, before any of its own.
func (p *Page) Early(js string) {
	p.t.Helper()
	call(p, "add a script", page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: js})
}

// Busy is how much of the processor's time the page's main thread has had since
// the first call, for everything that it does: script, layout, painting. Other
// work of the machine does not count.
func (p *Page) Busy() time.Duration {
	p.t.Helper()
	return time.Duration(p.measured("TaskDuration") * float64(time.Second))
}

// Drawn is how often the page has looked up styles, and laid itself out.
func (p *Page) Drawn() (styles, layouts int) {
	p.t.Helper()
	return int(p.measured("RecalcStyleCount")), int(p.measured("LayoutCount"))
}

func (p *Page) measured(name string) float64 {
	p.t.Helper()
	call(p, "measure", performance.Enable, performance.EnableParams{TimeDomain: performance.EnableTimeDomainThreadTicks})
	for _, m := range call(p, "measure", performance.GetMetrics, cdp.Empty{}).Metrics {
		if m.Name == name {
			return m.Value
		}
	}
	p.t.Fatalf("Chromium does not tell the %s", name)
	return 0
}

// Held is what a page holds.
type Held struct {
	Scripts   int // bytes of the scripts' objects
	Nodes     int // of the document, and such as have been taken out and are still held
	Listeners int
}

// Held is what is left after a collection. (What Chromium keeps for itself is not
// in it: that grows with every element that was ever drawn, in any page.)
func (p *Page) Held() Held {
	p.t.Helper()
	call(p, "collect garbage", heapprofiler.CollectGarbage, cdp.Empty{})
	n := call(p, "count nodes", memory.GetDOMCounters, cdp.Empty{})
	used := call(p, "measure the heap", runtime.GetHeapUsage, cdp.Empty{})
	return Held{Scripts: int(used.UsedSize), Nodes: int(n.Nodes), Listeners: int(n.JsEventListeners)}
}
