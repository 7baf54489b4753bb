package web

import (
	"net/http"
	"time"
)

// answer is the ResponseWriter that handlers get. Each write has a deadline of
// its own, so an answer may take as long as it goes on moving. It belongs to
// the goroutine of its request.
type answer struct {
	http.ResponseWriter
	visitor

	rc      *http.ResponseController
	timeout time.Duration // of one write
	started bool          // the status is on its way; an error can no longer be told
	gzip    bool          // the client takes a body compressed so
	gone    bool          // nobody takes the answer any more
	kept    bool          // a WebSocket has taken the connection, and its place among the address's
}

func newAnswer(w http.ResponseWriter, v visitor, timeout time.Duration) *answer {
	a := &answer{ResponseWriter: w, visitor: v, rc: http.NewResponseController(w), timeout: timeout}
	a.moveDeadline()
	return a
}

// moveDeadline gives the next write its time. Writers that know no deadlines
// (those of some tests) go without.
func (a *answer) moveDeadline() { _ = a.rc.SetWriteDeadline(time.Now().Add(a.timeout)) }

// WriteHeader starts the answer.
func (a *answer) WriteHeader(status int) {
	a.started = true
	a.ResponseWriter.WriteHeader(status)
}

// Write gives p until the write timeout.
func (a *answer) Write(p []byte) (int, error) {
	a.started = true
	a.moveDeadline()
	n, err := a.ResponseWriter.Write(p)
	a.gone = a.gone || err != nil
	return n, err
}

// flush sends what was written so far, in the time of the last write.
func (a *answer) flush() error {
	err := a.rc.Flush()
	a.gone = a.gone || err != nil
	return err
}

// Unwrap is for [http.ResponseController].
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }
