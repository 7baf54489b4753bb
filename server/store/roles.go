package store

import (
	"errors"

	"parley/shared/wire"
)

// Everybody is the key in [Tx.Spans] for the audience of ToMembers: when the
// user was other than a guest. It is no room's id.
const Everybody = ""

// insiderSpans is when the user was other than a guest. Only of those whose
// role has crossed that line is there a record; of the others it was always so.
func (tx *Tx) insiderSpans(u User) ([]Span, error) {
	var spans []Span
	err := tx.getJSON(rolesBucket, []byte(u.ID), &spans)
	if errors.Is(err, ErrNotExist) {
		if u.Role == wire.RoleGuest {
			return nil, nil
		}
		return []Span{{}}, nil // since ever
	}
	return spans, err
}

// crossRoles notes that a user becomes a guest, or ends being one, with the
// next event: who becomes one still sees it, who ends being one does already.
func (tx *Tx) crossRoles(old, u User) error {
	if (old.Role == wire.RoleGuest) == (u.Role == wire.RoleGuest) {
		return nil
	}
	spans, err := tx.insiderSpans(old)
	if err != nil {
		return err
	}
	spans = reached(spans, tx.First())
	if u.Role == wire.RoleGuest {
		spans = closeSpan(spans, tx.End()+1)
	} else {
		spans = openSpan(spans, tx.End()+1)
	}
	return tx.putJSON(rolesBucket, []byte(u.ID), spans)
}
