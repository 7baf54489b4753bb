package ui

import (
	"testing"

	"parley/app/client"
)

func TestMoves(t *testing.T) {
	for _, c := range []struct {
		kind       client.ChangeKind
		room, open string
		want       bool
	}{
		{client.ChangeOutbox, "lobby", "lobby", true},
		{client.ChangeOutbox, "", "lobby", true}, // taken up from an earlier page
		{client.ChangeTimeline, "", "lobby", true},
		{client.ChangeTimeline, "garden", "lobby", false},
		{client.ChangeOutbox, "", "", false},
		{client.ChangeUpload, "lobby", "lobby", false},
		{client.ChangeMessage, "lobby", "lobby", false},
	} {
		if got := moves(client.Change{Kind: c.kind, Room: c.room}, c.open); got != c.want {
			t.Errorf("a change of kind %d of %q draws %q again: %v", c.kind, c.room, c.open, got)
		}
	}
}
