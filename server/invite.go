package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"parley/shared/wire"
)

type inviteCommand struct {
	Role    wire.Role `default:"member" enum:"member,guest" placeholder:"ROLE" help:"What the link makes of people: member, who chooses a password, or guest"`
	Room    string    `placeholder:"ID" help:"A room to enter besides the lobby: the last part of its address"`
	Uses    int       `placeholder:"N" help:"How often the link works; without this, until it expires"`
	Expires life      `default:"7d" placeholder:"TIME" help:"How long the link works, such as 12h or 30d"`
	URL     string    `placeholder:"URL" help:"Where people reach the server; without this, as the running server was told"`
}

// Run prints a link.
func (i *inviteCommand) Run(ctx context.Context, common *common, out *console) error {
	k, err := openKeeper(ctx, common.Data)
	if err != nil {
		return err
	}
	link, err := k.invite(ctx, wire.CreateInvite{
		Role: i.Role, Room: i.Room, Uses: i.Uses, Expires: wire.TimeOf(time.Now().Add(time.Duration(i.Expires))),
	}, strings.TrimRight(i.URL, "/"))
	if err := errors.Join(plain(err), k.Close()); err != nil {
		return err
	}
	_, err = fmt.Fprintln(out.stdout, link)
	return err
}

// invite makes an invite and gives its link.
func (e *engine) invite(ctx context.Context, i wire.CreateInvite, base string) (string, error) {
	call, err := e.env.Invite(i)
	if err != nil {
		return "", err
	}
	if _, err := e.journal.Submit(ctx, call.Entry); err != nil {
		return "", err
	}
	return base + "/invite/" + call.Secret, nil
}

// life is a duration that may be given in days.
type life time.Duration

// UnmarshalText reads "30d" and what time.ParseDuration reads.
func (l *life) UnmarshalText(text []byte) error {
	if days, ok := strings.CutSuffix(string(text), "d"); ok {
		n, err := strconv.ParseUint(days, 10, 16)
		*l = life(time.Duration(n) * 24 * time.Hour)
		return err
	}
	d, err := time.ParseDuration(string(text))
	*l = life(d)
	return err
}
