package store

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func init() { children["writer"] = writer }

// writer sends messages for ever, several in an Update, and prints the newest
// one's seq and offset when the Update has returned.
func writer(dir string) error {
	db, err := Open(filepath.Join(dir, "parley.db"), Options{})
	if err != nil {
		return err
	}
	for i := 0; ; i++ {
		var last uint64
		var end uint64
		err := db.Update(func(tx *Tx) error {
			for range 1 + i%5 {
				r, err := tx.Room("lobby")
				if err != nil {
					return err
				}
				m, err := send(tx, "lobby", "ann", fmt.Sprint("n", r.Head+1), crashText(r.Head+1), 1)
				if err != nil {
					return err
				}
				last = m.Seq
			}
			if i%7 == 0 {
				if _, err := tx.TrimLog(2, 50, 20); err != nil {
					return err
				}
			}
			end = tx.End()
			return nil
		})
		if err != nil {
			return err
		}
		fmt.Println(last, end)
	}
}

// crashText is the text of a message, of a length of its own.
func crashText(seq uint64) string { return fmt.Sprint(seq, strings.Repeat(".", int(seq*37%3000))) }

// TestKill kills a writing process again and again. Whatever it has said to be
// stored must be there, and nothing may be half there.
func TestKill(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "parley.db")
	db, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(db.Update(furnish), db.Close()); err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(5, 6))
	for range 8 {
		seq, end := killedWriter(t, dir, 5+rng.IntN(60), time.Duration(rng.IntN(3000))*time.Microsecond)
		verifyKilled(t, path, seq, end)
	}
}

// killedWriter runs a writer until it has printed some lines, and a little
// longer, kills it, and gives what it said last.
func killedWriter(t *testing.T, dir string, lines int, longer time.Duration) (seq, end uint64) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"=writer", childDirEnv+"="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	said := bufio.NewReader(out)
	for n := 0; ; n++ {
		line, err := said.ReadString('\n')
		if errors.Is(err, io.EOF) { // what it had printed before it died counts too
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, err := fmt.Sscan(line, &seq, &end); err != nil {
			t.Fatalf("the writer said %q", line)
		}
		if n == lines {
			time.AfterFunc(longer, func() { _ = cmd.Process.Kill() })
		}
	}
	if err := cmd.Wait(); err == nil || cmd.ProcessState.Success() {
		t.Fatalf("the writer ended by itself: %v", err)
	}
	return seq, end
}

func verifyKilled(t *testing.T, path string, seq, end uint64) {
	t.Helper()
	db, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := errors.Join(checkClean(db), db.Close()); err != nil {
			t.Error(err)
		}
	}()
	err = db.View(func(tx *Tx) error {
		r, err := tx.Room("lobby")
		if err != nil {
			return err
		}
		if r.Head < seq || tx.End() < end || r.Head+1 != tx.End() {
			t.Errorf("acknowledged %d at %d, found %d at %d", seq, end, r.Head, tx.End())
		}
		messages, err := tx.Messages("lobby", 1, r.Head)
		for _, m := range messages {
			if m.Text != crashText(m.Seq) {
				t.Errorf("message %d is another", m.Seq)
			}
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
