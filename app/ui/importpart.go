package ui

import (
	"strconv"
	"strings"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/app/browser"
	"parley/app/client"
	"parley/shared/texts"
)

const importInputID = "import-file"

// importPart takes a file of messages, or shows how far one has come.
func (s *roomSettings) importPart(r client.RoomState) app.UI {
	m := s.M
	part := app.Section().Class("form")
	if !m.moderates() || r.Archived {
		return part.Hidden(true)
	}
	i := m.importing
	switch {
	case i != nil && !i.ended() && (i.room == "" || i.room == r.ID):
		return part.Body(append([]app.UI{app.H3().Text(m.T.Import)}, s.importProgress(i)...)...)
	case i != nil && !i.ended():
		return part.Body(app.H3().Text(m.T.Import), app.P().Class("hint").Text(m.T.ImportElsewhere))
	}
	problem, done := "", ""
	if i != nil && i.room == r.ID {
		if problem = i.problem; problem == "" {
			done = m.T.Imported(m.number(int(i.task.Done)))
		}
	}
	label := m.T.ChooseFile
	if s.file.Name != "" {
		label = s.file.Name
	}
	return part.Body(
		app.H3().Text(m.T.Import),
		app.P().Class("hint").Text(m.T.ImportLead),
		app.Form().Class("form").OnSubmit(m.submit("import-"+r.ID, func(field func(string) string) {
			m.importFile(r.ID, s.file, strings.TrimSpace(field("channel")), s.authors)
		})).Body(
			app.Label().Class("drop").Body(
				app.Input().Type("file").ID(importInputID).Name("file").Accept(".ndjson,.jsonl,.zip").Attr("aria-label", m.T.ChooseFile).
					OnChange(m.on("import-file", func(app.Event) { s.chosen() })),
				icon(iconInstall), app.Span().Text(label),
			),
			app.Div().Class("parts").Body(s.importOptions()...),
			problemLine(problem),
			doneLine(done),
			app.Div().Body(app.Button().Type("submit").Class("button").Disabled(s.file.Name == "").Text(m.T.Import)),
		),
	)
}

// chosen looks which file it is.
func (s *roomSettings) chosen() {
	s.file, _ = browser.Chosen(importInputID)
	if i := s.M.importing; i != nil && i.ended() {
		s.M.importing = nil // what was said about the file before
	}
	s.M.Rev.Dialog++
}

func (s *roomSettings) importOptions() []app.UI {
	m := s.M
	if s.file.Name == "" {
		return nil
	}
	var list []app.UI
	if isZip(s.file.Name) {
		list = append(list, input{id: "channel", label: m.T.Channel, hint: m.T.ChannelHint, autocomplete: "off"}.render())
	}
	return append(list, app.Label().Class("check").Body(
		app.Input().Type("checkbox").Checked(s.authors).OnChange(m.on("authors", func(e app.Event) {
			s.authors = e.Get("target").Get("checked").Bool()
			m.Rev.Dialog++
		})),
		app.Span().Class("choice-label").Text(m.T.MakeNames),
		app.Span().Class("choice-hint").Text(m.T.MakeNamesHint),
	))
}

// importProgress is a bar, with how many there are and how long it will take.
func (s *roomSettings) importProgress(i *importing) []app.UI {
	m := s.M
	words, value := m.T.Sending, 0.0
	switch {
	case i.task.ID != "" && i.task.Total == 0:
		words = m.T.Checking
		value = -1
	case i.task.ID != "":
		value = float64(i.task.Done) / float64(i.task.Total)
		words = m.T.ImportedOf(m.number(int(i.task.Done)), m.number(int(i.task.Total)))
		if rate, left := i.pace(time.Now()); rate > 0 {
			words += " · " + m.T.PerSecond(m.number(rate)) + " · " + m.T.TimeLeft(m.duration(left))
		}
	case i.size > 0 && i.sent >= i.size:
		words, value = m.T.Checking, -1
	case i.size > 0:
		value = float64(i.sent) / float64(i.size)
		words += " " + strconv.Itoa(int(100*value)) + " %"
	}
	bar := app.Elem("progress").Attr("max", "1").Attr("aria-label", m.T.Import)
	if value >= 0 {
		bar = bar.Attr("value", strconv.FormatFloat(value, 'f', 4, 64))
	}
	return []app.UI{
		app.P().Class("hint").Text(i.file),
		bar,
		app.P().Class("import-words").Text(words),
		app.Div().Body(button(m, "cancel-import-"+i.task.ID, m.T.Cancel, m.cancelImport)),
	}
}

// duration is how long something takes, in whole seconds, or minutes when it is
// longer than one.
func (m *Model) duration(d time.Duration) (n texts.Number, minutes bool) {
	if d > time.Minute {
		return m.number(int((d + time.Minute - 1) / time.Minute)), true
	}
	return m.number(int((d + time.Second - 1) / time.Second)), false
}

// takeDrops lets files be dropped anywhere on the dialog. Elsewhere a browser
// would open them in the app's place.
func (s *roomSettings) takeDrops(ctx app.Context) {
	m := s.M
	s.drops = island{m: m, ctx: ctx}
	dialog := app.Window().GetElementByID(dialogID)
	s.drops.listen(dialog, "dragover", func(e app.Event) { e.PreventDefault() })
	s.drops.listen(dialog, "drop", func(e app.Event) {
		e.PreventDefault()
		files := e.Get("dataTransfer").Get("files")
		if files.Get("length").Int() == 0 || !m.moderates() {
			return
		}
		kept := app.Window().Get("DataTransfer").New()
		kept.Get("items").Call("add", files.Index(0))
		m.dispatch(func() {
			s.tab = "messages"
			m.Rev.Dialog++
			m.ctx.Defer(func(app.Context) {
				if input := app.Window().GetElementByID(importInputID); input.Truthy() {
					input.Set("files", kept.Get("files"))
					m.dispatch(s.chosen)
				}
			})
		})
	})
}
