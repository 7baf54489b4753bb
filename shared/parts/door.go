package parts

import (
	"net/url"
	"unicode/utf8"

	"parley/shared/prefs"
	"parley/shared/texts"
	"parley/shared/wire"
)

// Way is one of the ways in.
type Way int

// The ways in.
const (
	SignIn Way = iota // with a name and a password
	SetUp             // make the community, once
	SignUp            // by an invite
)

// Door is a way in, as a form. Two that are equal look the same.
type Door struct {
	Way       Way
	Community string // its name, "" when it has none
	Code      bool   // SetUp: ask for the code that the server printed
	Invite    string // SignUp: the invite's code
	Guest     bool   // SignUp: the invite is for a guest, who has no password
	Next      string // the path to go on to, "" for the beginning
	Text      string // a message that was not sent, for there

	// What was typed, and what was wrong with it.
	Name, Place, Typed, Problem, Notice string // Typed is the code
}

// Lacks says what is missing before anybody need be asked, "" when nothing is.
func (d Door) Lacks(t *texts.Texts, name, password string) string {
	n := utf8.RuneCountInString(password)
	switch {
	case name == "":
		return t.NameNeeded
	case d.Way == SignIn && n == 0:
		return t.PasswordNeeded
	case d.Way == SetUp && n < wire.MinPassword, d.Way == SignUp && n > 0 && n < wire.MinPassword:
		return t.PasswordShort
	}
	return ""
}

// action is where the form is posted to.
func (d Door) action() string {
	switch d.Way {
	case SetUp:
		return "/setup"
	case SignUp:
		return "/invite/" + url.PathEscape(d.Invite)
	}
	return "/login"
}

// words are title, lead and button.
func (d Door) words(t *texts.Texts) (title, lead, button string) {
	switch d.Way {
	case SetUp:
		return t.SetUpTitle, t.SetUpLead, t.CreateCommunity
	case SignUp:
		return or(d.Community, t.SignUpTitle), t.SignUpLead, t.Join
	}
	return t.SignInTitle, or(d.Community, t.SignInLead), t.SignIn
}

func or(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// HTML is the card with the form.
func (d Door) HTML(t *texts.Texts) string {
	title, lead, button := d.words(t)
	var h html
	h.raw(`<main class="door"><div class="door-card">`)
	h.raw(`<img class="door-mark" src="/favicon.svg" alt="" aria-hidden="true" width="44" height="44"><h1>`).text(title)
	h.raw(`</h1><p class="door-lead">`).text(lead).raw(`</p><form class="form" method="post" novalidate`).attr("action", d.action())
	h.raw(`>`).hidden("next", d.Next).hidden("text", d.Text)
	for _, f := range d.fields(t) {
		f.write(&h)
	}
	class, said := "problem", d.Problem
	if said == "" && d.Notice != "" {
		class, said = "notice", d.Notice
	}
	h.raw(`<p class="`, class, `" role="alert">`).text(said)
	h.raw(`</p><button type="submit" class="button primary wide">`).text(button).raw(`</button>`)
	if d.Way == SignUp {
		h.raw(`<a class="link door-other" href="/login">`).text(t.HaveAccount).raw(`</a>`)
	}
	h.raw(`</form>`)
	languages(&h, t)
	return h.raw(`</div></main>`).String()
}

// languages are links to the same page in each language, called as those call
// it who read it: nobody should have to sign in to understand the way in.
func languages(h *html, t *texts.Texts) {
	h.raw(`<nav class="door-languages"`).attr("aria-label", t.Language).raw(`>`)
	for _, l := range texts.Languages {
		h.raw(`<a class="link"`).attr("href", "?"+prefs.Language+"="+l.Lang).attr("lang", l.Lang).attr("hreflang", l.Lang)
		if l == t {
			h.raw(` aria-current="true"`)
		}
		h.raw(`>`).text(l.Called).raw(`</a>`)
	}
	h.raw(`</nav>`)
}

func (d Door) fields(t *texts.Texts) []field {
	name := field{id: "name", label: t.Name, complete: "username", value: d.Name, focus: d.Name == ""}
	password := field{id: "password", label: t.Password, kind: "password", complete: "new-password", hint: t.PasswordHint, focus: d.Name != ""}
	switch d.Way {
	case SetUp:
		place := field{id: "community", label: t.Community, complete: "organization", hint: t.CommunityHint, value: d.Place}
		if !d.Code {
			return []field{name, password, place}
		}
		return []field{name, password, place, {id: "code", label: t.SetUpCode, complete: "off", hint: t.CodeHint, value: d.Typed}}
	case SignUp:
		if d.Guest {
			name.focus = true
			return []field{name}
		}
		password.hint = t.Sentences(password.hint, t.GuestHint)
		return []field{name, password}
	}
	password.complete, password.hint = "current-password", ""
	return []field{name, password}
}

// field is a line to type in, with its label and a hint.
type field struct {
	id, label, kind, complete, hint, value string
	focus                                  bool
}

func (f field) write(h *html) {
	h.raw(`<div class="field"><label`).attr("for", f.id).raw(`>`).text(f.label).raw(`</label><input`)
	h.attr("id", f.id).attr("name", f.id).attr("type", or(f.kind, "text")).attr("autocomplete", f.complete)
	h.raw(` autocapitalize="off" spellcheck="false"`)
	if f.value != "" {
		h.attr("value", f.value)
	}
	if f.hint != "" {
		h.attr("aria-describedby", f.id+"-hint")
	}
	if f.focus {
		h.raw(` autofocus`)
	}
	h.raw(`><p class="hint"`).attr("id", f.id+"-hint").raw(`>`).text(f.hint).raw(`</p></div>`)
}
