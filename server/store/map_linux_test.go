package store

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestMapHasRoomForFiles: what people keep here by default, 10 GiB of files, and as
// much again, lies in the map from the beginning. Where it had to grow, everybody
// would wait for the slowest reader: a backup, for minutes.
func TestMapHasRoomForFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "parley.db")
	db, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	maps, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		t.Fatal(err)
	}
	var size uint64
	for line := range strings.Lines(string(maps)) {
		if !strings.HasSuffix(strings.TrimSpace(line), path) {
			continue
		}
		var from, to uint64
		if _, err := fmt.Sscanf(line, "%x-%x", &from, &to); err != nil {
			t.Fatal(err)
		}
		size += to - from
	}
	if size < 20<<30 {
		t.Errorf("%d MiB are mapped", size>>20)
	}
}
