// Package e2e tests the whole of Parley from outside: the built binary, real
// Chromium, real proxies that misbehave, kill -9 and a full disk. Its helpers
// are packages of their own:
//
//	parley     starts, kills and restarts the binary; users and their requests
//	badproxy   proxies that refuse, swallow, buffer, cut, drop and delay
//	follow     readers of the feed, one transport or any mixture
//	ledger     finds what was lost, doubled or reordered
//	chrome     Chromium, used by role and accessible name
//	axe        axe-core, asked about a page
//
// `make test` runs everything. PARLEY_BIN names another binary than the one
// that `make build` leaves, PARLEY_SEED repeats a run's random decisions, and
// PARLEY_PICTURES names a folder for screenshots. With PARLEY_WRITE the pictures
// in docs, those of the manifest and the icons are made anew (make screenshots).
package e2e
