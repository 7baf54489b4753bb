package e2e_test

import (
	"testing"

	"parley/e2e/badproxy"
	"parley/e2e/parley"
)

// through puts a proxy in front of the server for the rest of the test.
func through(t *testing.T, s *parley.Server, faults ...badproxy.Fault) *badproxy.Proxy {
	t.Helper()
	p, err := badproxy.Start(s.Addr(), faults...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Errorf("close a proxy: %v", err)
		}
	})
	return p
}
