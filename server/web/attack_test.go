package web

import (
	"encoding/json"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"parley/server/markup"
	"parley/shared/wire"
)

// attacks are what somebody may call themselves, a room or a community, short
// enough for a name, each of which became a program elsewhere. A browser that
// takes one for HTML makes the element evil, or an attribute onevil.
var attacks = []string{
	`<evil>`, `"><evil>`, `'><evil>`, `</title><evil>`, `</script><evil>`, `--><evil>`, `]]><evil>`, `</textarea><evil>`, `</style><evil>`, `</noscript><evil>`,
	`" onevil="1`, `' onevil='1`, "` onevil=`1", ` onevil=1 `, `<evil/onevil=1`, `&lt;evil&gt;`, `&#60;evil&#62;`, `\u003cevil\u003e`,
	`javascript:evil()`, `<!--`, `{{evil}}`, `${evil}`, `%3Cevil%3E`, "＜evil＞", `**<evil>**`, "`<evil>`", `[a](javascript:evil())`, `<svg><evil>`,
}

// TestNothingBecomesHTML gives every attack to everything that can be called
// something or says something, and reads each page that the server writes as a
// browser does.
func TestNothingBecomesHTML(t *testing.T) {
	for _, attack := range attacks {
		name := strings.TrimSpace(attack)
		c := newEmpty(t, func(conf *Config, _ *times) { conf.Env.Markup = markup.New().Render })
		c.owner = c.stranger()
		c.owner.enter("/setup", wire.Setup{Name: "Ada", Password: "correct horse", Community: name})
		mal := c.member(name)
		var room, den wire.Room
		mal.do(wire.CmdCreateRoom, wire.CreateRoom{Kind: wire.KindPublic, Name: name, Topic: attack, Members: []string{c.owner.me.ID}}, &room)
		mal.do(wire.CmdCreateRoom, wire.CreateRoom{Kind: wire.KindDirect, Members: []string{c.owner.me.ID}}, &den)
		var said wire.Message
		mal.do(wire.CmdSend, wire.Send{Room: room.ID, Text: attack, Nonce: "1"}, &said)
		mal.do(wire.CmdSend, wire.Send{Room: room.ID, Text: "**" + name + "** @" + name + " `" + name + "` [" + name + "](https://a.b/" + url.PathEscape(name) + ")", Nonce: "2", ReplyTo: said.Seq}, nil)
		mal.do(wire.CmdSend, wire.Send{Room: room.ID, Text: "```" + name + "\n" + attack + "\n```", Nonce: "3"}, nil)
		mal.do(wire.CmdSend, wire.Send{Room: room.ID, Text: "/me " + attack, Nonce: "4"}, nil)
		mal.do(wire.CmdReact, wire.React{Room: room.ID, Seq: said.Seq, Emoji: "👍", On: true}, nil)
		mal.do(wire.CmdEdit, wire.Edit{Room: room.ID, Seq: said.Seq, Text: attack + " again"}, nil)
		mal.say(den.ID, attack)
		var invite wire.Invite
		mal.do(wire.CmdCreateInvite, wire.CreateInvite{Role: wire.RoleGuest}, &invite)

		for _, path := range []string{"//", "//rooms/" + room.ID, "//rooms/" + room.ID + "?before=3", "//rooms/" + den.ID, "//lab", "/rooms/" + room.ID + "/export?format=html", "/rooms/" + den.ID + "/export?format=html"} {
			wantTame(t, attack, path, c.owner.ask("GET", path, nil))
		}
		for _, path := range []string{"//", "//login?next=" + url.QueryEscape(attack), "//invite/" + invite.Code, "//invite/" + url.PathEscape(attack), "//lab", "//rooms/" + url.PathEscape(attack), "//" + url.PathEscape(attack)} {
			r := c.stranger().request("GET", path, nil)
			r.Header.Set("Accept", "text/html")
			r.Header.Set("Accept-Language", attack)
			wantTame(t, attack, path, c.stranger().send(r))
		}
		form := url.Values{"name": {attack}, "password": {attack}, "next": {attack}, "text": {attack}, "nonce": {attack}, "token": {attack}}
		for _, path := range []string{"//login", "//invite/" + invite.Code, "//rooms/" + room.ID} {
			for _, p := range []*person{c.stranger(), c.owner} {
				r := p.request("POST", path, form.Encode())
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				wantTame(t, attack, "a form to "+path, p.send(r))
			}
		}
		r := c.owner.ask("GET", "//manifest.webmanifest", nil)
		if err := json.Unmarshal(r.body, new(any)); err != nil {
			t.Errorf("%q: the manifest is no JSON: %v", attack, err)
		}
		r = c.owner.ask("GET", "/rooms/"+room.ID+"/export?format=ndjson", nil)
		disposition, params, err := mime.ParseMediaType(r.header.Get("Content-Disposition"))
		if err != nil || disposition != "attachment" || !strings.HasSuffix(params["filename"], ".ndjson") || strings.ContainsAny(params["filename"], `/\<>"`) {
			t.Errorf("%q: the file is %q, %v", attack, r.header["Content-Disposition"], err)
		}
		if err := c.end(); err != nil { // one server at a time
			t.Error(err)
		}
	}
}

// wantTame reads a page and looks at what is in it.
func wantTame(t *testing.T, attack, path string, r reply) {
	t.Helper()
	if !strings.HasPrefix(r.header.Get("Content-Type"), "text/html") {
		if r.status != http.StatusSeeOther && !strings.Contains(r.header.Get("Content-Type"), "json") {
			t.Errorf("%q: %s is %s", attack, path, r.header.Get("Content-Type"))
		}
		return
	}
	if len(r.body) == 0 || r.header.Get("X-Content-Type-Options") != "nosniff" || r.header.Get("Content-Security-Policy") == "" {
		t.Errorf("%q: %s has %d bytes and the headers %v", attack, path, len(r.body), r.header)
	}
	doc := html.NewTokenizer(strings.NewReader(string(r.body)))
	for {
		switch doc.Next() {
		case html.ErrorToken:
			return
		case html.CommentToken:
			t.Errorf("%q: %s has a comment: %.200s", attack, path, doc.Token().Data)
		case html.StartTagToken, html.SelfClosingTagToken:
			token := doc.Token()
			for _, a := range token.Attr {
				link := a.Key == "href" || a.Key == "src" || a.Key == "action"
				if strings.HasPrefix(a.Key, "on") || link && strings.HasPrefix(strings.ToLower(strings.TrimSpace(a.Val)), "javascript") {
					t.Errorf("%q: %s has <%s %s=%q>", attack, path, token.Data, a.Key, a.Val)
				}
			}
			if token.Data == "evil" {
				t.Errorf("%q: %s has become HTML", attack, path)
			}
		}
	}
}

// TestExportOfARoomNotJoined: it can be read, so it has its name and its length.
func TestExportOfARoomNotJoined(t *testing.T) {
	c := newCommunity(t)
	room := c.room(wire.KindPublic, "Garden")
	c.owner.say(room, "tomatoes")
	r := c.member("Ben").ask("GET", "/rooms/"+room+"/export?format=html", nil)
	_, params, _ := mime.ParseMediaType(r.header.Get("Content-Disposition"))
	if r.status != http.StatusOK || params["filename"] != "Garden.html" || r.header.Get("X-Total-Count") != "1" || !strings.Contains(string(r.body), "<h1>Garden</h1>") {
		t.Errorf("%d %v %.300s", r.status, r.header, r.body)
	}
}
