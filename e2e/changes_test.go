package e2e_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"parley/app/client"
	"parley/e2e/badproxy"
	"parley/e2e/parley"
	"parley/shared/wire"
)

// changesEach is how many changes each writer makes: under the burst that one
// user may make at once.
const changesEach = 80

// TestChanges has several people send, reply, edit, delete and react at random,
// and their owner rename and archive rooms, change roles, the readers' own too,
// and take people out and in, while readers come and go on changing rungs and the
// server is killed once. In the end every reader has exactly what history has, and
// the rooms, people and unread mentions that the server has.
func TestChanges(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Olga")
	rita := s.Member(owner, "Rita")
	writers := []*parley.User{owner, s.Member(owner, "Wang"), s.Member(owner, "Wim"), s.Bot(owner, "Willi")}
	garden, den := owner.Room(t, wire.KindPublic, "Garden"), owner.Room(t, wire.KindPrivate, "Den")
	rooms := []string{wire.Lobby, garden.ID, den.ID}
	for _, room := range rooms[1:] {
		for _, u := range append(writers[1:], rita) {
			must(t, owner.Do(t.Context(), wire.CmdAddMember, wire.MemberRef{Room: room, User: u.ID}, nil))
		}
	}
	seed := seed(t)
	stopped := make(chan struct{})
	var readers, writing sync.WaitGroup
	for i := range 4 {
		r := rand.New(rand.NewPCG(seed, uint64(i)))
		readers.Go(func() { comeAndGo(t, s, r, stopped) })
	}
	stay := make([]*client.Client, 3)
	for i := range stay {
		stay[i] = runNative(t, through(t, s, rungFaults[i]...).URL(), "Rita")
		if err := stay[i].LoadNewest(t.Context(), wire.Lobby); err != nil {
			await(t, "the lobby", stay[i], func() bool { return stay[i].LoadNewest(t.Context(), wire.Lobby) == nil })
		}
	}
	for i, w := range writers {
		r := rand.New(rand.NewPCG(seed, uint64(100+i)))
		writing.Go(func() { write(t, w, r, rooms, "the secret of "+w.Name) })
	}
	writing.Go(func() { govern(t, owner, rand.New(rand.NewPCG(seed, 200)), garden.ID, den.ID, writers[2].ID, rita.ID) })
	writing.Go(func() {
		await(t, "some messages", stay[0], func() bool {
			lobby, _ := stay[0].Room(wire.Lobby)
			return lobby.Head >= 10
		})
		s.Kill()
		s.Again()
	})
	writing.Wait()
	writeEach(t, owner, rita)
	close(stopped)
	readers.Wait()

	var sync wire.Sync
	must(t, rita.Get(t.Context(), "/sync", &sync))
	late := runNative(t, s.URL(), "Rita")
	deleted, edited, answered := false, false, false
	for _, room := range rooms {
		history := historyOf(t, t.Context(), rita, room)
		for i, c := range append(stay, late) {
			var differs error
			await(t, fmt.Sprint("reader ", i, " level"), c, func() bool { differs = equalHistory(t, c, room, history); return differs == nil })
			shown, _ := c.Room(room)
			if !slices.Equal(shown.Mentions, sync.Mentions[room]) || shown.Read != sync.Reads[room] {
				t.Errorf("reader %d: mentions %v, read %d; the server has %v, %d", i, shown.Mentions, shown.Read, sync.Mentions, sync.Reads[room])
			}
		}
		for _, m := range history {
			deleted = deleted || m.Deleted != 0
			edited = edited || m.Edited != 0 && len(m.Reactions) > 0
			answered = answered || m.ReplyTo != 0 && history[m.ReplyTo-1].Deleted != 0
		}
	}
	for i, c := range append(stay, late) {
		await(t, fmt.Sprint("reader ", i, " with the same rooms and people"), c, func() bool { return sameCommunity(c, sync) == "" })
	}
	if !deleted || !edited || !answered || len(sync.Mentions[wire.Lobby]) == 0 {
		t.Errorf("the test tests too little: deleted %v, edited %v, answered %v, mentions %v", deleted, edited, answered, sync.Mentions)
	}
}

