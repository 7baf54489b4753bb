package ui

import (
	"slices"

	"parley/app/browser"
	"parley/app/client"
	"parley/shared/rows"
	"parley/shared/wire"
)

// outgoing is what stands below the newest message: one's own messages on their
// way. Between the server's answer and the message's own place in the timeline
// may lie a moment; a message stays in sight for it, as sent.
type outgoing struct {
	shown []rows.Pending
	seen  map[string]bool     // nonces of messages that have their place
	srcs  map[string][]string // by nonce, where this page finds the bytes of its pictures
}

// arrived notes messages that have been drawn in their place.
func (o *outgoing) arrived(ms ...wire.Message) {
	for _, m := range ms {
		if m.Nonce != "" {
			if o.seen == nil {
				o.seen = map[string]bool{}
			}
			o.seen[m.Nonce] = true
		}
	}
}

// update takes what the outbox holds and gives what is to be shown, oldest
// first. why puts a problem into words.
func (o *outgoing) update(outbox []client.Outgoing, why func(error) string) []rows.Pending {
	waiting := make(map[string]bool, len(outbox))
	for _, out := range outbox {
		waiting[out.Nonce] = true
	}
	var list []rows.Pending
	for _, p := range o.shown {
		if !waiting[p.Nonce] && !o.seen[p.Nonce] {
			p.State, p.Reason = rows.Sent, ""
			list = append(list, p)
		}
	}
	for _, out := range outbox {
		if o.seen[out.Nonce] {
			continue
		}
		p := rows.Pending{
			Nonce: out.Nonce, Text: out.Text, ReplyTo: out.ReplyTo, Time: out.Created, State: rows.Sending,
			Files: o.files(out),
		}
		if out.State == client.Failed {
			p.State = rows.Failed
			if out.Problem != nil {
				p.Reason = why(out.Problem)
			}
		}
		list = append(list, p)
	}
	o.shown = list
	o.forget(list)
	return list
}

// files are those of a message, each with where its bytes are.
func (o *outgoing) files(out client.Outgoing) []rows.PendingFile {
	if len(out.Files) == 0 {
		return nil
	}
	srcs := o.srcs[out.Nonce]
	if srcs == nil {
		srcs = make([]string, len(out.Files))
	}
	var list []rows.PendingFile
	for i, f := range out.Files {
		p := rows.PendingFile{File: fileOf(f)}
		if p.Picture() && srcs[i] == "" { // or it is found later
			srcs[i] = browser.BlobURL(f.Blob)
		}
		p.Src = srcs[i]
		list = append(list, p)
	}
	if o.srcs == nil {
		o.srcs = map[string][]string{}
	}
	o.srcs[out.Nonce] = srcs
	return list
}

// fileOf is a file on its way as it will be there.
func fileOf(f client.OutgoingFile) wire.File {
	file := wire.File{Name: f.Name, Type: f.Type, Width: f.Width, Height: f.Height}
	if f.Blob != nil {
		file.Size = f.Blob.Size()
	}
	return file
}

// percent is how much of files is at the server.
func percent(files []client.OutgoingFile) int {
	var sent, all int64
	for _, f := range files {
		sent += f.Sent
		all += fileOf(f).Size
	}
	return int(100 * sent / max(all, 1))
}

// take gives where this page finds the pictures of a message that has been sent, one
// for each of its files, empty where that is none. They are the caller's from now
// on, to be revoked.
func (o *outgoing) take(nonce string) []string {
	srcs := o.srcs[nonce]
	delete(o.srcs, nonce)
	return srcs
}

// forget lets go of the pictures of messages that are shown no more.
func (o *outgoing) forget(shown []rows.Pending) {
	for nonce := range o.srcs {
		if slices.ContainsFunc(shown, func(p rows.Pending) bool { return p.Nonce == nonce }) {
			continue
		}
		for _, src := range o.take(nonce) {
			if src != "" {
				browser.RevokeBlobURL(src)
			}
		}
	}
}

// find is a message that is shown.
func (o *outgoing) find(nonce string) (p rows.Pending, ok bool) {
	i := slices.IndexFunc(o.shown, func(p rows.Pending) bool { return p.Nonce == nonce })
	if i < 0 {
		return p, false
	}
	return o.shown[i], true
}

// drop forgets a message that the person took back.
func (o *outgoing) drop(nonce string) {
	for i, p := range o.shown {
		if p.Nonce == nonce {
			o.shown = append(o.shown[:i:i], o.shown[i+1:]...)
			return
		}
	}
}
