package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// maxPictures is what all pictures of the docs may weigh: whoever clones Parley
// loads them.
const maxPictures = 2 << 20

// TestScreens: the gallery shows every picture that is there and no other, and
// all of them are light.
func TestScreens(t *testing.T) {
	gallery, err := os.ReadFile("screens.md")
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]bool{}
	for _, m := range regexp.MustCompile(`src="(screenshots/[^"]+)" alt="[^"]+"`).FindAllSubmatch(gallery, -1) {
		shown[string(m[1])] = true
	}
	files, err := filepath.Glob("screenshots/*")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	var weight int64
	for _, f := range append(files, "screenshot.webp") {
		info, err := os.Stat(f)
		if err != nil {
			t.Fatal(err)
		}
		weight += info.Size()
		if f != "screenshot.webp" && !shown[f] {
			t.Errorf("%s is in no gallery", f)
		}
		delete(shown, f)
	}
	for f := range shown {
		t.Errorf("the gallery shows %s, which is not there", f)
	}
	if weight > maxPictures {
		t.Errorf("the pictures weigh %d bytes, more than %d", weight, maxPictures)
	}
}
