package texts

import (
	"strings"

	"parley/shared/wire"
)

// Names tells what users and rooms are called, by their ids; a room that one
// does not know has an empty name.
type Names struct{ User, Room func(id string) string }

// AuditLine is what was done, in words: the server's own, with the names of that
// time, where they are in the reader's language, else ours with those of today.
func (t *Texts) AuditLine(e wire.AuditEntry, names Names) string {
	said, ok := t.audit[e.Action]
	if !ok {
		return e.Text
	}
	room := names.Room(e.Room)
	if room == "" {
		room = t.aRoom
	} else {
		room = quoted(room)
	}
	actor := t.commandLine
	if e.Actor != "" {
		actor = quoted(names.User(e.Actor))
	}
	return strings.NewReplacer("{a}", actor, "{u}", quoted(names.User(e.User)), "{r}", room).Replace(said)
}

func quoted(name string) string { return "“" + name + "”" }
