package e2e_test

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/e2e/badproxy"
	"parley/e2e/chrome"
	"parley/e2e/parley"
	"parley/shared/texts"
	"parley/shared/wire"
)

// bufferAnswers holds the answer to a file back until it is whole, as proxies do
// that look at all of it.
func bufferAnswers() badproxy.Fault {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !strings.HasSuffix(r.URL.Path, "/import") {
				next.ServeHTTP(w, r)
				return
			}
			whole := httptest.NewRecorder()
			next.ServeHTTP(whole, r)
			for k, v := range whole.Header() {
				w.Header()[k] = v
			}
			w.WriteHeader(whole.Code)
			_, _ = io.Copy(w, whole.Body)
		})
	}
}

// watchProgress notes what the bar shows, and the words below it.
const watchProgress = `(() => {
	window.told = [];
	new MutationObserver(() => {
		const bar = document.querySelector('dialog progress'), words = document.querySelector('.import-words');
		if (bar && words && bar.value > 0 && words.textContent.includes(' of ')) told.push([bar.value, words.textContent]);
	}).observe(document.body, {subtree: true, childList: true, characterData: true, attributes: true});
})()`

// wantProgress wants it to have been told while the import was under way: how
// often is a matter of how fast the machine is.
func wantProgress(t *testing.T, p *chrome.Page) {
	t.Helper()
	told := chrome.Eval[[][2]any](p, "told")
	if !slices.ContainsFunc(told, func(at [2]any) bool { return at[0].(float64) < 1 }) {
		t.Errorf("the progress was not told before the end: %v", told)
	}
	t.Logf("told %d times", len(told))
}

// dropFile drops a file of n messages, or this text, on the dialog.
func dropFile(p *chrome.Page, name, text string, n int) {
	chrome.Eval[bool](p, fmt.Sprintf(`(() => {
		const n = %d;
		let text = %q;
		if (n) {
			const lines = [];
			for (let i = 0; i < n; i++) lines.push(JSON.stringify({text: 'imported ' + (i + 1), nonce: 'i-' + i}));
			text = lines.join('\n');
		}
		const data = new DataTransfer();
		data.items.add(new File([text], %q));
		const dialog = document.getElementById('dialog');
		for (const kind of ['dragover', 'drop'])
			dialog.dispatchEvent(new DragEvent(kind, {dataTransfer: data, bubbles: true, cancelable: true}));
		return true;
	})()`, n, text, name))
	p.Wait("the file to be taken", func() bool { return contains(p.Text(), name) })
}

// TestImportInTheApp: a file is dropped on the settings of a room and watched on
// its way, on every rung, and where what is in between holds the answer back.
func TestImportInTheApp(t *testing.T) {
	t.Parallel()
	browser := chrome.Start(t)
	for rung, faults := range map[string][]badproxy.Fault{
		"WebSocket":  nil,
		"SSE":        {badproxy.WSRefuse()},
		"Long poll":  {badproxy.WSRefuse(), badproxy.SSEBuffer(), bufferAnswers()},
		"Short poll": {badproxy.WSRefuse(), badproxy.SSEBuffer(), badproxy.On(badproxy.CutAnswers(time.Second), badproxy.LongPoll), bufferAnswers()},
	} {
		t.Run(rung, func(t *testing.T) {
			n := 50_000 // so that also a quick machine tells of it before the end
			if rung == "Long poll" || rung == "Short poll" {
				n = 30_000 // so that it lasts longer than what is held back
			}
			s := parley.Start(t)
			owner := s.Setup("Ada")
			room := owner.Room(t, wire.KindPublic, "Old days")
			proxy, err := badproxy.Start(s.Addr(), faults...)
			must(t, err)
			t.Cleanup(func() { must(t, proxy.Close()) })
			ada := browser.On(t).Person("Ada")
			ada.TolerateNetwork()
			ada.Tolerate("cannot be kept") // thousands of messages at once keep the browser busy
			visitRoom(ada, owner, proxy.URL(), room.ID)
			waitRung(ada, rung)
			chrome.Eval[any](ada, watchProgress)
			ada.Click("button", "Room settings")
			ada.Find("dialog", "Old days")
			dropFile(ada, "old.ndjson", "", n)
			ada.Find("tab", "Messages")
			ada.Click("button", "Import")
			ada.Wait("the import to be done", func() bool { return contains(ada.Text(), texts.Plain(n).Written+" messages imported.") })
			wantProgress(t, ada)
			ada.Keep("imported-" + rung)
			ada.Press(chrome.Escape)
			list, err := owner.History(t.Context(), room.ID, uint64(n-1))
			must(t, err)
			if len(list) != 1 || list[0].Text != fmt.Sprintf("imported %d", n) {
				t.Errorf("the room ends with %+v", list)
			}
		})
	}
}

