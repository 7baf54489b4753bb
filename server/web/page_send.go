package web

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"strconv"

	"parley/shared/parts"
	"parley/shared/wire"
)

// postMessage stores what the composer of a page was posted with.
func (s *Server) postMessage(w *answer, r *http.Request) error {
	return s.post(w, r, func(id identity, form url.Values) error {
		text := form.Get("text")
		args := wire.Send{Room: r.PathValue("id"), Text: text, Nonce: nonceOf(form.Get("nonce"), text)}
		result, err := s.do(r.Context(), id, w.origin(), wire.CmdSend, wire.Encode(args))
		if err != nil {
			return err
		}
		m := result.(wire.Message)
		// Whoever answers has read. That the message is stored is what counts.
		_, _ = s.do(r.Context(), id, w.origin(), wire.CmdRead, wire.Encode(wire.Read{Room: m.Room, Seq: m.Seq}))
		return nil
	})
}

// nonceOf is a nonce that belongs to the page and to the text: the same page
// posted twice stores once, and a page that the browser has kept, with another
// text in it, stores that.
func nonceOf(page, text string) string {
	sum := sha256.Sum256([]byte(page + "\n" + text))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// postRead marks what a page showed as read. Looking at a page does not: browsers
// fetch pages that nobody looks at.
func (s *Server) postRead(w *answer, r *http.Request) error {
	return s.post(w, r, func(id identity, form url.Values) error {
		seq, err := strconv.ParseUint(form.Get("seq"), 10, 64)
		if err != nil {
			return wire.Errorf(wire.CodeBadRequest, "%q must be the number of a message.", "seq")
		}
		_, err = s.do(r.Context(), id, w.origin(), wire.CmdRead, wire.Encode(wire.Read{Room: r.PathValue("id"), Seq: seq}))
		return err
	})
}

// postJoin puts somebody into a room that a page offered.
func (s *Server) postJoin(w *answer, r *http.Request) error {
	return s.post(w, r, func(id identity, _ url.Values) error {
		_, err := s.do(r.Context(), id, w.origin(), wire.CmdJoin, wire.Encode(wire.RoomRef{Room: r.PathValue("id")}))
		return err
	})
}

// backToRoom is for who follows a link of the page that [Server.postRead] or
// [Server.postJoin] answered with, or asks for it once more.
func (s *Server) backToRoom(w *answer, r *http.Request) error {
	if speak(w, r) {
		return nil
	}
	return seeOther(w, roomPath(r))
}

// post does what a form of a room is for and leads back to the room, or shows it
// with what was written and what was wrong.
func (s *Server) post(w *answer, r *http.Request, do func(identity, url.Values) error) error {
	form, err := s.readForm(w, r)
	if err != nil {
		return err
	}
	id, err := s.identify(w, r)
	if wire.CodeFrom(err) == wire.CodeUnauthenticated {
		reader := readerOf(r, s.conf.Env.Now())
		d := parts.Door{Notice: reader.SignedOut, Next: roomPath(r), Text: form.Get("text")}
		if d.Text != "" {
			d.Notice = reader.Sentences(d.Notice, reader.TextKept)
		}
		return s.showDoor(w, r, d, nil)
	}
	if err != nil {
		return err
	}
	if err = checkForm(id, form); err == nil {
		err = do(id, form)
	}
	if err != nil {
		return s.showChat(w, r, id, said{text: form.Get("text"), problem: err})
	}
	return seeOther(w, roomPath(r))
}

func roomPath(r *http.Request) string { return "/rooms/" + url.PathEscape(r.PathValue("id")) }
