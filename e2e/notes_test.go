package e2e_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"parley/e2e/chrome"
	"parley/e2e/parley"
	"parley/shared/texts"
	"parley/shared/wire"
)

// shown are the notifications that a page's browser shows: title and text.
func shown(p *chrome.Page) string {
	return chrome.Eval[string](p, `navigator.serviceWorker.getRegistration()
		.then(r => r ? r.getNotifications() : [])
		.then(list => list.map(n => n.title + ': ' + n.body).join('\n'))`)
}

// allowNotes lets a page show notifications, and keeps the list of them itself:
// where there is no desktop, Chromium forgets one now and then as soon as it has
// shown it.
func allowNotes(p *chrome.Page, origin string) {
	p.Allow(origin, "notifications")
	p.BeforeLoad(`(() => {
		if (!self.ServiceWorkerRegistration) return;
		const proto = ServiceWorkerRegistration.prototype, show = proto.showNotification;
		let list = [];
		proto.showNotification = async function (title, options) {
			await show.call(this, title, options);
			const note = {title, ...options, close: () => list = list.filter((n) => n !== note)};
			list = [...list.filter((n) => n.tag !== note.tag), note];
		};
		proto.getNotifications = async () => list;
	})()`)
}

// TestNotifications: one tab tells of what concerns the person and is not in
// sight, once for each room, until it is read, here or elsewhere.
func TestNotifications(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	ben := s.Member(owner, "Ben")
	var direct wire.Room
	must(t, ben.Do(t.Context(), wire.CmdCreateRoom, wire.CreateRoom{Kind: wire.KindDirect, Members: []string{owner.ID}}, &direct))
	garden := owner.Room(t, wire.KindPublic, "Garden")
	must(t, ben.Do(t.Context(), wire.CmdJoin, wire.RoomRef{Room: garden.ID}, nil))
	ada := chrome.Start(t).Profile("Ada")
	ada.TolerateNetwork()
	allowNotes(ada, s.URL())
	visitRoom(ada, owner, s.URL(), wire.Lobby)
	installed(ada)
	waitRung(ada, "WebSocket")
	second := ada.Tab("second tab")
	second.Open(s.URL() + "/rooms/" + wire.Lobby)
	n := 0
	say := func(room, text string) uint64 {
		n++
		m, err := ben.Send(t.Context(), room, text, fmt.Sprint(n))
		must(t, err)
		return m.Seq
	}

	say(wire.Lobby, "@Ada in sight")
	say(garden.ID, "a remark")
	say(garden.ID, "@Ada look")
	ada.Wait("what calls her", func() bool { return shown(ada) == "Garden: Ben: @Ada look" })
	say(garden.ID, "@Ada look again")
	say(direct.ID, "psst")
	ada.Wait("one for each room", func() bool {
		got := shown(ada)
		return strings.Count(got, "\n") == 1 && strings.Contains(got, "Garden: Ben: @Ada look again") && strings.Contains(got, "Ben: psst")
	})

	// Read on another device, it goes.
	must(t, owner.Do(t.Context(), wire.CmdRead, wire.Read{Room: direct.ID, Seq: 1}, nil))
	ada.Wait("it to go", func() bool { return shown(ada) == "Garden: Ben: @Ada look again" })

	// A click leads to the room, in a window that is there.
	chrome.Eval[any](ada, "window.mark = true")
	windows := len(ada.Windows())
	clickNote(ada, s.URL())
	both := []*chrome.Page{ada, second}
	ada.Wait("the room in one of the windows", func() bool {
		for _, p := range both {
			if p.URL() == s.URL()+"/rooms/"+garden.ID {
				return true
			}
		}
		return false
	})
	if len(ada.Windows()) != windows {
		t.Error("a click on a notification has opened a window")
	}
	ada.Wait("it to be read", func() bool { return shown(ada) == "" })

	// Nothing of rooms of which she wants to hear nothing; no text where she wants none.
	must(t, owner.Do(t.Context(), wire.CmdSetNotify, wire.Notify{Room: direct.ID, Level: wire.NotifyNothing}, nil))
	for _, p := range both {
		away(p, true)
	}
	ada.Click("button", "Settings")
	ada.Find("heading", "Settings")
	ada.Keep("notes-settings-desktop-light")
	ada.Click("radio", "Only the room")
	ada.Press(chrome.Escape)
	say(direct.ID, "psst again")
	say(wire.Lobby, "@Ada a secret")
	ada.Wait("a note without its text", func() bool { return shown(ada) == "lobby: 1 unread" })
	ada.ClickMatch("button", regexp.MustCompile("Settings"))
	ada.Click("radio", "Off")
	ada.Press(chrome.Escape)
	say(garden.ID, "@Ada nobody hears")
	if ada.WaitFor(2*time.Second, func() bool { return strings.Contains(shown(ada), "Garden") }) {
		t.Error("there was a notification with all of them off")
	}
}

