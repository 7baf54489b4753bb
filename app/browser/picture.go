package browser

import (
	"bytes"
	"strings"
)

// Pictures are sent as large as others look at them: what comes from a camera has
// five times as many pixels as any screen, and slow lines are what we are for.
const (
	maxSide    = 2048        // pixels of a picture's longer side
	maxPicture = 1_500_000   // bytes of one that is left as it is
	mostToDraw = 100_000_000 // bytes of one that is tried at all: it is drawn in the memory of a phone
	quality    = 0.85        // of JPEG and WebP: where one does not see it yet
	headSize   = 4096        // bytes in which a file says what it is
)

// shrunk is how large a picture of so many pixels is sent.
func shrunk(width, height int) (w, h int) {
	scale := min(1, float64(maxSide)/float64(max(width, height)))
	return max(1, int(float64(width)*scale+0.5)), max(1, int(float64(height)*scale+0.5))
}

// animated tells from the beginning of a file whether it moves, or may: drawn
// anew, it would stand still.
func animated(head []byte) bool {
	return bytes.HasPrefix(head, []byte("GIF8")) ||
		bytes.HasPrefix(head, []byte("\x89PNG")) && bytes.Contains(head, []byte("acTL")) ||
		bytes.HasPrefix(head, []byte("RIFF")) && bytes.Contains(head, []byte("ANIM")) ||
		len(head) > 12 && string(head[4:12]) == "ftypavis"
}

// tagged tells from the beginning of a file whether it says more than the picture
// (Exif): with what it was taken, when, and where.
func tagged(head []byte) bool {
	return bytes.HasPrefix(head, []byte("\xff\xd8")) && bytes.Contains(head, []byte("Exif\x00\x00")) ||
		bytes.HasPrefix(head, []byte("\x89PNG")) && bytes.Contains(head, []byte("eXIf")) ||
		len(head) > 20 && bytes.HasPrefix(head, []byte("RIFF")) && string(head[12:16]) == "VP8X" && head[20]&0x08 != 0
}

// renamed is a file's name when its type has become another.
func renamed(name, was, is string) string {
	if was == is {
		return name
	}
	if dot := strings.LastIndexByte(name, '.'); dot > 0 {
		name = name[:dot]
	}
	return name + "." + strings.TrimPrefix(is, "image/")
}
