package ui

import "testing"

func TestCount(t *testing.T) {
	for n, want := range map[uint64]string{1: "1", 99: "99", 100: "99+", 1 << 40: "99+"} {
		if got := count(n); got != want {
			t.Errorf("count(%d) = %s, want %s", n, got, want)
		}
	}
}