// firstNote is the first notification that is shown, as a value in JavaScript.
func firstNote(p *chrome.Page) string {
	return `({...` + chrome.Eval[string](p, `navigator.serviceWorker.getRegistration()
		.then((r) => r.getNotifications()).then(([{tag, data}]) => JSON.stringify({tag, data}))`) + `, close() {}})`
}

// clickNote clicks the notification that is shown, as the service worker is told
// of it.
func clickNote(p *chrome.Page, origin string) {
	p.Worker(origin, `(() => {
		const e = new ExtendableEvent('notificationclick');
		Object.defineProperty(e, 'notification', {value: `+firstNote(p)+`});
		self.dispatchEvent(e);
		return true;
	})()`)
}

// TestNotificationLeadsToTheMessage: a click goes to the message that was told of,
// and shows which one it is: when the room is open, from another room, when much
// has been said since, with a dialog in the way, and when no window is open.
func TestNotificationLeadsToTheMessage(t *testing.T) {
	t.Parallel()
	s := parley.Start(t, "--send-rate=10000", "--send-burst=10000")
	owner := s.Setup("Ada")
	ben := s.Member(owner, "Ben")
	garden := owner.Room(t, wire.KindPublic, "Garden")
	must(t, ben.Do(t.Context(), wire.CmdJoin, wire.RoomRef{Room: garden.ID}, nil))
	n := 0
	say := func(text string) {
		n++
		_, err := ben.Send(t.Context(), garden.ID, text, fmt.Sprint(n))
		must(t, err)
	}
	rounds := func(text string) {
		for i := range 150 { // more than are loaded at once
			say(fmt.Sprintf("%s %d", text, i))
		}
	}
	ada := chrome.Start(t).Profile("Ada")
	ada.TolerateNetwork()
	allowNotes(ada, s.URL())
	visitRoom(ada, owner, s.URL(), wire.Lobby)
	installed(ada)
	waitRung(ada, "WebSocket")
	sought := func(p *chrome.Page, text string) {
		t.Helper()
		p.Wait("it to be shown which message it is", func() bool {
			return chrome.Eval[string](p, "document.querySelector('.sought .text')?.textContent ?? ''") == text && inSight(p, text)
		})
	}

	rounds("before")
	say("@Ada look here")
	ada.Wait("a notification", func() bool { return contains(shown(ada), "@Ada look here") })
	rounds("after")
	ada.Click("button", "Settings")
	ada.Find("dialog", "Settings")
	clickNote(ada, s.URL())
	sought(ada, "@Ada look here")
	ada.Gone("dialog", "Settings")
	ada.Keep("note-clicked-desktop-light")

	// In the room that is open, further down than what is loaded.
	away(ada, true)
	say("@Ada and here")
	ada.Wait("a notification", func() bool { return contains(shown(ada), "@Ada and here") })
	rounds("since")
	away(ada, false)
	clickNote(ada, s.URL())
	sought(ada, "@Ada and here")

	// Without a window the worker opens one; it takes a person's click, which no
	// test can make, so the test opens it where the worker wants it.
	must(t, owner.Do(t.Context(), wire.CmdUnread, wire.Read{Room: garden.ID, Seq: 1}, nil))
	ada.Click("link", "lobby")
	ada.Find("heading", "lobby")
	say("@Ada the last one")
	ada.Wait("a notification", func() bool { return contains(shown(ada), "@Ada the last one") })
	rounds("at night")
	note := firstNote(ada)
	ada.Open("about:blank")
	where := openedByNote(ada, s.URL(), note)
	ada.Open(s.URL() + where)
	sought(ada, "@Ada the last one")
}

