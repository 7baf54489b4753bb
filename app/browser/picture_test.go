package browser

import "testing"

func TestShrunk(t *testing.T) {
	for _, c := range []struct{ width, height, w, h int }{
		{100, 50, 100, 50}, {2048, 2048, 2048, 2048}, {4096, 2048, 2048, 1024}, {3000, 4000, 1536, 2048}, {60000, 1, 2048, 1}, {1, 60000, 1, 2048},
	} {
		if w, h := shrunk(c.width, c.height); w != c.w || h != c.h {
			t.Errorf("%d × %d is sent as %d × %d, want %d × %d", c.width, c.height, w, h, c.w, c.h)
		}
	}
}

func TestAnimated(t *testing.T) {
	for head, want := range map[string]bool{
		"":       false,
		"GIF89a": true,
		"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR..IDAT":       false,
		"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR..acTL..IDAT": true,
		"RIFF....WEBPVP8 ":                             false,
		"RIFF....WEBPVP8X....ANIM":                     true,
		"\x00\x00\x00\x20ftypavif....":                 false,
		"\x00\x00\x00\x20ftypavis....":                 true,
		"\xff\xd8\xff\xe0 a photo about acTL and ANIM": false,
	} {
		if got := animated([]byte(head)); got != want {
			t.Errorf("animated(%q) = %v", head, got)
		}
	}
}

func TestTagged(t *testing.T) {
	for head, want := range map[string]bool{
		"":                                       false,
		"\xff\xd8\xff\xe0\x00\x10JFIF\x00":       false,
		"\xff\xd8\xff\xe1\x00\x18Exif\x00\x00II": true,
		"\xff\xd8\xff\xe0\x00\x10JFIF\x00..\xff\xe1..Exif\x00\x00": true,
		"\x89PNG\r\n\x1a\n..IHDR..IDAT":                            false,
		"\x89PNG\r\n\x1a\n..IHDR..eXIf..IDAT":                      true,
		"RIFF....WEBPVP8 \x08\x08\x08\x08\x08\x08":                 false,
		"RIFF....WEBPVP8X....\x10...":                              false,
		"RIFF....WEBPVP8X....\x18...":                              true,
		"Exif\x00\x00":                                             false,
	} {
		if got := tagged([]byte(head)); got != want {
			t.Errorf("tagged(%q) = %v", head, got)
		}
	}
}

func TestRenamed(t *testing.T) {
	for _, c := range []struct{ name, was, is, want string }{
		{"photo.jpg", "image/jpeg", "image/jpeg", "photo.jpg"},
		{"截图.png", "image/png", "image/webp", "截图.webp"},
		{"a.b.png", "image/png", "image/webp", "a.b.webp"},
		{"picture", "image/png", "image/webp", "picture.webp"},
		{".png", "image/png", "image/webp", ".png.webp"},
	} {
		if got := renamed(c.name, c.was, c.is); got != c.want {
			t.Errorf("%q of %s as %s is called %q, want %q", c.name, c.was, c.is, got, c.want)
		}
	}
}
