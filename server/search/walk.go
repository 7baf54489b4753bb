package search

import (
	"container/heap"
	"errors"
	"sort"
	"strconv"
	"strings"

	"parley/server/store"
	"parley/shared/wire"
)

// place is where a message stands in the order of answers: newest first, of
// several rooms at one moment the last id first, and within a room by seq.
type place struct {
	time wire.Time
	room string
	seq  uint64
}

func placeOf(m *wire.Message) place { return place{m.Time, m.Room, m.Seq} }

// String is the place as a client gets and gives it.
func (p place) String() string {
	return strconv.FormatInt(int64(p.time), 10) + "-" + strconv.FormatUint(p.seq, 10) + "-" + p.room
}

// parsePlace reads what String has written. The error is a Problem.
func parsePlace(s string) (*place, error) {
	millis, rest, _ := strings.Cut(s, "-")
	seq, room, ok := strings.Cut(rest, "-")
	at, err := strconv.ParseInt(millis, 10, 64)
	n, err2 := strconv.ParseUint(seq, 10, 64)
	if !ok || err != nil || err2 != nil {
		return nil, wire.Errorf(wire.CodeBadRequest, "%q must be what an answer said under %q.", "before", "next")
	}
	return &place{wire.Time(at), room, n}, nil
}

// newer tells whether p comes before q in answers.
func (p place) newer(q place) bool {
	switch {
	case p.time != q.time:
		return p.time > q.time
	case p.room != q.room:
		return p.room > q.room
	}
	return p.seq > q.seq
}

// walk goes through the candidates of many rooms, newest first.
type walk struct {
	s     *searching
	lanes []*lane // a heap
}

// lane is the candidates of one run of a room, see [breaks].
type lane struct {
	room    store.Room
	from    uint64 // the first seq of the run
	set     seqs
	message wire.Message // the newest one that is left
}

// add adds the candidates of a room, whose further runs begin at those seqs.
func (w *walk) add(room store.Room, set seqs, runs []uint64) error {
	from := uint64(1)
	for _, next := range runs {
		if next > room.Head {
			break
		}
		if err := w.addRun(&lane{room: room, from: from, set: set}, next); err != nil {
			return err
		}
		from = next
	}
	return w.addRun(&lane{room: room, from: from, set: set}, room.Head+1)
}

// addRun adds a run that ends before a seq, from where the answer before ended
// and within the times of the query.
func (w *walk) addRun(l *lane, end uint64) error {
	found, err := w.move(l, end)
	if found && w.isPast(&l.message) { // else it is not worth a search
		if end, err = w.firstPast(l); err == nil {
			found, err = w.move(l, end)
		}
	}
	if err != nil || !found {
		return err
	}
	heap.Push(w, l)
	return nil
}

// isPast tells whether a message is newer than what is asked for.
func (w *walk) isPast(m *wire.Message) bool {
	q := w.s
	return q.query.before != 0 && m.Time >= q.query.before || q.after != nil && !q.after.newer(placeOf(m))
}

// firstPast is the seq of the first message of the lane's run that is newer
// than what is asked for, as its message is.
func (w *walk) firstPast(l *lane) (uint64, error) {
	var failed error
	n := sort.Search(int(l.message.Seq-l.from), func(i int) bool {
		m, err := w.s.Tx.MessageOf(l.room, l.from+uint64(i))
		failed = errors.Join(failed, err)
		return err != nil || w.isPast(&m)
	})
	return l.from + uint64(n), failed
}

// move reads the lane's newest message before end. False when there is none.
func (w *walk) move(l *lane, end uint64) (bool, error) {
	seq := l.set.below(end)
	if seq < l.from {
		return false, nil
	}
	m, err := w.s.Tx.MessageOf(l.room, seq)
	if err != nil || m.Time < w.s.query.after {
		return false, err // the rest of the run is older still
	}
	l.message = m
	return true, nil
}

// next is the newest candidate that is left; nil when none is.
func (w *walk) next() (*wire.Message, error) {
	if len(w.lanes) == 0 {
		return nil, nil
	}
	l := w.lanes[0]
	m := l.message
	found, err := w.move(l, m.Seq)
	switch {
	case err != nil:
		return nil, err
	case found:
		heap.Fix(w, 0)
	default:
		heap.Pop(w)
	}
	return &m, nil
}

// Len, Less, Swap, Push and Pop make the lanes a heap, the newest on top.
func (w *walk) Len() int { return len(w.lanes) }

// Less compares by place.
func (w *walk) Less(i, j int) bool {
	return placeOf(&w.lanes[i].message).newer(placeOf(&w.lanes[j].message))
}

// Swap exchanges two lanes.
func (w *walk) Swap(i, j int) { w.lanes[i], w.lanes[j] = w.lanes[j], w.lanes[i] }

// Push adds a lane.
func (w *walk) Push(l any) { w.lanes = append(w.lanes, l.(*lane)) }

// Pop takes the last lane away.
func (w *walk) Pop() any {
	last := len(w.lanes) - 1
	l := w.lanes[last]
	w.lanes = w.lanes[:last]
	return l
}