// TestNotifyDefault: what one is told of by default is chosen on one device and
// holds on the others; a room has a choice of its own, or the default.
func TestNotifyDefault(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	ben := s.Member(owner, "Ben")
	garden := owner.Room(t, wire.KindPublic, "Garden")
	shed := owner.Room(t, wire.KindPublic, "Shed")
	for _, room := range []string{garden.ID, shed.ID} {
		must(t, ben.Do(t.Context(), wire.CmdJoin, wire.RoomRef{Room: room}, nil))
	}
	n := 0
	say := func(room, text string) {
		n++
		_, err := ben.Send(t.Context(), room, text, fmt.Sprint(n))
		must(t, err)
	}
	browser := chrome.Start(t)
	ada, other := browser.Profile("Ada"), browser.Person("Ada's phone")
	allowNotes(ada, s.URL())
	visitRoom(ada, owner, s.URL(), wire.Lobby)
	installed(ada)
	waitRung(ada, "WebSocket")
	visitRoom(other, s.Login("Ada"), s.URL(), shed.ID)

	// For the shed she chooses nothing, by default everything.
	other.Click("button", "Room settings")
	other.Find("dialog", "Shed")
	wantChosen(other, "My default")
	other.Click("radio", "Nothing")
	other.Press(chrome.Escape)
	other.Gone("dialog", "Shed")
	other.Click("button", "Settings")
	wantChosen(other, "Mentions")
	ada.Click("button", "Settings")
	ada.Find("dialog", "Settings")
	other.Click("radio", "All messages")
	wantChosen(ada, "All messages") // while one looks
	ada.Keep("notify-settings-desktop-light")
	ada.Show(chrome.PhoneDark)
	ada.Keep("notify-settings-phone-dark")
	ada.Show(chrome.Desktop)
	ada.Press(chrome.Escape)
	ada.Gone("dialog", "Settings")
	say(shed.ID, "nobody hears")
	say(garden.ID, "a remark")
	ada.Wait("a note of any remark", func() bool { return shown(ada) == "Garden: Ben: a remark" })

	// Muted and not muted, a room has the default again.
	visitRoom(other, s.Login("Ada"), s.URL(), shed.ID)
	say2(other, &texts.English, "/mute ")
	other.Wait("it to be muted", func() bool { return contains(other.Text(), "Shed is muted.") })
	say2(other, &texts.English, "/mute ")
	other.Wait("it not to be muted", func() bool { return contains(other.Text(), "Shed is no longer muted.") })
	other.Click("button", "Room settings")
	wantChosen(other, "My default")
	other.Keep("notify-room-desktop-light")
	other.Open("about:blank") // else it is read there
	say(shed.ID, "heard")
	ada.Wait("a note of it", func() bool { return contains(shown(ada), "Shed: Ben: heard") })
}

// wantChosen waits for one of a few things to be chosen.
func wantChosen(p *chrome.Page, name string) {
	p.Wait(name+" to be chosen", func() bool {
		nodes := p.All("radio", name)
		return len(nodes) > 0 && nodes[0].Props["checked"] == "true"
	})
}

// openedByNote clicks a notification while no window is there, and gives the
// path that the worker opens one at.
func openedByNote(p *chrome.Page, origin, note string) string {
	return p.Worker(origin, `(async () => {
		const windows = () => self.clients.matchAll({type: 'window', includeUncontrolled: true});
		while ((await windows()).length > 0) await new Promise((next) => setTimeout(next, 50)); // it takes its leave
		const opened = new Promise((resolve) => self.clients.openWindow = async (path) => resolve(path));
		const e = new ExtendableEvent('notificationclick');
		Object.defineProperty(e, 'notification', {value: `+note+`});
		self.dispatchEvent(e);
		return opened;
	})()`)
}
