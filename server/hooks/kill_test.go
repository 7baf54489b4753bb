package hooks

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"parley/server/chat"
	"parley/shared/wire"
)

// counted is submit that counts notes.
func counted(submit func(context.Context, chat.Entry) (any, error), notes *int) func(context.Context, chat.Entry) (any, error) {
	return func(ctx context.Context, e chat.Entry) (any, error) {
		if _, is := e.Op.(chat.NoteWebhooks); is {
			*notes++
		}
		return submit(ctx, e)
	}
}

// TestKill9 kills a process between a delivery and its note, again and again:
// what was delivered comes again under the same id, all is delivered, in order,
// and an answer is said once.
func TestKill9(t *testing.T) {
	e := newEndpoint(t, func(w http.ResponseWriter, r *http.Request) { says("answer to "+r.Header.Get("Parley-Delivery"))(w, r) })
	dir := t.TempDir()
	const rounds = 4
	var ids []string
	for round := range rounds {
		cmd := exec.CommandContext(t.Context(), os.Args[0])
		cmd.Env = append(os.Environ(), childEnv+"="+dir, childURLEnv+"="+e.URL)
		cmd.Stderr = os.Stderr
		out, err := cmd.StdoutPipe()
		must(t, err)
		must(t, cmd.Start())
		if lines := bufio.NewScanner(out); !lines.Scan() || lines.Text() != "said" {
			t.Fatalf("the child says %q", lines.Text())
		}
		for range round + 1 { // all that was said until now: nothing is ever noted
			ids = append(ids, e.next(t).ID)
		}
		must(t, cmd.Process.Kill())
		_ = cmd.Wait()
		for len(e.got) > 0 {
			<-e.got
		}
	}
	for at, round := 0, 0; round < rounds; round++ {
		for i := range round + 1 {
			if ids[at] != ids[len(ids)-rounds+i] {
				t.Errorf("round %d: told of %q, want what the last round began with: %q", round, ids[at], ids)
			}
			at++
		}
	}
	w := newWorldAt(t, dir, nearby())
	w.await("the last one", func() bool { return w.status("bot").Delivery == ids[len(ids)-1] })
	answers := map[string]int{}
	for _, said := range w.texts(lobby) {
		if strings.HasPrefix(said, "bot: ") {
			answers[said]++
		}
	}
	if len(answers) != rounds {
		t.Errorf("answered %v", answers)
	}
	for said, n := range answers {
		if n != 1 {
			t.Errorf("%d times %q", n, said)
		}
	}
}

// childTB is the testing.TB of a process that is no test: what goes wrong ends it.
type childTB struct{ testing.TB }

func (childTB) Helper()                   {}
func (childTB) Cleanup(func())            {}
func (childTB) Error(args ...any)         { panic(fmt.Sprint(args...)) }
func (childTB) Fatal(args ...any)         { panic(fmt.Sprint(args...)) }
func (childTB) Fatalf(f string, a ...any) { panic(fmt.Sprintf(f, a...)) }

// child says one thing, delivers, and never notes that; it waits to be killed.
func child(dir, url string) error {
	o := nearby()
	o.pace = quick
	o.pace.note = time.Hour
	w := newWorldAt(childTB{}, dir, o)
	if w.status("bot") == (wire.WebhookStatus{}) && len(w.texts(lobby)) == 0 {
		w.hook("bot", url)
	}
	w.say("ann", lobby, "@bot")
	fmt.Println("said")
	select {}
}
