package web

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"parley/shared/wire"
)

var epoch = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)

func TestBuckets(t *testing.T) {
	b := newBuckets[string](2, 3) // 2 a second, 3 at once
	now := epoch
	for i := range 3 {
		if _, ok := b.take("a", now); !ok {
			t.Fatalf("token %d of the burst is missing", i)
		}
	}
	wait, ok := b.take("a", now)
	if ok || wait != 500*time.Millisecond {
		t.Fatalf("got %v, %v after the burst", wait, ok)
	}
	if _, ok := b.take("b", now); !ok {
		t.Fatal("another key had to pay")
	}
	if _, ok := b.take("a", now.Add(wait)); !ok {
		t.Fatal("no token after the wait that was told")
	}
	if _, ok := b.take("a", now.Add(-time.Hour)); ok {
		t.Fatal("a clock set back gave a token")
	}
	now = now.Add(24 * time.Hour)
	for range 3 {
		b.take("a", now)
	}
	if _, ok := b.take("a", now); ok {
		t.Fatal("a day gave more than the burst")
	}
}

func TestBucketsAreBounded(t *testing.T) {
	b := newBuckets[int](1, 1)
	for i := range 3 * maxBuckets {
		b.take(i, epoch)
	}
	if len(b.byKey) != maxBuckets || b.used.Len() != maxBuckets {
		t.Fatalf("%d keys, %d in the list", len(b.byKey), b.used.Len())
	}
	if _, ok := b.take(3*maxBuckets-1, epoch); ok {
		t.Error("the newest was forgotten")
	}
	r := newRecent[int]()
	for i := range 3 * maxBuckets {
		r.add(i)
	}
	if len(r.byKey) != maxBuckets || r.has(0) || !r.has(3*maxBuckets-1) {
		t.Errorf("%d recent keys, oldest %v", len(r.byKey), r.has(0))
	}
}

func TestThrottleKeysAreSmall(t *testing.T) {
	if keyOf(strings.Repeat("x", wire.MaxBody)) == keyOf(strings.Repeat("x", wire.MaxBody-1)) {
		t.Error("long names share a key")
	}
	if keyOf("ＡＤＡ") != keyOf("ada") {
		t.Error("a name can be tried again in other letters")
	}
}

// One address that goes on for hours gets few tries, and whoever comes from
// elsewhere with the right password is let in within seconds, all the time.
func TestThrottleAttackerCannotLockOut(t *testing.T) {
	throttle := newThrottle()
	attacker, victim := netip.MustParseAddr("203.0.113.1"), netip.MustParseAddr("198.51.100.1")
	tries, worst, waiting := 0, time.Duration(0), time.Duration(0)
	for passed := time.Duration(0); passed < 6*time.Hour; passed += time.Second {
		now := epoch.Add(passed)
		for range 5 {
			if _, err := throttle.try("Ada", attacker, now); err == nil {
				tries++ // wrong password
			}
		}
		if passed%(10*time.Minute) == 0 || waiting > 0 { // the victim signs in, and tries each second until it works
			throttle.homes = newRecent[place]() // always from a new browser
			if a, err := throttle.try("Ada", victim, now); err != nil {
				waiting += time.Second
				worst = max(worst, waiting)
			} else {
				a.succeeded(now)
				waiting = 0
			}
		}
	}
	if worst > 10*time.Second {
		t.Errorf("locked out for %v", worst)
	}
	if limit := addrBurst + int(6*3600*addrRate) + 1; tries > limit {
		t.Errorf("%d tries, more than %d", tries, limit)
	}
}

// Many addresses together can empty a name's tokens. Where it has signed in
// before, that does not matter.
func TestThrottleManyAddresses(t *testing.T) {
	throttle := newThrottle()
	home := netip.MustParseAddr("198.51.100.1")
	a, err := throttle.try("Ada", home, epoch)
	if err != nil {
		t.Fatal(err)
	}
	a.succeeded(epoch)
	tries := 0
	for i := range 10_000 {
		from := netip.MustParseAddr(fmt.Sprintf("10.%d.%d.%d", i>>16, i>>8&255, i&255))
		if _, err := throttle.try("Ada", from, epoch); err == nil {
			tries++
		}
	}
	if tries > nameBurst {
		t.Errorf("%d tries at once", tries)
	}
	if _, err := throttle.try("Ada", netip.MustParseAddr("192.0.2.1"), epoch); wire.CodeFrom(err) != wire.CodeRateLimited {
		t.Errorf("a stranger got %v", err)
	}
	a, err = throttle.try("Ada", home, epoch)
	if err != nil {
		t.Fatalf("locked out at home: %v", err)
	}
	a.succeeded(epoch)
}

func TestThrottleSuccessIsFree(t *testing.T) {
	throttle := newThrottle()
	office := netip.MustParseAddr("198.51.100.1")
	for i := range 500 { // an office behind one address on Monday morning
		a, err := throttle.try(fmt.Sprint("user", i), office, epoch)
		if err != nil {
			t.Fatalf("user %d: %v", i, err)
		}
		a.succeeded(epoch)
	}
}

func TestThrottleHomeIsLimitedToo(t *testing.T) {
	throttle := newThrottle()
	home := netip.MustParseAddr("198.51.100.1")
	a, _ := throttle.try("Ada", home, epoch)
	a.succeeded(epoch)
	n := 0
	for range 1000 {
		if _, err := throttle.try("Ada", home, epoch); err == nil {
			n++
		}
	}
	if n != knownBurst {
		t.Errorf("%d tries from home", n)
	}
}
