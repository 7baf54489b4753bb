//go:build dev

package ui

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/app/browser"
	"parley/app/client"
	"parley/shared/parts"
	"parley/shared/rows"
	"parley/shared/wire"
)

// designPicture is a picture of so many pixels: hills under a sun.
func designPicture(width, height, hue int) string {
	return "data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString([]byte(fmt.Sprintf(
		`<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 160 90" preserveAspectRatio="xMidYMid slice">`+
			`<rect width="160" height="90" fill="oklch(85%% 0.07 %d)"/><circle cx="115" cy="28" r="12" fill="oklch(95%% 0.09 90)"/>`+
			`<path d="M0 70 40 34 74 66 104 44 160 80V90H0z" fill="oklch(52%% 0.08 %d)"/></svg>`, width, height, hue, hue)))
}

func designPictures() []shown {
	return []shown{
		{File: wire.File{Name: "garden.webp", Size: 812_000}, src: designPicture(1600, 900, 150), there: true},
		{File: wire.File{Name: "从山上看到的花园，黄昏时分.jpg", Size: 1_240_000}, src: designPicture(900, 1200, 240), there: true},
		{File: wire.File{Name: "small.png", Size: 900}, src: designPicture(60, 40, 40), there: true},
	}
}

// files are rows with what is attached to them, and the tray.
func (d *Design) files() []app.UI {
	m := d.m
	wide := wire.File{ID: "wide", Name: "garden.webp", Type: "image/webp", Size: 812_000, Width: 1600, Height: 900}
	high := wire.File{ID: "high", Name: "tower.jpg", Type: "image/jpeg", Size: 1_240_000, Width: 900, Height: 1600}
	tiny := wire.File{ID: "tiny", Name: "dot.png", Type: "image/png", Size: 900, Width: 24, Height: 16}
	gone := wire.File{ID: "gone", Name: "a picture that does not come.png", Type: "image/png", Width: 640, Height: 360}
	plan := wire.File{ID: "plan", Name: "Planting plan for the next three seasons, with notes.pdf", Type: "application/pdf", Size: 2_450_000}
	zh := wire.File{ID: "zh", Name: "会议纪要.docx", Size: 34_000}
	bare := wire.File{ID: "bare", Name: "README", Size: 612}

	start := wire.TimeOf(time.Now().Add(-time.Hour))
	list := []wire.Message{
		{Author: "ben", Text: "The garden this morning.", Files: []wire.File{wide}},
		{Author: "mei", Files: []wire.File{high}, Reactions: []wire.Reaction{{Emoji: "🎉", Users: []string{"ada"}}}},
		{Author: "mei", Text: "三张一起", Files: []wire.File{wide, high, tiny}},
		{Author: "ben", Files: []wire.File{plan, zh, bare}},
		{Author: "ada", Text: "Mine.", Files: []wire.File{wide, plan}},
		{Author: "ada", Files: []wire.File{tiny}},
		{Author: "gus", Files: []wire.File{gone}},
		{Author: "gus", Text: "To what is a file only.", ReplyTo: 4},
	}
	w := m.writer()
	w.Quote = func(seq uint64) (wire.Quote, bool) { return list[seq-1].Quote(), true }
	var said, sending strings.Builder
	var prev *wire.Message
	for i := range list {
		list[i].Seq, list[i].Time = uint64(i+1), start
		w.Message(&said, prev, list[i], false)
		prev = &list[i]
	}
	pending := func(f wire.File, src string) rows.PendingFile { return rows.PendingFile{File: f, Src: src} }
	for _, p := range []rows.Pending{
		{Nonce: "f1", Text: "On their way.", State: rows.Sending, Percent: 42, Files: []rows.PendingFile{pending(wide, designPicture(1600, 900, 150)), pending(plan, "")}},
		{Nonce: "f2", State: rows.Failed, Reason: m.T.Unavailable, Files: []rows.PendingFile{pending(zh, "")}},
	} {
		p.Time = start
		w.Pending(&sending, prev, p)
		prev = &wire.Message{Author: "ada", Time: p.Time}
	}
	html := said.String()
	for _, f := range []wire.File{wide, high, tiny} {
		html = strings.ReplaceAll(html, `src="`+f.Path()+`"`, `src="`+designPicture(f.Width, f.Height, len(f.ID)*60)+`"`)
	}
	ready := func(name string, size int64) client.Attachment {
		return client.Attachment{Name: name, Blob: designBlob(size)}
	}
	var tray strings.Builder
	for i, a := range []attached{
		{file: ready("garden.webp", 812_000), src: designPicture(160, 90, 150)},
		{file: ready("会议纪要.docx", 34_000)},
		{file: ready("Planting plan for the next three seasons, with notes.pdf", 2_450_000)},
		{from: browser.File{Name: "IMG_2024.jpg", Size: 4_800_000}},
	} {
		a.id = i
		tray.WriteString(trayHTML(m, &a))
	}
	composer := strings.Replace(parts.Composer{Room: "garden"}.HTML(m.T), " autofocus", "", 1)
	composer = strings.Replace(composer, `class="composer"`, `class="composer has-text"`, 1)
	composer = strings.Replace(composer, `<textarea`, `<ul class="tray" aria-label="`+m.T.Attached+`">`+tray.String()+`</ul><textarea`, 1)
	composer = strings.Replace(composer, `<button type="submit"`, `<button type="button" class="icon-button composer-emoji composer-clip" aria-label="`+m.T.AttachFiles+`">`+parts.Icon(iconClip)+`</button>`+
		`<button type="button" class="icon-button composer-emoji" aria-label="`+m.T.Emoji+`">`+parts.Icon(iconSmile)+`</button><button type="submit"`, 1)
	return []app.UI{
		box(app.Raw(`<div class="timeline"><div class="timeline-inner"><div class="timeline-list"><section class="chunk">` + html +
			`</section></div><div class="timeline-pending">` + sending.String() + `</div></div></div>`)),
		app.Raw(composer),
		box(app.Raw(`<div class="design-drop"><div class="drop-here">` + m.T.DropHere + `</div></div>`)),
	}
}

// designBlob is so many bytes of nothing.
type designBlob int64

// Size is how many.
func (b designBlob) Size() int64 { return int64(b) }

// Read gives some.
func (designBlob) Read(_ context.Context, from, to int64) ([]byte, error) {
	return make([]byte, to-from), nil
}
