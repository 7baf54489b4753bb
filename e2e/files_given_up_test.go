package e2e_test

import (
	"testing"
	"time"

	"parley/e2e/badproxy"
	"parley/e2e/chrome"
	"parley/e2e/parley"
	"parley/shared/wire"
)

// TestFilesGivenUp: who has chosen the wrong file on a slow line takes the message
// back, text and files, and sends it when it is right; once.
func TestFilesGivenUp(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	proxy := through(t, s)
	ada := chrome.Start(t).Person("Ada")
	visit(ada, owner, proxy.URL())
	waitRung(ada, "WebSocket")
	say(ada, "Where are you?")
	ada.WaitRow("Where are you?")
	proxy.Set(badproxy.On(badproxy.Latency(time.Second), badproxy.Command))
	picture, data := pngOf(t, 120, 80), noise(9*wire.ChunkSize)
	act(ada, "Where are you?", "Reply")
	ada.Choose(attachInput, store(t, "a.png", picture), store(t, "会议 1.bin", data))
	wantTray(ada, "a.png", "会议 1.bin")
	say(ada, "On the train")
	ada.Wait("some of it to be there", func() bool {
		return chrome.Eval[bool](ada, "document.querySelector('.files-progress')?.value > 0")
	})
	ada.Click("button", "Cancel")
	wantTray(ada, "a.png", "会议 1.bin")
	if got := ada.Find("textbox", "Message").Value; got != "On the train" {
		t.Errorf("the composer has %q", got)
	}
	proxy.Set()
	ada.Click("textbox", "Message")
	ada.Press(chrome.Enter)
	ada.WaitRow("On the train")
	history := historyOf(t, t.Context(), owner, wire.Lobby)
	if len(history) != 2 || history[1].ReplyTo != 1 || len(history[1].Files) != 2 || string(bytesOf(t, owner, history[1].Files[1])) != string(data) {
		t.Errorf("the history is %+v", history)
	}
}

// TestFilesGone: of a message that was nothing but a file, which this browser has
// lost, nothing stays when it is given up; it does not seem to have been sent.
func TestFilesGone(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	proxy := through(t, s)
	ada := chrome.Start(t).Person("Ada")
	ada.TolerateNetwork()
	visit(ada, owner, proxy.URL())
	waitRung(ada, "WebSocket")
	never := make(chan struct{})
	proxy.Set(held("/api/v1/files/", never))
	ada.Choose(attachInput, store(t, "a.png", pngOf(t, 120, 80)))
	wantTray(ada, "a.png")
	ada.Click("textbox", "Message")
	ada.Press(chrome.Enter)
	lost := func() bool {
		return chrome.Eval[bool](ada, `new Promise((done, fail) => {
			const open = indexedDB.open("parley");
			open.onerror = fail;
			open.onsuccess = () => {
				const records = open.result.transaction("records", "readwrite").objectStore("records");
				const all = IDBKeyRange.bound("blob/", "blob/\uffff"), count = records.count(all);
				records.delete(all).onsuccess = () => { open.result.close(); done(count.result > 0); };
			};
		})`)
	}
	ada.Wait("the file to be kept, and lost", lost)
	ada.Reload()
	ada.Click("button", "Edit")
	ada.Wait("the message to be gone", func() bool { return !chrome.Eval[bool](ada, "!!document.querySelector('[data-nonce]')") })
	if history := historyOf(t, t.Context(), owner, wire.Lobby); len(history) != 0 {
		t.Errorf("the history is %+v", history)
	}
}
