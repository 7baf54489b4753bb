package web

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"parley/server/tasks"
	"parley/shared/wire"
)

// newImporting is a community with a place for files that are imported.
func newImporting(t *testing.T) *community {
	t.Helper()
	dir := t.TempDir()
	c := newCommunity(t, func(conf *Config, _ *times) { conf.Spool = dir })
	t.Cleanup(func() {
		c.server.tasks.Wait()
		left, err := os.ReadDir(dir)
		if err != nil || len(left) > 0 {
			t.Errorf("left behind: %v, %v", left, err)
		}
	})
	return c
}

// importing sends a file.
func (p *person) importing(query, file string) *http.Request {
	r := p.request("POST", "/rooms/"+query, file)
	r.Header.Set("Content-Type", "application/x-ndjson")
	return r
}

// history is all of a room, oldest first.
func (p *person) all(room string) []wire.Message {
	p.c.Helper()
	var all []wire.Message
	for after := uint64(0); ; {
		var list wire.MessageList
		p.get(fmt.Sprintf("/rooms/%s/messages?after=%d&limit=200", room, after), &list)
		if len(list.Messages) == 0 {
			return all
		}
		all = append(all, list.Messages...)
		after = list.Messages[len(list.Messages)-1].Seq
	}
}

const threeLines = `{"seq":1,"author":"陈小明","time":"2020-01-02T03:04:05.000Z","text":"**one**","nonce":"1"}
{"seq":5,"author":"Ada","text":"two","nonce":"2","reply_to":1,"reactions":[{"emoji":"👍","users":["Ada","陈小明"]}]}
{"seq":6,"author":"陈小明","deleted":"2020-01-02T03:04:05.000Z","text":"","nonce":"3"}
`

func TestImport(t *testing.T) {
	c := newImporting(t)
	c.owner.say(wire.Lobby, "before")
	c.owner.send(c.owner.importing("lobby/import", threeLines)).wants(t, wire.CodeBadRequest) // nobody is called 陈小明
	var task wire.Task
	c.owner.send(c.owner.importing("lobby/import?authors=create", threeLines)).into(t, &task)
	if task.State != tasks.Done || task.Done != 3 || task.Percent != 100 {
		t.Errorf("%+v", task)
	}
	check := func() {
		t.Helper()
		got := c.owner.all(wire.Lobby)
		if len(got) != 4 || got[1].Text != "**one**" || got[1].Time.String() != "2020-01-02T03:04:05.000Z" ||
			got[2].ReplyTo != 2 || len(got[2].Reactions) != 1 || len(got[2].Reactions[0].Users) != 2 || got[2].Author != c.owner.me.ID || got[3].Deleted == 0 {
			t.Errorf("%s", wire.Encode(got))
		}
	}
	check()
	c.owner.send(c.owner.importing("lobby/import?authors=create&stream=false", threeLines)).into(t, &task) // again: nothing twice
	check()
	var state wire.Sync
	c.owner.get("/sync", &state)
	if state.Reads[wire.Lobby] != 4 {
		t.Errorf("history is unread: %v", state.Reads)
	}
}

func TestImportStream(t *testing.T) {
	c := newImporting(t)
	var file strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&file, `{"text":"message %d","nonce":"n%d"}`+"\n", i, i)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patient)
	defer cancel()
	a, err := c.client.Do(c.owner.importing("lobby/import?stream=true", file.String()).WithContext(ctx))
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	var names []string
	var last wire.Task
	for lines := bufio.NewScanner(a.Body); lines.Scan(); {
		if name, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
			names = append(names, name)
		}
		if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
			if err := json.Unmarshal([]byte(data), &last); err != nil {
				t.Fatal(err)
			}
		}
	}
	if names[0] != "progress" || names[len(names)-1] != "done" || last.Done != 3000 || last.Total != 3000 {
		t.Errorf("%v, %+v", names, last)
	}
	if n := len(c.owner.all(wire.Lobby)); n != 3000 {
		t.Errorf("%d messages", n)
	}
	c.owner.get("/tasks/"+last.ID, &last)
	c.owner.get("/tasks/"+last.ID+"?wait=20", &last) // it is over: at once
	c.member("Ben").ask("GET", "/tasks/"+last.ID, nil).wants(t, wire.CodeNotFound)
	c.member("Eve").ask("DELETE", "/tasks/"+last.ID, nil).wants(t, wire.CodeNotFound)
}

