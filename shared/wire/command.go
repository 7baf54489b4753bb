package wire

// Names of the commands, as they stand in the path of a POST and in a Request.
const (
	CmdSend         = "send"
	CmdEdit         = "edit"
	CmdDelete       = "delete"
	CmdReact        = "react"
	CmdRead         = "read"
	CmdTyping       = "typing"
	CmdPing         = "ping"
	CmdCreateRoom   = "create-room"
	CmdUpdateRoom   = "update-room"
	CmdJoin         = "join"
	CmdLeave        = "leave"
	CmdAddMember    = "add-member"
	CmdRemoveMember = "remove-member"
	CmdCreateInvite = "create-invite"
	CmdCreateToken  = "create-token"
	CmdRevokeToken  = "revoke-token"
	CmdSetName      = "set-name"
	CmdSetRole      = "set-role"
	CmdSetPassword  = "set-password"
	CmdDeactivate   = "deactivate"
	CmdReactivate   = "reactivate"

	CmdUnread        = "unread"
	CmdSetNotify     = "set-notify"
	CmdRevokeInvite  = "revoke-invite"
	CmdRevokeSession = "revoke-session"
	CmdCreateHook    = "create-hook"
	CmdRevokeHook    = "revoke-hook"
	CmdSetWebhook    = "set-webhook"
	CmdCreateFile    = "create-file"
)

// Arguments and results of the commands. Where no result is named it is {}.
type (
	// Send stores a message; the result is the Message. The same Nonce with the
	// same content answers with the first message and stores nothing; with other
	// content it is CodeConflict.
	Send struct {
		Room    string   `json:"room"`
		Text    string   `json:"text"`
		Nonce   string   `json:"nonce"`
		ReplyTo uint64   `json:"reply_to,omitempty"`
		Files   []string `json:"files,omitempty"` // ids of uploaded files, at most [MaxFiles]; with any, Text may be empty
	}
	// Edit replaces a message's text; the result is the Message.
	Edit struct {
		Room string `json:"room"`
		Seq  uint64 `json:"seq"`
		Text string `json:"text"`
	}
	// Delete takes a message's text away and keeps its place; the result is the Message.
	Delete struct {
		Room string `json:"room"`
		Seq  uint64 `json:"seq"`
	}
	// React sets or takes back one's own reaction; the result is the Message.
	React struct {
		Room  string `json:"room"`
		Seq   uint64 `json:"seq"`
		Emoji string `json:"emoji"`
		On    bool   `json:"on"`
	}
	// CreateRoom makes a room; the result is the Room. A direct one has neither
	// name nor topic; asking again for the same people gives the same room.
	CreateRoom struct {
		Kind    RoomKind `json:"kind"`
		Name    string   `json:"name,omitempty"`
		Topic   string   `json:"topic,omitempty"`
		Members []string `json:"members,omitempty"` // user ids, besides oneself
	}
	// UpdateRoom changes what is not nil; the result is the Room.
	UpdateRoom struct {
		Room  string  `json:"room"`
		Name  *string `json:"name,omitempty"`
		Topic *string `json:"topic,omitempty"`

		Archived *bool `json:"archived,omitempty"`
	}
	// Unread moves one's own read marker back, so that Seq is unread.
	Unread struct {
		Room string `json:"room"`
		Seq  uint64 `json:"seq"`
	}
	// RoomRef names a room: the arguments of join, leave and typing. The result
	// of join and leave is the Room.
	RoomRef struct {
		Room string `json:"room"`
	}
	// MemberRef names a user in a room: the arguments of add-member and
	// remove-member; the result is the Room.
	MemberRef struct {
		Room string `json:"room"`
		User string `json:"user"`
	}
	// CreateInvite makes an invite link; the result is the Invite.
	CreateInvite struct {
		Role    Role   `json:"role"`             // member or guest
		Room    string `json:"room,omitempty"`   // also entered by whoever follows it
		Uses    int    `json:"uses,omitempty"`   // how often it works; 0: until it expires
		Expires Time   `json:"expires,omitzero"` // default [InviteLife] from now
	}
	// Invite is the result of create-invite. The code is shown once.
	Invite struct {
		Code string `json:"code"`
		URL  string `json:"url"`
	}
	// CreateToken makes a bot and a token for it; the result is the Token.
	CreateToken struct {
		Name string `json:"name"` // the bot's name
	}
	// Token is the result of create-token. The token is shown once.
	Token struct {
		ID    string `json:"id"`
		Token string `json:"token"`
	}
	// TokenRef names a token: the arguments of revoke-token.
	TokenRef struct {
		ID string `json:"id"`
	}
	// CreateHook makes a bot and an address by which programs speak as it in a
	// room; the result is the Hook.
	CreateHook struct {
		Room string `json:"room"`
		Name string `json:"name"` // the bot's name
	}
	// Hook is the result of create-hook. Who knows the address may post to it; it
	// is shown once.
	Hook struct {
		ID   string `json:"id"`
		User string `json:"user"` // the bot
		URL  string `json:"url"`
	}
	// HookRef names an incoming webhook: the arguments of revoke-hook.
	HookRef struct {
		ID string `json:"id"`
	}
	// SetWebhook has the server tell a bot's program when the bot is spoken to;
	// the result is the Webhook. An empty URL ends that.
	SetWebhook struct {
		Bot string `json:"bot"`
		URL string `json:"url"`
	}
	// Webhook is the result of set-webhook. The secret, by which the program knows
	// that it is us, is another one each time, and shown once; it is empty without a URL.
	Webhook struct {
		Bot    string `json:"bot"`
		URL    string `json:"url"`
		Secret string `json:"secret,omitempty"`
	}
	// SetName gives a user another name; the result is the User.
	SetName struct {
		User string `json:"user"`
		Name string `json:"name"`
	}
	// SetRole gives a user another role; the result is the User.
	SetRole struct {
		User string `json:"user"`
		Role Role   `json:"role"`
	}
	// SetPassword gives a user another password and ends the user's logins, but
	// for the one that asks; the result is the User.
	SetPassword struct {
		User     string `json:"user"`
		Password string `json:"password"`
		Current  string `json:"current,omitempty"` // needed for one's own, if one has one
	}
	// InviteRef names an invite: the arguments of revoke-invite.
	InviteRef struct {
		ID string `json:"id"`
	}
	// SessionRef names one of one's own logins: the arguments of revoke-session.
	SessionRef struct {
		ID string `json:"id"`
	}
	// UserRef names a user: the arguments of deactivate and reactivate; the
	// result is the User.
	UserRef struct {
		User string `json:"user"`
	}
	// Empty is the result of commands that have nothing to tell.
	Empty struct{}
)

// Requests that let somebody in. Each answers with the User and the cookie.
type (
	// Setup makes the owner and the lobby, once.
	Setup struct {
		Name      string `json:"name"`
		Password  string `json:"password"`
		Community string `json:"community,omitempty"`
		Code      string `json:"code,omitempty"` // needed when not from the server's own machine
	}
	// Login opens a session for somebody who has a password.
	Login struct {
		Name     string `json:"name"`
		Password string `json:"password"`
	}
	// Signup makes a user by an invite: a member with a password, a guest without.
	Signup struct {
		Invite   string `json:"invite"`
		Name     string `json:"name"`
		Password string `json:"password,omitempty"`
	}
)
