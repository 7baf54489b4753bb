package journal

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"golang.org/x/sys/unix"

	"parley/server/store"
	"parley/shared/wire"
)

// benchText is a message of the usual length.
var benchText = strings.Repeat("It is about this long. ", 4)

// BenchmarkAppend compares durable sends by 1, 16 and 256 writers with each
// other and with a loop that does nothing but write the same bytes and wait for
// the disk. The ratios tell more than the times: they hold on other disks.
func BenchmarkAppend(b *testing.B) {
	var alone, one float64 // a second
	b.Run("write+fdatasync", func(b *testing.B) { alone = benchFdatasync(b) })
	for _, writers := range []int{1, 16, 256} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			rate := benchSends(b, writers)
			if writers == 1 {
				one = rate
			}
			b.ReportMetric(rate, "sends/s")
			if alone > 0 {
				b.ReportMetric(rate/alone, "x_of_fdatasync")
			}
			if one > 0 {
				b.ReportMetric(rate/one, "x_of_one_writer")
			}
		})
	}
}

// benchSends is how many durable sends a second so many writers get.
func benchSends(b *testing.B, writers int) float64 {
	commits := 0 // written by the writer only, read when it is idle
	r := tempRig(b, Options{Publish: func([]store.Event) { commits++ }})
	owner := r.setup()
	var next atomic.Int64
	var sending sync.WaitGroup
	b.ReportAllocs()
	b.ResetTimer()
	for range writers {
		sending.Go(func() {
			for i := next.Add(1); i <= int64(b.N); i = next.Add(1) {
				if _, err := r.send(owner, wire.Lobby, benchText, fmt.Sprint(i)); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	sending.Wait()
	b.StopTimer()
	b.ReportMetric(float64(b.N)/float64(commits-1), "sends/commit")
	return float64(b.N) / b.Elapsed().Seconds()
}

// benchFdatasync is how many events a second can be appended to a plain file,
// each waiting for the disk.
func benchFdatasync(b *testing.B) float64 {
	r := tempRig(b, Options{})
	owner := r.setup()
	r.mustSend(owner, wire.Lobby, benchText, "n")
	log := r.log()
	record := sizeOnDisk(log[len(log)-1])

	f, err := os.Create(filepath.Join(b.TempDir(), "plain"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	b.ResetTimer()
	for range b.N {
		if _, err := f.Write(record); err != nil {
			b.Fatal(err)
		}
		if err := unix.Fdatasync(int(f.Fd())); err != nil {
			b.Fatal(err)
		}
	}
	b.StopTimer()
	return float64(b.N) / b.Elapsed().Seconds()
}

// sizeOnDisk is as many bytes as a send must make durable: the message and its
// event.
func sizeOnDisk(e store.Event) []byte { return make([]byte, 2*len(e.Data)) }
