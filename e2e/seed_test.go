package e2e_test

import (
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
)

// seed is what all random decisions of a test come from. It is printed when the
// test fails; PARLEY_SEED repeats it.
func seed(t *testing.T) uint64 {
	t.Helper()
	s := rand.Uint64N(1 << 32)
	if given := os.Getenv("PARLEY_SEED"); given != "" {
		n, err := strconv.ParseUint(given, 10, 64)
		if err != nil {
			t.Fatalf("PARLEY_SEED: %v", err)
		}
		s = n
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("repeat with PARLEY_SEED=%d", s)
		}
	})
	return s
}
