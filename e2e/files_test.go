package e2e_test

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"parley/e2e/badproxy"
	"parley/e2e/chrome"
	"parley/e2e/parley"
	"parley/shared/wire"
)

// TestFiles: two people send each other files, chosen, pasted and dropped, and get
// what was sent.
func TestFiles(t *testing.T) {
	t.Parallel()
	s := parley.Start(t, "--max-file=1")
	proxy := through(t, s)
	owner := s.Setup("Ada")
	member := s.Member(owner, "Ben")
	browser := chrome.Start(t)
	ada, ben := browser.On(t).Person("Ada"), browser.Profile("Ben")
	ben.TolerateNetwork()
	visit(ada, owner, s.URL())
	visit(ben, member, proxy.URL())
	waitRung(ada, "WebSocket")
	waitRung(ben, "WebSocket")
	downloads := t.TempDir()
	ben.Downloads(downloads)
	newest := func() wire.Message {
		history := historyOf(t, t.Context(), owner, wire.Lobby)
		return history[len(history)-1]
	}

	photo, second := jpegOf(t, 800, 600), pngOf(t, 300, 500)
	t.Run("by the clip", func(t *testing.T) {
		for i := range 20 { // so that the list scrolls
			_, err := owner.Send(t.Context(), wire.Lobby, fmt.Sprintf("line %d", i), fmt.Sprint("line", i))
			must(t, err)
		}
		ben.WaitRow("line 19")
		let := make(chan struct{})
		proxy.Set(held("/files/", let))
		ada.Find("button", "Attach files")
		ada.Choose(attachInput, store(t, "园子 早上.jpg", photo), store(t, "second.png", second))
		wantTray(ada, "园子 早上.jpg", "second.png")
		ada.Wait("the tray to be announced", func() bool {
			return contains(chrome.Eval[string](ada, "document.querySelector('.tray-told').textContent"), "Attached", "second.png")
		})
		say(ada, "two pictures")
		ben.WaitRow("two pictures")
		box := func() [3]float64 {
			return chrome.Eval[[3]float64](ben, `(() => {
				const r = [...document.querySelectorAll('.picture')].find(a => a.title === '园子 早上.jpg').getBoundingClientRect();
				return [r.width, r.height, r.top];
			})()`)
		}
		ben.Wait("a place for the picture", func() bool { return box()[0] == 240 && box()[1] == 180 })
		before := box()
		if chrome.Eval[bool](ben, "document.querySelector('.picture img').naturalWidth > 0") {
			t.Error("the picture is there before its bytes")
		}
		close(let)
		if w, h := waitPicture(ben, "园子 早上.jpg"); w != 800 || h != 600 {
			t.Errorf("the picture has %d × %d pixels", w, h)
		}
		waitPicture(ben, "second.png")
		if after := box(); after != before {
			t.Errorf("what was at %v is at %v when the picture is there", before, after)
		}
		waitPicture(ada, "second.png")
		if len(tray(ada)) != 0 {
			t.Error("what was sent is still attached")
		}
		if contains(ada.Text(), "keeps nothing") {
			t.Error("the page says that files are not kept")
		}
		m := newest()
		if len(m.Files) != 2 || !bytes.Equal(bytesOf(t, member, m.Files[0]), photo) || m.Files[0].Width != 800 || m.Files[1].Type != "image/png" {
			t.Errorf("the message has the files %+v", m.Files)
		}
	})
	t.Run("after an outage", func(t *testing.T) {
		proxy.Set(badproxy.Refuse())
		proxy.Cut()
		waitRung(ben, "Offline")
		chrome.Eval[bool](ben, `(() => {
			const img = document.querySelector('.picture img'), again = img.cloneNode();
			again.src = img.parentElement.href + '?'; // not what the browser has kept
			img.replaceWith(again);
			return true;
		})()`)
		ben.Wait("the picture to be missing", func() bool {
			return chrome.Eval[bool](ben, "(i => i.complete && i.naturalWidth === 0)(document.querySelector('.picture img'))")
		})
		proxy.Set()
		waitPicture(ben, "园子 早上.jpg")
		waitRung(ben, "WebSocket")
	})
	t.Run("in a tab of its own", func(t *testing.T) {
		for keys, prevented := range map[string]bool{"ctrlKey": false, "metaKey": false, "detail": true} {
			if got := chrome.Eval[bool](ben, `(() => {
				let prevented;
				const link = document.querySelector('.picture'), look = e => { prevented = e.defaultPrevented; e.preventDefault() };
				document.body.addEventListener('click', look); // what is prevented in the list stops there
				const went = link.dispatchEvent(new MouseEvent('click', {`+keys+`: 1, bubbles: true, cancelable: true}));
				document.body.removeEventListener('click', look);
				return prevented ?? !went;
			})()`); got != prevented {
				t.Errorf("a click with %s is the page's: %v", keys, got)
			}
		}
		ben.Find("dialog", "园子 早上.jpg")
		ben.Press(chrome.Escape)
		ben.Gone("dialog", "园子 早上.jpg")
	})
	t.Run("in the viewer", func(t *testing.T) {
		ben.Click("link", "园子 早上.jpg")
		ben.Find("dialog", "园子 早上.jpg")
		ben.Wait("the picture to be seen", func() bool {
			return chrome.Eval[int](ben, "document.querySelector('.viewer img:not([hidden])').clientWidth") == 800
		})
		ben.Click("link", "Download")
		downloaded(ben, downloads, "园子 早上.jpg", photo)
		ben.Press(chrome.Right)
		ben.Find("dialog", "second.png")
		ben.Wait("which it is", func() bool { return contains(ben.Text(), "2 of 2") })
		ben.Press(chrome.Right) // there are no more
		ben.Find("dialog", "second.png")
		ben.Click("button", "Previous picture")
		ben.Find("dialog", "园子 早上.jpg")
		ben.Press(chrome.Escape)
		ben.Gone("dialog", "园子 早上.jpg")
		ben.Wait("the focus to be back at the picture", func() bool {
			return chrome.Eval[bool](ben, "document.activeElement.title === '园子 早上.jpg'")
		})
	})
	t.Run("by paste, without a text", func(t *testing.T) {
		ben.Click("textbox", "Message")
		paste(ben, "image.png", "image/png", second)
		wantTray(ben, "image.png")
		ben.Press(chrome.Enter)
		waitFile(ada, "image.png")
		waitFile(ben, "image.png")
		if m := newest(); m.Text != "" || len(m.Files) != 1 || !bytes.Equal(bytesOf(t, owner, m.Files[0]), second) {
			t.Errorf("the message is %+v", m)
		}
	})
	plan := noise(300_000)
	t.Run("by drop", func(t *testing.T) {
		drop(ada, "计划 & <b>.pdf", "application/pdf", plan, func() {
			ada.Wait("a place to drop it", func() bool { return contains(ada.Text(), "Drop files to attach them") })
		})
		wantTray(ada, "计划 & <b>.pdf")
		if contains(ada.Text(), "Drop files to attach them") {
			t.Error("the place to drop it is still there")
		}
		drop(ada, "other.txt", "text/plain", []byte("other"), func() {})
		wantTray(ada, "计划 & <b>.pdf", "other.txt")
		ada.Click("button", "Remove other.txt")
		wantTray(ada, "计划 & <b>.pdf")
		ada.Click("button", "Send")
		waitFile(ben, "计划 & <b>.pdf")
		ben.ClickMatch("link", startsWith("计划 & <b>.pdf"))
		ben.Wait("the download", func() bool { // browsers take out of a name what their disk does not take
			list, _ := filepath.Glob(filepath.Join(downloads, "计划*.pdf"))
			if len(list) != 1 {
				return false
			}
			got, err := os.ReadFile(list[0])
			return err == nil && bytes.Equal(got, plan)
		})
	})
	t.Run("too large, too many, nothing", func(t *testing.T) {
		ada.Choose(attachInput, store(t, "large.bin", noise(1<<20+1)))
		ada.Wait("words about the size", func() bool { return contains(ada.Text(), "large.bin is too large", "1.0\u00a0MB") })
		ada.Choose(attachInput, store(t, "empty.txt", nil))
		ada.Wait("words about nothing", func() bool { return contains(ada.Text(), "empty.txt is empty, or a folder.") })
		var many []string
		for i := range wire.MaxFiles + 1 {
			many = append(many, store(t, fmt.Sprintf("%d.txt", i), []byte("x")))
		}
		ada.Choose(attachInput, many...)
		ada.Wait("words about how many", func() bool { return contains(ada.Text(), "A message takes 10 files at most.") })
		ada.Wait("as many as a message takes", func() bool { return len(tray(ada)) == wire.MaxFiles })
		for range wire.MaxFiles {
			ada.Click("button", "Remove "+tray(ada)[0])
		}
		wantTray(ada)
	})
	t.Run("in a room of its own", func(t *testing.T) {
		room := owner.Room(t, wire.KindPublic, "garden")
		ada.Choose(attachInput, store(t, "waits.txt", []byte("waits")))
		wantTray(ada, "waits.txt")
		ada.ClickMatch("link", startsWith("garden"))
		ada.Wait("the other room", func() bool { return strings.HasSuffix(ada.URL(), room.ID) })
		wantTray(ada)
		ada.ClickMatch("link", startsWith("lobby"))
		wantTray(ada, "waits.txt")
		ada.Click("button", "Remove waits.txt")
	})
	t.Run("while editing", func(t *testing.T) {
		act(ada, "two pictures", "Edit")
		ada.Gone("button", "Attach files")
		paste(ada, "no.png", "image/png", second)
		ada.Fill("textbox", "Message", "two pictures, edited")
		ada.Press(chrome.Enter)
		ben.WaitRow("two pictures, edited")
		ada.Find("button", "Attach files")
		wantTray(ada)
		if _, h := waitPicture(ben, "second.png"); h != 500 {
			t.Error("the edit has taken the picture")
		}
	})
	t.Run("without its text", func(t *testing.T) {
		act(ada, "two pictures, edited", "Edit")
		ada.Fill("textbox", "Message", "")
		ada.Press(chrome.Enter)
		ben.Wait("the text to go", func() bool { return !contains(ben.Text(), "two pictures") })
		waitPicture(ben, "second.png")
	})
	t.Run("deleted", func(t *testing.T) {
		m := newest()
		must(t, owner.Do(t.Context(), wire.CmdDelete, wire.Delete{Room: m.Room, Seq: m.Seq}, nil))
		ben.Wait("the file to go", func() bool { return !contains(ben.Text(), "计划") })
	})
}