func TestImportBadInput(t *testing.T) {
	c := newImporting(t)
	ben := c.member("Ben")
	var broken strings.Builder
	for i := range 70_000 {
		fmt.Fprintf(&broken, `{"text":"m","nonce":"n%d"}`+"\n", i)
	}
	broken.WriteString("{broken\n")
	p := c.owner.send(c.owner.importing("lobby/import", broken.String())).wants(t, wire.CodeBadRequest)
	if !strings.Contains(p.Detail, "Line 70001") {
		t.Error(p.Detail)
	}
	if n := len(c.owner.all(wire.Lobby)); n != 0 {
		t.Errorf("%d messages of a broken file are there", n)
	}
	c.owner.send(c.owner.importing("lobby/import?stream=maybe", threeLines)).wants(t, wire.CodeBadRequest)
	c.owner.send(c.owner.importing("nowhere/import", threeLines)).wants(t, wire.CodeNotFound)
	ben.send(ben.importing("lobby/import", threeLines)).wants(t, wire.CodeForbidden)
	r := c.owner.importing("lobby/import", threeLines)
	r.Header.Set("Content-Type", "text/plain")
	c.owner.send(r).wants(t, wire.CodeUnsupportedMediaType)
	r = c.owner.importing("lobby/import", threeLines)
	r.ContentLength = maxImport + 1
	r.Body = io.NopCloser(strings.NewReader(threeLines))
	if a, err := c.client.Do(r); err == nil {
		_ = a.Body.Close()
		if a.StatusCode != http.StatusRequestEntityTooLarge {
			t.Errorf("a file of a gigabyte: %d", a.StatusCode)
		}
	}
	c.owner.send(c.owner.importing("lobby/import", "")).wants(t, wire.CodeBadRequest)
}

// One at a time; what runs can be cancelled, and done again without doubles.
func TestImportCancel(t *testing.T) {
	c := newImporting(t)
	var file strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&file, `{"text":"message %d","nonce":"n%d"}`+"\n", i, i)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patient)
	defer cancel()
	a, err := c.client.Do(c.owner.importing("lobby/import?stream=true", file.String()).WithContext(ctx))
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(a.Body)
	waitLine(t, lines, "data: ")
	var task wire.Task
	if err := json.Unmarshal([]byte(strings.TrimPrefix(lines.Text(), "data: ")), &task); err != nil {
		t.Fatal(err)
	}
	c.owner.send(c.owner.importing("lobby/import", threeLines)).wants(t, wire.CodeConflict)
	_ = a.Body.Close() // whoever stops listening does not stop the work
	c.owner.ask("DELETE", "/tasks/"+task.ID, nil).into(t, nil)
	for task.State == tasks.Running || task.State == "" {
		c.owner.get("/tasks/"+task.ID+"?wait=20", &task)
	}
	if task.State != tasks.Failed || task.Problem == nil || task.Problem.Code != wire.CodeConflict {
		t.Fatalf("%+v", task)
	}
	there := len(c.owner.all(wire.Lobby))
	c.owner.send(c.owner.importing("lobby/import", file.String())).into(t, &task)
	got := c.owner.all(wire.Lobby)
	t.Logf("%d were there after the cancel", there)
	if len(got) != 20_000 || got[19_999].Text != "message 19999" {
		t.Errorf("%d messages", len(got))
	}
}

