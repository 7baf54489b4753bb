package ui

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/app/client"
	"parley/shared/wire"
)

// exportStarts is how often a task is asked for that is not there yet: the browser
// fetches the file when it is ready to save it.
const exportStarts = 20

// exporting is a room on its way into a file, which the browser saves. The server
// tells how far it has come.
type exporting struct {
	room, id string
	task     wire.Task // zero until something was heard of it
	missing  int       // how often it was not there
	problem  string
}

// exportPart offers the room as a file.
func (s *roomSettings) exportPart(r client.RoomState) app.UI {
	m := s.M
	if m.exportID == "" && m.session != nil {
		m.exportID = m.session.client.NewTask()
	}
	link := func(format, label string) app.UI {
		path := "/api/v1/rooms/" + url.PathEscape(r.ID) + "/export?format=" + format + "&task=" + m.exportID
		return app.A().Class("button").Href(path).Download(r.Name + "." + format).Text(label).
			OnClick(m.on("export-"+format+r.ID, func(app.Event) { m.followExport(r.ID) }))
	}
	body := []app.UI{
		app.H3().Text(m.T.Export),
		app.P().Class("hint").Text(m.T.ExportLead),
		app.Div().Class("button-row").Body(link("html", m.T.ExportHTML), link("ndjson", m.T.ExportNDJSON)),
	}
	if x := m.exporting; x != nil && x.room == r.ID && x.task.ID != "" {
		done := float64(x.task.Done) / float64(max(x.task.Total, 1))
		body = append(body,
			app.Elem("progress").Attr("max", "1").Attr("aria-label", m.T.Export).Attr("value", strconv.FormatFloat(done, 'f', 4, 64)),
			app.P().Class("import-words").Text(m.T.ImportedOf(m.number(int(x.task.Done)), m.number(int(x.task.Total)))),
			problemLine(x.problem),
		)
	}
	return app.Section().Class("form").Body(body...)
}

// followExport follows the file that a click on its link has begun.
func (m *Model) followExport(room string) {
	x := &exporting{room: room, id: m.exportID}
	m.exporting = x
	m.askForExport(x)
}

// askForExport asks how far it has come, until it has ended.
func (m *Model) askForExport(x *exporting) {
	time.AfterFunc(importPatience, func() {
		m.dispatch(func() {
			if m.exportID == x.id {
				// The next file has a task of its own. Not at the click already: what
				// is drawn then is drawn before the browser follows the link.
				m.exportID = ""
				m.Rev.Dialog++
			}
			s := m.session
			if s == nil || m.exporting != x {
				return
			}
			var t wire.Task
			var err error
			m.async(func(ctx context.Context) { t, err = s.client.WaitTask(ctx, x.id) }, func() {
				switch {
				case err == nil:
					x.task = t
				case wire.CodeFrom(err) == wire.CodeNotFound:
					x.missing++
				}
				if t.Problem != nil {
					x.problem = m.T.Error(t.Problem)
				}
				if x.missing < exportStarts && (t.ID == "" || t.State == taskRunning) {
					m.askForExport(x)
				}
				m.Rev.Dialog++
			})
		})
	})
}