// TestLargePhoto: a photo is sent as large as others look at it, and without what
// the camera wrote into it.
func TestLargePhoto(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	ada := chrome.Start(t).Person("Ada")
	visit(ada, owner, s.URL())
	plain := jpegOf(t, 3000, 2000)
	place := "\xff\xe1\x00\x18Exif\x00\x00here, in my home"
	photo := append(plain[:2:2], append([]byte(place), plain[2:]...)...)
	ada.Choose(attachInput, store(t, "IMG_1.JPG", photo))
	wantTray(ada, "IMG_1.JPG")
	ada.Click("button", "Send")
	if w, h := waitPicture(ada, "IMG_1.JPG"); w != 2048 || h != 1365 {
		t.Errorf("it was sent as %d × %d", w, h)
	}
	m := historyOf(t, t.Context(), owner, wire.Lobby)[0]
	if f := m.Files[0]; f.Width != 2048 || f.Height != 1365 || f.Type != "image/jpeg" || f.Size >= int64(len(photo)) {
		t.Errorf("it was sent as %+v, from %d bytes", f, len(photo))
	}
	plain = jpegOf(t, 300, 200)
	ada.Choose(attachInput, store(t, "small.jpg", append(plain[:2:2], append([]byte(place), plain[2:]...)...)))
	wantTray(ada, "small.jpg")
	ada.Click("button", "Send")
	if w, h := waitPicture(ada, "small.jpg"); w != 300 || h != 200 {
		t.Errorf("the small one was sent as %d × %d", w, h)
	}
	for _, m := range historyOf(t, t.Context(), owner, wire.Lobby) {
		if data := bytesOf(t, owner, m.Files[0]); bytes.Contains(data, []byte("my home")) {
			t.Errorf("the place is still in %s", m.Files[0].Name)
		}
	}
}

