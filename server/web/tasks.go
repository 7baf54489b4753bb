package web

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"parley/server/tasks"
	"parley/shared/wire"
)

// The kinds of tasks.
const (
	taskImport = "import"
	taskExport = "export"
)

// maxExports bounds the exports that are watched at a time.
const maxExports = 32

// maxTaskID bounds the id of a task.
const maxTaskID = 32

// chosenTask is the id that somebody wants their task to have: behind what holds
// answers back until they are whole, there is no other way to learn of it in time.
// Empty for who does not mind.
func chosenTask(r *http.Request) (string, error) {
	id := r.URL.Query().Get("task")
	isOther := func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_'
	}
	if len(id) > maxTaskID || strings.ContainsFunc(id, isOther) || id == "" && r.URL.Query().Has("task") {
		return "", wire.Errorf(wire.CodeBadRequest, "The id of a task has 1 to %d letters, digits, - and _.", maxTaskID)
	}
	return id, nil
}

// taskProblem explains why a task does not start.
func taskProblem(err error) error {
	if errors.Is(err, tasks.ErrTaken) {
		return wire.Errorf(wire.CodeConflict, "You have a task of this id already.")
	}
	return err
}

// task gives how far somebody's own work has come: at once, when it has moved, or
// as a stream.
func (s *Server) task(w *answer, r *http.Request) error {
	t, err := s.findTask(w, r)
	if err != nil {
		return err
	}
	if acceptsStream(r.Header) {
		return s.streamTask(w, r, t)
	}
	now := t.Now()
	if q := r.URL.Query(); q.Has("wait") {
		n, err := strconv.Atoi(q.Get("wait"))
		if err != nil || n < 0 || n > 60 {
			return wire.Errorf(wire.CodeBadRequest, "wait must be a whole number of seconds from 0 to 60.")
		}
		if now, err = t.Next(r.Context(), now, min(time.Duration(n)*time.Second, s.times.longPoll)); err != nil {
			return err
		}
	}
	return writeJSON(w, now)
}

// cancelTask ends somebody's own work.
func (s *Server) cancelTask(w *answer, r *http.Request) error {
	t, err := s.findTask(w, r)
	if err != nil {
		return err
	}
	t.Cancel()
	return writeJSON(w, t.Now())
}

func (s *Server) findTask(w *answer, r *http.Request) (*tasks.Task, error) {
	id, err := s.identify(w, r)
	if err != nil {
		return nil, err
	}
	if t := s.tasks.Get(id.User.ID, r.PathValue("id")); t != nil {
		return t, nil
	}
	return nil, wire.Errorf(wire.CodeNotFound, "There is no such task, or the server has been restarted since.")
}

// streamTask streams a task: "progress" at least every second, then "done" or
// "failed", and the end. Who stops reading does not stop the work.
func (s *Server) streamTask(w *answer, r *http.Request, t *tasks.Task) error {
	setFeedHeaders(w.Header(), "text/event-stream")
	if _, err := w.Write(preamble); err != nil {
		return err
	}
	for now := t.Now(); ; {
		name := "progress"
		if now.State != tasks.Running {
			name = now.State
		}
		if _, err := fmt.Fprintf(w, "event: %s\ndata: %s\n\n", name, wire.Encode(now)); err != nil {
			return err
		}
		if err := w.flush(); err != nil {
			return err
		}
		if now.State != tasks.Running {
			return nil
		}
		var err error
		if now, err = t.Next(r.Context(), now, importTold); err != nil {
			return err
		}
	}
}

// awaitTask gives one answer, at the end: the task, or its problem.
func (s *Server) awaitTask(w *answer, r *http.Request, t *tasks.Task) error {
	for now := t.Now(); ; {
		switch now.State {
		case tasks.Done:
			return writeJSON(w, now)
		case tasks.Failed:
			return now.Problem
		}
		var err error
		if now, err = t.Next(r.Context(), now, time.Minute); err != nil {
			return err
		}
	}
}