// TestImportWithoutFeed: what is in between holds the answer back, and the feed
// does not get through by any rung: the progress is asked for.
func TestImportWithoutFeed(t *testing.T) {
	t.Parallel()
	const n = 60_000
	s := parley.Start(t)
	owner := s.Setup("Ada")
	room := owner.Room(t, wire.KindPublic, "Old days")
	proxy := through(t, s)
	ada := chrome.Start(t).Person("Ada")
	ada.TolerateNetwork()
	ada.Tolerate("cannot be kept")
	visitRoom(ada, owner, proxy.URL(), room.ID)
	waitRung(ada, "WebSocket")
	proxy.Set(bufferAnswers(), badproxy.On(badproxy.Hang(), badproxy.WebSocket, badproxy.SSE, badproxy.LongPoll, badproxy.ShortPoll))
	proxy.Cut()
	chrome.Eval[any](ada, watchProgress)
	ada.Click("button", "Room settings")
	ada.Find("dialog", "Old days")
	dropFile(ada, "old.ndjson", "", n)
	ada.Find("tab", "Messages")
	ada.Click("button", "Import")
	ada.Wait("the import to be done", func() bool { return contains(ada.Text(), texts.Plain(n).Written+" messages imported.") })
	wantProgress(t, ada)
}

// TestImportAnswerBreaks: an answer that breaks off says nothing of the import,
// which is asked for then.
func TestImportAnswerBreaks(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	room := owner.Room(t, wire.KindPublic, "Old days")
	proxy := through(t, s)
	ada := chrome.Start(t).Person("Ada")
	ada.TolerateNetwork()
	visitRoom(ada, owner, proxy.URL(), room.ID)
	waitRung(ada, "WebSocket")
	proxy.Set(breakAnswers(), badproxy.On(badproxy.Hang(), badproxy.WebSocket, badproxy.SSE, badproxy.LongPoll, badproxy.ShortPoll))
	proxy.Cut()
	ada.Click("button", "Room settings")
	ada.Find("dialog", "Old days")
	dropFile(ada, "old.ndjson", "", 100)
	ada.Find("tab", "Messages")
	ada.Click("button", "Import")
	ada.Wait("the import to be done", func() bool { return contains(ada.Text(), "100 messages imported.") })
}

// breakAnswers breaks the answer to a file off before the first of it is whole.
func breakAnswers() badproxy.Fault {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !strings.HasSuffix(r.URL.Path, "/import") {
				next.ServeHTTP(w, r)
				return
			}
			whole := httptest.NewRecorder()
			next.ServeHTTP(whole, r)
			w.Header().Set("Content-Type", whole.Header().Get("Content-Type"))
			_, _ = w.Write(whole.Body.Bytes()[:10])
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		})
	}
}

// slackExport is a workspace of Slack's as a zip file on the disk.
func slackExport(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "Analytical Society Slack export.zip")
	file, err := os.Create(path)
	must(t, err)
	w := zip.NewWriter(file)
	for _, f := range [][2]string{
		{"channels.json", `[{"id":"C1","name":"general"},{"id":"C2","name":"random"}]`},
		{"users.json", `[{"id":"U1","name":"ada","profile":{"display_name":"Ada"}},{"id":"U2","name":"ming","real_name":"陈小明","profile":{}}]`},
		{"general/2020-01-02.json", `[{"type":"message","subtype":"channel_join","user":"U1","text":"<@U1> has joined","ts":"1577923200.000100"},
			{"type":"message","user":"U1","text":"Hi <@U2>, see <https://example.com/c|this> in <#C2>","ts":"1577923201.000200","thread_ts":"1577923201.000200"}]`},
		{"general/2020-01-03.json", `[{"type":"message","user":"U2","text":"*Thanks*","ts":"1578009601.000200","thread_ts":"1577923201.000200"}]`},
		{"random/2020-01-02.json", `[{"type":"message","user":"U2","text":"not this","ts":"1577923205.000200"}]`},
	} {
		part, err := w.Create(f[0])
		must(t, err)
		_, err = part.Write([]byte(f[1]))
		must(t, err)
	}
	must(t, errors.Join(w.Close(), file.Close()))
	return path
}