// TestFilesOffline: a file that is sent without a network is kept, also over the
// end of the page, and arrives once.
func TestFilesOffline(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	ada := chrome.Start(t).Profile("Ada")
	ada.TolerateNetwork()
	visit(ada, owner, s.URL())
	installed(ada)
	waitRung(ada, "WebSocket")
	s.Kill()
	waitRung(ada, "Offline")
	data := noise(400_000)
	picture := pngOf(t, 120, 80)
	ada.Choose(attachInput, store(t, "离线.bin", data), store(t, "离线.png", picture))
	wantTray(ada, "离线.bin", "离线.png")
	say(ada, "written in a tunnel")
	waitState(ada, "written in a tunnel", "sending")
	ada.Wait("the picture to be shown", func() bool {
		return chrome.Eval[bool](ada, "[...document.querySelectorAll('[data-nonce] .picture img')].some(i => i.naturalWidth === 120)")
	})
	ada.Wait("it to be kept", func() bool {
		return chrome.Eval[bool](ada, fmt.Sprintf(keptInOutbox, quoted("written in a tunnel"))) && chrome.Eval[int](ada, keptBlobs) == 2
	})
	ada.Reload()
	waitState(ada, "written in a tunnel", "sending")
	ada.Wait("the picture to be shown again", func() bool {
		return chrome.Eval[bool](ada, "[...document.querySelectorAll('[data-nonce] .picture img')].some(i => i.naturalWidth === 120)")
	})
	s.Again()
	ada.WaitRow("written in a tunnel")
	waitPicture(ada, "离线.png")
	waitRung(ada, "WebSocket")
	ada.Reload()
	ada.WaitRow("written in a tunnel")
	history := historyOf(t, t.Context(), owner, wire.Lobby)
	if len(history) != 1 || len(history[0].Files) != 2 {
		t.Fatalf("the history is %+v", history)
	}
	if !bytes.Equal(bytesOf(t, owner, history[0].Files[0]), data) || !bytes.Equal(bytesOf(t, owner, history[0].Files[1]), picture) {
		t.Error("other bytes have arrived")
	}
	ada.Wait("nothing to be kept of it", func() bool {
		return chrome.Eval[int](ada, keptBlobs) == 0
	})
}

