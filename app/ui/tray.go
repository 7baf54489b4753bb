package ui

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/app/browser"
	"parley/app/client"
	"parley/shared/parts"
	"parley/shared/rows"
	"parley/shared/wire"
)

// tray is what is attached to the message that is being written in a room. It
// outlives the composer: it is there as long as the page.
type tray struct {
	room  string
	files []*attached
	last  int           // id given
	busy  bool          // one of the files is being made ready
	sends *client.Draft // the message that goes as soon as all of them are, without its files; nil for none
}

// attached is a file of a tray.
type attached struct {
	id   int
	from browser.File      // as it was chosen, until it is ready
	file client.Attachment // when it is
	src  string            // where this page finds the bytes of a picture
}

func (a *attached) ready() bool { return a.file.Blob != nil }

func (a *attached) name() string {
	if a.ready() {
		return a.file.Name
	}
	return a.from.Name
}

func (a *attached) size() int64 {
	if a.ready() {
		return a.file.Blob.Size()
	}
	return int64(a.from.Size)
}

// tray is that of a room.
func (m *Model) tray(room string) *tray {
	t := m.trays[room]
	if t == nil {
		t = &tray{room: room}
		m.trays[room] = t
	}
	return t
}

// add takes a file that is chosen, or one that is ready already.
func (t *tray) add(a attached) *attached {
	t.last++
	a.id = t.last
	if (wire.File{Type: a.file.Type}).Picture() && a.ready() {
		a.src = browser.BlobURL(a.file.Blob)
	}
	t.files = append(t.files, &a)
	return &a
}

// find is where a file is, -1 for nowhere.
func (t *tray) find(id int) int {
	return slices.IndexFunc(t.files, func(a *attached) bool { return a.id == id })
}

// remove takes a file out. It is nil when that is not there any more.
func (t *tray) remove(id int) *attached {
	i := t.find(id)
	if i < 0 {
		return nil
	}
	a := t.files[i]
	t.files = slices.Delete(t.files, i, i+1)
	a.forget()
	return a
}

func (a *attached) forget() {
	if a.src != "" {
		browser.RevokeBlobURL(a.src)
	}
}

// clear takes all files out.
func (t *tray) clear() {
	for _, a := range t.files {
		a.forget()
	}
	t.files, t.sends = nil, nil
}

// waits is the next file that is not ready, nil when all are.
func (t *tray) waits() *attached {
	i := slices.IndexFunc(t.files, func(a *attached) bool { return !a.ready() })
	if i < 0 {
		return nil
	}
	return t.files[i]
}

// ready are the files as they are sent.
func (t *tray) ready() []client.Attachment {
	var list []client.Attachment
	for _, a := range t.files {
		list = append(list, a.file)
	}
	return list
}

// limits are the server's; without a session, none are known.
func (m *Model) limits() wire.Limits {
	if m.session == nil {
		return wire.Limits{}
	}
	return m.session.client.Limits()
}

// trayed is the composer when it shows a tray, else nil.
func (m *Model) trayed(t *tray) *composer {
	if m.composer != nil && m.composer.room == t.room {
		return m.composer
	}
	return nil
}

// refuse says why a file was not attached, where it was to be.
func (m *Model) refuse(t *tray, problem string) {
	if c := m.trayed(t); c != nil {
		c.say(problem)
		return
	}
	m.Toast, m.Calm = problem, false
	m.Rev.Toast++
}

// makeReady makes the files of a tray ready, one after the other: a picture of a
// camera's takes fifty megabytes while it is drawn.
func (m *Model) makeReady(t *tray) {
	next := t.waits()
	if t.busy || next == nil {
		return
	}
	t.busy = true
	var file client.Attachment
	var err error
	m.async(func(ctx context.Context) { file, err = browser.Attach(ctx, next.from) }, func() {
		t.busy = false
		if t.find(next.id) >= 0 { // else it has been taken out meanwhile
			m.madeReady(t, next, file, err)
		}
		m.makeReady(t)
		if t.sends != nil && t.waits() == nil {
			m.sendWaiting(t)
		}
	})
}

// sendWaiting sends the message that has waited for its files, also from a room that
// was left meanwhile: who pressed the button is done with it.
func (m *Model) sendWaiting(t *tray) {
	draft := *t.sends
	t.sends = nil
	if c := m.trayed(t); c != nil {
		c.send()
		return
	}
	if m.session == nil {
		return
	}
	draft.Files = t.ready()
	if _, err := m.session.client.Post(t.room, draft); err != nil {
		m.refuse(t, m.T.Error(err))
		return
	}
	t.clear()
	for _, key := range []string{m.draftKey(t.room), m.purposeKey(t.room)} {
		_ = m.store.Save(context.Background(), key, nil)
	}
}

