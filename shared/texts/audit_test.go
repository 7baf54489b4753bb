package texts

import (
	"testing"

	"parley/shared/wire"
)

// TestAuditLine: who did it is quoted, and the command line, which is nobody, is
// called what it is.
func TestAuditLine(t *testing.T) {
	names := Names{User: func(string) string { return "小明" }, Room: func(string) string { return "" }}
	e := wire.AuditEntry{Action: wire.AuditCreateInvite, Actor: "u1", Text: "said"}
	for _, c := range []struct {
		actor string
		t     *Texts
		want  string
	}{
		{"u1", &Chinese, "“小明”创建了一个邀请"},
		{"", &Chinese, "服务器的命令行创建了一个邀请"},
		{"", &English, "said"},
	} {
		e.Actor = c.actor
		if got := c.t.AuditLine(e, names); got != c.want {
			t.Errorf("%q: got %q, want %q", c.actor, got, c.want)
		}
	}
}
