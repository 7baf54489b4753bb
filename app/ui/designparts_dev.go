//go:build dev

package ui

import (
	"strings"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/app/client"
	"parley/shared/parts"
	"parley/shared/rows"
	"parley/shared/wire"
)

func (d *Design) colours() []app.UI {
	var list []app.UI
	for _, name := range strings.Fields("ground side raised hover pressed current line line-strong line-field ink ink-soft ink-quiet accent accent-hover accent-soft live warn warn-soft danger danger-soft") {
		list = append(list, app.Span().Class("design-swatch", "c-"+name).Body(app.I(), app.Text(name)))
	}
	return []app.UI{row(list...)}
}

func (d *Design) type_() []app.UI {
	var list []app.UI
	for _, name := range strings.Fields("title large text list small tiny micro") {
		list = append(list, app.P().Class("t-"+name).Text(name+": Chat that gets through. 总能送达的聊天。0123456789"))
	}
	return list
}

func (d *Design) buttons() []app.UI {
	button := func(words, class string) app.HTMLButton {
		return app.Button().Type("button").Class("button", class).Text(words)
	}
	return []app.UI{
		row(button("Plain", ""), button("Primary", "primary"), button("Quiet", "quiet"), button("Danger", "danger")),
		row(button("Disabled", "").Disabled(true), button("Disabled", "primary").Disabled(true), button("Busy", "primary").Attr("aria-busy", "true")),
		row(button("Wide", "primary wide")),
		row(iconButton(iconLoupe, "find"), iconButton(iconPlus, "add"), iconButton(iconClose, "close"), iconButton(iconInstall, "install"),
			app.Button().Type("button").Class("link").Text("A link"), app.Span().Class("badge").Text("3"), app.Span().Class("badge").Text("99+")),
		row(avatar("ada", "Ada Lovelace"), avatar("ben", "Ben Okri"), avatar("mei", "陈小明"), avatar("gus", "Gus"), avatar("x", "🦊"), avatar("bot", "Deploy bot")),
	}
}

func (d *Design) fields() []app.UI {
	return []app.UI{
		app.Div().Class("form").Body(
			input{id: "d-name", label: "Name"}.render(),
			input{id: "d-topic", label: "Topic", hint: "With a hint."}.render(),
			app.P().Class("problem").Text("What went wrong, in a sentence."),
			app.P().Class("notice").Text("What should be known."),
			app.Label().Class("check").Body(app.Input().Type("checkbox").Checked(true), app.Span().Class("choice-label").Text("Private"), app.Span().Class("choice-hint").Text("With a hint below.")),
		),
	}
}

func (d *Design) doors() []app.UI {
	t := d.m.T
	var list []app.UI
	for _, door := range []parts.Door{
		{Way: parts.SetUp, Code: true},
		{Way: parts.SignIn, Community: "Analytical Society", Notice: t.SignedOut, Name: "Ada Lovelace"},
		{Way: parts.SignUp, Community: "Analytical Society", Problem: t.PasswordShort},
		{Way: parts.SignUp, Community: "Analytical Society", Guest: true},
	} {
		list = append(list, box(app.Raw(door.HTML(t))))
	}
	return list
}

