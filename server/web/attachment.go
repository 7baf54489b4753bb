package web

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"parley/shared/wire"
)

// postPiece takes a piece of a file that is being sent. It is a POST, as there are
// proxies that let no PUT through.
func (s *Server) postPiece(w *answer, r *http.Request) error {
	id, err := s.identify(w, r)
	if err != nil {
		return err
	}
	offset, err := strconv.ParseInt(r.URL.Query().Get("offset"), 10, 64)
	if err != nil || offset < 0 {
		return wire.Errorf(wire.CodeBadRequest, "The offset must be a number of bytes.")
	}
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != wire.OctetStream {
		return wire.Errorf(wire.CodeUnsupportedMediaType, "A piece of a file is %s.", wire.OctetStream)
	}
	if wait, ok := s.pieces.take(id.User.ID, s.conf.Env.Now()); !ok {
		return wire.Errorf(wire.CodeRateLimited, "You are sending faster than this server allows.").After(seconds(wait))
	}
	_ = w.rc.SetReadDeadline(time.Now().Add(s.times.piece))
	data, err := s.readAll(w, r, wire.ChunkSize)
	if err != nil {
		return err
	}
	result, err := s.submit(r.Context(), s.conf.Env.AppendFile(id.Actor, r.PathValue("id"), offset, data))
	if err != nil {
		return err
	}
	return writeJSON(w, result)
}

// attachmentPolicy is the Content-Security-Policy of files that people have sent:
// whatever is in one, it is never a page of ours.
const attachmentPolicy = "default-src 'none'; sandbox"

// getFile gives the bytes of a file to those who may see it. They never change
// under one id; who may not see them any more may have kept them.
func (s *Server) getFile(w *answer, r *http.Request) error {
	id, err := s.identify(w, r)
	if err != nil {
		return err
	}
	f, err := s.conf.Queries.File(id.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	media, disposition := wire.OctetStream, "attachment"
	if f.Picture() {
		media, disposition = f.Type, "inline"
	}
	h := w.Header()
	h.Set("Content-Type", media)
	h.Set("Content-Disposition", contentDisposition(disposition, f.Name))
	h.Set("Content-Security-Policy", attachmentPolicy)
	h.Set("Cache-Control", "private, max-age=31536000, immutable")
	h.Set("Vary", "Cookie, Authorization") // for the next person who signs in here
	h.Set("ETag", `"`+f.ID+`"`)
	if strings.Contains(r.Header.Get("Range"), ",") {
		r.Header.Del("Range") // no browser asks for several parts, each of which may cost a whole piece
	}
	http.ServeContent(w, r, "", time.Time{}, &fileReader{id: f.ID, size: f.Size, piece: s.conf.Queries.Piece})
	return nil
}

// contentDisposition names a file (RFC 6266), whatever its name is made of.
func contentDisposition(kind, name string) string {
	if value := mime.FormatMediaType(kind, map[string]string{"filename": name}); value != "" {
		return value
	}
	return kind
}

// fileReader reads a file piece by piece, each in a transaction of its own: who
// takes the bytes slowly holds nothing up.
type fileReader struct {
	id    string
	size  int64
	piece func(id string, n uint32) ([]byte, error)

	at   int64
	n    int64  // of the piece in data
	data []byte // nil before the first
}

// Read gives what is left of the piece at the place.
func (f *fileReader) Read(p []byte) (int, error) {
	if f.at >= f.size {
		return 0, io.EOF
	}
	n := f.at / wire.ChunkSize
	if f.data == nil || n != f.n {
		data, err := f.piece(f.id, uint32(n))
		if err != nil {
			return 0, err
		}
		f.n, f.data = n, data
	}
	from := f.at - n*wire.ChunkSize
	if from >= int64(len(f.data)) {
		return 0, io.ErrUnexpectedEOF
	}
	read := copy(p, f.data[from:])
	f.at += int64(read)
	return read, nil
}

var errSeek = errors.New("a place before the beginning")

// Seek moves the place.
func (f *fileReader) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += f.at
	case io.SeekEnd:
		offset += f.size
	}
	if offset < 0 {
		return 0, errSeek
	}
	f.at = offset
	return offset, nil
}
