package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"parley/shared/wire"
)

// search asks for what a query finds, as "room/seq".
func (p *person) search(q url.Values) (wire.FoundList, []string) {
	p.c.Helper()
	var list wire.FoundList
	p.get("/search?"+q.Encode(), &list)
	places := []string{}
	for _, m := range list.Messages {
		places = append(places, fmt.Sprint(m.Room, "/", m.Seq))
	}
	return list, places
}

// finds waits until a query finds that, which it does within a second.
func (p *person) finds(query string, want ...string) {
	p.c.Helper()
	for start := time.Now(); ; time.Sleep(5 * time.Millisecond) {
		_, places := p.search(url.Values{"q": {query}})
		if slices.Equal(places, want) {
			return
		}
		if time.Since(start) > 5*time.Second { // a second on a machine that does nothing else
			p.c.Fatalf("%s finds %q at %v, want %v", p.me.Name, query, places, want)
		}
	}
}

// freely lifts the limit on searches: of tests that ask until something is found.
func (c *community) freely() { c.server.searches = newBuckets[string](1e6, 1e6) }

func TestSearch(t *testing.T) {
	c := newCommunity(t)
	c.freely()
	den := c.room(wire.KindPrivate, "Den")
	hall := c.room(wire.KindPublic, "Hall")
	anna := c.member("Anna")
	guest := c.guest("Gus", "")
	c.owner.say(wire.Lobby, "我们在上海見面")
	c.ahead.Add(int64(time.Millisecond)) // of one moment, the rooms' ids order them
	secret := c.owner.say(den, "上海 is a secret")
	c.ahead.Add(int64(time.Millisecond))
	c.owner.say(hall, "上海 Hall")
	c.owner.finds("上海", fmt.Sprint(hall, "/1"), fmt.Sprint(den, "/1"), "lobby/1")
	anna.finds("见面", "lobby/1")
	anna.finds("上海", "lobby/1")
	anna.finds("上海 in:hall", hall+"/1")
	anna.finds("上海 in:den")
	guest.finds("上海 in:hall")
	anna.ask(http.MethodGet, "/search?q=x&room="+den, nil).wants(t, wire.CodeNotFound)

	// As soon as she is in, and as long as she is.
	c.owner.do(wire.CmdAddMember, wire.MemberRef{Room: den, User: anna.me.ID}, nil)
	anna.finds("secret", den+"/1")
	list, _ := anna.search(url.Values{"q": {"secret"}, "room": {den}})
	if m := list.Messages[0]; m.Text != secret.Text || m.Nonce != "" || fmt.Sprint(m.Highlights) != "[[8 14]]" || list.More {
		t.Errorf("%+v", list)
	}
	if list, _ := c.owner.search(url.Values{"q": {"secret"}}); list.Messages[0].Nonce != secret.Nonce {
		t.Errorf("the author's own: %+v", list)
	}
	anna.do(wire.CmdLeave, wire.RoomRef{Room: den}, nil)
	anna.finds("secret")

	// What it says now, and not what it said.
	m := anna.say(wire.Lobby, "zebra")
	anna.finds("zebra", "lobby/2")
	anna.do(wire.CmdEdit, wire.Edit{Room: wire.Lobby, Seq: m.Seq, Text: "tiger"}, nil)
	anna.finds("tiger", "lobby/2")
	anna.finds("zebra")
	anna.do(wire.CmdDelete, wire.Delete{Room: wire.Lobby, Seq: m.Seq}, nil)
	anna.finds("tiger")

	// A page, and the next one.
	first, places := c.owner.search(url.Values{"q": {"上海"}, "limit": {"2"}})
	if !first.More || !slices.Equal(places, []string{hall + "/1", den + "/1"}) {
		t.Errorf("%+v", first)
	}
	second, places := c.owner.search(url.Values{"q": {"上海"}, "limit": {"2"}, "before": {first.Next}})
	if second.More || !slices.Equal(places, []string{"lobby/1"}) {
		t.Errorf("%+v", second)
	}

	// The day begins where the clock is.
	now := time.Now()
	for zone, hours := range map[string]time.Duration{"840": 14, "-720": -12} {
		day := now.UTC().Add(hours * time.Hour).Format(time.DateOnly)
		_, places := c.owner.search(url.Values{"q": {"secret after:" + day}, "zone": {zone}})
		if !slices.Equal(places, []string{den + "/1"}) && now.Add(time.Minute).UTC().Add(hours*time.Hour).Format(time.DateOnly) == day {
			t.Errorf("zone %s: %v", zone, places)
		}
	}
}

func TestSearchRefused(t *testing.T) {
	c := newCommunity(t)
	c.stranger().ask(http.MethodGet, "/search?q=x", nil).wants(t, wire.CodeUnauthenticated)
	for _, query := range []string{"", "?q=", "?q=%FF", "?q=%zz", "?q=x&limit=0", "?q=x&limit=a", "?q=x&zone=841", "?q=x&zone=a", "?q=x&before=x", "?q=before:soon"} {
		c.ahead.Add(int64(time.Minute)) // so that the limit is not what refuses
		c.owner.ask(http.MethodGet, "/search"+query, nil).wants(t, wire.CodeBadRequest)
	}
	c.ahead.Add(int64(time.Minute))
	for range searchBurst {
		c.owner.ask(http.MethodGet, "/search?q=x", nil).into(t, nil)
	}
	c.owner.ask(http.MethodGet, "/search?q=x", nil).wants(t, wire.CodeRateLimited)

	without := newCommunity(t, func(conf *Config, _ *times) { conf.Search = nil })
	without.owner.ask(http.MethodGet, "/search?q=x", nil).wants(t, wire.CodeUnavailable)
}
