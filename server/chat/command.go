package chat

import "parley/shared/wire"

// command is a row of the table: whom Apply lets through, and how the
// arguments become an Op. prepare returns the secret, if the command makes one.
type command struct {
	roles   []wire.Role
	prepare func(v Env, args []byte) (op Op, secret string, err error)
}

var (
	everybody = []wire.Role{wire.RoleOwner, wire.RoleAdmin, wire.RoleMember, wire.RoleBot, wire.RoleGuest}
	notGuests = []wire.Role{wire.RoleOwner, wire.RoleAdmin, wire.RoleMember, wire.RoleBot}
	people    = []wire.Role{wire.RoleOwner, wire.RoleAdmin, wire.RoleMember}
	notBots   = []wire.Role{wire.RoleOwner, wire.RoleAdmin, wire.RoleMember, wire.RoleGuest}
)

// commands is the one table of what can be asked for by name. It never changes.
var commands = map[string]command{
	wire.CmdSend:         {everybody, prepareSend},
	wire.CmdEdit:         {everybody, prepareEdit},
	wire.CmdDelete:       {everybody, prepareDelete},
	wire.CmdReact:        {everybody, prepareReact},
	wire.CmdRead:         {everybody, prepareRead},
	wire.CmdCreateRoom:   {notGuests, prepareCreateRoom},
	wire.CmdJoin:         {notGuests, prepareJoin},
	wire.CmdLeave:        {everybody, prepareLeave},
	wire.CmdUpdateRoom:   {notGuests, prepareUpdateRoom},
	wire.CmdRemoveMember: {notGuests, prepareRemoveMember},
	wire.CmdUnread:       {everybody, prepareUnread},
	wire.CmdSetNotify:    {everybody, prepareSetNotify},
	wire.CmdAddMember:    {notGuests, prepareAddMember},
	wire.CmdCreateInvite: {people, prepareCreateInvite},
	wire.CmdCreateToken:  {people, prepareCreateToken},
	wire.CmdRevokeToken:  {people, prepareRevokeToken},
	wire.CmdRevokeInvite: {people, prepareRevokeInvite},

	wire.CmdCreateFile: {everybody, prepareCreateFile},

	wire.CmdCreateHook: {people, prepareCreateHook},
	wire.CmdRevokeHook: {people, prepareRevokeHook},
	wire.CmdSetWebhook: {people, prepareSetWebhook},

	wire.CmdSetName:       {everybody, prepareSetName},
	wire.CmdSetRole:       {people, prepareSetRole},
	wire.CmdSetPassword:   {notBots, prepareSetPassword},
	wire.CmdDeactivate:    {people, prepareDeactivate},
	wire.CmdReactivate:    {people, prepareReactivate},
	wire.CmdRevokeSession: {notBots, prepareRevokeSession},
}

// Command prepares a command of the protocol: it decodes args strictly, checks
// what needs no state, and adds ids and time. The error is a *wire.Problem:
// bad_request or too_large for the arguments, not_found for a name that is no
// command (typing and ping are not: see [IsEphemeral]), unauthenticated for an
// Actor without a user.
func (v Env) Command(a Actor, name string, args []byte) (Call, error) {
	if a.User.ID == "" {
		return Call{}, unauthenticated()
	}
	cmd, ok := commands[name]
	if !ok {
		return Call{}, wire.Errorf(wire.CodeNotFound, "There is no such command.")
	}
	op, secret, err := cmd.prepare(v, args)
	if err != nil {
		return Call{}, err
	}
	return v.call(a.User.ID, op, secret), nil
}

// decode reads the arguments of a command.
func decode[T any](args []byte) (T, error) {
	var v T
	err := wire.Decode(args, &v)
	return v, err
}
