package parts

import "parley/shared/texts"

// Timeline is the list of a room's messages.
type Timeline struct {
	Top  string // HTML in front of the oldest message
	Rows string // HTML of messages, see package rows
	// Plain is for a page without the app: the list stands at its end by itself.
	Plain bool
}

// HTML is the timeline's. The app keeps adding to it.
func (l Timeline) HTML(t *texts.Texts) string {
	var h html
	h.raw(`<div class="timeline`)
	if l.Plain {
		h.raw(` plain`)
	}
	h.raw(`" role="log"`).attr("aria-label", t.Messages).raw(` aria-relevant="additions" aria-busy="false" tabindex="0">`)
	h.raw(`<div class="timeline-inner"><div class="timeline-top" aria-live="off">`, l.Top, `</div><div class="timeline-list">`)
	if l.Rows != "" {
		h.raw(`<section class="chunk" aria-live="off">`, l.Rows, `</section>`)
	}
	h.raw(`</div><div class="timeline-pending" aria-live="off"></div></div></div>`)
	h.raw(`<button type="button" class="jump" hidden>`).text(t.ToNewest).raw(`</button>`)
	return h.String()
}

// Beginning stands in front of a room's first message. nobody tells that there
// is none yet.
func Beginning(t *texts.Texts, room string, nobody bool) string {
	var h html
	h.raw(`<div class="beginning"><p class="beginning-title">`).text(t.Beginning(room)).raw(`</p>`)
	if nobody {
		h.raw(`<p>`).text(t.Nothing).raw(`</p>`)
	}
	return h.raw(`</div>`).String()
}

// Older stands in front of messages that are not the room's first. href, which
// may be empty, leads to those before.
func Older(t *texts.Texts, href string) string {
	var h html
	h.raw(`<div class="top-loading">`)
	if href == "" {
		return h.text(t.LoadingOlder).raw(`</div>`).String()
	}
	return h.raw(`<a class="link"`).attr("href", href).raw(`>`).text(t.Older).raw(`</a></div>`).String()
}