// TestSlackInTheApp: a workspace of Slack's comes in whole, chosen or dropped.
func TestSlackInTheApp(t *testing.T) {
	t.Parallel()
	path := slackExport(t)
	content, err := os.ReadFile(path)
	must(t, err)
	s := parley.Start(t)
	owner := s.Setup("Ada")
	ada := chrome.Start(t).Person("Ada")
	ada.Tolerate("400")
	for how, give := range map[string]func(){
		"chosen": func() {
			ada.Click("tab", "Messages")
			ada.Choose("#import-file", path)
		},
		"dropped": func() {
			chrome.Eval[bool](ada, fmt.Sprintf(`(() => {
				const data = new DataTransfer();
				data.items.add(new File([Uint8Array.from(atob(%q), c => c.charCodeAt(0))], %q));
				for (const kind of ['dragover', 'drop'])
					document.getElementById('dialog').dispatchEvent(new DragEvent(kind, {dataTransfer: data, bubbles: true, cancelable: true}));
				return true;
			})()`, base64.StdEncoding.EncodeToString(content), filepath.Base(path)))
		},
	} {
		room := owner.Room(t, wire.KindPublic, "Old days, "+how)
		visitRoom(ada, owner, s.URL(), room.ID)
		ada.Click("button", "Room settings")
		ada.Find("dialog", "Old days, "+how)
		give()
		ada.Find("textbox", "Channel")
		ada.Click("button", "Import")
		ada.Wait("the channels to choose from", func() bool { return contains(ada.Text(), "general, random") })
		ada.Fill("textbox", "Channel", "general")
		ada.ClickMatch("checkbox", startsWith("Make names"))
		ada.Click("button", "Import")
		ada.Wait("the import to be done", func() bool { return contains(ada.Text(), "2 messages imported.") })
		ada.Keep("slack-" + how)
		ada.Press(chrome.Escape)
		ada.WaitRow("Thanks")
		rows := ada.Rows()
		if len(rows) != 2 || rows[0].Author != owner.ID || rows[0].Text != "Hi @陈小明, see this in #random" || rows[1].Author == owner.ID || !contains(ada.Text(), "陈小明") {
			t.Errorf("%s: the room has %+v", how, rows)
		}
		list, err := owner.History(t.Context(), room.ID, 0)
		must(t, err)
		if len(list) != 2 || list[1].ReplyTo != 1 || list[1].Time.String() != "2020-01-03T00:00:01.000Z" {
			t.Errorf("%s: the server has %s", how, wire.Encode(list))
		}
	}
}

// TestImportRefused: what is wrong with a file is said in words, nothing of it is
// stored, and one that is on its way can be cancelled.
func TestImportRefused(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	room := owner.Room(t, wire.KindPublic, "Old days")
	ada := chrome.Start(t).Person("Ada")
	ada.Tolerate("400", "409")
	visitRoom(ada, owner, s.URL(), room.ID)
	ada.Click("button", "Room settings")
	ada.Click("tab", "Messages")
	dropFile(ada, "broken.ndjson", "{\"text\":\"fine\",\"nonce\":\"1\"}\nnot fine", 0)
	ada.Click("button", "Import")
	ada.Wait("the line that is wrong", func() bool {
		return contains(ada.Text(), "Line 2: It is not JSON: its character 2 cannot stand there.")
	})
	dropFile(ada, "authors.ndjson", `{"author":"Grace","text":"from elsewhere","nonce":"1"}`, 0)
	ada.Click("button", "Import")
	ada.Wait("who is not here", func() bool { return contains(ada.Text(), "Nobody here is called") })
	ada.ClickMatch("checkbox", startsWith("Make names"))
	ada.Click("button", "Import")
	ada.Wait("the import to be done", func() bool { return contains(ada.Text(), "1 message imported.") })
	dropFile(ada, "slack.zip", "PK\x03\x04 no zip", 0)
	ada.Find("textbox", "Channel")
	ada.Click("button", "Import")
	ada.Wait("the zip to be refused", func() bool { return ada.Has("alert", "") && contains(ada.Text(), "zip file") })
	dropFile(ada, "long.ndjson", "", 200_000)
	ada.Click("button", "Import")
	ada.ClickMatch("button", regexp.MustCompile("^Cancel$"))
	ada.Wait("the import to have ended", func() bool { return !ada.Has("progressbar", "Import") })
	list, err := owner.History(t.Context(), room.ID, 0)
	must(t, err)
	if len(list) == 0 || list[0].Text != "from elsewhere" {
		t.Errorf("the room begins with %+v", list)
	}
}

