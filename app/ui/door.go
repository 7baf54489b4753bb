package ui

import (
	"context"
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/shared/parts"
	"parley/shared/texts"
	"parley/shared/wire"
)

// doorView is the place of the way in: set-up, sign-in or sign-up.
type doorView struct {
	app.Compo

	M   *Model
	Rev int

	door *door
}

// Render gives the place: the form in it is not go-app's.
func (v *doorView) Render() app.UI { return app.Div().Class("door-place") }

// OnMount takes the form over, or draws it.
func (v *doorView) OnMount(ctx app.Context) {
	defer v.M.guard()
	v.door = newDoor(v.M, ctx, ctx.JSSrc())
}

// OnUpdate draws what has changed.
func (v *doorView) OnUpdate(app.Context) {
	defer v.M.guard()
	if v.door != nil {
		v.door.draw(v.M.door())
	}
}

// OnDismount lets go of it.
func (v *doorView) OnDismount() {
	if v.door != nil {
		v.door.release()
	}
}

// door is the island with the form.
type door struct {
	island

	place app.Value // static after construction

	shown   parts.Door
	lang    string // in which it is shown
	problem words  // that is shown
	busy    bool
}

func newDoor(m *Model, ctx app.Context, place app.Value) *door {
	d := &door{island: island{m: m, ctx: ctx}, place: place, shown: m.door(), lang: m.T.Lang}
	if main := m.page.take("main.door"); main != nil {
		move(main, place)
	} else {
		place.Set("innerHTML", d.shown.HTML(m.T))
		d.focus()
	}
	d.listen(place, "submit", func(e app.Event) {
		e.PreventDefault()
		d.quiet(d.submit)
	})
	d.listen(place, "click", func(e app.Event) {
		if link := e.Get("target").Call("closest", ".door-languages a"); link.Truthy() {
			e.PreventDefault()
			e.Call("stopPropagation") // go-app would follow it
			d.m.dispatch(func() { d.m.prefer(link.Call("getAttribute", "lang").String()) })
		}
	})
	return d
}

// door is the way in that is open.
func (m *Model) door() parts.Door {
	d := parts.Door{Community: m.About.Name, Notice: m.say(m.Notice)}
	switch {
	case m.Invite != "":
		d.Way, d.Invite, d.Guest = parts.SignUp, m.Invite, m.Guest
	case m.About.Setup:
		d.Way, d.Code = parts.SetUp, m.Code
	}
	return d
}

// draw shows another form, or the same with other fields; what was typed stays.
func (d *door) draw(want parts.Door) {
	if want == d.shown && d.m.T.Lang == d.lang {
		return
	}
	spoken := d.m.T.Lang != d.lang
	d.shown, d.lang = want, d.m.T.Lang
	typed := map[string]string{}
	inputs := d.place.Call("querySelectorAll", "input:not([type=hidden])")
	for i := range inputs.Get("length").Int() {
		typed[inputs.Index(i).Get("name").String()] = inputs.Index(i).Get("value").String()
	}
	d.place.Set("innerHTML", want.HTML(d.m.T))
	for name, value := range typed {
		if input := d.input(name); input.Truthy() {
			input.Set("value", value)
		}
	}
	d.say(d.problem)
	if spoken { // where whoever chose it is
		d.place.Call("querySelector", ".door-languages [aria-current]").Call("focus")
		return
	}
	d.focus()
}

func (d *door) focus() {
	if first := d.place.Call("querySelector", "[autofocus]"); first.Truthy() {
		first.Call("focus") // the attribute is for the document's first form only
	}
}

func (d *door) input(name string) app.Value {
	return d.place.Call("querySelector", `[name="`+name+`"]`)
}

func (d *door) typed(name string) string {
	if input := d.input(name); input.Truthy() {
		return input.Get("value").String()
	}
	return ""
}

// say says what went wrong. The element was there before, so that it is read out.
func (d *door) say(problem words) {
	d.problem = problem
	class, said := "problem", d.m.say(problem)
	if said == "" && d.shown.Notice != "" {
		class, said = "notice", d.shown.Notice
	}
	p := d.place.Call("querySelector", "[role=alert]")
	p.Set("className", class)
	p.Set("textContent", said)
}

func (d *door) submit() {
	name, password := strings.TrimSpace(d.typed("name")), d.typed("password")
	if lacks := d.shown.Lacks(d.m.T, name, password); lacks != "" {
		d.say(func(t *texts.Texts) string { return d.shown.Lacks(t, name, password) })
		return
	}
	enter := d.m.entrance
	switch d.shown.Way {
	case parts.SignIn:
		login := wire.Login{Name: name, Password: password}
		d.knock(func(ctx context.Context) (wire.User, error) { return enter.Login(ctx, login) })
	case parts.SetUp:
		setup := wire.Setup{
			Name: name, Password: password,
			Community: strings.TrimSpace(d.typed("community")), Code: strings.TrimSpace(d.typed("code")),
		}
		d.knock(func(ctx context.Context) (wire.User, error) { return enter.Setup(ctx, setup) })
	case parts.SignUp:
		up := wire.Signup{Invite: d.shown.Invite, Name: name, Password: password}
		d.knock(func(ctx context.Context) (wire.User, error) { return enter.Signup(ctx, up) })
	}
}

// knock makes a request, one at a time, and lets the person in, or says why not.
func (d *door) knock(request func(context.Context) (wire.User, error)) {
	if d.busy {
		return
	}
	d.wait(true)
	d.say(nil)
	var err error
	d.m.async(func(ctx context.Context) { _, err = request(ctx) }, func() {
		d.wait(false)
		if err == nil {
			d.m.Notice = nil
			d.m.entered()
			return
		}
		d.refused(err)
		d.draw(d.m.door())
		d.say(about(err))
	})
}

func (d *door) wait(busy bool) {
	d.busy = busy
	d.place.Call("querySelector", "[type=submit]").Call("setAttribute", "aria-busy", busy)
}

// refused changes the form where that helps: it asks for the set-up code, signs
// in where somebody else was faster, and asks for a password after all.
func (d *door) refused(err error) {
	m := d.m
	switch code := wire.CodeFrom(err); {
	case d.shown.Way == parts.SetUp && (code == wire.CodeForbidden || code == wire.CodeUnauthenticated):
		m.Code = true
	case d.shown.Way == parts.SetUp && code == wire.CodeConflict:
		m.About.Setup = false
	case d.shown.Way == parts.SignUp && code == wire.CodeBadRequest:
		m.Guest = false
	}
}