// sameCommunity says in what a client and the server differ, "" for in nothing.
func sameCommunity(c *client.Client, sync wire.Sync) string {
	if len(c.Rooms()) != len(sync.Rooms) {
		return fmt.Sprintf("%d rooms, not %d", len(c.Rooms()), len(sync.Rooms))
	}
	for _, want := range sync.Rooms {
		got, _ := c.Room(want.ID)
		slices.Sort(got.Members)
		slices.Sort(want.Members)
		if a, b := wire.Encode(got.Room), wire.Encode(want); string(a) != string(b) {
			return fmt.Sprintf("the room %s, not %s", a, b)
		}
	}
	for _, want := range sync.Users {
		if got, _ := c.User(want.ID); got != want {
			return fmt.Sprintf("the user %+v, not %+v", got, want)
		}
	}
	return ""
}

// governsFor is how many things an owner does in [TestChanges].
const governsFor = 60

// govern looks after a community at random, and leaves the reader as a member of
// all rooms.
func govern(t *testing.T, owner *parley.User, r *rand.Rand, garden, den, writer, reader string) {
	do := func(cmd string, args any) {
		until(t, func() error {
			err := owner.Do(t.Context(), cmd, args, nil)
			if wire.CodeFrom(err) == wire.CodeConflict {
				return nil // archived
			}
			return err
		})
	}
	yes, no := true, false
	for i := range governsFor {
		text := fmt.Sprint("Garden ", i)
		switch r.IntN(6) {
		case 0:
			do(wire.CmdUpdateRoom, wire.UpdateRoom{Room: garden, Name: &text})
		case 1:
			do(wire.CmdUpdateRoom, wire.UpdateRoom{Room: den, Topic: &text})
		case 2:
			do(wire.CmdUpdateRoom, wire.UpdateRoom{Room: garden, Archived: &yes})
			pause(nil, time.Duration(r.IntN(50))*time.Millisecond)
			do(wire.CmdUpdateRoom, wire.UpdateRoom{Room: garden, Archived: &no})
		case 3:
			do(wire.CmdSetRole, wire.SetRole{User: writer, Role: []wire.Role{wire.RoleAdmin, wire.RoleMember, wire.RoleGuest}[r.IntN(3)]})
		case 4:
			do(wire.CmdSetRole, wire.SetRole{User: reader, Role: []wire.Role{wire.RoleMember, wire.RoleGuest}[r.IntN(2)]})
		case 5:
			do(wire.CmdRemoveMember, wire.MemberRef{Room: den, User: reader})
			pause(nil, time.Duration(r.IntN(50))*time.Millisecond)
			do(wire.CmdAddMember, wire.MemberRef{Room: den, User: reader})
		}
	}
	do(wire.CmdSetRole, wire.SetRole{User: reader, Role: wire.RoleMember})
}

// rungFaults make the ladder end on each of its rungs that need no long search.
var rungFaults = [][]badproxy.Fault{
	nil,
	{badproxy.WSRefuse()},
	{badproxy.WSRefuse(), badproxy.SSEBuffer()},
}

// comeAndGo reads through a proxy whose faults change, one page after another.
func comeAndGo(t *testing.T, s *parley.Server, r *rand.Rand, stopped <-chan struct{}) {
	proxy, err := badproxy.Start(s.Addr())
	if err != nil {
		t.Error(err)
		return
	}
	defer proxy.Close() //nolint:errcheck // the reader is gone
	for {
		net, err := client.NewNative(proxy.URL(), "")
		if err != nil {
			t.Error(err)
			return
		}
		ctx, cancel := context.WithCancel(context.Background())
		_, err = client.Door{Net: net}.Login(ctx, wire.Login{Name: "Rita", Password: parley.Password})
		if err == nil {
			c := client.New(client.Config{Net: net, Log: func(format string, args ...any) { t.Errorf("a reader reports: "+format, args...) }})
			done := make(chan error, 1)
			go func() { done <- c.Run(ctx) }()
			for range 1 + r.IntN(3) {
				proxy.Set(rungFaults[r.IntN(len(rungFaults))]...)
				c.Wake("online")
				_ = c.LoadNewest(ctx, wire.Lobby)
				pause(stopped, time.Duration(r.IntN(800))*time.Millisecond)
			}
			cancel()
			if err := <-done; !errors.Is(err, context.Canceled) {
				t.Errorf("a reader ended with %v", err)
			}
		}
		cancel()
		net.Close()
		select {
		case <-stopped:
			return
		default:
		}
	}
}

