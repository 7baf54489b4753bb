package main

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"syscall"
	"time"

	"parley/shared/wire"
)

// socketName is the name of the socket in the data folder over which `parley
// invite`, `check` and `backup` reach a server that has the file. Whoever can
// open it could read the file itself: both are the owner's only.
const socketName = "parley.sock"

const (
	// maxAdminBody bounds a request of the command line: a slip, not an attack.
	maxAdminBody = 64 << 10
	// maxSocketPath is how long the path of a Unix socket may be.
	maxSocketPath = len(syscall.RawSockaddrUnix{}.Path) - 1
)

// admin serves the local socket.
type admin struct {
	server *http.Server
	ended  chan struct{}
}

// startAdmin serves the socket at path. Without one everything else works, so
// what goes wrong here is logged. Call it when the data file is locked: then a
// socket that lies there is what a server that was killed has left.
func startAdmin(path string, e *engine, base string, log *slog.Logger) *admin {
	a := &admin{ended: make(chan struct{})}
	l, err := listenLocal(path)
	if err != nil {
		log.Warn("no local socket: stop the server before parley invite, check or backup", "path", path, "error", err)
		close(a.ended)
		return a
	}
	a.server = &http.Server{
		Handler:           adminRoutes(e, base),
		ReadHeaderTimeout: 10 * time.Second,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	go func() {
		defer close(a.ended)
		if err := a.server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			log.Error("local socket ended", "error", err)
		}
	}()
	return a
}

// Close ends the socket and what is under way on it.
func (a *admin) Close() {
	if a.server != nil {
		_ = a.server.Close()
	}
	<-a.ended
}

// listenLocal opens a socket that only its owner can use.
func listenLocal(path string) (net.Listener, error) {
	if len(path) > maxSocketPath {
		return nil, errors.New("the path is too long for a socket")
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	config := net.ListenConfig{Control: func(_, _ string, c syscall.RawConn) error {
		var err error
		return errors.Join(c.Control(func(fd uintptr) { err = syscall.Fchmod(int(fd), 0o600) }), err) // before anybody can see it
	}}
	l, err := config.Listen(context.Background(), "unix", path)
	if err != nil {
		return nil, err
	}
	return l, os.Chmod(path, 0o600)
}

// Requests and answers on the socket. An error is an [adminError] with a status
// other than 200.
type (
	adminInvite struct {
		wire.CreateInvite
		Base string `json:"base,omitempty"` // of the link; default: the server's own
	}
	adminLink struct {
		Link string `json:"link"`
	}
	adminBackup struct {
		Path string `json:"path"` // absolute
	}
	adminError struct {
		Error string `json:"error"`
	}
)

func adminRoutes(e *engine, base string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /invite", adminHandler(func(ctx context.Context, r adminInvite) (any, error) {
		if r.Base == "" {
			r.Base = base
		}
		link, err := e.invite(ctx, r.CreateInvite, r.Base)
		return adminLink{link}, err
	}))
	mux.HandleFunc("POST /check", adminHandler(func(context.Context, wire.Empty) (any, error) {
		return e.db.Check()
	}))
	mux.HandleFunc("POST /backup", adminHandler(func(_ context.Context, r adminBackup) (any, error) {
		return wire.Empty{}, e.backup(r.Path)
	}))
	return mux
}

// adminHandler reads the body as an A and writes what do says.
func adminHandler[A any](do func(context.Context, A) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var args A
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxAdminBody))
		if err == nil {
			err = wire.Decode(body, &args)
		}
		var result any
		if err == nil {
			result, err = do(r.Context(), args)
		}
		if err != nil {
			w.WriteHeader(http.StatusUnprocessableEntity)
			result = adminError{plain(err).Error()}
		}
		_, _ = w.Write(wire.Encode(result))
	}
}