// The same file can go into another room as well, and what its author sends meets
// nothing of it.
func TestImportIntoTwoRooms(t *testing.T) {
	c := newImporting(t)
	var task wire.Task
	for _, room := range []string{wire.Lobby, c.room(wire.KindPublic, "second")} {
		c.owner.send(c.owner.importing(room+"/import?authors=create", threeLines)).into(t, &task)
		c.owner.send(c.owner.importing(room+"/import?authors=create", threeLines)).into(t, &task)
		if list := c.owner.all(room); len(list) != 3 || list[0].Text != "**one**" {
			t.Errorf("%s: %s", room, wire.Encode(list))
		}
	}
	var m wire.Message
	c.owner.do(wire.CmdSend, wire.Send{Room: wire.Lobby, Text: "something else", Nonce: "2"}, &m)
	if m.Seq != 4 {
		t.Errorf("it is message %d", m.Seq)
	}
	other := strings.Replace(threeLines, "two", "three", 1)
	c.owner.send(c.owner.importing("lobby/import?authors=create", other)).wants(t, wire.CodeConflict)
}

// The id of a task can be chosen, so that it can be asked for before there is an
// answer: by its owner alone, and once.
func TestImportTaskIsChosen(t *testing.T) {
	c := newImporting(t)
	ben := c.member("Ben")
	c.owner.ask("GET", "/tasks/mine", nil).wants(t, wire.CodeNotFound)
	var task wire.Task
	c.owner.send(c.owner.importing("lobby/import?authors=create&task=mine", threeLines)).into(t, &task)
	if task.ID != "mine" || task.Done != 3 {
		t.Errorf("%+v", task)
	}
	c.owner.get("/tasks/mine", &task)
	ben.ask("GET", "/tasks/mine", nil).wants(t, wire.CodeNotFound)
	c.owner.send(c.owner.importing("lobby/import?authors=create&task=mine", threeLines)).wants(t, wire.CodeConflict)
	for _, id := range []string{"", strings.Repeat("x", maxTaskID+1), "a/b", "a%20b", "%E5%A5%BD"} {
		c.owner.send(c.owner.importing("lobby/import?task="+id, threeLines)).wants(t, wire.CodeBadRequest)
	}
}

// A task is told to its owner's devices, and to nobody else's.
func TestImportIsTold(t *testing.T) {
	c := newImporting(t)
	ben := c.member("Ben")
	start := c.owner.cursor()
	c.owner.send(c.owner.importing("lobby/import?authors=create", threeLines)).into(t, nil)
	has := func(p *person) bool {
		var b wire.Batch
		p.get("/events?cursor="+start, &b)
		return strings.Contains(string(wire.Encode(b)), `"task":{`)
	}
	for began := time.Now(); !has(c.owner); {
		if time.Since(began) > patient {
			t.Fatal("the owner's devices do not hear of it")
		}
	}
	if has(ben) {
		t.Error("somebody else hears of it")
	}
}

// What was exported and imported is the same room.
func TestRoundTrip(t *testing.T) {
	c := newImporting(t)
	ben := c.member("Ben")
	for i := range 450 {
		who := []*person{c.owner, ben}[i%2]
		who.say(wire.Lobby, fmt.Sprintf("message %d <b>&\n```go\nx\n```", i))
	}
	ben.do(wire.CmdSend, wire.Send{Room: wire.Lobby, Text: "an answer", Nonce: "r", ReplyTo: 7}, nil)
	ben.do(wire.CmdEdit, wire.Edit{Room: wire.Lobby, Seq: 2, Text: "edited"}, nil)
	ben.do(wire.CmdDelete, wire.Delete{Room: wire.Lobby, Seq: 4}, nil)
	c.owner.do(wire.CmdReact, wire.React{Room: wire.Lobby, Seq: 7, Emoji: "👍", On: true}, nil)

	a := ben.ask("GET", "/rooms/lobby/export?format=ndjson", nil)
	if a.status != http.StatusOK || a.header.Get("X-Total-Count") != "451" {
		t.Fatalf("%d %v", a.status, a.header)
	}
	copied := c.room(wire.KindPrivate, "copy")
	c.owner.send(c.owner.importing(copied+"/import", string(a.body))).into(t, nil)
	was, is := c.owner.all(wire.Lobby), c.owner.all(copied)
	if len(was) != len(is) {
		t.Fatalf("%d messages became %d", len(was), len(is))
	}
	for i := range was {
		w, g := was[i], is[i]
		w.Room, w.Nonce, w.Rev, g.Room, g.Nonce, g.Rev = "", "", 0, "", "", 0
		if string(wire.Encode(w)) != string(wire.Encode(g)) {
			t.Fatalf("%s became %s", wire.Encode(w), wire.Encode(g))
		}
	}
	page := ben.ask("GET", "/rooms/lobby/export?format=html", nil)
	if !strings.Contains(string(page.body), "message 449 &lt;b&gt;") || !strings.HasSuffix(string(page.body), "</html>\n") || strings.Contains(string(page.body), "http://") {
		t.Errorf("the page: %.2000s", page.body)
	}
	if strings.Contains(string(page.body), "Today") || !strings.Contains(string(page.body), time.Now().Format("2006")+"</span></div>") || !strings.Contains(string(page.body), `href="#m7"`) {
		t.Errorf("the page is for today, or has no year, or leads elsewhere: %.2000s", page.body)
	}
	ben.ask("GET", "/rooms/lobby/export?format=pdf", nil).wants(t, wire.CodeBadRequest)
	ben.ask("GET", "/rooms/"+copied+"/export?format=html", nil).wants(t, wire.CodeNotFound)
}

// An export can be a task of whoever asks for it, and tells how far it has come.
func TestExportIsATask(t *testing.T) {
	c := newImporting(t)
	ben := c.member("Ben")
	for i := range 3 {
		ben.say(wire.Lobby, fmt.Sprint("message ", i))
	}
	a := ben.ask("GET", "/rooms/lobby/export?format=ndjson&task=out", nil)
	if a.status != http.StatusOK || strings.Count(string(a.body), "\n") != 3 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	var task wire.Task
	ben.get("/tasks/out?wait=20", &task)
	if task.Kind != taskExport || task.State != tasks.Done || task.Done != 3 || task.Total != 3 {
		t.Errorf("%+v", task)
	}
	c.owner.ask("GET", "/tasks/out", nil).wants(t, wire.CodeNotFound)
	ben.ask("GET", "/rooms/lobby/export?format=ndjson&task=out", nil).wants(t, wire.CodeConflict)
	ben.ask("GET", "/rooms/lobby/export?format=ndjson&task=a/b", nil).wants(t, wire.CodeBadRequest)
}

// A client that asks for the progress and never reads it holds nothing up.
func TestImportNobodyReads(t *testing.T) {
	c := newImporting(t)
	var file strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&file, `{"text":"message %d","nonce":"n%d"}`+"\n", i, i)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patient)
	defer cancel()
	a, err := c.client.Do(c.owner.importing("lobby/import?stream=true", file.String()).WithContext(ctx))
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	c.server.tasks.Wait()
	if n := len(c.owner.all(wire.Lobby)); n != 5000 {
		t.Errorf("%d messages", n)
	}
}

// TestImportSlackReactions: what people chose at Slack stands under the message,
// and others can join them.
func TestImportSlackReactions(t *testing.T) {
	c := newImporting(t)
	var file bytes.Buffer
	w := zip.NewWriter(&file)
	for name, content := range map[string]string{
		"users.json":        `[{"id":"U1","name":"grace"}]`,
		"general/2020.json": `[{"type":"message","user":"U1","text":"x","ts":"1577923201.000200","reactions":[{"name":"+1","users":["U1"],"count":1}]}]`,
	} {
		f, err := w.Create(name)
		if err == nil {
			_, err = f.Write([]byte(content))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	r := c.owner.importing("lobby/import?authors=create", file.String())
	r.Header.Set("Content-Type", "application/zip")
	var task wire.Task
	c.owner.send(r).into(t, &task)
	if task.State != tasks.Done {
		t.Fatalf("%+v", task)
	}
	var m wire.Message
	c.owner.send(c.owner.request("POST", "/react", `{"room":"lobby","seq":1,"emoji":"👍","on":true}`)).into(t, &m)
	if len(m.Reactions) != 1 || len(m.Reactions[0].Users) != 2 || m.Reactions[0].Users[0] != m.Author || m.Reactions[0].Users[1] != c.owner.me.ID {
		t.Errorf("%+v", m)
	}
}
