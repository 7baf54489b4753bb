package journal

import (
	"slices"
	"strings"
	"unicode"

	"parley/server/store"
	"parley/shared/names"
	"parley/shared/wire"
)

// open is a room in which a user may say something.
func (m *model) open(user, room string) (*modelRoom, wire.Code) {
	r, member, code := m.look(user, room)
	switch {
	case code != "":
		return nil, code
	case !member:
		return nil, wire.CodeForbidden
	case r.Archived:
		return nil, wire.CodeConflict
	}
	return r, ""
}

func (m *model) moderates(user string) bool {
	role := m.users[user].Role
	return role == wire.RoleOwner || role == wire.RoleAdmin
}

func (m *model) edit(by string, a wire.Edit) (any, wire.Code) {
	text, err := wire.CleanText(a.Text)
	if err != nil && !wire.Blank(a.Text) {
		return nil, wire.CodeFrom(err)
	}
	if code := m.may(by, allRoles); code != "" {
		return nil, code
	}
	r, code := m.open(by, a.Room)
	switch {
	case code != "":
		return nil, code
	case a.Seq == 0 || a.Seq > r.Head:
		return nil, wire.CodeNotFound
	}
	msg := r.messages[a.Seq-1]
	switch {
	case msg.Author != by:
		return nil, wire.CodeForbidden
	case msg.Deleted != 0:
		return nil, wire.CodeConflict
	case text == "" && len(msg.Files) == 0:
		return nil, wire.CodeBadRequest
	case msg.Text == text:
		return msg, ""
	}
	written := msg.Time
	if msg.Edited != 0 {
		written = msg.Edited
	}
	r.said[a.Seq] = append(r.said[a.Seq], wire.Revision{Rev: msg.Rev, Time: written, Text: msg.Text})
	msg.Text, msg.Edited = text, max(m.now, m.newest)
	msg.Mentions, msg.MentionsAll = m.mentioned(by, r, text)
	return m.revised(r, msg), ""
}

func (m *model) delete(by string, a wire.Delete) (any, wire.Code) {
	if code := m.may(by, allRoles); code != "" {
		return nil, code
	}
	r, member, code := m.look(by, a.Room)
	switch {
	case code != "":
		return nil, code
	case a.Seq == 0 || a.Seq > r.Head:
		return nil, wire.CodeNotFound
	}
	msg := r.messages[a.Seq-1]
	own := msg.Author == by
	switch {
	case own && !member, !own && (!m.moderates(by) || r.Kind == wire.KindDirect):
		return nil, wire.CodeForbidden
	case r.Archived:
		return nil, wire.CodeConflict
	case msg.Deleted != 0:
		return m.nonceFor(by, msg), ""
	}
	if !own {
		m.audited = append(m.audited, string(wire.AuditDelete)+" "+msg.Author)
	}
	delete(r.said, a.Seq)
	for _, f := range msg.Files {
		delete(m.files, f.ID)
	}
	msg.Files = nil
	msg.Text, msg.Edited, msg.Deleted, msg.Reactions = "", 0, max(m.now, m.newest), nil
	msg.Mentions, msg.MentionsAll = nil, false
	return m.nonceFor(by, m.revised(r, msg)), ""
}

func (m *model) react(by string, a wire.React) (any, wire.Code) {
	if !slices.Contains(emojis, a.Emoji) {
		return nil, wire.CodeBadRequest
	}
	if code := m.may(by, allRoles); code != "" {
		return nil, code
	}
	r, code := m.open(by, a.Room)
	switch {
	case code != "":
		return nil, code
	case a.Seq == 0 || a.Seq > r.Head:
		return nil, wire.CodeNotFound
	}
	msg := r.messages[a.Seq-1]
	if msg.Deleted != 0 {
		return nil, wire.CodeConflict
	}
	var after []wire.Reaction
	found, changed := false, false
	for _, reaction := range msg.Reactions {
		users := slices.Clone(reaction.Users)
		if reaction.Emoji == a.Emoji {
			found = true
			is := slices.Contains(users, by)
			changed = is != a.On
			if changed && a.On {
				users = append(users, by)
			} else if changed {
				users = slices.DeleteFunc(users, func(u string) bool { return u == by })
			}
		}
		if len(users) > 0 {
			after = append(after, wire.Reaction{Emoji: reaction.Emoji, Users: users})
		}
	}
	if !found && a.On {
		after, changed = append(after, wire.Reaction{Emoji: a.Emoji, Users: []string{by}}), true
	}
	if changed {
		msg.Reactions = after
		msg = m.revised(r, msg)
	}
	return m.nonceFor(by, msg), ""
}