// keptBlobs is how many files the browser's database keeps.
const keptBlobs = `new Promise(done => {
	const open = indexedDB.open('parley');
	open.onerror = () => done(-1);
	open.onsuccess = () => {
		const db = open.result;
		const keys = db.transaction('records').objectStore('records').getAllKeys(IDBKeyRange.bound('blob/', 'blob/\uffff'));
		keys.onsuccess = () => { db.close(); done(keys.result.length) };
	};
})`

// TestFilesGetThrough: files arrive whole behind a proxy that refuses WebSocket and
// breaks off whatever takes long.
func TestFilesGetThrough(t *testing.T) {
	t.Parallel()
	s := parley.Start(t, "--send-rate=1000", "--send-burst=1000")
	proxy := through(t, s, badproxy.WSRefuse(), badproxy.CutAnswers(700*time.Millisecond), badproxy.On(badproxy.Drop(0.2, 7), badproxy.Command), dropPieces(4))
	owner := s.Setup("Ada")
	member := s.Member(owner, "Ben")
	browser := chrome.Start(t)
	ada, ben := browser.On(t).Person("Ada"), browser.On(t).Person("Ben")
	ada.TolerateNetwork()
	visit(ben, member, s.URL())
	visit(ada, owner, proxy.URL())
	waitRung(ada, "SSE", "Long poll", "Short poll")
	data, picture := noise(1_500_000), pngOf(t, 640, 400)
	ada.Choose(attachInput, store(t, "穿过去.zip", data), store(t, "穿过去.png", picture))
	wantTray(ada, "穿过去.zip", "穿过去.png")
	say(ada, "through the worst")
	ben.WaitRow("through the worst")
	ada.WaitRow("through the worst")
	waitPicture(ben, "穿过去.png")
	history := historyOf(t, t.Context(), owner, wire.Lobby)
	if len(history) != 1 || len(history[0].Files) != 2 {
		t.Fatalf("the history is %+v", history)
	}
	if !bytes.Equal(bytesOf(t, member, history[0].Files[0]), data) || !bytes.Equal(bytesOf(t, member, history[0].Files[1]), picture) {
		t.Error("other bytes have arrived")
	}
}

// TestFilesComeAlong: the row of a message on its way says how much of its files is
// there, and stays the same row meanwhile.
func TestFilesComeAlong(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	let := make(chan struct{})
	half := fmt.Sprint(2 * wire.ChunkSize)
	proxy := through(t, s, func(next http.Handler) http.Handler {
		slow := held("/", let)(next)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if isPiece(r) && r.URL.Query().Get("offset") >= half {
				slow.ServeHTTP(w, r)
				return
			}
			next.ServeHTTP(w, r)
		})
	})
	owner := s.Setup("Ada")
	ada := chrome.Start(t).Person("Ada")
	ada.TolerateNetwork()
	visit(ada, owner, proxy.URL())
	waitRung(ada, "WebSocket")
	ada.Choose(attachInput, store(t, "half.bin", noise(4*wire.ChunkSize)), store(t, "half.png", pngOf(t, 40, 40)))
	wantTray(ada, "half.bin", "half.png")
	chrome.Eval[bool](ada, `(() => {
		new MutationObserver(() => window.drawn = (window.drawn ?? 0) + 1).observe(document.querySelector('.timeline-pending'), {childList: true});
		return true;
	})()`)
	say(ada, "half of it")
	ada.Wait("half of it to be there", func() bool {
		return chrome.Eval[int](ada, "document.querySelector('[data-nonce] progress')?.value ?? 0") == 49
	})
	if n := chrome.Eval[int](ada, "window.drawn"); n != 1 {
		t.Errorf("the row was drawn %d times", n)
	}
	close(let)
	ada.WaitRow("half of it")
	waitPicture(ada, "half.png")
}

