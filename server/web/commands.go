package web

import (
	"context"
	"net/http"

	"parley/server/chat"
	"parley/shared/wire"
)

// command answers POST /api/v1/NAME.
func (s *Server) command(w *answer, r *http.Request) error {
	id, err := s.identify(w, r)
	if err != nil {
		return err
	}
	args, err := s.readBody(w, r)
	if err != nil {
		return err
	}
	result, err := s.do(r.Context(), id, w.origin(), r.PathValue("command"), args)
	if err != nil {
		return err
	}
	return writeJSON(w, result)
}

// isCommand tells whether do knows the name: chat has nothing to say about the
// arguments of a command that it does not know.
func isCommand(name string) bool {
	nobody := chat.Actor{User: wire.User{ID: "-"}}
	_, err := chat.Env{}.Command(nobody, name, nil)
	return chat.IsEphemeral(name) || wire.CodeFrom(err) != wire.CodeNotFound
}

// do runs a command, whichever way it came in. origin is where links lead to.
// The error is a Problem, or went wrong inside.
func (s *Server) do(ctx context.Context, id identity, origin, name string, args []byte) (any, error) {
	switch name {
	case wire.CmdPing:
		return wire.Empty{}, checkNoArgs(args)
	case wire.CmdTyping:
		return wire.Empty{}, s.typing(id, args)
	}
	if err := s.spend(id, name); err != nil {
		return nil, err
	}
	call, err := s.prepare(ctx, id, name, args)
	if err != nil {
		return nil, err
	}
	result, err := s.submit(ctx, call)
	if err != nil {
		return nil, err
	}
	switch r := result.(type) {
	case wire.Invite:
		r.URL = origin + "/invite/" + r.Code
		return r, nil
	case wire.Hook:
		r.URL = origin + hookPath + r.URL
		return r, nil
	case wire.Webhook:
		if s.conf.WebhookSet != nil {
			s.conf.WebhookSet()
		}
	}
	return result, nil
}

// prepare makes a call of a command. One looks at the store and hashes.
func (s *Server) prepare(ctx context.Context, id identity, name string, args []byte) (chat.Call, error) {
	if name == wire.CmdSetPassword {
		return s.conf.Env.SetPassword(ctx, s.conf.Queries, id.Actor, args)
	}
	return s.conf.Env.Command(id.Actor, name, args)
}

// checkNoArgs refuses what would be no arguments of any command.
func checkNoArgs(args []byte) error {
	if len(args) == 0 || string(args) == "null" {
		return nil
	}
	return wire.Decode(args, &wire.Empty{})
}

// spend charges the user's own limit: sends have one, and everything else that
// goes into the log another of the same size, so that neither holds the other
// up. What makes something that stays comes back more slowly.
func (s *Server) spend(id identity, name string) error {
	limit := s.others
	switch name {
	case wire.CmdSend:
		limit = s.sends
	case wire.CmdCreateFile:
		limit = s.pieces
	case wire.CmdCreateRoom, wire.CmdCreateToken, wire.CmdCreateInvite, wire.CmdCreateHook, wire.CmdSetWebhook:
		limit = s.makes
	case wire.CmdSetPassword:
		limit = s.passwords
	}
	if wait, ok := limit.take(id.User.ID, s.conf.Env.Now()); !ok {
		n := seconds(wait)
		return wire.Errorf(wire.CodeRateLimited, "You are sending faster than this server allows.").After(n)
	}
	return nil
}

// typing tells the others in the room. It is not for the log.
func (s *Server) typing(id identity, args []byte) error {
	room, err := chat.TypingRoom(args)
	if err != nil {
		return err
	}
	if err := s.conf.Queries.CheckMember(id.Actor, room); err != nil {
		return err
	}
	if _, ok := s.typings.take(id.User.ID, s.conf.Env.Now()); ok { // else dropped: nobody misses one of many
		s.conf.Feed.Typing(id.User.ID, room)
	}
	return nil
}
