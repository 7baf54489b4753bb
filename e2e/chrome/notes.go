package chrome

import (
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// Allow lets an origin do what needs a person's permission ("notifications"), as
// if it had been asked for and given.
func (p *Page) Allow(origin, permission string) {
	p.t.Helper()
	call(p, "give permission", browser.SetPermission, browser.SetPermissionParams{
		Permission: &browser.PermissionDescriptor{Name: permission}, Setting: browser.PermissionSettingGranted, Origin: origin,
	})
}

// Worker evaluates JavaScript in the service worker of an origin, and gives what
// comes of it as a string.
func (p *Page) Worker(origin, js string) string {
	p.t.Helper()
	var id target.ID
	p.Wait("the service worker", func() bool {
		for _, info := range call(p, "list the workers", target.GetTargets, target.GetTargetsParams{}).TargetInfos {
			if info.Type == "service_worker" && strings.HasPrefix(info.URL, origin) {
				id = info.TargetID
			}
		}
		return id != ""
	})
	ctx, cancel := chromedp.NewContext(p.ctx, chromedp.WithTargetID(id))
	defer cancel()
	result, err := chromedp.Run(ctx, chromedp.Evaluate[any](js, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("%s: evaluate in the service worker: %v", p.name, err)
	}
	return fmt.Sprint(result)
}
