package e2e_test

import (
	"strings"
	"testing"
	"time"

	"parley/e2e/chrome"
	"parley/e2e/parley"
	"parley/shared/wire"
)

// shareForm shares as a share sheet does: it navigates with a form.
const shareForm = `(files) => {
	const form = document.createElement('form');
	Object.assign(form, {method: 'post', action: '/share', enctype: 'multipart/form-data'});
	for (const [name, value] of Object.entries({title: 'Tea', text: 'a & b #1', url: 'https://example.org/茶'})) {
		const input = form.appendChild(document.createElement('input'));
		Object.assign(input, {name, value});
	}
	const input = form.appendChild(document.createElement('input'));
	Object.assign(input, {type: 'file', name: 'files', multiple: true});
	const list = new DataTransfer();
	for (const [name, type, text] of files) list.items.add(new File([text], name, {type}));
	input.files = list.files;
	document.body.appendChild(form);
	form.submit();
	return true;
}`

// TestShareToTheApp: what another program shares goes into the composer of the
// room that one chooses, and nowhere else.
func TestShareToTheApp(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	garden := owner.Room(t, wire.KindPublic, "garden")
	ada := chrome.Start(t).Profile("Ada")
	visit(ada, owner, s.URL())
	controlled(ada)

	chrome.Eval[bool](ada, "("+shareForm+")([['notes.txt', 'text/plain', 'from a file'], ['cat.png', 'image/png', 'meow'], ['empty', '', '']])")
	ada.Find("dialog", "Share to a room")
	ada.Wait("the file that will be attached", func() bool { return contains(ada.Text(), "cat.png", "4\u00a0B") })
	ada.Click("button", "garden")
	ada.Gone("dialog", "Share to a room")
	wantTray(ada, "cat.png")
	wantComposer(ada, "Tea\na & b #1\nhttps://example.org/茶\nfrom a file")
	ada.Wait("the room that was chosen", func() bool { return ada.URL() == s.URL()+"/rooms/"+garden.ID })
	if list := historyOf(t, t.Context(), owner, garden.ID); len(list) > 0 {
		t.Errorf("sent by itself: %v", list)
	}
	ada.Open(s.URL() + "/share")
	ada.Find("log", "")
	if ada.WaitFor(time.Second, func() bool { return ada.Has("dialog", "Share to a room") }) {
		t.Error("what was taken is offered again")
	}

	// All of it works without a network, too.
	ada.TolerateNetwork()
	s.Kill()
	if kind := chrome.Eval[string](ada, `(async () => {
		const body = new FormData();
		body.set('text', 'from the tunnel');
		return (await fetch('/share', {method: 'POST', body, redirect: 'manual'})).type;
	})()`); kind != "opaqueredirect" {
		t.Errorf("sharing without the server: %s", kind)
	}
	ada.Open(s.URL() + "/share")
	ada.Find("dialog", "Share to a room")
	ada.Click("button", "garden")
	wantComposer(ada, "from the tunnel\nTea\na & b #1\nhttps://example.org/茶\nfrom a file")
}

// TestShareBeforeTheWorker: the very first time the server passes it on, also
// through the sign-in, be that the app's or the form of the server's page, and
// through one that was refused.
func TestShareBeforeTheWorker(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name         string
		before       bool // the sign-in is sent before the app is there
		refusedFirst bool // and so is one with a wrong password
	}{
		{"with the app", false, false},
		{"before the app", true, false},
		{"refused before the app", true, true},
		{"refused before the app, then with it", false, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := parley.Start(t)
			owner := s.Setup("Ada")
			via := newSlow(t, s)
			ada := chrome.Start(t).Person("Ada")
			ada.Tolerate("401")
			ada.Raw()
			ada.Open(via.URL() + "/offline.html") // a page of ours without a person
			chrome.Eval[bool](ada, "("+shareForm+")([])")
			ada.Find("button", "Sign in")
			if c.refusedFirst {
				signInAs(ada, "Ada", "not the password")
				ada.Wait("the refusal", func() bool { return strings.HasPrefix(ada.URL(), via.URL()+"/login") })
			}
			if !c.before {
				via.through()
				ada.Wait("the app", ada.Taken)
			}
			signInAs(ada, "Ada", parley.Password)
			if c.before {
				ada.Find("log", "") // what the server drew
				via.through()
			}
			ada.Find("dialog", "Share to a room")
			ada.Click("button", "lobby")
			wantComposer(ada, "Tea\na & b #1\nhttps://example.org/茶")
			if list := historyOf(t, t.Context(), owner, wire.Lobby); len(list) > 0 {
				t.Errorf("sent by itself: %v", list)
			}
		})
	}
}

// signInAs fills the sign-in in and sends it.
func signInAs(p *chrome.Page, name, password string) {
	p.Fill("textbox", "Name", name)
	p.Fill("textbox", "Password", password)
	p.Click("button", "Sign in")
}

// controlled waits until the service worker serves the page.
func controlled(p *chrome.Page) {
	p.Wait("the service worker", func() bool {
		return chrome.Eval[bool](p, "navigator.serviceWorker.getRegistration().then(r => !!(r && r.active))")
	})
	p.Reload()
	p.Find("log", "")
	p.Wait("the service worker to serve the page", func() bool {
		return chrome.Eval[bool](p, "!!navigator.serviceWorker.controller")
	})
}

func wantComposer(p *chrome.Page, text string) {
	p.Wait("the composer to hold "+text, func() bool { return p.Find("textbox", "Message").Value == text })
}
