package parley

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"parley/e2e/process"
)

// patience is how long a server may take to start or to end: far more than it
// needs on a machine with other work.
const patience = 30 * time.Second

// Server is a parley process that a test starts, kills and starts again, on
// one port and one data folder. Its methods are the test's own goroutine's,
// or one other's at a time; the addresses may be asked for from anywhere.
type Server struct {
	// static after Start
	t      testing.TB
	prefix []string // a command in whose world it runs
	binary string
	addr   string
	data   string
	flags  []string

	log process.Output // of every process in turn

	// the one who starts and kills
	cmd  *exec.Cmd
	done chan error // of cmd.Wait
}

// Start starts a server with a fresh data folder on a free port and waits
// until it answers. flags go to `parley serve`. The test's end kills it, and
// prints what it logged if the test failed.
func Start(t testing.TB, flags ...string) *Server {
	t.Helper()
	return StartIn(t, nil, t.TempDir(), flags...)
}

// StartIn is Start on a data folder of the caller's, with prefix (nsenter, say)
// before the command line of everything that it runs there.
func StartIn(t testing.TB, prefix []string, data string, flags ...string) *Server {
	t.Helper()
	s := &Server{t: t, prefix: prefix, binary: Binary(t), addr: process.FreeAddr(t), data: data, flags: flags}
	t.Cleanup(func() {
		if s.cmd != nil {
			s.Kill()
		}
		for _, line := range s.complaints() {
			t.Errorf("the server logged: %s", line)
		}
		if t.Failed() {
			t.Logf("log of the server at %s:\n%s", s.addr, s.log.String())
		}
	})
	s.Again()
	return s
}

// Addr is where it listens: "127.0.0.1:port".
func (s *Server) Addr() string { return s.addr }

// URL is its origin. It names localhost, a secure context for browsers.
func (s *Server) URL() string { return "http://localhost:" + s.addr[strings.LastIndex(s.addr, ":")+1:] }

// complaints are the lines of its log that no test causes by right: panics, data
// races of a binary that looks for them, and errors that are not about the disk
// that a test has filled.
func (s *Server) complaints() []string {
	var lines []string
	for line := range strings.Lines(s.log.String()) {
		switch {
		case strings.Contains(line, "no room on the disk"):
		case strings.Contains(line, "panic"), strings.Contains(line, "DATA RACE"), strings.Contains(line, `"level":"ERROR"`):
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	return lines
}

// Again starts the process that was killed or terminated, on the same port and
// data, and waits until it answers.
func (s *Server) Again() {
	s.t.Helper()
	line := slices.Concat(s.prefix, []string{s.binary, "serve", "--addr", s.addr, "--data", s.data}, s.flags)
	s.cmd = exec.CommandContext(context.Background(), line[0], line[1:]...)
	s.cmd.Stdout, s.cmd.Stderr = &s.log, &s.log
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} // a test that is killed takes it along
	if err := s.cmd.Start(); err != nil {
		s.t.Fatalf("start the server: %v", err)
	}
	cmd, done := s.cmd, make(chan error, 1)
	s.done = done
	go func() { done <- cmd.Wait() }()
	s.waitReady()
}

func (s *Server) waitReady() {
	s.t.Helper()
	deadline := time.After(patience)
	for {
		if answers(s.addr) {
			return
		}
		select {
		case err := <-s.done:
			s.done <- err
			s.t.Fatalf("the server ended at its start: %v\n%s", err, s.log.String())
		case <-deadline:
			s.t.Fatalf("the server does not answer after %v\n%s", patience, s.log.String())
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// Kill ends the process with SIGKILL, in the middle of whatever it does.
func (s *Server) Kill() { _ = s.end(syscall.SIGKILL) }

// Term asks the process to end (SIGTERM), waits until it has, and gives the
// error of its exit, nil for code 0.
func (s *Server) Term() error { return s.end(syscall.SIGTERM) }

func (s *Server) end(sig os.Signal) error {
	s.t.Helper()
	_ = s.cmd.Process.Signal(sig) // one that has ended already is found below
	select {
	case err := <-s.done:
		s.cmd = nil
		return err
	case <-time.After(patience):
		s.t.Fatalf("the server lives %v after %v\n%s", patience, sig, s.log.String())
		return nil
	}
}

// PID is the running process's.
func (s *Server) PID() int { return s.cmd.Process.Pid }

func answers(addr string) bool {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+addr+"/api/v1/about", http.NoBody)
	if err != nil {
		return false
	}
	res, err := transport().RoundTrip(req)
	if err != nil {
		return false
	}
	defer res.Body.Close()
	return res.StatusCode == http.StatusOK
}

// Check runs `parley check` on the data folder.
func (s *Server) Check() error {
	s.t.Helper()
	line := slices.Concat(s.prefix, []string{s.binary, "check", "--data", s.data})
	out, err := exec.CommandContext(s.t.Context(), line[0], line[1:]...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("parley check: %w\n%s", err, out)
	}
	return nil
}
