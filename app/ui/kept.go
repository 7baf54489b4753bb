package ui

import (
	"context"
	"encoding/json"
	"time"

	"parley/app/browser"
	"parley/app/client"
	"parley/shared/wire"
)

// aboutKey is where the community's name is kept: a page without a network has
// it from there.
const aboutKey = "about"

// keptPatience is how long the start waits for what this browser has kept: a
// database takes milliseconds, or it hangs.
const keptPatience = 2 * time.Second

// readKept reads the state that this browser has kept, and then calls done with
// it; with nil when there is none.
func (m *Model) readKept(done func(*client.Cached)) {
	var kept *client.Cached
	m.async(func(ctx context.Context) {
		ctx, cancel := context.WithTimeout(ctx, keptPatience)
		defer cancel()
		kept, _ = client.ReadCached(ctx, m.db) // refused: as if there were none
	}, func() { done(kept) })
}

// readAbout takes over what an earlier page was told of the server.
func (m *Model) readAbout() {
	var about wire.About
	value, _ := m.store.Load(context.Background(), aboutKey)
	if json.Unmarshal(value, &about) == nil {
		m.About.Name = about.Name
	}
}

// keepAbout is for the next page.
func (m *Model) keepAbout() {
	_ = m.store.Save(context.Background(), aboutKey, wire.Encode(wire.About{Name: m.About.Name}))
}

// forgetKept deletes the state of the person who was signed in, when their client
// has ended. What they have written and not sent, drafts and outbox, stays for
// them under their id: nobody else is shown it, and they may come back.
func (m *Model) forgetKept(s *session) {
	m.async(func(ctx context.Context) {
		if s != nil {
			s.done.Wait()
		}
		ctx, cancel := context.WithTimeout(ctx, keptPatience)
		defer cancel()
		_ = client.Forget(ctx, m.db) // refused: then there is nothing
	}, func() {})
}

// tellUnkept says once that this browser keeps nothing of what is written.
func (m *Model) tellUnkept() {
	if m.unkept {
		return
	}
	m.unkept = true
	m.Toast, m.Calm = m.T.NotKept, true
	m.Rev.Toast++
}

// sendLater lets the browser send what waits for the network, should this page
// be closed before it is back.
func (m *Model) sendLater() {
	unsent := m.session != nil && m.session.client.Unsent()
	if unsent && !m.later {
		m.async(func(ctx context.Context) { _ = browser.SyncLater(ctx) }, func() {}) // else on the next open
	}
	m.later = unsent
}
