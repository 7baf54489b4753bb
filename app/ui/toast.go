package ui

import (
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

const toastLife = 8 * time.Second

// toast says once what went wrong where no better place is for it.
type toast struct {
	app.Compo

	M   *Model
	Rev int
}

// OnUpdate lets it fade by itself.
func (t *toast) OnUpdate(app.Context) {
	m, rev := t.M, t.Rev
	if m.Toast == "" {
		return
	}
	time.AfterFunc(toastLife, func() {
		m.dispatch(func() {
			if m.Rev.Toast == rev {
				m.Toast = ""
				m.Rev.Toast++
			}
		})
	})
}

// Render keeps the element there: a live region must exist before it speaks.
func (t *toast) Render() app.UI {
	m := t.M
	box := app.Div().Class("toast").Attr("role", "alert")
	if m.Toast == "" {
		return box
	}
	sign := app.If(!m.Calm, func() app.UI { return icon(iconAlert) })
	return box.Body(
		sign,
		app.Span().Text(m.Toast),
		iconButton(iconClose, m.T.Close).OnClick(m.on("toast-close", func(app.Event) {
			m.Toast = ""
			m.Rev.Toast++
		})),
	)
}
