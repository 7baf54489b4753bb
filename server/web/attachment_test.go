package web

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/shared/wire"
)

// randomBytes are the same for the same number.
func randomBytes(n int) []byte {
	data := make([]byte, n)
	r := rand.NewChaCha8([32]byte{byte(n)})
	_, _ = r.Read(data)
	return data
}

// piece makes the request that sends one.
func (p *person) piece(id string, offset int64, data []byte) *http.Request {
	r := p.request("POST", fmt.Sprintf("/files/%s?offset=%d", id, offset), string(data))
	r.Header.Set("Content-Type", wire.OctetStream)
	return r
}

// upload sends a whole file.
func (p *person) upload(name, media string, data []byte) wire.File {
	p.c.Helper()
	var up wire.Upload
	p.do(wire.CmdCreateFile, wire.CreateFile{Nonce: newNonce(), Name: name, Type: media, Size: int64(len(data))}, &up)
	for up.Offset < int64(len(data)) {
		p.send(p.piece(up.File.ID, up.Offset, data[up.Offset:min(up.Offset+wire.ChunkSize, int64(len(data)))])).into(p.c, &up)
	}
	return up.File
}

// attach sends files as a message.
func (p *person) attach(room string, files ...wire.File) wire.Message {
	p.c.Helper()
	s := wire.Send{Room: room, Nonce: newNonce()}
	for _, f := range files {
		s.Files = append(s.Files, f.ID)
	}
	var m wire.Message
	p.do(wire.CmdSend, s, &m)
	return m
}

// file asks for the bytes of one.
func (p *person) file(f wire.File, change ...func(http.Header)) reply {
	p.c.Helper()
	r := p.request("GET", "/"+f.Path(), nil)
	r.Header.Set("Accept", "*/*")
	for _, fn := range change {
		fn(r.Header)
	}
	return p.send(r)
}

// TestFilesComeBackAsTheyWent, whole and in parts, to all who see the message.
func TestFilesComeBackAsTheyWent(t *testing.T) {
	c := newCommunity(t)
	ben := c.member("Ben")
	for _, size := range []int{0, 1, wire.ChunkSize - 1, wire.ChunkSize, wire.ChunkSize + 1, 3*wire.ChunkSize + 77} {
		data := randomBytes(size)
		f := c.owner.upload("图 1.png", "image/png", data)
		m := c.owner.attach(wire.Lobby, f)
		if len(m.Files) != 1 || m.Files[0] != f || f.Size != int64(size) {
			t.Fatalf("%+v", m)
		}
		r := ben.file(f)
		if r.status != http.StatusOK || !bytes.Equal(r.body, data) || r.header.Get("Content-Type") != "image/png" {
			t.Errorf("%d bytes: %d, %d bytes of %s", size, r.status, len(r.body), r.header.Get("Content-Type"))
		}
		if r := ben.file(f, func(h http.Header) { h.Set("If-None-Match", r.header.Get("ETag")) }); r.status != http.StatusNotModified {
			t.Errorf("what has not changed is sent again: %d", r.status)
		}
	}
	data := randomBytes(2*wire.ChunkSize + 10)
	f := c.owner.upload("a.bin", "", data)
	c.owner.attach(wire.Lobby, f)
	for _, span := range [][2]int{{0, 0}, {10, 20}, {wire.ChunkSize - 1, wire.ChunkSize}, {5, 2*wire.ChunkSize + 9}} {
		r := ben.file(f, func(h http.Header) { h.Set("Range", fmt.Sprintf("bytes=%d-%d", span[0], span[1])) })
		if r.status != http.StatusPartialContent || !bytes.Equal(r.body, data[span[0]:span[1]+1]) {
			t.Errorf("%v: %d, %d bytes", span, r.status, len(r.body))
		}
	}
	// Several at once are no more than the file: each may cost a piece.
	r := ben.file(f, func(h http.Header) { h.Set("Range", "bytes=0-0,"+strings.Repeat("200000-200000,0-0,", 50)+"1-1") })
	if r.status != http.StatusOK || !bytes.Equal(r.body, data) {
		t.Errorf("a hundred parts: %d, %d bytes", r.status, len(r.body))
	}
}