func (m *model) nonceFor(by string, msg wire.Message) wire.Message {
	if msg.Author != by {
		msg.Nonce = ""
	}
	return msg
}

// revised stores the next revision of a message. If it says something else
// than before, its older events do so too.
func (m *model) revised(r *modelRoom, msg wire.Message) wire.Message {
	was := r.messages[msg.Seq-1]
	msg.Rev++
	r.messages[msg.Seq-1] = msg
	if was.Text != msg.Text || was.Deleted != msg.Deleted {
		for i, e := range m.log {
			if e.message == nil || e.room != msg.Room || e.seq != msg.Seq {
				continue
			}
			old := *e.message
			old.Text, old.Edited, old.Deleted = msg.Text, msg.Edited, msg.Deleted
			old.Mentions, old.MentionsAll = msg.Mentions, msg.MentionsAll
			if msg.Deleted != 0 {
				old.Reactions, old.Files = nil, nil
			}
			m.log[i].message, m.log[i].Data = &old, wire.Encode(wire.Event{Message: &old})
		}
	}
	m.tell(msg)
	return msg
}

// tell appends the event of a message.
func (m *model) tell(msg wire.Message) {
	nonce := msg.Nonce
	msg.Nonce = ""
	e := m.event(store.ToRoom(msg.Room), wire.Event{Message: &msg})
	e.Owner, e.Nonce, e.room, e.seq, e.message = msg.Author, nonce, msg.Room, msg.Seq, &msg
}

// mentioned are the members whose names stand behind an @, the longest name
// that fits, and whether @room stands there.
func (m *model) mentioned(by string, r *modelRoom, text string) (ids []string, all bool) {
	for i, c := range text {
		if c != '@' || i > 0 && text[i-1] != ' ' {
			continue
		}
		best, longest := "", 0
		for _, name := range append(m.memberIDs(r), "") {
			said := "room"
			if name != "" {
				said = m.users[name].Name
			}
			if n := prefixLen(text[i+1:], said); n > longest {
				best, longest = name, n
			}
		}
		switch {
		case longest == 0:
		case best == "":
			all = all || m.users[by].Role != wire.RoleGuest
		case !slices.Contains(ids, best):
			ids = append(ids, best)
		}
	}
	return ids, all
}

// prefixLen is how much of text is a name, in whatever letters; 0 if it does
// not begin with it, or goes on with a letter.
func prefixLen(text, name string) int {
	n := 0
	for i, c := range text + " " {
		if i > 0 && names.Fold(text[:i]) == names.Fold(name) && !strings.HasSuffix(text[:i], " ") && !unicode.IsLetter(c) && !unicode.IsDigit(c) {
			n = i
		}
	}
	return n
}

// unreadMentions are the messages of others past the marker that mention a user.
func (m *model) unreadMentions(user string, r *modelRoom) []uint64 {
	var seqs []uint64
	for _, msg := range r.messages {
		if msg.Seq > m.reads[user][r.ID] && msg.Author != user && (msg.MentionsAll || slices.Contains(msg.Mentions, user)) {
			seqs = append(seqs, msg.Seq)
		}
	}
	return seqs[max(0, len(seqs)-100):]
}

func (m *model) unread(by string, a wire.Unread) (any, wire.Code) {
	if a.Seq == 0 {
		return nil, wire.CodeBadRequest
	}
	if code := m.may(by, allRoles); code != "" {
		return nil, code
	}
	r, member, code := m.look(by, a.Room)
	switch {
	case code != "":
		return nil, code
	case !member:
		return nil, wire.CodeForbidden
	case m.reads[by][a.Room] >= a.Seq:
		m.reads[by][a.Room] = a.Seq - 1
		m.event(store.ToUser(by), wire.Event{Read: &wire.Read{Room: a.Room, Seq: a.Seq - 1, Back: true, Mentions: m.unreadMentions(by, r)}})
	}
	return wire.Empty{}, ""
}

func (m *model) setNotify(by string, a wire.Notify) (any, wire.Code) {
	if a.Room == "" && (a.Level == "" || a.Muted) {
		return nil, wire.CodeBadRequest
	}
	if code := m.may(by, allRoles); code != "" {
		return nil, code
	}
	member, code := true, wire.Code("")
	if a.Room != "" {
		_, member, code = m.look(by, a.Room)
	}
	switch {
	case code != "":
		return nil, code
	case !member:
		return nil, wire.CodeForbidden
	case m.notify[by+" "+a.Room] != a:
		m.notify[by+" "+a.Room] = a
		m.event(store.ToUser(by), wire.Event{Notify: &a})
	}
	return a, ""
}
