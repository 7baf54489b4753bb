package chat

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"parley/shared/wire"
)

var badNames = []struct{ what, name string }{
	{"empty", ""},
	{"of spaces", " \t\u3000 "},
	{"of 33 characters", strings.Repeat("好", 33)},
	{"with NUL", "a\x00b"},
	{"with a line's turn", "a\u202eb"},
	{"of joiners", "\u200d\ufe0f"},
	{"that is huge", strings.Repeat("x", 5000)},
}

var goodNames = []string{"王", "x", "陈小明二", "Ada 👩‍🚀", strings.Repeat("好", 32), "ﬁnn", "O'Brien <b>"}

// TestNames: the same names are good and bad for everybody who gets one.
func TestNames(t *testing.T) {
	ctx := context.Background()
	c := newCast(t)
	for _, r := range badNames {
		t.Run(r.what, func(t *testing.T) {
			invite := c.invite(c.owner, wire.CreateInvite{Role: wire.RoleMember, Uses: 1})
			c.wantCode(c.trySignup(wire.Signup{Invite: invite, Name: r.name, Password: password}), wire.CodeBadRequest, "signup")
			_, err := c.env.Setup(ctx, wire.Setup{Name: r.name, Password: password})
			c.wantCode(err, wire.CodeBadRequest, "setup")
			c.refuse(wire.CodeBadRequest, c.owner, wire.CmdCreateToken, wire.CreateToken{Name: r.name})
		})
	}
	for _, name := range goodNames {
		c.signup(c.member, wire.RoleMember, "", name)
	}
	taken := []string{"olga", "ＯＬＧＡ", " Olga ", "陈小明", "ROBO", "FINN", "ada 👩🚀"}
	for i, name := range taken {
		invite := c.invite(c.owner, wire.CreateInvite{Role: wire.RoleGuest, Uses: 1})
		c.wantCode(c.trySignup(wire.Signup{Invite: invite, Name: name}), wire.CodeConflict, name)
		c.refuse(wire.CodeConflict, c.owner, wire.CmdCreateToken, wire.CreateToken{Name: name})
		// The invite is as good as before.
		if err := c.trySignup(wire.Signup{Invite: invite, Name: fmt.Sprint("Guest ", i)}); err != nil {
			t.Errorf("after %q: %v", name, err)
		}
	}
}