// isPiece tells whether a request brings a piece of a file.
func isPiece(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/api/v1/files/") }

// dropPieces breaks off every n-th piece of a file, half of them when the server
// has it already.
func dropPieces(n int64) badproxy.Fault {
	return func(next http.Handler) http.Handler {
		var pieces atomic.Int64
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if isPiece(r) {
				if count := pieces.Add(1); count%n == 0 {
					if count%(2*n) == 0 {
						next.ServeHTTP(discarding{http.Header{}}, r)
					}
					panic(http.ErrAbortHandler)
				}
			}
			next.ServeHTTP(w, r)
		})
	}
}

// discarding is an answer that nobody gets.
type discarding struct{ header http.Header }

func (d discarding) Header() http.Header       { return d.header }
func (discarding) WriteHeader(int)             {}
func (discarding) Write(p []byte) (int, error) { return len(p), nil }

// TestFilesFail: a message with files that was refused can be tried again, and can
// be taken back into the composer with all that is attached.
func TestFilesFail(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	proxy := through(t, s, badproxy.WSRefuse(), refuseSends())
	owner := s.Setup("Ada")
	ada := chrome.Start(t).Person("Ada")
	ada.TolerateNetwork()
	ada.Tolerate("403")
	visit(ada, owner, proxy.URL())
	waitRung(ada, "SSE", "Long poll", "Short poll")
	data := noise(200_000)
	ada.Choose(attachInput, store(t, "again.bin", data))
	wantTray(ada, "again.bin")
	say(ada, "refused at first")
	waitState(ada, "refused at first", "failed")
	proxy.Set(badproxy.WSRefuse())
	ada.Click("button", "Try again")
	ada.WaitRow("refused at first")

	proxy.Set(badproxy.WSRefuse(), refuseSends())
	ada.Choose(attachInput, store(t, "back.png", pngOf(t, 50, 50)), store(t, "back.bin", data))
	wantTray(ada, "back.png", "back.bin")
	say(ada, "taken back")
	waitState(ada, "taken back", "failed")
	ada.Click("button", "Edit")
	wantComposer(ada, "taken back")
	wantTray(ada, "back.png", "back.bin")
	ada.Click("button", "Remove back.png")
	wantTray(ada, "back.bin")
	proxy.Set(badproxy.WSRefuse())
	ada.Click("button", "Send")
	ada.WaitRow("taken back")
	history := historyOf(t, t.Context(), owner, wire.Lobby)
	if len(history) != 2 || len(history[1].Files) != 1 {
		t.Fatalf("the history is %+v", history)
	}
	for _, m := range history {
		if !bytes.Equal(bytesOf(t, owner, m.Files[0]), data) {
			t.Errorf("other bytes have arrived with %q", m.Text)
		}
	}
}

// TestWithoutFiles: where the server takes none, there is no way to attach any.
func TestWithoutFiles(t *testing.T) {
	t.Parallel()
	s := parley.Start(t, "--max-file=0")
	owner := s.Setup("Ada")
	ada := chrome.Start(t).Profile("Ada")
	visit(ada, owner, s.URL())
	controlled(ada)
	waitRung(ada, "WebSocket")
	paste(ada, "no.png", "image/png", pngOf(t, 5, 5))
	drop(ada, "no.txt", "text/plain", []byte("no"), func() {})
	say(ada, "only words")
	ada.WaitRow("only words")
	if ada.Has("button", "Attach files") || len(tray(ada)) > 0 {
		t.Error("files can be attached")
	}
	chrome.Eval[bool](ada, "("+shareForm+")([['cat.png', 'image/png', 'meow']])")
	ada.Find("dialog", "Share to a room")
	ada.Wait("words about the file", func() bool { return contains(ada.Text(), "These files cannot be sent here: cat.png", "a & b #1") })
	ada.Click("button", "lobby")
	wantComposer(ada, "Tea\na & b #1\nhttps://example.org/茶")
	wantTray(ada)
}
