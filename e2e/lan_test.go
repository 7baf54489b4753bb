package e2e_test

import (
	"strings"
	"testing"

	"parley/e2e/chrome"
	"parley/e2e/parley"
)

// TestPlainHTTP: at an address without TLS that is not this machine's, as in a
// house of one's own, browsers send no Sec-Fetch-Site and have no service worker.
// Everything works, with scripts and without.
func TestPlainHTTP(t *testing.T) {
	t.Parallel()
	for name, scripts := range map[string]bool{"with scripts": true, "without": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := parley.Start(t)
			s.Setup("Ada")
			ada := chrome.Start(t).Person("Ada")
			ada.Scripts(scripts)
			ada.Open(strings.Replace(s.URL(), "localhost", chrome.House, 1))
			if scripts && chrome.Eval[bool](ada, "isSecureContext") {
				t.Fatal("the browser trusts this address")
			}
			ada.Fill("textbox", "Name", "Ada")
			ada.Fill("textbox", "Password", parley.Password)
			ada.Click("button", "Sign in")
			ada.Find("heading", "lobby")
			ada.Click("textbox", "Message")
			ada.Insert("Good morning")
			ada.Click("button", "Send")
			ada.WaitRow("Good morning")
			if scripts {
				waitRung(ada, "WebSocket")
			}
		})
	}
}
