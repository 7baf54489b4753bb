package search

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"parley/server/store"
	"parley/shared/wire"
)

func init() { children["writer"] = childWriter }

// TestKill9 kills a process that sends, edits, deletes and indexes, again and
// again, and each time wants the index to find what a look at every message
// finds: it is never damaged, and never lacks anything without saying so.
func TestKill9(t *testing.T) {
	dir := t.TempDir()
	newWorldAt(t, dir, quick).close()
	const rounds = 8
	for round := range rounds {
		if round%4 == 3 { // so that some are killed while the index is made anew
			must(t, os.Remove(filepath.Join(dir, "search.db")))
		}
		kill(t, dir, 20+rand.IntN(150))
		checkKilled(t, dir, round)
	}
}

// kill lets the child commit so often, and kills it.
func kill(t *testing.T, dir string, after int) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"=writer", childDirEnv+"="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	lines := bufio.NewScanner(out)
	for range after {
		if !lines.Scan() {
			t.Fatal("the child ended by itself")
		}
		if _, err := strconv.Atoi(lines.Text()); err != nil {
			t.Fatalf("the child says %q", lines.Text())
		}
	}
	must(t, cmd.Process.Kill())
	for lines.Scan() {
		continue
	}
	_ = cmd.Wait() // killed
}

func checkKilled(t *testing.T, dir string, round int) {
	t.Helper()
	m := &model{world: newWorldAt(t, dir, quick), r: rand.New(rand.NewPCG(1, uint64(round))), heads: map[string]uint64{}}
	defer m.close()
	m.learn()
	m.start()
	if round%2 == 0 { // as it is found, not as it is after some work on it
		m.level()
	}
	m.level()
	for range 20 {
		query := m.query()
		if got, want := m.pages("ann", query), m.all("ann", query); !slices.Equal(got, want) {
			t.Fatalf("round %d: %q finds\n%q\nwant\n%q", round, query, got, want)
		}
	}
	m.stop()
	file, err := openFile(m.path())
	must(t, err)
	defer file.Close()
	tx, err := file.Begin(false)
	must(t, err)
	defer func() { _ = tx.Rollback() }()
	for err := range tx.Check() {
		t.Fatalf("round %d: %v", round, err)
	}
}

// learn reads what is there.
func (m *model) learn() {
	m.view(func(tx *store.Tx) error {
		return tx.Rooms(func(r store.Room) error {
			if m.heads[r.ID] = r.Head; r.Head > 0 {
				last, err := tx.Message(r.ID, r.Head)
				m.now = max(m.now, last.Time)
				return err
			}
			return nil
		})
	})
	m.now += wire.Time(1e6) // past the edits
}

// childWriter does random things and says how many, until it is killed.
func childWriter(dir string) error {
	t := &childTB{}
	m := &model{world: newWorldAt(t, dir, quick), r: rand.New(rand.NewPCG(rand.Uint64(), 1)), heads: map[string]uint64{}}
	m.learn()
	m.start()
	for i := 0; ; i++ {
		m.act()
		if _, err := fmt.Println(i); err != nil {
			return err
		}
	}
}

// childTB is the testing.TB of a process that is no test: what goes wrong ends it.
type childTB struct{ testing.TB }

func (childTB) Helper()                           {}
func (childTB) Cleanup(func())                    {}
func (childTB) Error(args ...any)                 { panic(fmt.Sprint(args...)) }
func (childTB) Fatal(args ...any)                 { panic(fmt.Sprint(args...)) }
func (childTB) Fatalf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }
