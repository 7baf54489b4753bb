package e2e_test

import (
	"testing"

	"parley/e2e/chrome"
	"parley/e2e/parley"
	"parley/shared/wire"
)

// TestFilesSentFromARoomThatIsLeft: a message goes when its pictures are ready, also
// if the person looks at another room by then; and nothing of it stays behind. In
// the list its row is called by what the picture is called.
func TestFilesSentFromARoomThatIsLeft(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	den := owner.Room(t, wire.KindPrivate, "Den")
	ada := chrome.Start(t).Person("Ada")
	visit(ada, owner, s.URL()+"/rooms/"+wire.Lobby)
	waitRung(ada, "WebSocket")
	chrome.Eval[bool](ada, `(() => { // a phone that takes its time with a picture
		const decode = HTMLImageElement.prototype.decode, let_ = new Promise(go => window.letDecode = go);
		HTMLImageElement.prototype.decode = function() { return let_.then(() => decode.call(this)); };
		return true;
	})()`)
	ada.Choose(attachInput, store(t, "a.png", pngOf(t, 120, 80)))
	say(ada, "On the train")
	ada.Click("link", den.Name)
	ada.Wait("the other room", func() bool { return len(tray(ada)) == 0 && ada.Find("textbox", "Message").Value == "" })
	chrome.Eval[bool](ada, "(window.letDecode(), true)")
	ada.Wait("the message", func() bool { return len(historyOf(t, t.Context(), owner, wire.Lobby)) == 1 })
	if m := historyOf(t, t.Context(), owner, wire.Lobby)[0]; m.Text != "On the train" || len(m.Files) != 1 {
		t.Errorf("%+v", m)
	}
	ada.Click("link", "lobby")
	ada.WaitRow("On the train")
	if got := ada.Find("textbox", "Message").Value; got != "" || len(tray(ada)) != 0 {
		t.Errorf("what was sent is still in the composer: %q and %v", got, tray(ada))
	}
	waitPicture(ada, "a.png")
	chrome.Eval[bool](ada, "(document.querySelector('[role=log]').focus(), true)")
	ada.Press(chrome.Up)
	ada.Wait("the focus on the row", func() bool { return contains(ada.Focused().Name, "On the train") })
	if name := ada.Focused().Name; !contains(name, "Ada", "a.png") {
		t.Errorf("the row is called %q", name)
	}
}
