package rows

import (
	"strconv"
	"strings"

	"parley/shared/wire"
)

// files writes what is attached to a message. A picture is shown, with the room
// that it will take kept free; anything else is something to be downloaded. Where
// the rows are read elsewhere, all are links.
func (w Writer) files(b *strings.Builder, list []wire.File) {
	if len(list) == 0 {
		return
	}
	b.WriteString(`<div class="files" role="group"`)
	attr(b, "aria-label", w.Texts.Files)
	b.WriteByte('>')
	high := tall(list)
	for _, f := range list {
		if f.Picture() && w.Origin == "" {
			picture(b, f, f.Path(), high)
		} else {
			card(b, f, w.Origin+f.Path())
		}
	}
	b.WriteString(`</div>`)
}

// pendingFiles writes those of a message on its way, and how far they are.
func (w Writer) pendingFiles(b *strings.Builder, p Pending) {
	if len(p.Files) == 0 {
		return
	}
	b.WriteString(`<div class="files" role="group"`)
	attr(b, "aria-label", w.Texts.Files)
	b.WriteByte('>')
	list := make([]wire.File, len(p.Files))
	for i, f := range p.Files {
		list[i] = f.File
	}
	high := tall(list)
	for _, f := range p.Files {
		if f.Picture() && f.Src != "" {
			picture(b, f.File, f.Src, high)
		} else {
			card(b, f.File, "")
		}
	}
	if p.State == Sending {
		b.WriteString(`<progress class="files-progress" max="100"`)
		attr(b, "value", strconv.Itoa(p.Percent))
		attr(b, "aria-label", w.Texts.Sending)
		b.WriteString(`></progress>`)
		button(b, "discard", w.Texts.Cancel)
	}
	b.WriteString(`</div>`)
}

// How large pictures are shown, in CSS pixels. Those that stand side by side are
// lower, and all of one height.
const (
	pictureWide = 360
	pictureHigh = 320
	manyHigh    = 180
)

// tall is how high the pictures among files are shown at most.
func tall(list []wire.File) int {
	n := 0
	for _, f := range list {
		if f.Picture() {
			n++
		}
	}
	if n > 1 {
		return manyHigh
	}
	return pictureHigh
}

// fit is how large a picture is shown, in its own proportions and never larger than
// it is. Browsers keep that place free before anything of it has come.
func fit(width, height, high int) (w, h int) {
	scale := min(1, float64(pictureWide)/float64(width), float64(high)/float64(height))
	return max(1, int(float64(width)*scale+0.5)), max(1, int(float64(height)*scale+0.5))
}

// picture writes one, whose bytes are at src.
func picture(b *strings.Builder, f wire.File, src string, high int) {
	b.WriteString(`<a class="picture" target="_blank" rel="noopener" data-do="picture"`)
	attr(b, "href", src)
	attr(b, "title", f.Name)
	b.WriteString(`><img loading="lazy" decoding="async"`)
	attr(b, "src", src)
	attr(b, "alt", f.Name)
	if f.Width > 0 && f.Height > 0 {
		w, h := fit(f.Width, f.Height, high)
		attr(b, "width", strconv.Itoa(w))
		attr(b, "height", strconv.Itoa(h))
	}
	b.WriteString(`></a>`)
}

// card writes a file that is no picture. One without an address is on its way.
func card(b *strings.Builder, f wire.File, href string) {
	end := `</span>`
	if href == "" {
		b.WriteString(`<span class="file">`)
	} else {
		end = `</a>`
		b.WriteString(`<a class="file"`)
		attr(b, "href", href)
		attr(b, "download", f.Name)
		b.WriteByte('>')
	}
	b.WriteString(`<span class="file-kind" aria-hidden="true">`)
	Escape(b, Kind(f.Name))
	b.WriteString(`</span><span class="file-name" dir="auto">`)
	Escape(b, f.Name)
	b.WriteString(`</span> <span class="file-size">`)
	b.WriteString(Size(f.Size))
	b.WriteString(`</span>` + end)
}

// Kind is what a file's name ends with, as far as it fits into a small square.
func Kind(name string) string {
	end := name[strings.LastIndexByte(name, '.')+1:]
	if len(end) > 4 || len(end) == len(name) {
		return ""
	}
	return strings.ToUpper(end)
}

// Size is a number of bytes as it is written in both of our languages: "340 KB",
// "1.2 MB", by thousands.
func Size(bytes int64) string {
	unit := "B"
	n := float64(max(bytes, 0))
	for _, next := range []string{"KB", "MB", "GB", "TB"} {
		if n < 999.5 {
			break
		}
		n, unit = n/1000, next
	}
	digits := 0
	if n < 9.95 && unit != "B" {
		digits = 1
	}
	return strconv.FormatFloat(n, 'f', digits, 64) + "\u00a0" + unit
}
