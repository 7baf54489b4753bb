package imports

import (
	"context"
	"fmt"
	"slices"

	"parley/server/chat"
	"parley/shared/names"
	"parley/shared/wire"
)

// Importer puts files into rooms.
type Importer struct {
	Env     chat.Env
	Queries chat.Queries
	Submit  func(context.Context, chat.Entry) (any, error) // the journal's
}

// Job is one file for one room.
type Job struct {
	Actor   chat.Actor
	Room    string
	File    *File
	Authors bool                  // make names for authors who are not here
	Told    func(done, total int) // how far it has come; from Run's goroutine
}

// Run checks the file, and imports it in chunks, between which others' commands
// go on. When it is cut short, each chunk is there as a whole or not at all; the
// same file again completes it. The error is a Problem, that of ctx, or went
// wrong inside.
func (im Importer) Run(ctx context.Context, j Job) error {
	summary, err := j.File.Check(ctx)
	if err != nil {
		return err
	}
	ids, err := im.authors(ctx, j, summary.Authors)
	if err != nil {
		return err
	}
	r := run{Importer: im, job: j, ids: ids, total: summary.Messages, seqs: map[uint64]uint64{}, waiting: map[uint64]bool{}}
	j.Told(0, r.total)
	if err := j.File.Each(ctx, func(l Line) error { return r.add(ctx, l) }); err != nil {
		return err
	}
	return r.flush(ctx)
}

// authors are the users' ids by the names in the file.
func (im Importer) authors(ctx context.Context, j Job, list []string) (map[string]string, error) {
	clean := make([]string, len(list))
	for i, name := range list {
		var err error
		if clean[i], err = names.Clean("author's name", name); err != nil {
			return nil, wire.Errorf(wire.CodeBadRequest, "The author %.40q cannot be called so: %s", name, detail(err))
		}
	}
	if !j.Authors {
		unknown, err := im.Queries.Unknown(j.Actor, clean)
		if err != nil {
			return nil, err
		}
		if len(unknown) > 0 {
			return nil, wire.Errorf(wire.CodeBadRequest, "Nobody here is called %s. Invite them first, or let names be made for them (authors=create).", some(unknown))
		}
	}
	call, err := im.Env.ImportPeople(j.Actor, j.Room, clean)
	if err != nil {
		return nil, err
	}
	result, err := im.Submit(ctx, call.Entry)
	if err != nil {
		return nil, err
	}
	ids := map[string]string{"": j.Actor.User.ID}
	for i, id := range result.([]string) {
		ids[list[i]] = id
	}
	return ids, nil
}

// some names the first few of a list.
func some(list []string) string {
	const few = 3
	if len(list) <= few {
		return fmt.Sprintf("%q", list)[1 : len(fmt.Sprintf("%q", list))-1]
	}
	return fmt.Sprintf("%s and %d more", some(list[:few]), len(list)-few)
}

// run is a job under way.
type run struct {
	Importer
	job   Job
	ids   map[string]string
	total int

	done    int
	chunk   []chat.ImportMessage
	size    int               // of chunk, in bytes
	froms   []uint64          // the Seq of each in chunk, 0 where it has none
	waiting map[uint64]bool   // those of them that are not 0
	seqs    map[uint64]uint64 // where messages with a Seq stand here
}

// add puts a line into the chunk, which goes first when it is full, or when the
// line answers one in it, whose place is not known yet.
func (r *run) add(ctx context.Context, l Line) error {
	m := chat.ImportMessage{
		Author: r.ids[l.Author], Time: l.Time, Text: l.Text, Nonce: l.Nonce, Edited: l.Edited, Deleted: l.Deleted,
	}
	for _, reaction := range l.Reactions {
		users := make([]string, 0, len(reaction.Users))
		for _, name := range reaction.Users {
			if id := r.ids[name]; !slices.Contains(users, id) {
				users = append(users, id)
			}
		}
		if len(users) > 0 {
			m.Reactions = append(m.Reactions, wire.Reaction{Emoji: reaction.Emoji, Users: users})
		}
	}
	if r.waiting[l.ReplyTo] || chat.ImportIsFull(len(r.chunk), r.size, m) {
		if err := r.flush(ctx); err != nil {
			return err
		}
	}
	r.size += m.Size()
	m.ReplyTo = r.seqs[l.ReplyTo]
	r.chunk, r.froms = append(r.chunk, m), append(r.froms, l.Seq)
	if l.Seq != 0 {
		r.waiting[l.Seq] = true
	}
	return nil
}

// flush imports the chunk.
func (r *run) flush(ctx context.Context) error {
	if len(r.chunk) == 0 {
		return nil
	}
	result, err := r.Submit(ctx, r.Env.Import(r.job.Actor, r.job.Room, r.chunk).Entry)
	if err != nil {
		return err
	}
	for i, seq := range result.(chat.Imported).Seqs {
		if r.froms[i] != 0 {
			r.seqs[r.froms[i]] = seq
		}
	}
	r.done += len(r.chunk)
	r.chunk, r.froms, r.size = nil, nil, 0 // the entry has the old ones
	clear(r.waiting)
	r.job.Told(r.done, r.total)
	return nil
}
