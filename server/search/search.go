package search

import (
	"errors"
	"slices"
	"time"
	"unicode/utf8"

	"parley/server/chat"
	"parley/server/store"
	"parley/shared/wire"
)

const (
	// One answer looks at so many messages, and characters in bytes, at most:
	// most of what the index proposes matches, but not for a query of
	// punctuation. The next answer goes on from there.
	maxLooked      = 2000
	maxLookedBytes = 4 << 20

	// maxLag is how many events the index may be behind without an answer being
	// called incomplete: what arrived while somebody was asking.
	maxLag = 1000
)

// Request is what to look for.
type Request struct {
	Query string         // words, "phrases", from:NAME, in:ROOM, before:DAY, after:DAY
	Room  string         // only in this room; empty: in those that one is in, or as in: says
	Next  string         // FoundList.Next of the answer before; empty: from the newest on
	Limit int            // messages; 0 and more than wire.MaxFound: that many
	Zone  *time.Location // of the days in Query; nil: UTC
}

// Search finds the messages that match and that the actor may read, newest
// first. It sees what was sent up to a moment ago. Errors: bad_request,
// not_found for the room, unavailable while there is no index.
func (x *Index) Search(a chat.Actor, r Request) (wire.FoundList, error) {
	if r.Zone == nil {
		r.Zone = time.UTC
	}
	q, err := parse(r.Query, r.Zone)
	if err != nil {
		return wire.FoundList{}, err
	}
	s := searching{index: x, query: q, limit: r.Limit, answer: wire.FoundList{Messages: []wire.Found{}}}
	if s.limit <= 0 || s.limit > wire.MaxFound {
		s.limit = wire.MaxFound
	}
	if r.Next != "" {
		if s.after, err = parsePlace(r.Next); err != nil {
			return wire.FoundList{}, err
		}
	}
	err = x.queries.Look(a, func(l chat.Look) error {
		s.Look = l
		return s.run(r.Room)
	})
	if errors.Is(err, errDamaged) {
		x.log.Error("search failed", "error", err)
		x.doubt()
		return wire.FoundList{}, wire.Errorf(wire.CodeUnavailable, "The search index has to be made anew. Try again in a moment.").After(5)
	}
	return s.answer, err
}

// searching is one search while it runs.
type searching struct {
	chat.Look
	index *Index
	query query
	after *place // where the answer before ended; nil: from the newest on
	limit int

	matcher matcher
	looked  int
	bytes   int
	answer  wire.FoundList
}

func (s *searching) run(room string) error {
	rooms, err := s.rooms(room)
	if err != nil {
		return err
	}
	authors, err := s.authors()
	if err != nil || len(rooms) == 0 || len(authors) == 0 && len(s.query.from) > 0 {
		return err
	}
	heads := make(map[uint64]uint64, len(rooms))
	for _, r := range rooms {
		heads[r.Num] = r.Head
	}
	found, runs, incomplete, err := s.index.candidates(&s.query, s.query.plan(authors), authors, heads)
	if err != nil {
		return err
	}
	s.answer.Incomplete = incomplete || s.Tx.End() > s.index.followed.Load()+maxLag
	w := walk{s: s}
	for _, r := range rooms {
		if set := found[r.Num]; set != nil {
			if err := w.add(r, set, runs[r.Num]); err != nil {
				return err
			}
		}
	}
	return s.collect(&w, authors)
}

// rooms are those to look into: the one that is named, those that the query
// names, or else those that one is in.
func (s *searching) rooms(id string) ([]store.Room, error) {
	if id != "" {
		room, err := s.Room(id)
		if err != nil {
			return nil, err
		}
		return s.named([]store.Room{room}), nil
	}
	if len(s.query.in) == 0 {
		return s.Joined()
	}
	rooms, err := s.Readable()
	return s.named(rooms), err
}

// named are the rooms that the query allows, by id or name.
func (s *searching) named(rooms []store.Room) []store.Room {
	if len(s.query.in) == 0 {
		return rooms
	}
	ids, folds := map[string]bool{}, map[string]bool{}
	for _, name := range s.query.in {
		ids[name], folds[s.fold(name)] = true, true
	}
	return slices.DeleteFunc(rooms, func(r store.Room) bool {
		return !ids[r.ID] && (r.Name == "" || !folds[s.fold(r.Name)])
	})
}

// authors are the ids of those whom the query names, by name or id: who has
// exactly that name, else all whose names are the same to a search. Unknown
// names have none.
func (s *searching) authors() ([]string, error) {
	var ids []string
	for _, name := range s.query.from {
		switch u, err := s.Tx.UserByName(name); {
		case err == nil:
			ids = append(ids, u.ID)
			continue
		case !errors.Is(err, store.ErrNotExist):
			return nil, err
		}
		folded := s.fold(name)
		err := s.Tx.Users(func(u store.User) error {
			if s.fold(u.Name) == folded || u.ID == name {
				ids = append(ids, u.ID)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return ids, nil
}

func (s *searching) fold(name string) string { return string(s.matcher.fold(name).text) }

// collect fills the answer from the newest candidate on.
func (s *searching) collect(w *walk, authors []string) error {
	for {
		c, err := w.next()
		if err != nil || c == nil {
			return err
		}
		s.looked++
		s.bytes += len(c.Text)
		places, ok := s.matches(c, authors)
		if ok && len(s.answer.Messages) == s.limit {
			s.answer.More, s.answer.Next = true, placeOf(&s.answer.Messages[s.limit-1].Message).String()
			return nil
		}
		if ok {
			if c.Author != s.Me.ID {
				c.Nonce = ""
			}
			s.answer.Messages = append(s.answer.Messages, wire.Found{Message: *c, Highlights: places})
		}
		if s.looked == maxLooked || s.bytes > maxLookedBytes {
			s.answer.More, s.answer.Next = true, placeOf(c).String()
			return nil
		}
	}
}

// matches verifies a candidate by what it says now.
func (s *searching) matches(m *wire.Message, authors []string) (places [][2]int, ok bool) {
	if m.Deleted != 0 || m.Time < s.query.after || s.query.before != 0 && m.Time >= s.query.before ||
		len(authors) > 0 && !slices.Contains(authors, m.Author) {
		return nil, false
	}
	places, ok = s.matcher.match(wordsOf(m), s.query.needles)
	if len(m.Files) > 0 { // of the text only
		length := utf8.RuneCountInString(m.Text)
		places = slices.DeleteFunc(places, func(p [2]int) bool { return p[1] > length })
	}
	if places == nil {
		places = [][2]int{}
	}
	return places, ok
}

// wordsOf is what a message is found by: what it says, and what its files are
// called.
func wordsOf(m *wire.Message) string {
	words := m.Text
	for _, f := range m.Files {
		words += "\n" + f.Name
	}
	return words
}
