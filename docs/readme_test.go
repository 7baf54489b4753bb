package docs

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"parley/shared/wire"
)

// program builds the program.
func program(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "parley")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", path, "parley/server").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return path
}

// readme is the README's text below a heading, up to the next of its level or above.
func readme(t *testing.T, heading string) string {
	t.Helper()
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(text), "\n"+heading+"\n")
	if !ok {
		t.Fatalf("the README has no %q", heading)
	}
	level := strings.IndexByte(heading, ' ')
	if end := regexp.MustCompile(fmt.Sprintf(`(?m)^#{1,%d} `, level)).FindStringIndex(rest); end != nil {
		rest = rest[:end[0]]
	}
	return rest
}

// blocks are the fenced blocks of a language.
func blocks(text, language string) []string {
	var found []string
	for _, m := range regexp.MustCompile("(?ms)^```"+language+"\n(.*?)^```$").FindAllStringSubmatch(text, -1) {
		found = append(found, m[1])
	}
	return found
}

// owner sets the community up as the README's examples expect it.
const owner = `{"name": "Ann", "password": "correct horse"}`

// reply is an answer that has been read to its end.
type reply struct {
	proto  int // major version of HTTP
	header http.Header
	body   []byte
}

// request asks and reads the whole answer. A body that is not empty is posted.
func request(ctx context.Context, client *http.Client, url, body string) (reply, error) {
	method := http.MethodGet
	if body != "" {
		method = http.MethodPost
	}
	req, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		return reply{}, err
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := client.Do(req)
	if err != nil {
		return reply{}, err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s %s", url, resp.Status, data)
	}
	return reply{resp.ProtoMajor, resp.Header, data}, err
}

func post(t *testing.T, client *http.Client, url, body string) reply {
	t.Helper()
	r, err := request(t.Context(), client, url, body)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// The README's commands for programs do what it says, typed one after the other.
func TestReadmeCurl(t *testing.T) {
	base := startServer(t)
	post(t, http.DefaultClient, base+"/api/v1/setup", owner)
	commands := blocks(readme(t, "## The API, with curl"), "sh")
	if len(commands) != 3 {
		t.Fatalf("%d blocks of commands, want 3", len(commands))
	}
	for i := range commands {
		commands[i] = strings.ReplaceAll(commands[i], "http://localhost:8080", base)
	}
	token := regexp.MustCompile(`parley_[\w-]+`)
	login, send, follow := commands[0], commands[1], commands[2]

	secret := token.FindString(shell(t, login))
	if secret == "" {
		t.Fatal("no token")
	}
	send = strings.Replace(send, "parley_...", secret, 1)
	head := strings.SplitAfterN(login, "\n", 2)[0] + send // the same shell
	var first, again wire.Message
	for _, m := range []*wire.Message{&first, &again} {
		if err := wire.Decode([]byte(shell(t, head)), m); err != nil {
			t.Fatal(err)
		}
	}
	if first.Text != "Version 1.2 is out." || again.Seq != first.Seq {
		t.Errorf("sent %+v, then %+v", first, again)
	}

	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, "sh", "-eu")
	cmd.Stdin = strings.NewReader("TOKEN=" + secret + "\nexec " + follow)
	stream, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { cancel(); _ = cmd.Wait() }()
	lines := bufio.NewScanner(stream)
	if !scanTo(lines, `data: {"cursor"`) {
		t.Fatal("no first batch")
	}
	shell(t, strings.ReplaceAll(head, "1.2", "1.3"))
	if !scanTo(lines, "Version 1.3 is out.") {
		t.Error("the stream ended without the message")
	}
}

func scanTo(lines *bufio.Scanner, text string) bool {
	for lines.Scan() {
		if strings.Contains(lines.Text(), text) {
			return true
		}
	}
	return false
}

func shell(t *testing.T, script string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "sh", "-eu", "-c", script)
	cmd.Dir = t.TempDir()
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s\n%v %s", script, err, &stderr)
	}
	return string(out)
}

// The README's table of flags is what the program says of itself.
func TestReadmeFlags(t *testing.T) {
	help, err := exec.CommandContext(t.Context(), program(t), "serve", "--help").Output()
	if err != nil {
		t.Fatal(err)
	}
	said := regexp.MustCompile(`(?ms)^ +--([a-z-]+)[= ].*?\((?:default\s+(\S+),\s+)?\$(PARLEY_[A-Z_]+)\)$`).FindAllStringSubmatch(string(help), -1)
	table := readme(t, "## Running it")
	for _, flag := range said {
		row := fmt.Sprintf("| `--%s` | `%s` |", flag[1], flag[3])
		if flag[2] != "" {
			row += " `" + flag[2] + "` |"
		}
		if !strings.Contains(table, row) {
			t.Errorf("the README has no row %s", row)
		}
	}
	if rows := strings.Count(table, "| `--"); rows != len(said) || rows < 8 {
		t.Errorf("%d rows for %d flags", rows, len(said))
	}
}
