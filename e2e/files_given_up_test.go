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
	proxy.Set(badproxy.On(badproxy.Latency(time.Second), badproxy.Command))
	picture, data := pngOf(t, 120, 80), noise(9*wire.ChunkSize)
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
	if len(history) != 1 || len(history[0].Files) != 2 || string(bytesOf(t, owner, history[0].Files[1])) != string(data) {
		t.Errorf("the history is %+v", history)
	}
}
