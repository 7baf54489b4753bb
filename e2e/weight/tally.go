package weight

import (
	"net/http"
	"strings"
	"sync"
)

// Tally counts what goes through a proxy, as it goes over the wire:
// compressed. It may be used concurrently.
type Tally struct {
	mu    sync.Mutex
	loads []Load // guarded by mu
}

// Load is one answer.
type Load struct {
	Path  string
	Type  string // media type
	Bytes int    // of its body
}

// Fault is the tally as a fault of a bad proxy that does no harm.
func (t *Tally) Fault(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := &counted{ResponseWriter: w}
		defer func() {
			kind, _, _ := strings.Cut(w.Header().Get("Content-Type"), ";")
			t.mu.Lock()
			defer t.mu.Unlock()
			t.loads = append(t.loads, Load{r.URL.Path, kind, c.bytes})
		}()
		next.ServeHTTP(c, r)
	})
}

// Reset forgets what was counted.
func (t *Tally) Reset() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.loads = nil
}

// Of are the answers of some media types, those of the API left out.
func (t *Tally) Of(types ...string) (loads []Load) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, l := range t.loads {
		for _, kind := range types {
			if l.Type == kind && !strings.HasPrefix(l.Path, "/api/") {
				loads = append(loads, l)
			}
		}
	}
	return loads
}

// Bytes is the sum.
func Bytes(loads []Load) (n int) {
	for _, l := range loads {
		n += l.Bytes
	}
	return n
}

// counted counts what is written. What it wraps can still be flushed and taken
// over: see [http.ResponseController].
type counted struct {
	http.ResponseWriter
	bytes int
}

func (c *counted) Write(p []byte) (int, error) {
	n, err := c.ResponseWriter.Write(p)
	c.bytes += n
	return n, err
}

func (c *counted) Unwrap() http.ResponseWriter { return c.ResponseWriter }
