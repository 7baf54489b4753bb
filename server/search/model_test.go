package search

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/server/store"
	"parley/shared/wire"
)

// syllables are what random texts are made of: few, so that much is found, and
// forms that are the same when folded.
var syllables = []string{
	"上", "海", "上海", "發", "发", "展", "見", "见面", "台", "臺", "，", " ", " ", "\n", "a", "B", "ab", "Ab", "é", "e\u0301", "e",
	"1", "２", "_", "-", ".", "ﬁ", "Ａ", "カ", "ｶﾞ", "한", "👍", "👍🏽", "\u200D", "camelCase", "'", "’", "ß", "ss",
}

func randomText(r *rand.Rand, most int) string {
	var b strings.Builder
	for range 1 + r.IntN(most) {
		b.WriteString(syllables[r.IntN(len(syllables))])
	}
	return b.String()
}

// model is what the index has to find, as a plain list.
type model struct {
	*world
	r     *rand.Rand
	heads map[string]uint64
}

// act does something random.
func (m *model) act() {
	room := []string{lobby, lobby, den, pub, direct}[m.r.IntN(5)]
	user := []string{"ann", "bob", "gus"}[m.r.IntN(3)]
	head := m.heads[room]
	switch n := m.r.IntN(20); {
	case n < 1: // imported
		m.heads[room] = m.sendAt(room, user, randomText(m.r, 12), m.now-wire.Time(m.r.IntN(200_000)))
	case n < 13 || head == 0:
		m.heads[room] = m.send(room, user, randomText(m.r, 12))
	case n < 16:
		seq := 1 + m.r.Uint64N(head)
		if m.text(room, seq) != "" {
			m.edit(room, seq, randomText(m.r, 12))
		}
	case n < 17:
		m.remove(room, 1+m.r.Uint64N(head))
	case n < 18:
		m.change(room, 1+m.r.Uint64N(head), func(msg *wire.Message, _ wire.Time) {
			msg.Reactions = append(msg.Reactions, wire.Reaction{Emoji: "👍", Users: []string{"ann"}})
		})
	default:
		m.update(func(tx *store.Tx) error {
			is, err := tx.IsMember(room, user)
			if err != nil || user == "ann" {
				return err
			}
			if is {
				return tx.RemoveMember(room, user)
			}
			return tx.AddMember(room, user)
		})
	}
}

func (m *model) text(room string, seq uint64) (text string) {
	m.view(func(tx *store.Tx) error {
		msg, err := tx.Message(room, seq)
		text = msg.Text
		return err
	})
	return text
}

// all are the places that a query must find, by looking at every message.
func (m *model) all(user, query string) []string {
	q, err := parse(query, time.UTC)
	if err != nil {
		m.Fatal(err)
	}
	var found []wire.Message
	m.view(func(tx *store.Tx) error {
		rooms, err := tx.RoomsOf(user)
		for _, room := range rooms {
			messages, err := tx.Messages(room, 1, m.heads[room])
			if err != nil {
				return err
			}
			for _, msg := range messages {
				if _, ok := new(matcher).match(msg.Text, q.needles); ok && msg.Deleted == 0 &&
					(len(q.from) == 0 || slices.Contains(q.from, msg.Author)) &&
					msg.Time >= q.after && (q.before == 0 || msg.Time < q.before) {
					found = append(found, msg)
				}
			}
		}
		return err
	})
	slices.SortFunc(found, func(a, b wire.Message) int {
		if placeOf(&a).newer(placeOf(&b)) {
			return -1
		}
		return 1
	})
	places := []string{}
	for _, msg := range found {
		places = append(places, fmt.Sprint(msg.Room, "/", msg.Seq))
	}
	return places
}

// pages are the places that the index finds, page by page.
func (m *model) pages(user, query string) []string {
	places := []string{}
	for r := (Request{Query: query, Limit: 1 + m.r.IntN(wire.MaxFound)}); ; {
		list, err := m.index.Search(actor(user), r)
		if err != nil || list.Incomplete {
			m.Fatalf("%q: %v, %v", query, list.Incomplete, err)
		}
		places = append(places, placesOf(list)...)
		if r.Next = list.Next; !list.More {
			return places
		}
	}
}

// query is a random one, mostly of what somebody has said.
func (m *model) query() string {
	switch m.r.IntN(8) {
	case 0:
		return randomText(m.r, 3) + "x" // never only what cannot be seen
	case 1:
		return []string{"before", "after"}[m.r.IntN(2)] + ":" + (m.now - wire.Time(m.r.IntN(400_000))).String()
	case 2:
		return "from:" + []string{"ann", "bob"}[m.r.IntN(2)]
	}
	var terms []string
	for range 1 + m.r.IntN(2) {
		room := []string{lobby, den}[m.r.IntN(2)]
		text := []rune("見")
		if head := m.heads[room]; head > 0 {
			text = append(text, []rune(m.text(room, 1+m.r.Uint64N(head)))...)
		}
		from := m.r.IntN(len(text))
		term := string(text[from : from+1+m.r.IntN(min(6, len(text)-from))])
		if m.r.IntN(3) == 0 {
			term = `"` + term + `"`
		}
		terms = append(terms, term)
	}
	query := strings.Join(terms, " ")
	if _, err := parse(query, time.UTC); err != nil {
		return "上海"
	}
	return query
}

// TestModel does random things to messages and memberships, closes the index,
// deletes it, and wants of random queries what a look at every message finds.
func TestModel(t *testing.T) {
	for seed := range uint64(3) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			m := &model{world: newWorld(t, quick), r: rand.New(rand.NewPCG(seed, 7)), heads: map[string]uint64{}}
			m.start()
			for range 8 {
				for range m.r.IntN(120) {
					m.act()
				}
				switch m.r.IntN(5) {
				case 0:
					m.stop()
					m.start()
				case 1:
					m.stop()
					for range m.r.IntN(40) {
						m.act()
					}
					m.start()
				case 2:
					m.stop()
					must(t, os.Remove(m.path()))
					m.start()
				}
				m.level()
				for range 40 {
					user, query := []string{"ann", "bob", "gus"}[m.r.IntN(3)], m.query()
					if got, want := m.pages(user, query), m.all(user, query); !slices.Equal(got, want) {
						t.Fatalf("%s asks for %q and finds\n%q\nwant\n%q", user, query, got, want)
					}
				}
			}
		})
	}
}
