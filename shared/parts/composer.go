package parts

import "parley/shared/texts"

// Composer is the form in which messages are written.
type Composer struct {
	Room    string // its name
	Text    string // what is in it
	Problem string // why it was not sent

	// For a page without the app.
	Action string // where it is posted to
	Token  string // shows that the form is ours
	Nonce  string // of the message: posted twice, it is stored once
}

// HTML is the form's.
func (c Composer) HTML(t *texts.Texts) string {
	var h html
	h.raw(`<form class="composer" autocomplete="off" method="post"`)
	if c.Action != "" {
		h.attr("action", c.Action)
	}
	h.raw(`>`).hidden("token", c.Token).hidden("nonce", c.Nonce)
	h.raw(`<p class="composer-problem" role="alert">`).text(c.Problem).raw(`</p><div class="composer-box">`)
	h.raw(`<textarea class="composer-text" id="message" name="text" rows="1"`).attr("aria-label", t.Message).attr("placeholder", t.MessageTo(c.Room))
	h.raw(` enterkeyhint="send" autocapitalize="sentences" dir="auto" autofocus>`, "\n").text(c.Text) // a parser drops the first line feed
	h.raw(`</textarea><button type="submit" class="send"`).attr("aria-label", t.Send).attr("title", t.Hint)
	return h.raw(`>`, Icon(IconSend), `</button></div></form>`).String()
}
