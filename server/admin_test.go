package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"parley/shared/wire"
)

// The same commands work beside a running server and without one.
func TestCommandsOnOneCommunity(t *testing.T) {
	for name, running := range map[string]bool{"through the server": true, "with the file": false} {
		t.Run(name, func(t *testing.T) {
			data := t.TempDir()
			s := start(t, data, "--url", "https://chat.example/")
			owner := s.owner()
			base := "https://chat.example"
			if !running {
				s.signal(syscall.SIGTERM)
				s.wait()
				base = "http://localhost:8080"
			}

			r := parley(t, "check", "--data", data)
			if r.code != 0 || !strings.Contains(r.stdout, "are sound: 1 users, 1 rooms") {
				t.Errorf("check: %+v", r)
			}

			guest := link(t, base, "--data", data, "--role", "guest", "--uses", "1", "--expires", "2d")
			member := link(t, "https://other.example", "--data", data, "--url", "https://other.example/")
			if r := parley(t, "invite", "--data", data, "--room", "nowhere"); r.code != 1 || strings.Count(r.stderr, "\n") != 1 || strings.Contains(r.stderr, "not_found") {
				t.Errorf("invite to a room that is not there: %+v", r)
			}

			copied := filepath.Join(t.TempDir(), "copy.db")
			if r := parley(t, "backup", copied, "--data", data); r.code != 0 || !strings.Contains(r.stdout, copied) {
				t.Errorf("backup: %+v", r)
			}
			if info, err := os.Stat(copied); err != nil || info.Mode() != 0o600 {
				t.Errorf("backup: %v, %v", info, err)
			}
			check := untouched(t, filepath.Dir(copied))
			refused(t, parley(t, "backup", copied, "--data", data), copied+" exists already")
			refused(t, parley(t, "backup", copied+"/x/y", "--data", data), "cannot back up to "+copied+"/x/y")
			check()

			if !running {
				s = start(t, data)
			}
			if u := signup(t, s, guest, "Bo", ""); u.Role != wire.RoleGuest {
				t.Errorf("%+v", u)
			}
			if u := signup(t, s, member, "Cleo", password); u.Role != wire.RoleMember {
				t.Errorf("%+v", u)
			}
			if a := (person{s: s}).ask("POST", "/signup", wire.Signup{Invite: guest, Name: "Di"}); a.status == 200 {
				t.Error("an invite for one let two in")
			}

			owner.s = s
			told := ""
			for _, e := range must[wire.AuditList](t, owner, "GET", "/audit", nil).Entries {
				told += fmt.Sprintf("%s by %q: %s\n", e.Action, e.Actor, e.Text)
			}
			if want := `create-invite by "": The server's command line made an invite for a member.` + "\n" +
				`create-invite by "": The server's command line made an invite for a guest.` + "\n"; told != want {
				t.Errorf("the audit log tells\n%s", told)
			}
		})
	}
}

// link runs `parley invite` and gives the code in the link.
func link(t *testing.T, base string, args ...string) string {
	t.Helper()
	r := parley(t, append([]string{"invite"}, args...)...)
	code, ok := strings.CutPrefix(strings.TrimSuffix(r.stdout, "\n"), base+"/invite/")
	if r.code != 0 || r.stderr != "" || !ok || code == "" {
		t.Fatalf("invite: %+v", r)
	}
	return code
}

func signup(t *testing.T, s *server, invite, name, password string) wire.User {
	t.Helper()
	return must[wire.User](t, person{s: s}, "POST", "/signup", wire.Signup{Invite: invite, Name: name, Password: password})
}

// A backup is put in the place of the file and everything is there; cursors of
// the old file are answered with a reset.
func TestRestore(t *testing.T) {
	data := t.TempDir()
	s := start(t, data)
	p := s.owner()
	kept := must[wire.Message](t, p, "POST", "/send", wire.Send{Room: wire.Lobby, Text: "before", Nonce: "1"})
	copied := filepath.Join(t.TempDir(), "copy.db")
	if r := parley(t, "backup", copied, "--data", data); r.code != 0 {
		t.Fatalf("%+v", r)
	}
	must[wire.Message](t, p, "POST", "/send", wire.Send{Room: wire.Lobby, Text: "after", Nonce: "2"})
	cursor := must[wire.Sync](t, p, "GET", "/sync", nil).Cursor
	s.signal(syscall.SIGTERM)
	s.wait()

	if err := os.Rename(copied, filepath.Join(data, dataFile)); err != nil {
		t.Fatal(err)
	}
	p.s = start(t, data)
	list := must[wire.MessageList](t, p, "GET", "/rooms/lobby/messages", nil)
	if len(list.Messages) != 1 || list.Messages[0].Text != kept.Text {
		t.Errorf("%+v", list)
	}
	if b := must[wire.Batch](t, p, "GET", "/events?cursor="+cursor, nil); !b.Reset {
		t.Errorf("the old cursor is good: %+v", b)
	}
}

// The socket is the owner's only; one that a killed server left is in nobody's way.
func TestSocketAfterKill(t *testing.T) {
	data := community(t)
	socket := filepath.Join(data, socketName)
	if _, err := os.Lstat(socket); !os.IsNotExist(err) {
		t.Errorf("the socket is left after an orderly end: %v", err)
	}
	s := start(t, data)
	if info, err := os.Stat(socket); err != nil || info.Mode() != os.ModeSocket|0o600 {
		t.Errorf("%v, %v", info, err)
	}
	s.kill()
	if _, err := os.Lstat(socket); err != nil {
		t.Fatalf("a killed server leaves its socket, or this test means nothing: %v", err)
	}
	link(t, "http://localhost:8080", "--data", data)
	s = start(t, data)
	link(t, s.url, "--data", data)
}

// Where no socket fits, the log says so, the server works, and the commands say why they do not.
func TestSocketPathTooLong(t *testing.T) {
	data := filepath.Join(t.TempDir(), strings.Repeat("long/", 25))
	s := start(t, data)
	if !strings.Contains(s.stderr.String(), "too long for a socket") {
		t.Errorf("the log:\n%s", s.stderr.String())
	}
	s.owner()
	refused(t, parley(t, "invite", "--data", data), "in use by another parley, which does not answer at")
	s.signal(syscall.SIGTERM)
	s.wait()
	link(t, "http://localhost:8080", "--data", data)
}

// What is not for the socket is refused in words.
func TestInviteBeforeSetup(t *testing.T) {
	data := t.TempDir()
	s := start(t, data)
	refused(t, parley(t, "invite", "--data", data), "Create the community first")
	s.kill()
	refused(t, parley(t, "invite", "--data", data), "Create the community first")
}
