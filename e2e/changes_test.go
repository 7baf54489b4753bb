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

// TestChanges has several people send, edit, delete and react at random, while
// readers come and go on changing rungs and the server is killed once. In the
// end every reader has exactly what history has, and the unread mentions that
// the server counts; of what was deleted there is no trace.
func TestChanges(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Olga")
	rita := s.Member(owner, "Rita")
	writers := []*parley.User{owner, s.Member(owner, "Wang"), s.Member(owner, "Wim"), s.Bot(owner, "Willi")}
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
		writing.Go(func() { write(t, w, r, "the secret of "+w.Name) })
	}
	time.AfterFunc(2*time.Second, func() { s.Kill(); s.Again() })
	writing.Wait()
	close(stopped)
	readers.Wait()

	history, err := rita.History(t.Context(), wire.Lobby, 0)
	if err != nil {
		t.Fatal(err)
	}
	var sync wire.Sync
	if err := rita.Get(t.Context(), "/sync", &sync); err != nil {
		t.Fatal(err)
	}
	late := runNative(t, s.URL(), "Rita")
	for i, c := range append(stay, late) {
		what := fmt.Sprint("reader ", i)
		await(t, what+" level", c, func() bool { return equalHistory(t, c, history) == nil })
		room, _ := c.Room(wire.Lobby)
		if !slices.Equal(room.Mentions, sync.Mentions[wire.Lobby]) || room.Read != sync.Reads[wire.Lobby] {
			t.Errorf("%s: mentions %v, read %d; the server has %v, %d", what, room.Mentions, room.Read, sync.Mentions, sync.Reads[wire.Lobby])
		}
	}
	deleted := slices.ContainsFunc(history, func(m wire.Message) bool { return m.Deleted != 0 })
	edited := slices.ContainsFunc(history, func(m wire.Message) bool { return m.Edited != 0 && len(m.Reactions) > 0 })
	if !deleted || !edited || len(sync.Mentions[wire.Lobby]) == 0 {
		t.Errorf("the test tests too little: deleted %v, edited %v, mentions %v", deleted, edited, sync.Mentions)
	}
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

// write makes changes at random, each until it is answered.
func write(t *testing.T, u *parley.User, r *rand.Rand, secret string) {
	for i := range changesEach {
		var head wire.MessageList
		until(t, func() error { return u.Get(t.Context(), "/rooms/lobby/messages?limit=30", &head) })
		cmd, args := wire.CmdSend, any(wire.Send{Room: wire.Lobby, Nonce: fmt.Sprint(i), Text: []string{"hello", "@Rita look", secret, "@room"}[r.IntN(4)]})
		if n := len(head.Messages); n > 0 && r.IntN(3) > 0 {
			seq := head.Messages[r.IntN(n)].Seq
			switch r.IntN(5) {
			case 0:
				cmd, args = wire.CmdEdit, wire.Edit{Room: wire.Lobby, Seq: seq, Text: []string{"edited ", "@Rita edited "}[r.IntN(2)] + fmt.Sprint(i)}
			case 1:
				cmd, args = wire.CmdDelete, wire.Delete{Room: wire.Lobby, Seq: seq}
			default:
				cmd, args = wire.CmdReact, wire.React{Room: wire.Lobby, Seq: seq, Emoji: []string{"👍", "🎉", "❤️"}[r.IntN(3)], On: r.IntN(3) > 0}
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
func equalHistory(t *testing.T, c *client.Client, history []wire.Message) error {
	line := c.Timeline(wire.Lobby)
	if !line.AtStart {
		return errors.Join(c.LoadOlder(t.Context(), wire.Lobby), errors.New("not all is loaded"))
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
