package rows

import (
	"strconv"
	"strings"

	"parley/shared/wire"
)

// RowID is the id of a message's row, and the fragment of a link to it.
func RowID(seq uint64) string { return "m" + strconv.FormatUint(seq, 10) }

// Quotes finds what is replied to among messages in ascending seq without a hole,
// and among what came with them.
func Quotes(ms []wire.Message, quoted []wire.Quote) func(seq uint64) (wire.Quote, bool) {
	return func(seq uint64) (wire.Quote, bool) {
		if len(ms) > 0 && seq >= ms[0].Seq && seq-ms[0].Seq < uint64(len(ms)) {
			return ms[seq-ms[0].Seq].Quote(), true
		}
		for _, q := range quoted {
			if q.Seq == seq {
				return q, true
			}
		}
		return wire.Quote{}, false
	}
}

// marks are those of Markdown that are only noise where nothing is rendered.
var marks = strings.NewReplacer("```", " ", "**", "", "~~", "", "`", "")

// Excerpt is a text on one line, without marks.
func Excerpt(text string) string { return strings.Join(strings.Fields(Unmarked(text)), " ") }

// Unmarked is a piece of a text without marks.
func Unmarked(text string) string { return marks.Replace(text) }

// quote writes as much of the message that is replied to as fits on a line. It
// leads there: the app goes to it, and without the app a page shows it.
func (w Writer) quote(b *strings.Builder, seq uint64) {
	to := strconv.FormatUint(seq, 10)
	b.WriteString(`<a class="quote"`)
	page := "?before=" + strconv.FormatUint(seq+1, 10)
	if w.Whole {
		page = ""
	}
	attr(b, "href", page+"#"+RowID(seq))
	b.WriteString(` data-do="jump" data-to="` + to + `"><span class="vh">`)
	Escape(b, w.Texts.ReplyTo)
	b.WriteString(` </span>`)
	q, ok := w.Quote(seq)
	switch {
	case !ok:
		b.WriteString(`<span class="quoted">…</span></a>`)
		return
	case q.Deleted:
		b.WriteString(`<b>`)
		Escape(b, w.Name(q.Author))
		b.WriteString(`</b> <span class="quoted gone">`)
		Escape(b, w.Texts.Deleted)
	default:
		b.WriteString(`<b>`)
		Escape(b, w.Name(q.Author))
		b.WriteString(`</b> <span class="quoted">`)
		Escape(b, Excerpt(q.Text))
	}
	b.WriteString(`</span></a>`)
}
