package web

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"parley/server/chat"
	"parley/server/imports"
	"parley/server/tasks"
	"parley/shared/rows"
	"parley/shared/wire"
)

// export gives all messages of a room that one may read: as NDJSON, which can be
// imported again, or as one page that can be read without anything else. It is
// streamed, page by page, so that neither side has to hold it.
func (s *Server) export(w *answer, r *http.Request) error {
	id, err := s.identify(w, r)
	if err != nil {
		return err
	}
	format := r.URL.Query().Get("format")
	if format != "ndjson" && format != "html" {
		return wire.Errorf(wire.CodeBadRequest, "The format is ndjson or html.")
	}
	chosen, err := chosenTask(r)
	if err != nil {
		return err
	}
	state, err := s.conf.Queries.Sync(id.Actor)
	if err != nil {
		return err
	}
	e := exporter{origin: w.origin(), names: map[string]string{}, reader: readerOf(r, s.conf.Env.Now().AddDate(lateYears, 0, 0))}
	for _, u := range state.Users {
		e.names[u.ID] = u.Name
	}
	first, err := s.exportPage(id, r.PathValue("id"), chat.Page{Oldest: true, Limit: wire.MaxHistory})
	if err != nil {
		return err
	}
	if err := s.conf.Queries.Look(id.Actor, func(l chat.Look) error {
		room, err := l.Room(r.PathValue("id"))
		e.room = room.Room
		return err
	}); err != nil {
		return err
	}
	for _, room := range state.Rooms { // what one is in, with who else is
		if room.ID == e.room.ID {
			e.room = room
		}
	}
	e.room.Name = e.NameOf(e.room, id.User.ID, e.name)
	h := w.Header()
	h.Set("Cache-Control", "private, no-store")
	h.Set("X-Total-Count", strconv.FormatUint(e.room.Head, 10)) // for who shows how far it has come
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": fileName(e.room) + "." + format}))
	write := e.lines
	if format == "html" {
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
		write = e.rows
		if err := e.begin(w); err != nil {
			return err
		}
	} else {
		h.Set("Content-Type", "application/x-ndjson")
	}
	return s.watched(r, id, chosen, func(ctx context.Context, told func(done, total int)) error {
		for list := first; len(list.Messages) > 0; {
			if err := errors.Join(ctx.Err(), write(w, list)); err != nil {
				return err
			}
			last := list.Messages[len(list.Messages)-1].Seq
			told(int(last), int(e.room.Head))
			if list, err = s.exportPage(id, e.room.ID, chat.Page{After: last, Limit: wire.MaxHistory}); err != nil {
				return err
			}
		}
		if format == "html" {
			_, err = w.Write([]byte("</main></body></html>\n"))
		}
		return err
	})
}

// watched does the work of a request, as a task when an id was chosen for it: a
// browser that saves an answer tells the page nothing of how far it has come.
func (s *Server) watched(r *http.Request, id identity, chosen string, work func(context.Context, func(done, total int)) error) error {
	if chosen == "" {
		return work(r.Context(), func(int, int) {})
	}
	ended := make(chan error, 1)
	_, err := s.tasks.Start(r.Context(), tasks.Work{
		User: id.User.ID, ID: chosen, Kind: taskExport,
		Do: func(ctx context.Context, t *tasks.Task) error {
			err := guard(func() error { return work(ctx, t.Progress) })
			ended <- err
			return err
		},
		Explain: func(error) *wire.Problem {
			return wire.Errorf(wire.CodeConflict, "The file was not saved to its end.")
		},
	})
	if errors.Is(err, tasks.ErrBusy) {
		return wire.Errorf(wire.CodeRateLimited, "Too many exports are running. Try again in a minute.").After(60)
	}
	if err != nil {
		return taskProblem(err)
	}
	return <-ended
}

func (s *Server) exportPage(id identity, room string, p chat.Page) (wire.MessageList, error) {
	return s.conf.Queries.History(id.Actor, room, p)
}

// fileName is a room's name as that of a file.
func fileName(r wire.Room) string {
	name := strings.Map(func(c rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, c) || c < ' ' {
			return '-'
		}
		return c
	}, r.Name)
	if strings.Trim(name, ". ") == "" {
		return "room"
	}
	return name
}

// lateYears is how much later an exported page is thought to be read: to who does,
// "today" would say nothing, and neither would a day without its year.
const lateYears = 10