// pause lets a reader read for a while.
func pause(stopped <-chan struct{}, d time.Duration) {
	select {
	case <-stopped:
	case <-time.After(d):
	}
}

// writeEach does once what dice may leave out: an edit of what somebody has reacted
// to, and a deletion of what was answered.
func writeEach(t *testing.T, owner, rita *parley.User) {
	t.Helper()
	say := func(nonce, text string, to uint64) wire.Message {
		var m wire.Message
		must(t, owner.Do(t.Context(), wire.CmdSend, wire.Send{Room: wire.Lobby, Nonce: nonce, Text: text, ReplyTo: to}, &m))
		return m
	}
	edited := say("each 1", "@Rita look", 0)
	must(t, rita.Do(t.Context(), wire.CmdReact, wire.React{Room: wire.Lobby, Seq: edited.Seq, Emoji: "👍", On: true}, nil))
	must(t, owner.Do(t.Context(), wire.CmdEdit, wire.Edit{Room: wire.Lobby, Seq: edited.Seq, Text: "@Rita look here"}, nil))
	deleted := say("each 2", "hello", 0)
	say("each 3", "hello again", deleted.Seq)
	must(t, owner.Do(t.Context(), wire.CmdDelete, wire.Delete{Room: wire.Lobby, Seq: deleted.Seq}, nil))
}

// write makes changes at random, each until it is answered.
func write(t *testing.T, u *parley.User, r *rand.Rand, rooms []string, secret string) {
	for i := range changesEach {
		var head wire.MessageList
		room := rooms[r.IntN(len(rooms))]
		until(t, func() error { return u.Get(t.Context(), "/rooms/"+room+"/messages?limit=30", &head) })
		said := wire.Send{Room: room, Nonce: fmt.Sprint(i), Text: []string{"hello", "@Rita look", secret, "@room"}[r.IntN(4)]}
		cmd, args := wire.CmdSend, any(said)
		if n := len(head.Messages); n > 0 && r.IntN(3) > 0 {
			seq := head.Messages[r.IntN(n)].Seq
			switch r.IntN(6) {
			case 0:
				cmd, args = wire.CmdEdit, wire.Edit{Room: room, Seq: seq, Text: []string{"edited ", "@Rita edited "}[r.IntN(2)] + fmt.Sprint(i)}
			case 1:
				cmd, args = wire.CmdDelete, wire.Delete{Room: room, Seq: seq}
			case 2:
				said.ReplyTo = seq
				args = said
			default:
				cmd, args = wire.CmdReact, wire.React{Room: room, Seq: seq, Emoji: []string{"👍", "🎉", "❤️"}[r.IntN(3)], On: r.IntN(3) > 0}
			}
		}
		until(t, func() error {
			err := u.Do(t.Context(), cmd, args, nil)
			if code := wire.CodeFrom(err); code == wire.CodeForbidden || code == wire.CodeConflict {
				return nil // not one's own, or deleted
			}
			return err
		})
	}
}

// until tries again while the server is away.
func until(t *testing.T, try func() error) {
	t.Helper()
	deadline := time.Now().Add(time.Minute)
	for err := try(); err != nil; err = try() {
		if time.Now().After(deadline) || wire.CodeFrom(err) == wire.CodeBadRequest {
			t.Errorf("never done: %v", err)
			return
		}
		pause(nil, 50*time.Millisecond)
	}
}

// equalHistory compares the whole timeline of a client with history.
func equalHistory(t *testing.T, c *client.Client, room string, history []wire.Message) error {
	line := c.Timeline(room)
	if !line.AtStart {
		return errors.Join(c.LoadOlder(t.Context(), room), errors.New("not all is loaded"))
	}
	if len(line.Messages) != len(history) {
		return fmt.Errorf("%d messages, not %d", len(line.Messages), len(history))
	}
	for i, m := range line.Messages {
		if got, want := wire.Encode(m), wire.Encode(history[i]); string(got) != string(want) {
			return fmt.Errorf("got %s, want %s", got, want)
		}
	}
	return nil
}
