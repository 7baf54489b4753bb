package e2e_test

import (
	"testing"

	"parley/e2e/axe"
	"parley/e2e/chrome"
)

// TestAxe: axe-core has nothing to say against any screen, in either theme and
// either language, on a desktop and on a phone.
func TestAxe(t *testing.T) {
	t.Parallel()
	browser := chrome.Start(t)
	for _, languages := range []string{"en-GB,en", "zh-CN,zh;q=0.9"} {
		for _, v := range []chrome.View{chrome.Desktop, chrome.Phone} {
			t.Run(languages[:2]+" "+v.Name, func(t *testing.T) {
				tour(t, browser, languages, v, func(p *chrome.Page, screen string) {
					for _, dark := range []bool{false, true} {
						v.Dark = dark
						p.Show(v)
						name := screen + ", light"
						if dark {
							name = screen + ", dark"
						}
						p.Keep(languages[:2] + "-" + v.Name + "-" + name)
						axe.Check(t, p, name)
						if languages[:2] == "zh" {
							wantChinese(t, p, screen)
						}
					}
					v.Dark = false
					p.Show(v)
				})
			})
		}
	}
}
