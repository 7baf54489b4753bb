package ui

import (
	"testing"
	"time"

	"parley/shared/wire"
)

// TestImportProgress: whoever knows most is right, in whatever order they tell.
func TestImportProgress(t *testing.T) {
	start := time.Unix(1000, 0)
	at := func(ms int) time.Time { return start.Add(time.Duration(ms) * time.Millisecond) }
	i := &importing{id: "a"}
	tell := func(ms int, state string, done int64) bool {
		return i.progress(wire.Task{ID: "a", State: state, Done: done, Total: 10_000}, at(ms))
	}
	if !tell(0, taskRunning, 0) || !tell(100, taskRunning, 1000) {
		t.Error("progress is not taken")
	}
	if tell(200, taskRunning, 500) {
		t.Error("what is older is taken")
	}
	if i.progress(wire.Task{ID: "b", State: taskRunning, Done: 9000}, at(300)) {
		t.Error("another task is taken")
	}
	if rate, left := i.pace(at(400)); rate != 0 || left != 0 {
		t.Errorf("a pace of %d, %v is told too soon", rate, left)
	}
	tell(1100, taskRunning, 3000)
	if rate, left := i.pace(at(1100)); rate != 2000 || left != 3500*time.Millisecond {
		t.Errorf("pace: %d a second, %v left", rate, left)
	}
	if !tell(5000, taskDone, 10_000) || !i.ended() || tell(6000, taskRunning, 3000) {
		t.Error("the end is not the end")
	}
}

// TestTaskStream: a stream comes in whatever pieces.
func TestTaskStream(t *testing.T) {
	const stream = ": preamble\n\nevent: progress\ndata: {\"id\":\"a\",\"state\":\"running\",\"done\":1}\n\nevent: done\ndata: {\"id\":\"a\",\"state\":\"done\",\"done\":2}\n\n"
	for size := 1; size <= len(stream); size++ {
		var got []wire.Task
		s := taskStream{told: func(t wire.Task) { got = append(got, t) }}
		for rest := stream; rest != ""; {
			n := min(size, len(rest))
			s.add(rest[:n])
			rest = rest[n:]
		}
		if len(got) != 2 || got[0].Done != 1 || got[1].State != taskDone {
			t.Fatalf("in pieces of %d: %+v", size, got)
		}
	}
}