// madeReady takes a file over that is ready, or says why it cannot be sent.
func (m *Model) madeReady(t *tray, a *attached, file client.Attachment, err error) {
	c, problem := m.trayed(t), ""
	switch most := m.limits().File; {
	case err != nil:
		problem = m.T.FileEmpty(a.name())
	case most > 0 && file.Blob.Size() > most:
		problem = m.T.FileTooLarge(a.name(), rows.Size(most))
	}
	if problem != "" {
		t.sends = nil
		t.remove(a.id)
		if c != nil {
			c.trayItem(a.id).Call("remove")
			c.fit()
		}
		m.refuse(t, problem)
		return
	}
	a.file = file
	if (wire.File{Type: file.Type}).Picture() {
		a.src = browser.BlobURL(file.Blob)
	}
	if c == nil {
		return
	}
	item := c.trayItem(a.id)
	had := item.Call("contains", focused()).Bool()
	item.Set("outerHTML", trayHTML(m, a))
	if had {
		c.trayItem(a.id).Call("querySelector", "button").Call("focus")
	}
}

// attach takes files into the tray of the room. Those that are too many, and all
// while a message is edited, are not.
func (c *composer) attach(files []browser.File) {
	limits := c.m.limits()
	if len(files) == 0 || c.editing != nil || c.room == "" || limits.File == 0 {
		return
	}
	t := c.m.tray(c.room)
	c.say("")
	if room := max(limits.Files-len(t.files), 0); len(files) > room {
		files = files[:room]
		c.say(c.m.T.TooManyFiles(c.m.number(limits.Files)))
	}
	var names []string
	for _, f := range files {
		names = append(names, f.Name)
		c.drawAttached(t.add(attached{from: f}))
	}
	if len(names) > 0 {
		c.tell(c.m.T.FilesAdded(c.m.Intl.List(names)))
	}
	c.fit()
	c.m.makeReady(t)
}

// attachBack takes files of a message that was not sent.
func (c *composer) attachBack(files []client.Attachment) {
	t := c.m.tray(c.room)
	for _, f := range files {
		c.drawAttached(t.add(attached{file: f}))
	}
	c.fit()
}

// detach takes a file out. The focus goes to the one that takes its place.
func (c *composer) detach(item app.Value) {
	id, _ := strconv.Atoi(item.Get("dataset").Get("file").String())
	next := item.Get("nextElementSibling")
	if !next.Truthy() {
		next = item.Get("previousElementSibling")
	}
	item.Call("remove")
	a := c.m.tray(c.room).remove(id)
	if a == nil {
		return
	}
	if a.ready() && c.m.session != nil {
		c.m.session.client.Release(a.file)
	}
	c.say("")
	c.tell(c.m.T.FileTaken(a.name()))
	c.fit()
	if next.Truthy() {
		next.Call("querySelector", "button").Call("focus")
	} else {
		c.text.Call("focus")
	}
}

// drawTray draws what is attached in the room.
func (c *composer) drawTray() {
	c.tray.Set("innerHTML", "")
	c.told.Set("textContent", "")
	for _, a := range c.m.tray(c.room).files {
		c.drawAttached(a)
	}
	c.fit()
}

func (c *composer) drawAttached(a *attached) {
	c.tray.Call("insertAdjacentHTML", "beforeend", trayHTML(c.m, a))
	c.tray.Set("scrollTop", c.tray.Get("scrollHeight"))
}

// trayItem is the element of a file.
func (c *composer) trayItem(id int) app.Value {
	return c.tray.Call("querySelector", `[data-file="`+strconv.Itoa(id)+`"]`)
}

// tell lets those who listen know what has become of files.
func (c *composer) tell(words string) { c.told.Set("textContent", words) }

// trayHTML is a file of the tray.
func trayHTML(m *Model, a *attached) string {
	var b strings.Builder
	b.WriteString(`<li class="file`)
	if !a.ready() {
		b.WriteString(` busy`)
	}
	b.WriteString(`" data-file="` + strconv.Itoa(a.id) + `">`)
	if a.src != "" {
		b.WriteString(`<img alt="" src="` + a.src + `">`)
	} else {
		b.WriteString(`<span class="file-kind" aria-hidden="true">`)
		rows.Escape(&b, rows.Kind(a.name()))
		b.WriteString(`</span>`)
	}
	b.WriteString(`<span class="file-name" dir="auto">`)
	rows.Escape(&b, a.name())
	b.WriteString(`</span> <span class="file-size">` + rows.Size(a.size()) + `</span>`)
	b.WriteString(`<button type="button" class="icon-button" data-do="detach" aria-label="`)
	rows.Escape(&b, m.T.Detach(a.name()))
	b.WriteString(`">` + parts.Icon(iconClose) + `</button></li>`)
	return b.String()
}