// exporter writes one room.
type exporter struct {
	reader
	origin string // of this server
	room   wire.Room
	names  map[string]string
	last   *wire.Message // that was written
}

func (e *exporter) name(id string) string {
	if name := e.names[id]; name != "" {
		return name
	}
	return e.UnknownUser
}

// lines writes messages so that they can be imported.
func (e *exporter) lines(w *answer, list wire.MessageList) error {
	var b strings.Builder
	for _, m := range list.Messages {
		l := imports.Line{
			Seq: m.Seq, Author: e.name(m.Author), Time: m.Time, Text: e.text(m), Nonce: fmt.Sprintf("export-%s-%d", e.room.ID, m.Seq),
			Edited: m.Edited, Deleted: m.Deleted, ReplyTo: m.ReplyTo,
		}
		for _, r := range m.Reactions {
			reaction := imports.Reaction{Emoji: r.Emoji}
			for _, user := range r.Users {
				reaction.Users = append(reaction.Users, e.name(user))
			}
			l.Reactions = append(l.Reactions, reaction)
		}
		b.Write(wire.Encode(l))
		b.WriteByte('\n')
	}
	_, err := w.Write([]byte(b.String()))
	return err
}

// text is what a message says, and where its files are: a line has nothing else for
// them, and may not be empty.
func (e *exporter) text(m wire.Message) string {
	text := m.Text
	for _, f := range m.Files {
		if text != "" {
			text += "\n"
		}
		text += f.Name + ": " + e.origin + f.Path()
	}
	if utf8.RuneCountInString(text) > wire.MaxText {
		return m.Text
	}
	return text
}

// begin writes the head of the page.
func (e *exporter) begin(w *answer) error {
	title := template.HTMLEscapeString(e.room.Name)
	_, err := fmt.Fprintf(w, "<!doctype html>\n<html lang=%q><head><meta charset=\"utf-8\"><title>%s</title>"+
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><style>%s</style></head><body><main><h1>%s</h1><p class=\"topic\">%s</p>\n",
		e.Lang, title, exportCSS, title, template.HTMLEscapeString(e.room.Topic))
	return err
}

// rows writes messages for people.
func (e *exporter) rows(w *answer, list wire.MessageList) error {
	writer := rows.Writer{Name: e.name, Times: e.times, Texts: e.Texts.Rows, Whole: true, Origin: e.origin, Quote: rows.Quotes(list.Messages, list.Quoted)}
	var b strings.Builder
	for i := range list.Messages {
		writer.Message(&b, e.last, list.Messages[i], false)
		e.last = &list.Messages[i]
	}
	_, err := w.Write([]byte(b.String()))
	return err
}

// exportCSS is all the style that an exported page has: it is to be read, also in
// ten years, on paper, and in the dark.
const exportCSS = `:root{color-scheme:light dark;font:15px/1.5 -apple-system,"Segoe UI",Roboto,"Noto Sans","PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}` +
	`body{margin:0;padding:2rem 1rem}main{max-width:46rem;margin:auto}h1{font-size:1.5rem;margin:0}.topic{color:#888;margin:.25rem 0 2rem}` +
	`.day{text-align:center;color:#888;font-size:.8rem;margin:2rem 0 .5rem}.line{padding:.1rem 0}.row.head{margin-top:.75rem}` +
	`.file{display:block}.file-kind{display:none}.file-size{color:#888;font-size:.8rem}` +
	`.topic:empty{margin:0 0 1rem}a{color:LinkText}ul,ol,pre{margin:.35rem 0}ul,ol{padding-left:1.5rem}` +
	`.avatar,.vh,.state,.copy-code,.fold,.more{display:none}.quote{display:block;color:inherit;font-size:.85rem;opacity:.7;text-decoration:none;padding-left:.6rem;border-left:3px solid #8886}:target{background:#fc03}.reaction,.edited{border:0;padding:0 .5rem 0 0;background:none;color:inherit}.name{margin-right:.5rem}time{color:#888;font-size:.8rem}.row:not(.head) time{display:none}` +
	`.text{white-space:pre-wrap;overflow-wrap:anywhere}.rich{white-space:normal}.rich p{margin:.2rem 0}.emoji{font-size:2rem}.gone,.edited{color:#888;font-style:italic}` +
	`pre{overflow-x:auto;padding:.5rem .75rem;background:#8881;border-radius:6px}blockquote{margin:.25rem 0;padding-left:.75rem;border-left:3px solid #8886}`
