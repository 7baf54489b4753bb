package feed

import "parley/server/store"

// Revoke ends the connections of a login session or API token with
// [ErrRevoked]. Call it after the credential has gone from the store: then
// nobody who subscribes at the same moment slips through.
func (f *Feed) Revoke(credential store.Hash) {
	if credential == (store.Hash{}) {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for c := range f.conns {
		if c.credential == credential && c.err == nil {
			f.count.revoked++
			c.end(ErrRevoked)
		}
	}
}

// RevokeUser ends all connections and sessions of a user with [ErrRevoked], at
// once and without grace. A published event that deactivates a user does the same.
func (f *Feed) RevokeUser(id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if u := f.users[id]; u != nil {
		f.count.revoked += uint64(len(u.conns))
		f.expel(u, ErrRevoked)
	}
}
