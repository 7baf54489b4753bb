package e2e_test

import (
	"testing"

	"parley/e2e/chrome"
	"parley/e2e/parley"
	"parley/shared/wire"
)

// TestSyncLeavesFiles: the service worker leaves a message with files to the app,
// and what comes after it in its room; other rooms do not wait. The app then goes on
// in order, and says what it cannot send.
func TestSyncLeavesFiles(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	other := owner.Room(t, wire.KindPublic, "other")
	ada := chrome.Start(t).Profile("Ada")
	visit(ada, owner, s.URL())
	installed(ada)
	waitRung(ada, "WebSocket")
	nobody := ada.Tab("no page of the app")
	nobody.TolerateNetwork() // an icon that is not there
	ada.Close()
	nobody.Open(s.URL() + "/favicon.svg") // on the origin, as the protocol wants it
	for i, m := range []struct{ room, text, more string }{
		{wire.Lobby, "one", ""},
		{wire.Lobby, "with a file", `, files: [{nonce: "file", name: "it.png", type: "image/png", size: 3}]`},
		{wire.Lobby, "three", ""},
		{other.ID, "elsewhere", ""},
	} {
		nonce := string(rune('1' + i))
		chrome.Eval[bool](nobody, `new Promise((resolve) => {
			const open = indexedDB.open("parley");
			open.onsuccess = () => {
				const tx = open.result.transaction("records", "readwrite");
				const letter = { nonce: "`+nonce+`", room: "`+m.room+`", text: "`+m.text+`", created: "2026-01-01T00:00:00.00`+nonce+`Z"`+m.more+` };
				tx.objectStore("records").put(JSON.stringify(letter), "outbox/`+owner.ID+`/`+nonce+`");
				tx.oncomplete = () => { open.result.close(); resolve(true); };
			};
		})`)
	}
	nobody.Sync(s.URL(), "outbox")
	wantHistory(t, owner, other.ID, "elsewhere")
	wantHistory(t, owner, wire.Lobby, "one")
	nobody.Wait("two messages to be left", func() bool { return len(records(nobody, "outbox/")) == 2 })

	nobody.Open(s.URL())
	waitState(nobody, "with a file", "failed")
	wantHistory(t, owner, wire.Lobby, "one", "three")
	nobody.WaitRow("three")
}
