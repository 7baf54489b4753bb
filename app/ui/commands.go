package ui

import (
	"context"

	"parley/shared/wire"
)

// command runs a command of the protocol and then done, with its error.
func (m *Model) command(cmd string, args, result any, done func(error)) {
	s := m.session
	if s == nil {
		return
	}
	var err error
	m.async(func(ctx context.Context) { err = s.client.Do(ctx, cmd, args, result) }, func() { done(err) })
}

// leave leaves a room and goes to the lobby.
func (m *Model) leave(room string) {
	m.command(wire.CmdLeave, wire.RoomRef{Room: room}, nil, func(err error) {
		if err != nil {
			m.fail(err)
			return
		}
		m.Details = false
		m.navigate(roomPath(wire.Lobby))
	})
}
