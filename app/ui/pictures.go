package ui

import (
	"strconv"
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/app/browser"
	"parley/app/client"
	"parley/shared/rows"
	"parley/shared/wire"
)

// blobs is how the addresses of what only this page has begin.
const blobs = "blob:"

// listenPictures listens for pictures that have come. One whose size nobody knew
// makes the list longer; of one's own, the page has no more use for the bytes.
func (t *timeline) listenPictures() {
	loaded := app.FuncOf(func(_ app.Value, args []app.Value) any {
		defer t.m.guard()
		img := args[0].Get("target")
		if src := img.Get("src"); src.Truthy() && strings.HasPrefix(src.String(), blobs) && t.list.Call("contains", img).Bool() {
			browser.RevokeBlobURL(src.String())
		}
		t.quiet(t.settle)
		return nil
	})
	t.root.Call("addEventListener", "load", loaded, true) // it does not bubble
	t.off = append(t.off, func() {
		t.root.Call("removeEventListener", "load", loaded, true)
		loaded.Release()
	})
}

// keepPictures lets one's own pictures go on being shown that have just been sent:
// the page has them, and need not fetch them.
func (t *timeline) keepPictures(ms []wire.Message) {
	for _, m := range ms {
		if len(m.Files) == 0 || m.Nonce == "" {
			continue
		}
		srcs := t.out.take(m.Nonce)
		if len(srcs) != len(m.Files) {
			continue
		}
		imgs := t.row(m.Seq).Call("querySelectorAll", ".picture img")
		at := 0
		for i, f := range m.Files {
			if !f.Picture() {
				continue
			}
			if img := imgs.Index(at); srcs[i] != "" && img.Truthy() {
				img.Set("loading", "eager") // so that it is loaded, and then revoked
				img.Set("src", srcs[i])
			}
			at++
		}
	}
}

// keepFiles takes the files of a row over to the one that takes its place: they
// never change, and a picture that is drawn again is gone for a moment.
func keepFiles(row, again app.Value) {
	if files := row.Call("querySelector", ".files"); files.Truthy() {
		if place := again.Call("querySelector", ".files"); place.Truthy() {
			place.Call("replaceWith", files)
		}
	}
}

// retryPictures fetches those again that could not be fetched.
func (t *timeline) retryPictures() {
	imgs := t.list.Call("querySelectorAll", ".picture img")
	for i := range imgs.Get("length").Int() {
		img := imgs.Index(i)
		if img.Get("complete").Bool() && img.Get("naturalWidth").Int() == 0 {
			img.Set("src", img.Get("parentElement").Get("href"))
		}
	}
}

// drawProgress shows how far the files have come that are being sent. The rows stay
// as they are.
func (t *timeline) drawProgress(list []client.Outgoing) {
	for _, out := range list {
		if len(out.Files) == 0 {
			continue
		}
		bar := t.pending.Call("querySelector", `[data-nonce="`+out.Nonce+`"] progress`)
		if bar.Truthy() {
			bar.Set("value", percent(out.Files))
		}
	}
}

// enlarge shows a picture of a row as large as the window, with the others of its
// message beside it.
func (t *timeline) enlarge(link app.Value) {
	var v viewing
	if msg, ok := t.message(seqAt(link)); ok {
		for _, f := range msg.Files {
			if f.Picture() {
				v.list = append(v.list, shown{File: f, src: f.Path(), there: true})
			}
		}
	} else if row := link.Call("closest", "[data-nonce]"); row.Truthy() {
		p, _ := t.out.find(row.Get("dataset").Get("nonce").String())
		for _, f := range p.Files {
			if f.Picture() && f.Src != "" {
				v.list = append(v.list, shown{File: f.File, src: f.Src})
			}
		}
	}
	all := link.Get("parentElement").Call("querySelectorAll", ".picture")
	for i := range all.Get("length").Int() {
		if all.Index(i).Equal(link) {
			v.at = i
		}
	}
	if v.at < len(v.list) {
		t.m.dispatch(func() { t.m.view(v) })
	}
}

// viewing is what the viewer shows: pictures of one message.
type viewing struct {
	list []shown
	at   int
}

// shown is a picture in the viewer.
type shown struct {
	wire.File
	src   string
	there bool // at the server
}

// view opens the viewer.
func (m *Model) view(v viewing) {
	m.viewing = v
	m.remember()
	m.open(DialogPicture)
}

// viewer shows a picture as large as the window.
type viewer struct {
	app.Compo

	M   *Model
	Rev int
}

// OnMount opens the dialog.
func (v *viewer) OnMount(app.Context) { showDialog() }

// step goes to the next picture, or the one before.
func (v *viewer) step(by int) {
	m := v.M
	if to := m.viewing.at + by; to >= 0 && to < len(m.viewing.list) {
		m.viewing.at = to
		m.Rev.Dialog++
	}
}

// Render draws the picture and what can be done with it. The others are there, and
// hidden: what has been seen need not be fetched again.
func (v *viewer) Render() app.UI {
	m := v.M
	at, list := m.viewing.at, m.viewing.list
	if at >= len(list) { // closed
		return app.Elem("dialog").ID("%s", dialogID)
	}
	p := list[at]
	about := ""
	if len(list) > 1 {
		about = " · " + m.T.PictureOf(m.number(at+1), m.number(len(list)))
	}
	var imgs []app.UI
	for i, other := range list {
		imgs = append(imgs, app.Img().Src(other.src).Alt(other.Name).Hidden(i != at).Attr("loading", "lazy"))
	}
	return app.Elem("dialog").ID("%s", dialogID).Class("viewer").Attr("aria-labelledby", "dialog-title").
		On("close", first2(m.on("dialog-close", func(app.Event) {
			m.open(DialogNone)
			m.refocus()
		}))).
		On("keydown", first2(m.on("viewer-key", func(e app.Event) {
			switch e.Get("key").String() {
			case "ArrowLeft":
				v.step(-1)
			case "ArrowRight":
				v.step(1)
			}
		}))).
		On("click", first2(m.on("viewer-outside", func(e app.Event) {
			if !e.Get("target").Call("closest", "img, a, button, .viewer-head").Truthy() {
				closeDialog()
			}
		}))).
		Body(app.Div().Class("viewer-box").Body(
			app.Header().Class("viewer-head").Body(
				app.H2().ID("dialog-title").Attr("dir", "auto").Text(p.Name),
				app.P().Class("viewer-about").Attr("role", "status").Text(rows.Size(p.Size)+about),
				app.A().Class("icon-button").Href(p.src).Target("_blank").Rel("noopener").Attr("aria-label", m.T.OpenPicture).Title(m.T.OpenPicture).Hidden(!p.there).Body(icon(iconOpen)),
				app.A().Class("icon-button").Href(p.src).Download(p.Name).Attr("aria-label", m.T.Download).Title(m.T.Download).Body(icon(iconInstall)),
				iconButton(iconClose, m.T.Close).OnClick(m.on("viewer-x", func(app.Event) { closeDialog() })),
			),
			v.stepButton(-1, m.T.PictureBefore, at > 0),
			app.Div().Class("viewer-stage").Body(imgs...),
			v.stepButton(1, m.T.PictureAfter, at < len(list)-1),
		))
}

func (v *viewer) stepButton(by int, label string, can bool) app.UI {
	class := "icon-button viewer-step"
	if by > 0 {
		class += " next"
	}
	return app.Button().Type("button").Class(class).Attr("aria-label", label).Title(label).Hidden(!can).
		OnClick(v.M.on("step"+strconv.Itoa(by), func(app.Event) { v.step(by) })).Body(icon(iconGo))
}