// TestImportRefusedInChinese: what is wrong with a line is said in the reader's
// language.
func TestImportRefusedInChinese(t *testing.T) {
	t.Parallel()
	zh := &texts.Chinese
	s := parley.Start(t)
	owner := s.Setup("Ada")
	ada := chrome.Start(t).Person("Ada")
	ada.Tolerate("400")
	ada.Speak("zh-CN,zh")
	name, value, _ := strings.Cut(owner.Header().Get("Cookie"), "=")
	ada.Cookie(s.URL(), name, value)
	ada.Open(s.URL())
	ada.Click("button", zh.RoomSettings)
	ada.Click("tab", zh.Messages)
	for line, want := range map[string]string{
		`not fine`:               "第 1 行：不是 JSON：第 2 个字符有误。",
		`{"text":"你好`:            "第 1 行：这一行不完整：每行应是一个完整的 JSON 对象。",
		`{"text":"x","nonce":1}`: "第 1 行：\"nonce\" 应是文字。",
		`{"text":"x","nonce":"1","time":"昨天"}`: "第 1 行：其中有一个时间无效",
	} {
		dropFile(ada, "broken.ndjson", line, 0)
		ada.Click("button", zh.Import)
		ada.Wait(want, func() bool { return contains(ada.Text(), want) })
	}
	ada.Keep("import-refused-chinese")
}

// TestExportIsWatched: while a browser saves a room, the app shows how far it has
// come.
func TestExportIsWatched(t *testing.T) {
	t.Parallel()
	const n = 20_000
	s := parley.Start(t)
	owner := s.Setup("Ada")
	var file strings.Builder
	for i := range n {
		fmt.Fprintf(&file, `{"text":"line %d","nonce":"n%d"}`+"\n", i, i)
	}
	for events := importing(t.Context(), t, owner, file.String()); events.Scan(); { // to the end
	}
	dir := t.TempDir()
	ada := chrome.Start(t).Profile("Ada")
	ada.Downloads(dir)
	visit(ada, owner, s.URL())
	ada.Click("button", "Room settings")
	ada.Click("tab", "Messages")
	ada.Click("link", "To import again (NDJSON)")
	all := texts.Plain(n).Written
	ada.Wait("the export to be shown as done", func() bool {
		return contains(ada.Text(), all+" of "+all) && chrome.Eval[float64](ada, `document.querySelector('dialog progress[aria-label=Export]').value`) == 1
	})
	ada.Keep("exported")
	ada.Wait("the file", func() bool {
		got, err := os.ReadFile(filepath.Join(dir, "lobby.ndjson"))
		return err == nil && bytes.Count(got, []byte("\n")) == n
	})
}

// TestExportInTheApp: any member has a room as a file.
func TestExportInTheApp(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	_, err := owner.Send(t.Context(), wire.Lobby, "to be kept", "1")
	must(t, err)
	ben := s.Member(owner, "Ben")
	p := chrome.Start(t).Person("Ben")
	visit(p, ben, s.URL())
	p.Click("button", "Room settings")
	p.Click("tab", "Messages")
	p.Find("link", "To read (HTML)")
	if p.Has("button", "Import") {
		t.Error("a member is offered to import")
	}
	got := chrome.Eval[string](p, `fetch(document.querySelector('dialog a[download][href*=ndjson]').href).then(r => r.text())`)
	if !bytes.Contains([]byte(got), []byte("to be kept")) {
		t.Errorf("the export is %q", got)
	}
}
