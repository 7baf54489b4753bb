package web

import (
	"html/template"
	"net/http"
	"net/url"
	"strings"

	"parley/shared/parts"
	"parley/shared/wire"
)

// openDoor answers whoever is not signed in: with the set-up until there is an
// owner, else with the sign-in, which leads on to where they wanted to go.
func (s *Server) openDoor(w *answer, r *http.Request) error {
	d := parts.Door{}
	if r.PathValue("id") != "" || r.URL.Path == sharePath {
		d.Next = r.URL.EscapedPath()
	}
	return s.showDoor(w, r, d, nil)
}

// openInvite answers with the form of an invite.
func (s *Server) openInvite(w *answer, r *http.Request, code string) error {
	d := parts.Door{Way: parts.SignUp, Invite: code}
	return s.showDoor(w, r, d, s.lookAt(&d))
}

// lookAt finds out whom an invite is for.
func (s *Server) lookAt(d *parts.Door) error {
	role, err := s.conf.Queries.InviteRole(d.Invite, s.conf.Env.Now())
	d.Guest = role == wire.RoleGuest
	return err
}

// showDoor answers with a way in. problem, when not nil, is said on it.
func (s *Server) showDoor(w *answer, r *http.Request, d parts.Door, problem error) error {
	about, err := s.whatAnybodyMayKnow()
	if err != nil {
		return err
	}
	reader := readerOf(r, s.conf.Env.Now())
	if d.Way != parts.SignUp {
		d.Way = parts.SignIn
		if about.Setup {
			d.Way = parts.SetUp
			d.Code = d.Code || !w.atThisMachine()
		}
	}
	d.Community = about.Name
	status := http.StatusOK
	if problem != nil {
		p := s.problem(problem)
		setProblemHeaders(w.Header(), p)
		w.Header().Del("WWW-Authenticate") // the form is the way
		d.Problem, status = reader.Detail(p), p.Status
	}
	state := &parts.State{About: about, Code: d.Code, Guest: d.Guest}
	if r.Method == http.MethodPost { // a page that was asked for stands there already
		state.Next = d.Next
	}
	if d.Text != "" {
		state = nil // the app would sign in without it
	}
	return s.pages.writeDocument(w, status, document{
		reader: reader, Title: about.Name, Door: template.HTML(d.HTML(reader.Texts)),
	}, state)
}

// postLogin signs in.
func (s *Server) postLogin(w *answer, r *http.Request) error {
	form, err := s.readForm(w, r)
	if err != nil {
		return err
	}
	args := wire.Login{Name: strings.TrimSpace(form.Get("name")), Password: form.Get("password")}
	d := parts.Door{Way: parts.SignIn, Name: args.Name, Next: nextOf(form), Text: form.Get("text")}
	return s.pass(w, r, d, args.Password, func() (identity, error) { return s.signIn(w, r, args) })
}

// postSetup makes the community.
func (s *Server) postSetup(w *answer, r *http.Request) error {
	form, err := s.readForm(w, r)
	if err != nil {
		return err
	}
	args := wire.Setup{
		Name: strings.TrimSpace(form.Get("name")), Password: form.Get("password"),
		Community: strings.TrimSpace(form.Get("community")), Code: strings.TrimSpace(form.Get("code")),
	}
	d := parts.Door{Way: parts.SetUp, Name: args.Name, Place: args.Community, Typed: args.Code}
	return s.pass(w, r, d, args.Password, func() (identity, error) { return s.setUp(w, r, args) })
}

// postSignup makes a user by an invite.
func (s *Server) postSignup(w *answer, r *http.Request) error {
	form, err := s.readForm(w, r)
	if err != nil {
		return err
	}
	args := wire.Signup{Invite: r.PathValue("code"), Name: strings.TrimSpace(form.Get("name")), Password: form.Get("password")}
	d := parts.Door{Way: parts.SignUp, Invite: args.Invite, Name: args.Name}
	_ = s.lookAt(&d) // what is wrong with it, signing up will say
	return s.pass(w, r, d, args.Password, func() (identity, error) { return s.signUp(w, r, args) })
}

// pass lets somebody in by enter and leads on, to the room with what was being
// said there when the session ended, if anything was; or it shows the door again,
// with what was typed and what was wrong with it.
func (s *Server) pass(w *answer, r *http.Request, d parts.Door, password string, enter func() (identity, error)) error {
	if lacks := d.Lacks(readerOf(r, s.conf.Env.Now()).Texts, d.Name, password); lacks != "" {
		d.Problem = lacks
		return s.showDoor(w, r, d, nil)
	}
	id, err := enter()
	if err != nil {
		d.Code = d.Way == parts.SetUp && wire.CodeFrom(err) == wire.CodeForbidden
		return s.showDoor(w, r, d, err)
	}
	if room, ok := strings.CutPrefix(d.Next, "/rooms/"); ok && d.Text != "" {
		if room, err = url.PathUnescape(room); err == nil {
			r.SetPathValue("id", room)
			return s.showChat(w, r, id, said{text: d.Text})
		}
	}
	next := d.Next
	if next == "" {
		next = "/"
	}
	return seeOther(w, next)
}

// nextOf is the room that somebody wanted to see before signing in, or where
// something was shared; no other address: a link to us must not lead elsewhere.
func nextOf(form url.Values) string {
	next := form.Get("next")
	if next == sharePath {
		return next
	}
	id, ok := strings.CutPrefix(next, "/rooms/")
	if !ok || id == "" || strings.ContainsFunc(id, func(r rune) bool {
		return r <= ' ' || strings.ContainsRune(`/\?#`, r)
	}) {
		return ""
	}
	return "/rooms/" + id
}

// postLogout ends the session.
func (s *Server) postLogout(w *answer, r *http.Request) error {
	form, err := s.readForm(w, r)
	if err != nil {
		return err
	}
	id, err := s.identify(w, r)
	switch {
	case wire.CodeFrom(err) == wire.CodeUnauthenticated:
		return seeOther(w, "/") // it has ended already
	case err != nil:
		return err
	}
	if err := checkForm(id, form); err != nil {
		return s.showChat(w, r, id, said{problem: err})
	}
	if _, err := s.submit(r.Context(), s.conf.Env.Logout(id.Actor)); err != nil {
		return err
	}
	dropCookie(w)
	return seeOther(w, "/")
}
