package e2e_test

import (
	"strings"
	"testing"

	"parley/e2e/badproxy"
	"parley/e2e/chrome"
	"parley/e2e/parley"
)

// TestLabPage: somebody who has not signed in, behind a proxy that refuses
// WebSockets, is told so in the page, with what would help.
func TestLabPage(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	s.Setup("Olga")
	proxy := through(t, s, badproxy.WSRefuse())
	ada := chrome.Start(t).Person("Ada")
	ada.TolerateNetwork()
	ada.Open(proxy.URL() + "/lab")
	verdict := func() string {
		return chrome.Eval[string](ada, `(document.getElementById("lab-verdict") || {}).textContent || ""`)
	}
	ada.Wait("the verdict", func() bool {
		v := verdict()
		return strings.Contains(v, "Parley uses SSE.") && strings.Contains(v, "WebSocket cannot be opened") && strings.Contains(v, "Short poll works")
	})
	found := chrome.Eval[string](ada, `document.getElementById("lab-found").innerText`)
	if !contains(found, "proxy_set_header Upgrade", "HAProxy", "What polling costs") {
		t.Errorf("the page does not say what would help: %s", found)
	}
	ada.Keep("lab")
	ada.Show(chrome.PhoneDark)
	ada.Keep("lab-phone-dark")

	ada.Click("radio", "Long poll")
	ada.Wait("one lane", func() bool {
		return chrome.Eval[int](ada, `document.querySelectorAll(".lab-lane").length`) == 1 && strings.Contains(verdict(), "Parley uses Long poll.")
	})
	ada.Click("button", "Disconnect")
	ada.Wait("that it was closed here", func() bool {
		return strings.Contains(chrome.Eval[string](ada, `document.getElementById("lab-found").innerText`), "closed here")
	})
	ada.Click("button", "Connect")
	ada.Find("button", "Disconnect")
}

// TestForcedRung: what was chosen in the lab carries the conversation in this
// window, until it is taken back.
func TestForcedRung(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Olga")
	ada := chrome.Start(t).Person("Ada")
	visit(ada, owner, s.URL())
	waitRung(ada, "WebSocket")
	ada.Open(s.URL() + "/lab")
	chosen := func() string {
		return chrome.Eval[string](ada, "sessionStorage.getItem('parley:pref/rung') ?? ''")
	}
	ada.Click("radio", "Short poll")
	ada.Wait("the choice to be kept", func() bool { return chosen() == "3" })
	ada.Open(s.URL() + "/")
	waitRung(ada, "Short poll")
	say(ada, "over short polls")
	ada.WaitRow("over short polls")
	ada.Open(s.URL() + "/lab")
	ada.Click("radio", "All four")
	ada.Wait("the choice to be taken back", func() bool { return chosen() != "3" })
	ada.Open(s.URL() + "/")
	waitRung(ada, "WebSocket")
}
