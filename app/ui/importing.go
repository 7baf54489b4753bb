package ui

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"
	"time"

	"parley/app/browser"
	"parley/shared/wire"
)

// importPatience is how long nothing may be heard of an import before it is
// asked for: whatever is in between may hold the stream of its progress back.
const importPatience = 500 * time.Millisecond

// The states of a task.
const (
	taskRunning = "running"
	taskDone    = "done"
)

// importing is a file of messages on its way into a room. What is known of it
// comes by the stream that answers the file, by the feed, and by asking, and
// whichever knows most is right. It goes on when its dialog is closed.
type importing struct {
	room, file string
	sent, size int    // bytes
	id         string // of the task, chosen here: an answer may be held back to the end

	asked   bool      // whether the task is asked for
	lost    error     // of an answer that broke off, with which all may still be well
	task    wire.Task // zero until something was heard of it
	heard   time.Time // when something was last heard of it
	since   time.Time // when the first message was stored here,
	from    int64     // and how many there were then
	cancel  func()    // ends the sending
	problem string
}

// progress takes what somebody knows of the task. What is older than what is
// known changes nothing.
func (i *importing) progress(t wire.Task, now time.Time) (moved bool) {
	if t.ID == "" || i.ended() || t.ID != i.id {
		return false
	}
	i.heard = now
	if t.State == taskRunning && i.task.ID != "" && t.Done < i.task.Done {
		return false
	}
	if i.since.IsZero() && t.Done > 0 {
		i.since, i.from = now, t.Done
	}
	i.task = t
	return true
}

// ended tells whether nothing more will happen.
func (i *importing) ended() bool {
	return i.problem != "" || i.task.ID != "" && i.task.State != taskRunning
}

// pace is how many messages a second are stored, and how long the rest will
// take; zeros while that is not known.
func (i *importing) pace(now time.Time) (rate int, left time.Duration) {
	took := now.Sub(i.since)
	if i.since.IsZero() || took < time.Second/2 || i.task.Done <= i.from {
		return 0, 0
	}
	speed := float64(i.task.Done-i.from) / took.Seconds()
	return int(speed), time.Duration(float64(i.task.Total-i.task.Done) / speed * float64(time.Second))
}

// importFile sends a file that was chosen.
func (m *Model) importFile(room string, file browser.File, channel string, authors bool) {
	s := m.session
	if s == nil {
		return
	}
	ctx, cancel := context.WithCancel(s.ctx)
	i := &importing{room: room, file: file.Name, size: file.Size, cancel: cancel, id: s.client.NewTask()}
	m.importing = i
	query := url.Values{"stream": {"true"}, "user": {m.Me.ID}, "task": {i.id}}
	if channel != "" {
		query.Set("channel", channel)
	}
	if authors {
		query.Set("authors", "create")
	}
	media := "application/x-ndjson"
	if isZip(file.Name) {
		media = "application/zip"
	}
	stream := taskStream{told: func(t wire.Task) { m.dispatch(func() { m.heardOfImport(i, t) }) }}
	upload := browser.Upload{
		Path: "/api/v1/rooms/" + url.PathEscape(room) + "/import?" + query.Encode(), File: file, Type: media,
		Sent: func(done, _ int) {
			m.dispatch(func() {
				i.sent = done
				if done >= i.size {
					m.askForImport(i)
				}
				m.Rev.Dialog++
			})
		},
		Text: stream.add,
	}
	var err error
	var ended bool // by the person, or with the session
	m.async(func(context.Context) {
		defer cancel()
		answer, sendErr := upload.Send(ctx)
		ended = ctx.Err() != nil
		if err = sendErr; err == nil {
			err = answer.Into(nil)
		}
	}, func() { m.importSent(i, ended, err) })
	m.Rev.Dialog++
}

func isZip(name string) bool { return strings.HasSuffix(strings.ToLower(name), ".zip") }

