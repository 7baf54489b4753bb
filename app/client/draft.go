package client

import (
	"slices"

	"parley/shared/wire"
)

// Limits are the server's, as it last told them; the zero Limits before it has.
func (c *Client) Limits() wire.Limits {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.state.limits
}

// cleanDraft gives a draft as it is sent. The error is a *wire.Problem.
func (c *Client) cleanDraft(d Draft) (Draft, error) {
	var err error
	if len(d.Files) > 0 && wire.Blank(d.Text) {
		d.Text = ""
	} else if d.Text, err = wire.CleanText(d.Text); err != nil {
		return Draft{}, err
	}
	limits := c.Limits()
	if most := limits.Files; limits.File > 0 && len(d.Files) > most {
		return Draft{}, wire.Errorf(wire.CodeBadRequest, "A message has at most %d files.", most)
	}
	d.Files = slices.Clone(d.Files)
	for i, f := range d.Files {
		if d.Files[i], err = cleanFile(f, limits.File); err != nil {
			return Draft{}, err
		}
	}
	return d, nil
}

// cleanFile gives a file as it is sent, whose Blob may have so many bytes.
func cleanFile(f Attachment, limit int64) (Attachment, error) {
	switch {
	case limit == 0:
		return f, wire.Errorf(wire.CodeForbidden, "Files cannot be sent to this server.")
	case f.Blob.Size() > limit:
		return f, wire.Errorf(wire.CodeTooLarge, "The file is larger than %d MB.", max(1, limit>>20))
	}
	name, err := wire.CleanFileName(f.Name)
	f.Name, f.Type = name, wire.CleanFileType(f.Type)
	if f.Width < 1 || f.Height < 1 || max(f.Width, f.Height) > wire.MaxPixels {
		f.Width, f.Height = 0, 0
	}
	return f, err
}

// outgoingFiles names files. One that was discarded keeps its name, under which it
// is kept and known to the server. mu is held.
func (c *Client) outgoingFiles(list []Attachment) []OutgoingFile {
	var files []OutgoingFile
	for _, a := range list {
		nonce := a.lent
		if !c.outbox.takeBack(nonce) {
			nonce = c.newNameLocked()
		}
		a.lent = ""
		files = append(files, OutgoingFile{Attachment: a, Nonce: nonce})
	}
	return files
}

// lend gives a letter's files to whoever discards it.
func (o *outbox) lend(l *letter) []Attachment {
	var list []Attachment
	for _, f := range l.Files {
		if _, gone := f.Blob.(goneBlob); gone {
			o.drop = append(o.drop, dropped{file: f.Nonce})
			continue
		}
		f.lent = f.Nonce
		if o.lent == nil {
			o.lent = map[string]bool{}
		}
		o.lent[f.Nonce] = true
		list = append(list, f.Attachment)
	}
	return list
}

// takeBack ends the lending of a file. It is false for what was not lent.
func (o *outbox) takeBack(nonce string) bool {
	was := o.lent[nonce]
	delete(o.lent, nonce)
	return was
}

// release deletes what is kept of files that were lent.
func (o *outbox) release(files []Attachment) {
	for _, f := range files {
		if o.takeBack(f.lent) {
			o.drop = append(o.drop, dropped{file: f.lent})
		}
	}
}
