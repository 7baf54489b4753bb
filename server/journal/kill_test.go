package journal

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	mathrand "math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/server/chat"
	"parley/server/store"
	"parley/shared/wire"
)

const (
	killWriters = 32
	killRounds  = 12
)

// killPlan is what the parent tells the process that it is going to kill.
type killPlan struct {
	File  string
	Actor string
	Rooms []string
	Next  [killWriters]int // which message each writer goes on with
	Stop  int              // after which it stops; 0: never
}

func (p killPlan) room(writer int) string { return p.Rooms[writer%len(p.Rooms)] }

// killed is what the parent knows from the answers that came out of the child.
type killed struct {
	plan  killPlan
	acked [killWriters][]uint64 // seq of each acknowledged message
}

// TestKill9 kills a process with 32 writers again and again, and after each
// time reads the file: whatever was acknowledged is there, once, in order. Each
// writer then goes on with the message that had no answer, with its nonce.
func TestKill9(t *testing.T) {
	path := filepath.Join(t.TempDir(), "parley.db")
	k := killed{plan: killPlan{File: path}}
	seed(t, &k.plan)
	for round := range killRounds {
		k.run(t, 40+mathrand.IntN(400))
		k.check(t, round, 1)
	}
	for _, seqs := range k.acked {
		k.plan.Stop = max(k.plan.Stop, len(seqs)+3)
	}
	k.run(t, 0)
	total := k.check(t, killRounds, 0)
	if total < 40*killRounds {
		t.Errorf("only %d messages in all", total)
	}
	t.Logf("%d messages through %d kills", total, killRounds)
}

// seed makes a community with a second room.
func seed(t *testing.T, plan *killPlan) {
	r := newRig(t, plan.File, Options{})
	owner := r.setup()
	room, err := r.command(owner, wire.CmdCreateRoom, wire.CreateRoom{Kind: wire.KindPrivate, Name: "Den"})
	if err != nil {
		t.Fatal(err)
	}
	plan.Actor, plan.Rooms = owner.User.ID, []string{wire.Lobby, room.(wire.Room).ID}
	r.close()
}

// run starts the child, and kills it after so many answers; 0: lets it finish.
func (k *killed) run(t *testing.T, kill int) {
	t.Helper()
	for w := range k.acked {
		k.plan.Next[w] = len(k.acked[w])
	}
	plan, err := json.Marshal(k.plan)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"=writers", "PARLEY_JOURNAL_PLAN="+string(plan))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	answers := 0
	for lines := bufio.NewScanner(out); lines.Scan(); { // what was written before the kill counts
		var w, i int
		var seq uint64
		if _, err := fmt.Sscanf(lines.Text(), "%d %d %d", &w, &i, &seq); err != nil || i != len(k.acked[w]) {
			t.Fatalf("the child says %q (%v)", lines.Text(), err)
		}
		k.acked[w] = append(k.acked[w], seq)
		if answers++; answers == kill {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := cmd.Wait(); (err == nil) != (kill == 0) {
		t.Fatalf("the child ended with %v after %d answers", err, answers)
	}
}

// check reads the file back. Each writer may have at most open messages more
// than were acknowledged.
func (k *killed) check(t *testing.T, round, open int) (total int) {
	t.Helper()
	r := newRig(t, k.plan.File, Options{})
	defer r.close()
	stored := map[string][]wire.Message{}
	for _, room := range k.plan.Rooms {
		r.wantSound(room)
		for _, m := range r.history(room) {
			writer, _, _ := strings.Cut(m.Nonce, "-")
			stored[writer] = append(stored[writer], m)
			total++
		}
	}
	for w, acked := range k.acked {
		got := stored[fmt.Sprint(w)]
		if len(got) < len(acked) || len(got) > len(acked)+open {
			t.Fatalf("round %d, writer %d: %d stored, %d acknowledged", round, w, len(got), len(acked))
		}
		for i, m := range got {
			if m.Nonce != nonce(w, "-", i) || m.Text != killText(w, i) || m.Room != k.plan.room(w) {
				t.Fatalf("round %d, writer %d: message %d is %s", round, w, i, wire.Encode(m))
			}
			if i < len(acked) && m.Seq != acked[i] {
				t.Fatalf("round %d, writer %d: message %d was acknowledged as %d and is %d", round, w, i, acked[i], m.Seq)
			}
		}
	}
	k.checkLog(t, r, total)
	return total
}

// checkLog wants an event for each message.
func (k *killed) checkLog(t *testing.T, r *rig, total int) {
	t.Helper()
	seen := map[string]bool{}
	for _, e := range r.log() {
		if e.Nonce != "" {
			seen[e.Nonce] = true
		}
	}
	if len(seen) != total {
		t.Fatalf("the log has %d messages, the rooms %d", len(seen), total)
	}
}

func killText(w, i int) string {
	return fmt.Sprintf("message %d of writer %d %s", i, w, strings.Repeat("x", (w*31+i*17)%700))
}

// childWriters is the process that gets killed.
func childWriters() {
	var plan killPlan
	if err := json.Unmarshal([]byte(os.Getenv("PARLEY_JOURNAL_PLAN")), &plan); err != nil {
		panic(err)
	}
	db, err := store.Open(plan.File, store.Options{LockWait: 10 * time.Second})
	if err != nil {
		panic(err)
	}
	j := New(db, Options{})
	var writers sync.WaitGroup
	for w := range killWriters {
		writers.Go(func() {
			for i := plan.Next[w]; plan.Stop == 0 || i < plan.Stop; i++ {
				childSend(j, plan, w, i)
			}
		})
	}
	writers.Wait()
	if err := j.Close(); err != nil {
		panic(err)
	}
	if err := db.Close(); err != nil {
		panic(err)
	}
}

func childSend(j *Journal, plan killPlan, w, i int) {
	env := chat.Env{Now: time.Now, Rand: rand.Reader}
	send := wire.Send{Room: plan.room(w), Text: killText(w, i), Nonce: nonce(w, "-", i)}
	call, err := env.Command(chat.Actor{User: wire.User{ID: plan.Actor}}, wire.CmdSend, wire.Encode(send))
	if err != nil {
		panic(err)
	}
	result, err := j.Submit(context.Background(), call.Entry)
	if err != nil {
		panic(err)
	}
	// One write, so that a line is told whole or not at all.
	if _, err := fmt.Printf("%d %d %d\n", w, i, result.(wire.Message).Seq); err != nil {
		panic(err)
	}
}
