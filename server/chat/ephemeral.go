package chat

import "parley/shared/wire"

// IsEphemeral tells whether a name is that of a command which never reaches
// the log: typing and ping. Both are answered with {}.
func IsEphemeral(name string) bool { return name == wire.CmdTyping || name == wire.CmdPing }

// TypingRoom decodes the arguments of typing. Whether the room is there is for
// [Queries.CheckMember] to say. The error is a *wire.Problem (bad_request).
func TypingRoom(args []byte) (string, error) {
	ref, err := decode[wire.RoomRef](args)
	return ref.Room, err
}
