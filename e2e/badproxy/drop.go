package badproxy

import (
	"math/rand/v2"
	"net/http"
	"sync"
)

// Drop loses exchanges at random, with probability p (0 to 1), and breaks
// their connections: half of them before the server has heard of them, half
// when the server has done what it was asked and only the answer is lost. Of
// WebSockets and streams it loses the request. The same seed gives the same
// sequence of decisions.
func Drop(p float64, seed uint64) Fault {
	d := &dice{rand: rand.New(rand.NewPCG(seed, seed))}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			lost, late := d.roll(p)
			if !lost {
				next.ServeHTTP(w, r)
				return
			}
			if k := KindOf(r); late && k != WebSocket && k != SSE {
				next.ServeHTTP(&swallower{header: http.Header{}}, r)
			}
			abort()
		})
	}
}

type dice struct {
	mu   sync.Mutex
	rand *rand.Rand // guarded by mu
}

func (d *dice) roll(p float64) (lost, late bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.rand.Float64() < p, d.rand.IntN(2) == 1
}
