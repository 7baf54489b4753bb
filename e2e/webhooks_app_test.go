package e2e_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"parley/e2e/chrome"
	"parley/e2e/parley"
	"parley/shared/wire"
)

// TestIncomingWebhooks: one makes an address in the room's settings, copies it
// once, a program speaks by it, and it is revoked; who may not is not offered to.
func TestIncomingWebhooks(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	benUser := s.Member(owner, "Ben")
	browser := chrome.Start(t)
	ben := browser.Person("Ben")
	ben.Tolerate("409")
	visit(ben, benUser, s.URL())
	hooks := func() {
		ben.Click("button", "Room settings")
		ben.Click("tab", "Webhooks")
	}
	hooks()
	ben.Wait("that there are none", func() bool { return contains(ben.Text(), "This room has no webhooks.") })
	ben.Fill("textbox", "Name of the bot", "Ada")
	ben.Click("button", "Create webhook")
	ben.Wait("the name to be taken", func() bool { return contains(ben.Text(), "The name is taken.") })
	ben.Fill("textbox", "Name of the bot", "builds")
	ben.Click("button", "Create webhook")
	address := ben.Find("textbox", "Address of the webhook").Value
	ben.Find("button", "Revoke builds")
	ben.Keep("webhooks-room-desktop-light")
	ben.Click("button", "Copy")
	ben.Find("button", "Copied")
	if code := post(t, address, `{"text":"Build 7 is *green*"}`); code != http.StatusOK {
		t.Errorf("the address answers %d", code)
	}
	ben.Press(chrome.Escape)
	ben.WaitRow("Build 7 is green")

	// Once closed, nothing shows the address again.
	hooks()
	ben.Find("button", "Revoke builds")
	if ben.Has("textbox", "Address of the webhook") || strings.Contains(chrome.Eval[string](ben, "document.documentElement.outerHTML"), address) {
		t.Error("the address is shown a second time")
	}
	ben.Click("button", "Revoke builds")
	ben.Find("dialog", "Revoke the webhook of builds?")
	ben.Click("button", "Revoke")
	ben.Wait("the list without it", func() bool { return contains(ben.Text(), "This room has no webhooks.") })
	if code := post(t, address, `{"text":"Build 8"}`); code != http.StatusNotFound {
		t.Errorf("the revoked address answers %d", code)
	}

	gus := browser.Person("Gus")
	visit(gus, s.Guest(owner, "Gus", ""), s.URL())
	gus.Click("button", "Room settings")
	gus.Find("tab", "General")
	if gus.Has("tab", "Webhooks") {
		t.Error("a guest is offered webhooks")
	}
}

// TestOutgoingWebhooks: one sets the address of a bot, sees how deliveries go, and
// takes it away.
func TestOutgoingWebhooks(t *testing.T) {
	t.Parallel()
	var broken atomic.Bool
	asked := make(chan string, 100)
	program := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		select {
		case asked <- string(body):
		default:
		}
		if broken.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"text":"It will rain."}`)
	}))
	t.Cleanup(program.Close)
	s := parley.Start(t, "--webhooks-to-private")
	owner := s.Setup("Ada")
	benUser := s.Member(owner, "Ben")
	s.Bot(owner, "not Ben's")
	ben := chrome.Start(t).Person("Ben")
	ben.Tolerate("400")
	visit(ben, benUser, s.URL())
	ben.Click("button", "Settings")
	ben.Click("tab", "Webhooks")
	ben.Wait("that there are no bots", func() bool { return contains(ben.Text(), "There are no bots yet.") })
	ben.Press(chrome.Escape)
	bot := s.Bot(benUser, "weather")
	must(t, bot.Do(t.Context(), wire.CmdJoin, wire.RoomRef{Room: wire.Lobby}, nil))

	ben.Click("button", "Settings")
	ben.Click("tab", "Webhooks")
	ben.Click("button", "Save")
	ben.Wait("words about the address", func() bool { return contains(ben.Text(), "The address must be one such as") })
	ben.Fill("textbox", "Address", "http://169.254.169.254/latest")
	ben.Click("button", "Save")
	ben.Wait("the address to be refused", func() bool { return contains(ben.Text(), "is in a private network") })
	ben.Fill("textbox", "Address", program.URL+"/parley")
	ben.Click("button", "Save")
	if secret := ben.Find("textbox", "Secret").Value; len(secret) < 20 {
		t.Errorf("the secret is %q", secret)
	}
	ben.Wait("that nothing was to be delivered", func() bool { return contains(ben.Text(), "There was nothing to deliver yet.") })
	say := func(text, nonce string) {
		_, err := owner.Send(t.Context(), wire.Lobby, text, nonce)
		must(t, err)
		select {
		case body := <-asked:
			if !strings.Contains(body, text) {
				t.Errorf("the program is told %s", body)
			}
		case <-t.Context().Done():
		}
	}
	say("@weather today?", "1")
	ben.Wait("that it was delivered", func() bool { return contains(ben.Text(), "Delivered: ") })
	broken.Store(true)
	say("@weather tomorrow?", "2")
	ben.Wait("that it is tried again", func() bool { return contains(ben.Text(), "Not delivered after ", "it is tried again. It answers 503.") })
	ben.Keep("webhooks-settings-desktop-light")
	ben.Show(chrome.PhoneDark)
	ben.Keep("webhooks-settings-phone-dark")
	ben.Show(chrome.Desktop)
	ben.Click("button", "Edit weather")
	if got := ben.Find("textbox", "Address").Value; got != program.URL+"/parley" {
		t.Errorf("the form has %q", got)
	}
	if chrome.Eval[bool](ben, `[...document.querySelectorAll('#webhook-bot option')].some(o => o.textContent !== 'weather')`) {
		t.Error("somebody else's bot is offered")
	}
	ben.Click("button", "Remove weather")
	ben.Find("dialog", "Remove the address of weather?")
	ben.Click("button", "Remove")
	ben.Wait("the list without it", func() bool { return contains(ben.Text(), "No bot has an address yet.") })
	var list wire.WebhookList
	must(t, benUser.Get(t.Context(), "/webhooks", &list))
	if len(list.Webhooks) != 0 {
		t.Errorf("there is still %+v", list.Webhooks)
	}
}

// post posts JSON as a program does, and gives the status of the answer.
func post(t *testing.T, url, body string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), http.MethodPost, url, strings.NewReader(body))
	must(t, err)
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	must(t, err)
	must(t, res.Body.Close())
	return res.StatusCode
}
