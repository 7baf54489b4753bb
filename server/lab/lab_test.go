package lab

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"
)

var home = netip.MustParsePrefix("192.0.2.1/32")

func open(t *testing.T, l *Lab, name string) *Lane {
	t.Helper()
	lane, err := l.Open(name, home)
	if err != nil {
		t.Fatal(err)
	}
	return lane
}

// A lane ticks by the second, then after silences that grow, until it is over.
func TestTicks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		lane := open(t, New(time.Now), "a")
		born := time.Now()
		var gaps []time.Duration
		after, last := 0, born
		for {
			b, err := lane.Next(t.Context(), after, time.Minute)
			if errors.Is(err, ErrOver) {
				break
			}
			if err != nil || len(b.Events) != 1 {
				t.Fatalf("%+v, %v", b, err)
			}
			if held := time.Since(b.Events[0].At.Std()); held > time.Millisecond {
				t.Fatalf("a tick came %v late", held)
			}
			gaps = append(gaps, time.Since(last).Round(time.Second))
			after, last = b.Next, time.Now()
		}
		want := []time.Duration{}
		for range 12 {
			want = append(want, time.Second)
		}
		want = append(want, 5*time.Second, 10*time.Second, 20*time.Second, 40*time.Second, 40*time.Second)
		if fmt.Sprint(gaps[:len(want)]) != fmt.Sprint(want) {
			t.Errorf("gaps %v", gaps)
		}
		if lived := time.Since(born); lived < LaneLife || lived > LaneLife+time.Minute {
			t.Errorf("lived %v", lived)
		}
	})
}

// Who polls misses nothing, and sees when it was there.
func TestPolls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		lane := open(t, New(time.Now), "a")
		time.Sleep(3500 * time.Millisecond)
		lane.Post("x")
		time.Sleep(2 * time.Second)
		b, err := lane.Next(t.Context(), 0, 0)
		if err != nil || len(b.Events) != 6 || b.Next != 6 || b.Events[3].Echo != "x" {
			t.Fatalf("%+v, %v", b, err)
		}
		if age := time.Since(b.Events[0].At.Std()); age != 4500*time.Millisecond {
			t.Errorf("the first tick is said to be %v old", age)
		}
		if b, err = lane.Next(t.Context(), b.Next, 0); err != nil || len(b.Events) != 0 {
			t.Errorf("%+v, %v", b, err)
		}
		if b, err = lane.Next(t.Context(), 1<<40, 0); err != nil || len(b.Events) != 0 || b.Next != 6 {
			t.Errorf("from the future: %+v, %v", b, err)
		}
		if b, err = lane.Next(t.Context(), -1, 0); err != nil || len(b.Events) != 6 {
			t.Errorf("from before: %+v, %v", b, err)
		}
	})
}

// What is posted is there at once for who waits.
func TestPostWakes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		lane := open(t, New(time.Now), "a")
		go func() {
			time.Sleep(300 * time.Millisecond)
			lane.Post("x")
		}()
		began := time.Now()
		b, err := lane.Next(t.Context(), 0, time.Minute)
		if err != nil || len(b.Events) != 1 || b.Events[0].Echo != "x" || time.Since(began) != 300*time.Millisecond {
			t.Errorf("%+v, %v after %v", b, err, time.Since(began))
		}
	})
}

func TestLanesAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(time.Now)
		for i := range MaxLanesOf {
			open(t, l, fmt.Sprint("a", i))
		}
		if _, err := l.Open("one more", home); !errors.Is(err, ErrFull) {
			t.Errorf("%v", err)
		}
		if _, err := l.Open("a0", netip.MustParsePrefix("192.0.2.2/32")); err == nil {
			t.Error("somebody else's lane was opened")
		}
		for i := range MaxLanes - MaxLanesOf {
			if _, err := l.Open(fmt.Sprint("b", i), netip.PrefixFrom(netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)}), 32)); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := l.Open("elsewhere", netip.MustParsePrefix("192.0.2.3/32")); !errors.Is(err, ErrFull) {
			t.Errorf("%v", err)
		}
		time.Sleep(laneIdle + time.Second)
		open(t, l, "later") // those that nobody reads have made room

		lane := open(t, l, "later")
		for i := range 10 * maxEvents {
			lane.Post(fmt.Sprint(i))
		}
		b, err := lane.Next(t.Context(), 0, 0)
		if err != nil || len(b.Events) != maxEvents || b.Events[maxEvents-1].Echo != fmt.Sprint(10*maxEvents-1) {
			t.Errorf("%d events, %v", len(b.Events), err)
		}
	})
}

func TestCloseEndsReading(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(time.Now)
		lane := open(t, l, "a")
		done := make(chan error)
		go func() {
			_, err := lane.Next(context.Background(), 1<<30, time.Minute)
			done <- err
		}()
		synctest.Wait()
		l.Close()
		if err := <-done; !errors.Is(err, ErrOver) {
			t.Error(err)
		}
	})
}