// messages are rows as they come, and one's own on their way.
func (d *Design) messages() []app.UI {
	m := d.m
	start := time.Now().Add(-26 * time.Hour).Truncate(time.Hour)
	at := func(minutes int) wire.Time { return wire.TimeOf(start.Add(time.Duration(minutes) * time.Minute)) }
	list := []wire.Message{
		{Author: "ben", Time: at(0), Text: "The first of a group."},
		{Author: "ben", Time: at(1), Text: "The second goes on under one name, also when it is long enough to need more than one line of the column it stands in, which this one surely is by now."},
		{Author: "mei", Time: at(2), Text: "我这边也没问题，WebSocket 连上了 3 次，用了 20ms。"},
		{Author: "mei", Time: at(3), Text: "👍"},
		{Author: "bot", Time: at(4), Text: "https://example.org/a/very/long/address/that-does-not-break-anywhere-because-it-has-no-spaces?and=goes&on=0123456789abcdef0123456789abcdef"},
		{Author: "ada", Time: at(5), Text: "Mine, and edited since.", Edited: at(6)},
		{Author: "ada", Time: at(6), Deleted: at(7)},
		{Author: "gus", Time: at(1450), Text: "Unread, on a new day."},
		{Author: "gus", Time: at(1451), Text: "code(), quoted", HTML: "<p>Rich: <strong>bold</strong>, <em>slanted</em>, <del>struck</del>, <code>code()</code>, <a href=\"https://example.org\" rel=\"noopener\">a link</a></p><pre class=\"code\"><code>func main() {\n\tfmt.Println(\"hello\")\n}</code></pre><blockquote><p>Quoted.</p></blockquote><ul><li>one</li><li>two</li></ul>"},
		{Author: "long", Time: at(1452), Text: "A name that does not fit."},
		{Author: "mei", Time: at(1453), Text: "@Ada Lovelace 看这个，@Ben Okri 也来", Mentions: []string{"ada", "ben"}, ReplyTo: 2, Reactions: []wire.Reaction{{Emoji: "🎉", Users: []string{"ada", "ben"}}, {Emoji: "👍", Users: []string{"gus"}}}},
		{Author: "ben", Time: at(1453), Text: "To what is gone.", ReplyTo: 7},
		{Author: "ben", Time: at(1454), Text: strings.Repeat("A long message is folded.\n", 30), Edited: at(1454)},
	}
	w := m.writer()
	w.Quote = func(seq uint64) (wire.Quote, bool) { return list[seq-1].Quote(), true }
	var said, sending strings.Builder
	var prev *wire.Message
	for i := range list {
		list[i].Seq = uint64(i + 1)
		w.Message(&said, prev, list[i], i == 7)
		prev = &list[i]
	}
	for _, p := range []rows.Pending{
		{Nonce: "1", Text: "On its way.", State: rows.Sending},
		{Nonce: "2", Text: "There, its place not known yet.", State: rows.Sent},
		{Nonce: "3", Text: "Not sent.", State: rows.Failed, Reason: m.T.Unavailable},
	} {
		p.Time = at(1455)
		w.Pending(&sending, prev, p)
		prev = &wire.Message{Author: "ada", Time: p.Time}
	}
	return []app.UI{box(app.Raw(`<div class="timeline"><div class="timeline-inner"><div class="timeline-list"><section class="chunk">` + said.String() +
		`</section></div><div class="timeline-pending">` + sending.String() + `</div></div></div>`))}
}

func (d *Design) tops() []app.UI {
	t := d.m.T
	var list []app.UI
	for _, html := range []string{
		parts.Beginning(t, "garden", true), parts.Older(t, ""), skeleton,
		`<div class="top-failed"><p>` + t.OlderFailed + " " + t.Unreachable + `</p><button type="button" class="button">` + t.TryAgain + `</button></div>`,
	} {
		list = append(list, box(app.Raw(`<div>`+html+`</div>`)))
	}
	return append(list, row(
		app.Button().Type("button").Class("jump").Text(t.ToNewest),
		app.Button().Type("button").Class("jump", "has-new").Text(t.NewMessages(d.m.number(3))),
	))
}

func (d *Design) composers() []app.UI {
	var list []app.UI
	for _, c := range []parts.Composer{
		{Room: "garden"}, {Room: "garden", Text: "Something is written\nin two lines."}, {Room: "garden", Text: "Too much.", Problem: d.m.T.TooLong},
	} {
		html := strings.Replace(c.HTML(d.m.T), " autofocus", "", 1)
		if c.Text != "" {
			html = strings.Replace(html, `class="composer"`, `class="composer has-text"`, 1)
		}
		list = append(list, app.Raw(html), row())
	}
	return list
}

// states are the line below the composer, on each rung and without one.
func (d *Design) states() []app.UI {
	var list []app.UI
	for rung := range client.Rung(len(d.m.T.Rungs)) {
		list = append(list, &statusBar{M: d.with(func(m *Model) { m.Status = client.Status{Live: true, Rung: rung} })})
	}
	return append(list,
		&statusBar{M: d.with(func(m *Model) { m.Status = client.Status{Why: "no answer"} })},
		&statusBar{M: d.with(func(m *Model) { m.Current = "zh" })},
	)
}

func (d *Design) columns() []app.UI {
	return []app.UI{row(
		box(&sidebar{M: d.m}),
		box(&sidebar{M: d.with(func(m *Model) { m.Updated, m.Me = true, m.users["gus"] })}),
		box(&members{M: d.m}),
	)}
}

func (d *Design) words() []app.UI {
	return []app.UI{
		&toast{M: d.with(func(m *Model) { m.Toast = m.T.Unreachable })},
		box(&boot{M: d.with(func(m *Model) { m.Status = client.Status{Why: "no answer"} })}),
	}
}

// found is what a search shows.
func (d *Design) found() app.UI {
	at := wire.Time(1764075900000)
	list := []wire.Found{
		{Message: wire.Message{Room: "garden", Seq: 3, Author: "mei", Time: at, Text: "我们在上海见面吧"}, Highlights: [][2]int{{5, 7}}},
		{Message: wire.Message{Room: "long", Seq: 9, Author: "long", Time: at, Text: "see you where the tomatoes grow, or what is left of them"}, Highlights: [][2]int{{0, 3}, {4, 7}}},
	}
	p := &searchPanel{M: d.m}
	return box(app.Div().Class("results").Body(p.group(d.m.T.InThisRoom, list[:1]), p.group(d.m.T.Everywhere, list[1:])))
}
