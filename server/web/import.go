package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"os"
	"slices"
	"time"

	"parley/server/imports"
	"parley/server/tasks"
	"parley/shared/wire"
)

const (
	// maxImport bounds in bytes a file that is imported: it lies on the disk until
	// it is done.
	maxImport = 1 << 30

	// importTold is how often a task tells of itself in the feed, where each time
	// is an event of the log, and at least on a stream.
	importTold = time.Second

	// importRead is how long a piece of the file may be on its way.
	importRead = 30 * time.Second
)

// importTypes are the media types of files that may be imported.
var importTypes = []string{"application/x-ndjson", "application/jsonl", "application/zip", "application/octet-stream"}

// importRoom takes a file of messages for a room. The work is a task: whoever
// sent the file may go, and ask later.
func (s *Server) importRoom(w *answer, r *http.Request) error {
	id, err := s.identify(w, r)
	if err != nil {
		return err
	}
	streams, err := wantsStream(r)
	if err != nil {
		return err
	}
	room := r.PathValue("id")
	if err := s.conf.Queries.CheckImport(id.Actor, room); err != nil {
		return err
	}
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || !slices.Contains(importTypes, media) {
		return wire.Errorf(wire.CodeUnsupportedMediaType, "A file to be imported is application/x-ndjson or application/zip.")
	}
	chosen, err := chosenTask(r)
	if err != nil {
		return err
	}
	path, err := s.spool(w, r)
	if err != nil {
		return err
	}
	job := imports.Job{Actor: id.Actor, Room: room, Authors: r.URL.Query().Get("authors") == "create"}
	task, err := s.startImport(job, chosen, path, r.URL.Query().Get("channel"))
	if err != nil {
		return errors.Join(err, os.Remove(path))
	}
	if streams {
		return s.streamTask(w, r, task)
	}
	return s.awaitTask(w, r, task)
}

// wantsStream reads how the answer is to come.
func wantsStream(r *http.Request) (bool, error) {
	switch v := r.URL.Query()["stream"]; {
	case len(v) == 0:
		return acceptsStream(r.Header), nil
	case len(v) == 1 && v[0] == "true":
		return true, nil
	case len(v) == 1 && v[0] == "false":
		return false, nil
	}
	return false, wire.Errorf(wire.CodeBadRequest, "stream is true or false.")
}

// spool puts the body on the disk: it is checked as a whole before anything of it
// is stored, and it may be larger than the memory.
func (s *Server) spool(w *answer, r *http.Request) (path string, err error) {
	if r.ContentLength > maxImport {
		return "", errImportTooLarge()
	}
	if err := os.MkdirAll(s.conf.Spool, 0o700); err != nil {
		return "", fmt.Errorf("spool an import: %w", err)
	}
	file, err := os.CreateTemp(s.conf.Spool, "import-*")
	if err != nil {
		return "", fmt.Errorf("spool an import: %w", err)
	}
	defer func() {
		err = errors.Join(err, file.Close())
		if err != nil {
			_ = os.Remove(file.Name())
		}
	}()
	body := http.MaxBytesReader(w.ResponseWriter, r.Body, maxImport)
	for piece := make([]byte, 64<<10); ; {
		_ = w.rc.SetReadDeadline(time.Now().Add(importRead))
		n, err := body.Read(piece)
		if _, werr := file.Write(piece[:n]); werr != nil {
			return "", fmt.Errorf("spool an import: %w", werr)
		}
		var over *http.MaxBytesError
		switch {
		case errors.Is(err, io.EOF):
			return file.Name(), w.rc.SetReadDeadline(time.Time{})
		case errors.As(err, &over):
			return "", errImportTooLarge()
		case err != nil:
			w.Header().Set("Connection", "close")
			return "", wire.Errorf(wire.CodeBadRequest, "The file did not arrive whole.")
		}
	}
}

func errImportTooLarge() error {
	return wire.Errorf(wire.CodeTooLarge, "The file is larger than %d MB.", maxImport>>20)
}

// startImport runs a job beside the request, on a file that it removes. id is
// that of the task, if it was chosen.
func (s *Server) startImport(job imports.Job, id, path, channel string) (*tasks.Task, error) {
	work := func(ctx context.Context, t *tasks.Task) error {
		defer func() { _ = os.Remove(path) }()
		file, err := imports.Open(path, imports.Options{Channel: channel, Now: s.conf.Env.Now()})
		if err != nil {
			return err
		}
		defer func() { _ = file.Close() }()
		job.File, job.Told = file, s.teller(ctx, t)
		im := imports.Importer{Env: s.conf.Env, Queries: s.conf.Queries, Submit: s.conf.Journal.Submit}
		return guard(func() error { return im.Run(ctx, job) })
	}
	task, err := s.tasks.Start(s.imports, tasks.Work{
		User: job.Actor.User.ID, ID: id, Kind: taskImport,
		Do: func(ctx context.Context, t *tasks.Task) error {
			began := time.Now()
			err := work(ctx, t)
			s.log.Info("messages imported", slog.String("room", job.Room), slog.String("user", t.User), slog.Int64("messages", t.Now().Done),
				slog.Duration("took", time.Since(began)), slog.Bool("complete", err == nil))
			return err
		},
		Explain: func(err error) *wire.Problem {
			if errors.Is(err, context.Canceled) {
				return wire.Errorf(wire.CodeUnavailable, "The server is going down. Send the same file again: what is there already is passed over.")
			}
			return s.problem(err, slog.String("task", taskImport))
		},
	})
	if errors.Is(err, tasks.ErrBusy) {
		return nil, wire.Errorf(wire.CodeConflict, "Another import is running. Wait until it is done.")
	}
	if err != nil {
		return nil, taskProblem(err)
	}
	go s.tellEnd(task)
	return task, nil
}

// teller notes progress, and now and then tells it to the owner's devices.
func (s *Server) teller(ctx context.Context, t *tasks.Task) func(done, total int) {
	last := time.Time{}
	return func(done, total int) {
		t.Progress(done, total)
		if now := time.Now(); now.Sub(last) >= importTold {
			last = now
			s.tell(ctx, t)
		}
	}
}

func (s *Server) tell(ctx context.Context, t *tasks.Task) {
	if _, err := s.conf.Journal.Submit(ctx, s.conf.Env.TellTask(t.User, t.Now()).Entry); err != nil && ctx.Err() == nil {
		s.log.Warn("a task's progress was not told", slog.Any("error", err))
	}
}

// tellEnd tells what became of a task.
func (s *Server) tellEnd(t *tasks.Task) {
	for now := t.Now(); now.State == tasks.Running; {
		now, _ = t.Next(context.Background(), now, time.Hour)
	}
	s.tell(s.lifetime, t)
}
