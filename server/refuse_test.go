package main

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	bolt "go.etcd.io/bbolt"
	"golang.org/x/sys/unix"
)

// refused wants one line on stderr that says detail, nothing on stdout, code 1.
func refused(t *testing.T, r result, detail string) {
	t.Helper()
	if r.code != 1 || r.stdout != "" || strings.Count(r.stderr, "\n") != 1 || !strings.HasPrefix(r.stderr, "parley: ") || !strings.Contains(r.stderr, detail) {
		t.Errorf("code %d, stdout %q, stderr %q; want one line with %q and code 1", r.code, r.stdout, r.stderr, detail)
	}
}

// untouched gives a function that fails the test if anything below dir has
// changed since.
func untouched(t *testing.T, dir string) func() {
	t.Helper()
	before := snapshot(t, dir)
	return func() {
		t.Helper()
		if after := snapshot(t, dir); after != before {
			t.Errorf("changed:\n%s\nto\n%s", before, after)
		}
	}
}

func snapshot(t *testing.T, dir string) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		var sum [32]byte
		if info.Mode().IsRegular() {
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			sum = sha256.Sum256(data)
		}
		fmt.Fprintf(&all, "%s %v %d %v %x\n", path, info.Mode(), info.Size(), info.ModTime(), sum[:4])
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

func serveOn(t *testing.T, data string, flags ...string) result {
	t.Helper()
	return parley(t, append([]string{"--addr", "127.0.0.1:0", "--data", data}, flags...)...)
}

func TestUsedPort(t *testing.T) {
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	dir := t.TempDir()
	check := untouched(t, dir)
	refused(t, parley(t, "--addr", l.Addr().String(), "--data", filepath.Join(dir, "data")), l.Addr().String()+" is used by another program")
	check()
}

func TestAddressThatIsNone(t *testing.T) {
	dir := t.TempDir()
	check := untouched(t, dir)
	for _, addr := range []string{"8080", "localhost:99999", "256.0.0.1:80"} {
		refused(t, parley(t, "--addr", addr, "--data", filepath.Join(dir, "data")), "cannot listen on "+addr)
	}
	check()
}

func TestUnwritableFolder(t *testing.T) {
	dir := filepath.Dir(binary) + "/unwritable"
	if err := os.Mkdir(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	check := untouched(t, dir)
	for _, data := range []string{dir, filepath.Join(dir, "data")} {
		cmd := program(t, "--addr", "127.0.0.1:0", "--data", data)
		if os.Geteuid() == 0 { // who may write everywhere
			cmd.Dir = "/"
			cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		}
		refused(t, finish(t, cmd), "cannot use the data folder "+data+": permission denied")
	}
	check()
}

func TestFolderThatIsAFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "data")
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	check := untouched(t, file)
	refused(t, serveOn(t, file), "cannot use the data folder "+file+": not a directory")
	check()
}

func TestLockedFile(t *testing.T) {
	data := t.TempDir()
	s := start(t, data)
	s.await()
	s.signal(syscall.SIGSTOP) // so that whatever changes is the second one's doing; the lock stays
	defer s.signal(syscall.SIGCONT)
	if _, err := unix.Wait4(s.cmd.Process.Pid, nil, unix.WUNTRACED, nil); err != nil {
		t.Fatal(err)
	}
	check := untouched(t, data)
	refused(t, serveOn(t, data), "the data in "+data+" are in use by another parley")
	check()
	s.signal(syscall.SIGCONT)
	s.await()
}

// community makes a data folder with an owner in it.
func community(t *testing.T) string {
	t.Helper()
	data := t.TempDir()
	s := start(t, data)
	s.owner()
	s.signal(syscall.SIGTERM)
	s.wait()
	return data
}

func TestDamagedFile(t *testing.T) {
	whole, err := os.ReadFile(filepath.Join(community(t), dataFile))
	if err != nil {
		t.Fatal(err)
	}
	zeroed := append(make([]byte, 2*os.Getpagesize()), whole[2*os.Getpagesize():]...)
	for name, content := range map[string][]byte{
		"text":      []byte(strings.Repeat("this is no data file\n", 5000)),
		"one byte":  {0},
		"cut short": whole[:3*os.Getpagesize()],
		"no head":   zeroed,
	} {
		t.Run(name, func(t *testing.T) {
			data := t.TempDir()
			file := filepath.Join(data, dataFile)
			if err := os.WriteFile(file, content, 0o600); err != nil {
				t.Fatal(err)
			}
			check := untouched(t, data)
			refused(t, serveOn(t, data), "the data file "+file+" is damaged")
			for _, command := range [][]string{{"check"}, {"invite"}, {"backup", filepath.Join(t.TempDir(), "copy")}} {
				refused(t, parley(t, append(command, "--data", data)...), "damaged")
			}
			check()
		})
	}
}

func TestNewerFile(t *testing.T) {
	data := community(t)
	file := filepath.Join(data, dataFile)
	db, err := bolt.Open(file, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bolt.Tx) error { return tx.Bucket([]byte("meta")).Put([]byte("format"), []byte("999")) })
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	check := untouched(t, data)
	refused(t, serveOn(t, data), "written by a newer version of parley")
	refused(t, serveOn(t, data), "this is version v9.8.7")
	for _, command := range [][]string{{"check"}, {"invite"}, {"backup", filepath.Join(t.TempDir(), "copy")}} {
		refused(t, parley(t, append(command, "--data", data)...), "written by a newer version of parley")
	}
	check()
}

// Flags that make no sense are found before anything is opened.
func TestSenselessFlags(t *testing.T) {
	dir := t.TempDir()
	check := untouched(t, dir)
	data := filepath.Join(dir, "data")
	refused(t, serveOn(t, data, "--trusted-proxy", "10.0.0.0/8,proxy.example"), `"proxy.example"`)
	refused(t, serveOn(t, data, "--send-rate", "0"), "greater than 0")
	refused(t, serveOn(t, data, "--send-burst", "0"), "greater than 0")
	refused(t, serveOn(t, data, "--connections-per-address=-1"), "greater than 0")
	refused(t, serveOn(t, data, "--name", "\u202Eevil"), "cannot be seen")
	refused(t, serveOn(t, data, "--url", "chat.example"), "--url")
	for _, args := range [][]string{{"--nonsense"}, {"frobnicate"}, {"backup"}, {"--log", "xml"}, {"invite", "--role", "owner"}, {"invite", "--expires", "soon"}} {
		if r := parley(t, append(args, "--data", data)...); r.code != 2 || r.stdout != "" || strings.Count(r.stderr, "\n") != 1 || !strings.Contains(r.stderr, "--help") {
			t.Errorf("%v: %+v", args, r)
		}
	}
	check()
}

// Commands other than serve make no data where there are none.
func TestNoData(t *testing.T) {
	dir := t.TempDir()
	check := untouched(t, dir)
	for _, command := range [][]string{{"check"}, {"invite"}, {"backup", filepath.Join(dir, "copy")}} {
		refused(t, parley(t, append(command, "--data", dir)...), "there are no data in "+dir)
		refused(t, parley(t, append(command, "--data", filepath.Join(dir, "none"))...), "there are no data in")
	}
	check()
}
