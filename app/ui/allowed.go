package ui

import (
	"parley/app/client"
	"parley/shared/wire"
)

// What one may do is decided by the server. Here it is only known well enough
// not to offer what would be refused.

// moderates tells whether one looks after the community.
func (m *Model) moderates() bool { return moderator(m.Me.Role) }

func moderator(r wire.Role) bool { return r == wire.RoleOwner || r == wire.RoleAdmin }

// manages tells whether one decides about somebody else.
func (m *Model) manages(u wire.User) bool {
	return u.ID != m.Me.ID && (m.Me.Role == wire.RoleOwner || m.moderates() && !moderator(u.Role))
}

// runs tells whether one decides about a room.
func (m *Model) runs(r client.RoomState) bool {
	return r.Kind != wire.KindDirect && (m.moderates() || r.Creator == m.Me.ID && m.Me.Role != wire.RoleGuest)
}

// mayName and mayTopic tell what of a room one may change.
func (m *Model) mayName(r client.RoomState) bool {
	return !r.Archived && (m.runs(r) || r.Kind == wire.KindPrivate && m.Me.Role != wire.RoleGuest)
}

func (m *Model) mayTopic(r client.RoomState) bool {
	return !r.Archived && r.Kind != wire.KindDirect && m.Me.Role != wire.RoleGuest
}

// mayAdd tells whether one may bring others into a room.
func (m *Model) mayAdd(r client.RoomState) bool { return m.mayTopic(r) && r.ID != wire.Lobby }

// mayRemove tells whether one may put somebody out of a room.
func (m *Model) mayRemove(r client.RoomState, u wire.User) bool {
	return m.runs(r) && r.ID != wire.Lobby && u.ID != m.Me.ID
}

// keepsBots tells whether one may make bots, with tokens and webhooks.
func (m *Model) keepsBots() bool { return m.Me.Role != wire.RoleGuest && m.Me.Role != wire.RoleBot }

// mayWriteTo tells whether one may begin to talk with somebody alone, or does
// already: guests begin with nobody.
func (m *Model) mayWriteTo(id string) bool {
	if m.Me.Role != wire.RoleGuest {
		return true
	}
	for _, r := range m.Rooms {
		if r.Kind == wire.KindDirect && len(r.Members) == 2 && m.other(r) == id {
			return true
		}
	}
	return false
}

// mayLeave tells whether a room can be left.
func (m *Model) mayLeave(r client.RoomState) bool {
	return r.ID != wire.Lobby && r.Kind != wire.KindDirect
}

// rolesFor are the roles that one may give somebody, the present one among them;
// none when it is not for one to decide.
func (m *Model) rolesFor(u wire.User) []wire.Role {
	all := []wire.Role{wire.RoleOwner, wire.RoleAdmin, wire.RoleMember, wire.RoleGuest}
	switch {
	case u.Role == wire.RoleBot || u.Deactivated:
		return nil
	case m.Me.Role == wire.RoleOwner:
		return all
	case u.ID == m.Me.ID && u.Role == wire.RoleAdmin:
		return all[1:]
	case m.manages(u):
		return all[2:]
	}
	return nil
}

// role is what a role is called.
func (m *Model) role(r wire.Role) string {
	switch r {
	case wire.RoleOwner:
		return m.T.Owner
	case wire.RoleAdmin:
		return m.T.Admin
	case wire.RoleGuest:
		return m.T.Guest
	case wire.RoleBot:
		return m.T.Bot
	}
	return m.T.Member
}