// importSent follows the answer to the file. One that broke off says nothing of
// the task, which is asked for then.
func (m *Model) importSent(i *importing, ended bool, err error) {
	switch {
	case i.ended() || m.importing != i:
		return
	case err == nil || wire.CodeFrom(err) == "" && !ended && (i.task.ID != "" || i.sent >= i.size):
		i.lost = err
		m.askForImport(i)
		return
	}
	i.problem = m.T.Error(err)
	m.Rev.Dialog++
}

// heardOfImport is told of a task, by whomever.
func (m *Model) heardOfImport(i *importing, t wire.Task) {
	if !i.progress(t, time.Now()) {
		return
	}
	m.askForImport(i)
	if i.ended() && m.timeline != nil {
		m.timeline.sync() // what was not drawn meanwhile
	}
	switch {
	case t.Problem != nil:
		i.problem = m.T.Error(t.Problem)
	case t.State == taskDone && m.Dialog != DialogRoom:
		m.Toast, m.Calm = m.T.Imported(m.number(int(t.Done))), true
		m.Rev.Toast++
	}
	m.Rev.Dialog++
}

// fills tells whether a file is just now being imported into a room. It is not
// drawn line by line meanwhile, which would take all the time that there is to
// show how far it has come.
func (m *Model) fills(room string) bool {
	return m.importing != nil && m.importing.room == room && !m.importing.ended()
}

// askForImport asks for the task whenever nothing has been heard of it for a
// while, until it has ended. Only the first call does something.
func (m *Model) askForImport(i *importing) {
	if !i.asked {
		i.asked = true
		m.askAgain(i)
	}
}

func (m *Model) askAgain(i *importing) {
	time.AfterFunc(importPatience, func() {
		m.dispatch(func() {
			s := m.session
			switch {
			case i.ended() || s == nil || m.importing != i:
				return
			case time.Since(i.heard) < importPatience:
				m.askAgain(i)
				return
			}
			var t wire.Task
			var err error
			m.async(func(ctx context.Context) { t, err = s.client.WaitTask(ctx, i.id) }, func() {
				i.heard = time.Time{} // so that it is asked for again soon
				m.heardOfImport(i, t)
				if wire.CodeFrom(err) == wire.CodeNotFound {
					m.importMissing(i, err)
				}
				m.askAgain(i)
			})
		})
	})
}

// importMissing is told that the server knows nothing of the task: it may not
// have the whole file yet, or it has started anew.
func (m *Model) importMissing(i *importing, err error) {
	switch {
	case i.ended() || i.task.ID == "" && i.lost == nil:
		return
	case i.task.ID == "":
		err = i.lost
	}
	i.problem = m.T.Error(err)
	m.Rev.Dialog++
}

// applyTask takes what the feed tells of one's own work: that of this page, or
// of another of one's devices.
func (m *Model) applyTask() {
	t := m.session.client.Task()
	if t.Kind != "import" {
		return
	}
	if i := m.importing; i == nil || i.ended() && i.task.ID != t.ID {
		if t.State != taskRunning {
			return
		}
		m.importing = &importing{cancel: func() {}, id: t.ID}
	}
	m.heardOfImport(m.importing, t)
}

// cancelImport ends it: the task, or the sending of the file.
func (m *Model) cancelImport() {
	i, s := m.importing, m.session
	switch {
	case i == nil || s == nil:
		return
	case i.task.ID == "":
		m.importing = nil
		i.cancel()
		m.Rev.Dialog++
		return
	}
	var err error
	m.async(func(ctx context.Context) { err = s.client.CancelTask(ctx, i.task.ID) }, func() {
		if err != nil && !i.ended() {
			m.fail(err)
		}
	})
}

// taskStream reads a task's stream of Server-Sent Events as it comes.
type taskStream struct {
	rest string // of an event that is not whole yet
	told func(wire.Task)
}

func (s *taskStream) add(text string) {
	s.rest += text
	for {
		event, rest, whole := strings.Cut(s.rest, "\n\n")
		if !whole {
			return
		}
		s.rest = rest
		for line := range strings.SplitSeq(event, "\n") {
			var t wire.Task
			if data, ok := strings.CutPrefix(line, "data: "); ok && json.Unmarshal([]byte(data), &t) == nil {
				s.told(t)
			}
		}
	}
}
