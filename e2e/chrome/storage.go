package chrome

import (
	"strings"
	"sync"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/serviceworker"
	"github.com/chromedp/cdproto/storage"
	"github.com/chromedp/chromedp"
)

// BeforeLoad runs a script in every document that the page opens from now on,
// before any of its own: a browser that lacks something, or does it badly.
func (p *Page) BeforeLoad(js string) {
	p.t.Helper()
	call(p, "add a script", page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: js})
}

// ClearData clears what the browser keeps for an origin, as a person can in its
// settings. types are those of the protocol, "indexeddb,local_storage", say.
func (p *Page) ClearData(origin, types string) {
	p.t.Helper()
	call(p, "clear the data", storage.ClearDataForOrigin, storage.ClearDataForOriginParams{Origin: origin, StorageTypes: types})
}

// Sync lets the service worker of an origin do a background sync, as the browser
// does when the network is back.
func (p *Page) Sync(origin, tag string) {
	p.t.Helper()
	var mu sync.Mutex
	var id serviceworker.RegistrationID // guarded by mu
	err := chromedp.Listen(p.ctx, func(ev any) {
		if e, ok := ev.(*serviceworker.EventWorkerRegistrationUpdated); ok {
			mu.Lock()
			defer mu.Unlock()
			for _, r := range e.Registrations {
				if strings.HasPrefix(r.ScopeURL, origin) && !r.IsDeleted {
					id = r.RegistrationID
				}
			}
		}
	})
	if err != nil {
		p.t.Fatalf("%s: listen to service workers: %v", p.name, err)
	}
	call(p, "watch service workers", serviceworker.Enable, cdp.Empty{})
	defer call(p, "watch service workers no more", serviceworker.Disable, cdp.Empty{}) // or the next one would not be told
	p.Wait("the service worker of "+origin, func() bool {
		mu.Lock()
		defer mu.Unlock()
		return id != ""
	})
	mu.Lock()
	defer mu.Unlock()
	call(p, "dispatch a sync", serviceworker.DispatchSyncEvent, serviceworker.DispatchSyncEventParams{
		Origin: origin, RegistrationID: id, Tag: tag,
	})
}
