package texts

import (
	"cmp"
	"slices"
	"strings"

	"parley/shared/wire"
)

// NameOf is what a room is called by somebody, me: its name, the word for the
// lobby where nobody has given it one, or, for a direct room, the names of the
// others in it, which name tells by their ids.
func (t *Texts) NameOf(r wire.Room, me string, name func(id string) string) string {
	switch {
	case r.ID == wire.Lobby && r.Name == wire.Lobby:
		return t.Lobby
	case r.Kind != wire.KindDirect || r.Name != "":
		return r.Name
	}
	var others []string
	for _, id := range r.Members {
		if id != me {
			others = append(others, name(id))
		}
	}
	if len(others) == 0 {
		return t.Self(name(me))
	}
	slices.SortFunc(others, func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) })
	return strings.Join(others, t.between)
}

// The sections of the list of rooms, in their order.
const (
	SectionRooms = iota
	SectionDirect
	SectionArchived
)

// SectionOf is where a room stands in the list.
func SectionOf(r wire.Room) int {
	switch {
	case r.Archived:
		return SectionArchived
	case r.Kind == wire.KindDirect:
		return SectionDirect
	}
	return SectionRooms
}

// CompareRooms is the order of the list: by sections, the lobby first, then by
// what they are called.
func CompareRooms(a, b wire.Room) int {
	return cmp.Or(
		cmp.Compare(SectionOf(a), SectionOf(b)),
		cmp.Compare(notLobby(a), notLobby(b)),
		strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)),
		strings.Compare(a.ID, b.ID),
	)
}

func notLobby(r wire.Room) int {
	if r.ID == wire.Lobby {
		return 0
	}
	return 1
}