// TestFilesAreNoPages: whatever somebody sends, no browser runs it as ours.
func TestFilesAreNoPages(t *testing.T) {
	c := newCommunity(t)
	const evil = `<script>alert(1)</script>`
	for _, f := range []struct{ name, media string }{
		{"a.html", "text/html"},
		{"a.svg", "image/svg+xml"},
		{"a.xml", "application/xml"},
		{"a.js", "text/javascript"},
		{"a.pdf", "application/pdf"},
		{"a.png", "image/png"},
		{`a";filename="b.exe`, "text/html; charset=utf-8"},
		{"换\"行.html", "TEXT/HTML"},
	} {
		sent := c.owner.upload(f.name, f.media, []byte(evil))
		r := c.owner.file(sent)
		media, disposition := wire.OctetStream, "attachment"
		if f.media == "image/png" {
			media, disposition = f.media, "inline"
		}
		h := r.header
		if h.Get("Content-Type") != media || !strings.HasPrefix(h.Get("Content-Disposition"), disposition+"; filename") ||
			h.Get("Content-Security-Policy") != attachmentPolicy || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Cross-Origin-Resource-Policy") != "same-origin" ||
			!strings.HasPrefix(h.Get("Cache-Control"), "private") || !strings.Contains(h.Get("Vary"), "Cookie") {
			t.Errorf("%s: %v", f.name, h)
		}
	}
}

// TestFilesAreForThoseInTheRoom, and before that for who sent them.
func TestFilesAreForThoseInTheRoom(t *testing.T) {
	c := newCommunity(t)
	ben, cem := c.member("Ben"), c.member("Cem")
	var den wire.Room
	ben.do(wire.CmdCreateRoom, wire.CreateRoom{Kind: wire.KindPrivate, Name: "Den"}, &den)
	guest := c.guest("Gus", "")
	f := ben.upload("a.png", "image/png", []byte("png"))
	wants := func(p *person, code wire.Code) {
		t.Helper()
		r := p.file(f)
		if code == "" && r.status != http.StatusOK || code != "" && r.status != code.Status() {
			t.Errorf("%s: %d, want %q", p.me.Name, r.status, code)
		}
	}
	wants(ben, "")
	wants(cem, wire.CodeNotFound)
	m := ben.attach(den.ID, f)
	wants(ben, "")
	for _, p := range []*person{c.owner, cem, guest} {
		wants(p, wire.CodeNotFound)
	}
	wants(c.stranger(), wire.CodeUnauthenticated)
	ben.do(wire.CmdAddMember, wire.MemberRef{Room: den.ID, User: cem.me.ID}, nil)
	wants(cem, "")
	bot := &person{c: c}
	var token wire.Token
	ben.do(wire.CmdCreateToken, wire.CreateToken{Name: "Robo"}, &token)
	bot.token = token.Token
	wants(bot, wire.CodeNotFound)
	c.owner.send(c.owner.piece(f.ID, 0, []byte("png"))).wants(t, wire.CodeNotFound)
	ben.do(wire.CmdDelete, wire.Delete{Room: den.ID, Seq: m.Seq}, nil)
	wants(ben, wire.CodeNotFound)
}

