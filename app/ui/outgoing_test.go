package ui

import (
	"fmt"
	"testing"

	"parley/app/client"
	"parley/shared/rows"
	"parley/shared/wire"
)

func states(list []rows.Pending) string {
	s := ""
	for _, p := range list {
		s += fmt.Sprintf("%s:%s ", p.Nonce, p.State)
	}
	return s
}

func TestOutgoing(t *testing.T) {
	why := func(err error) string { return err.Error() }
	var o outgoing
	step := func(want string, outbox ...client.Outgoing) {
		t.Helper()
		if got := states(o.update(outbox, why)); got != want {
			t.Fatalf("shown %q, want %q", got, want)
		}
	}
	a, b := client.Outgoing{Nonce: "a"}, client.Outgoing{Nonce: "b"}
	step("a:sending ", a)
	step("a:sending b:sending ", a, b)
	step("a:sent b:sending ", b) // answered, not yet in its place
	o.arrived(wire.Message{Seq: 1, Nonce: "a"}, wire.Message{Seq: 2})
	step("b:sending ", b)
	o.arrived(wire.Message{Seq: 3, Nonce: "b"}) // in its place before it is answered
	step("", b)
	step("")

	failed := client.Outgoing{Nonce: "c", State: client.Failed, Problem: wire.Errorf(wire.CodeForbidden, "No.")}
	list := o.update([]client.Outgoing{failed}, why)
	if states(list) != "c:failed " || list[0].Reason != "forbidden: No." {
		t.Fatalf("shown %+v", list)
	}
	o.drop("c")
	step("")
}
