package web

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"image/png"
	"net/http"
	"strings"
	"testing"

	"parley/shared/texts"
	"parley/shared/wire"
	"parley/static"
)

// manifestFor is the manifest as somebody gets it.
func manifestFor(p *person) (manifest, reply) {
	p.c.Helper()
	r := p.ask("GET", "/"+static.Manifest, nil)
	var m manifest
	if err := json.Unmarshal(r.body, &m); err != nil || r.status != http.StatusOK {
		p.c.Fatalf("%d %v: %s", r.status, err, r.body)
	}
	return m, r
}

// What the manifest names is there, and as large as it says.
func TestManifestNamesWhatIsThere(t *testing.T) {
	c := newCommunity(t)
	m, r := manifestFor(c.stranger())
	if m.Name != "Analysts" || m.ID != "/" || m.StartURL != "/" || m.Lang == "" || m.Description == "" ||
		r.header.Get("Content-Type") != "application/manifest+json" {
		t.Errorf("%+v, %v", m, r.header)
	}
	files, err := static.Assets()
	if err != nil {
		t.Fatal(err)
	}
	need := map[string]bool{"192x192 any": true, "512x512 any": true, "512x512 maskable": true, "narrow": true, "wide": true}
	images := append(m.Icons, m.Screenshots...)
	images = append(images, shortcuts([]wire.Room{{ID: "a"}}, "", &texts.English)[0].Icons...)
	for _, i := range images {
		file, ok := files.Find(i.Src)
		if !ok || file.Type != i.Type {
			t.Errorf("%s is %v, %s", i.Src, ok, file.Type)
			continue
		}
		delete(need, i.Sizes+" "+i.Purpose)
		delete(need, i.FormFactor)
		if size := sizeOf(t, file); size != "" && size != i.Sizes {
			t.Errorf("%s is %s, not %s", i.Src, size, i.Sizes)
		}
	}
	if len(need) > 0 {
		t.Errorf("missing: %v", need)
	}
}

// sizeOf is the size of a picture, "" for one that has none of its own.
func sizeOf(t *testing.T, file static.Asset) string {
	t.Helper()
	switch file.Type {
	case "image/png":
		c, err := png.DecodeConfig(bytes.NewReader(file.Raw))
		if err != nil {
			t.Errorf("%s: %v", file.Path, err)
		}
		return fmt.Sprintf("%dx%d", c.Width, c.Height)
	case "image/webp":
		return webpSize(t, file)
	}
	return ""
}

// webpSize is the size of a WebP, simple or extended (RFC 9649, sections 2.5 and 2.7).
func webpSize(t *testing.T, file static.Asset) string {
	t.Helper()
	at := func(i int) int { return int(binary.LittleEndian.Uint16(file.Raw[i:])) }
	switch {
	case len(file.Raw) >= 30 && string(file.Raw[12:16]) == "VP8 ":
		return fmt.Sprintf("%dx%d", at(26)&0x3fff, at(28)&0x3fff)
	case len(file.Raw) >= 30 && string(file.Raw[12:16]) == "VP8X":
		return fmt.Sprintf("%dx%d", at(24)+1, at(27)+1)
	}
	t.Errorf("%s is no lossy WebP", file.Path)
	return ""
}

// The shortcuts are the rooms of whoever asks, the newest first, and no cache
// gives them to anybody else.
func TestManifestShortcuts(t *testing.T) {
	c := newCommunity(t)
	ben := c.member("Ben")
	var secret wire.Room
	c.owner.do(wire.CmdCreateRoom, wire.CreateRoom{Kind: wire.KindPrivate, Name: "secret plans"}, &secret)
	for i := range 5 {
		var room wire.Room
		c.owner.do(wire.CmdCreateRoom, wire.CreateRoom{Kind: wire.KindPublic, Name: fmt.Sprint("room ", i)}, &room)
		c.ahead.Add(1e9)
		c.owner.say(room.ID, "hello")
	}
	c.ahead.Add(1e9)
	c.owner.say(secret.ID, "psst")

	m, r := manifestFor(c.owner)
	var names []string
	for _, s := range m.Shortcuts {
		names = append(names, s.Name)
	}
	if got := strings.Join(names, ", "); got != "secret plans, room 4, room 3, room 2" || m.Shortcuts[0].URL != "/rooms/"+secret.ID {
		t.Errorf("shortcuts: %s, %+v", got, m.Shortcuts)
	}
	if cc, vary := r.header.Get("Cache-Control"), r.header.Get("Vary"); !strings.Contains(cc, "private") || !strings.Contains(vary, "Cookie") {
		t.Errorf("Cache-Control %q, Vary %q", cc, vary)
	}
	for _, p := range []*person{ben, c.guest("Gus", ""), c.stranger()} {
		if _, r := manifestFor(p); strings.Contains(string(r.body), "secret") || strings.Contains(string(r.body), "room 4") {
			t.Errorf("%s is told: %s", p.me.Name, r.body)
		}
	}
	if m, _ := manifestFor(c.stranger()); len(m.Shortcuts) != 0 {
		t.Errorf("a stranger's shortcuts: %+v", m.Shortcuts)
	}
}

// The manifest speaks the reader's language: the chosen one, else the browser's.
func TestManifestLanguage(t *testing.T) {
	c := newCommunity(t)
	for _, l := range []struct{ cookie, accept, want string }{
		{"", "zh-CN,en;q=0.5", "zh-Hans"}, {"", "de", "en"}, {"lang=zh-Hans", "en", "zh-Hans"}, {"lang=en", "zh-CN", "en"}, {"lang=x", "", "en"},
	} {
		r := c.stranger().request("GET", "/"+static.Manifest, nil)
		r.Header.Set("Cookie", l.cookie)
		r.Header.Set("Accept-Language", l.accept)
		var m manifest
		if err := json.Unmarshal(c.owner.send(r).body, &m); err != nil || m.Lang != texts.For(l.want).Lang || m.Description != texts.For(l.want).Slogan {
			t.Errorf("%+v: %s %s %v", l, m.Lang, m.Description, err)
		}
	}
}