// TestPiecesThatAreNone are refused, and cost nothing.
func TestPiecesThatAreNone(t *testing.T) {
	c := newCommunity(t)
	var up wire.Upload
	c.owner.do(wire.CmdCreateFile, wire.CreateFile{Nonce: newNonce(), Name: "a", Size: 2 * wire.ChunkSize}, &up)
	whole := randomBytes(wire.ChunkSize)
	put := func(query string, data []byte, change func(*http.Request)) reply {
		r := c.owner.request("POST", "/files/"+query, string(data))
		r.Header.Set("Content-Type", wire.OctetStream)
		change(r)
		return c.owner.send(r)
	}
	nothing := func(*http.Request) {}
	id := up.File.ID
	put(id, whole, nothing).wants(t, wire.CodeBadRequest)
	put(id+"?offset=x", whole, nothing).wants(t, wire.CodeBadRequest)
	put(id+"?offset=-1", whole, nothing).wants(t, wire.CodeBadRequest)
	put(id+"?offset=0", whole[:5], nothing).wants(t, wire.CodeBadRequest)
	put(id+"?offset=0", nil, nothing).wants(t, wire.CodeBadRequest)
	put(id+"?offset=0", append(whole, 0), nothing).wants(t, wire.CodeTooLarge)
	put(fmt.Sprintf("%s?offset=%d", id, wire.ChunkSize), whole, nothing).wants(t, wire.CodeConflict)
	put("none?offset=0", whole, nothing).wants(t, wire.CodeNotFound)
	put(id+"?offset=0", whole, func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }).wants(t, wire.CodeUnsupportedMediaType)
	put(id+"?offset=0", whole, func(r *http.Request) { r.Header.Set("Content-Encoding", "gzip") }).wants(t, wire.CodeUnsupportedMediaType)
	put(id+"?offset=0", whole, func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }).wants(t, wire.CodeForbidden)
	put(id+"?offset=0", whole, func(r *http.Request) { r.Header.Del("Cookie") }).wants(t, wire.CodeUnauthenticated)
	put(id+"?offset=0&user=somebody", whole, nothing).wants(t, wire.CodeUnauthenticated)
	put(id+"?offset=0", whole, nothing).into(t, &up)
	if up.Offset != wire.ChunkSize {
		t.Errorf("%+v", up)
	}
	c.owner.file(up.File).wants(t, wire.CodeNotFound) // not whole yet
}

// TestPieceThatBreaksOff is as if it had never been begun.
func TestPieceThatBreaksOff(t *testing.T) {
	c := newCommunity(t, func(_ *Config, times *times) { times.piece = 100 * time.Millisecond })
	data := randomBytes(1000)
	var up wire.Upload
	create := wire.CreateFile{Nonce: newNonce(), Name: "a", Size: 1000}
	c.owner.do(wire.CmdCreateFile, create, &up)
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", c.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "POST /api/v1/files/%s?offset=0 HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\nCookie: %s\r\nContent-Length: 1000\r\n\r\n", up.File.ID, wire.OctetStream, c.owner.cookie)
	_, _ = conn.Write(data[:900])
	answer := make([]byte, 4096)
	n, err := conn.Read(answer)
	if err != nil || !strings.Contains(string(answer[:n]), "did not arrive in time") {
		t.Errorf("%v: %s", err, answer[:n])
	}
	c.owner.do(wire.CmdCreateFile, create, &up)
	if up.Offset != 0 {
		t.Errorf("%+v", up)
	}
}

// TestDeletedWhileItIsRead: the answer breaks off, rather than to seem whole.
func TestDeletedWhileItIsRead(t *testing.T) {
	c := newCommunity(t)
	f := c.owner.upload("a", "", randomBytes(4<<20))
	m := c.owner.attach(wire.Lobby, f)
	r := c.owner.request("GET", "/"+f.Path(), nil)
	resp, err := c.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	c.owner.do(wire.CmdDelete, wire.Delete{Room: m.Room, Seq: m.Seq}, nil)
	if n, err := bytes.NewBuffer(nil).ReadFrom(resp.Body); err == nil && n != f.Size {
		t.Errorf("%d of %d bytes, and no error", n, f.Size)
	}
}

// TestExportedFiles: both exports say where the files are, and one can be imported
// again.
func TestExportedFiles(t *testing.T) {
	c := newImporting(t)
	f := c.owner.upload("图 1.png", "image/png", []byte("png"))
	c.owner.attach(wire.Lobby, f)
	at := c.url + f.Path()
	lines := c.owner.ask("GET", "/rooms/lobby/export?format=ndjson", nil)
	if !strings.Contains(string(lines.body), `"text":"图 1.png: `+at+`"`) {
		t.Errorf("%s", lines.body)
	}
	c.owner.send(c.owner.importing("lobby/import", string(lines.body))).into(t, nil)
	page := c.owner.ask("GET", "/rooms/lobby/export?format=html", nil)
	if !strings.Contains(string(page.body), `<a class="file" href="`+at+`" download="图 1.png">`) || strings.Contains(string(page.body), "<img") {
		t.Errorf("%s", page.body)
	}
}
