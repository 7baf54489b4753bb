package texts

import (
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"parley/shared/rows"
)

// sources are the files below folders of the module, tests left out, with one
// of these endings.
func sources(t *testing.T, folders []string, endings ...string) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, folder := range folders {
		err := filepath.WalkDir(filepath.Join("..", "..", folder), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || strings.HasSuffix(path, "_test.go") || !slices.Contains(endings, filepath.Ext(path)) {
				return err
			}
			data, err := os.ReadFile(path)
			found[path] = string(data)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return found
}

// TestEveryTextIsUsed: a text that nobody shows is work for translators in vain.
// In Go a catalogue is called T, t or Texts, or the reader who reads in it; a
// template has one as its dot.
func TestEveryTextIsUsed(t *testing.T) {
	var code strings.Builder
	for path, source := range sources(t, []string{"app/ui", "app/lab", "server/web", "shared/parts", "shared/rows", "static/build", "shared/texts/errors.go", "shared/texts/rooms.go"}, ".go", ".html") {
		if filepath.Ext(path) == ".html" {
			source = regexp.MustCompile(`[ .$(]\.(\w+)`).ReplaceAllString(strings.ReplaceAll(source, "{{", " "), " T.$1")
			source = regexp.MustCompile(`\$\.(\w+)`).ReplaceAllString(source, "T.$1")
		}
		code.WriteString(source)
	}
	used := map[string]bool{}
	for _, catalogue := range []string{`(?:T|t|Texts|who|reader)`, `Lab`} {
		for _, m := range regexp.MustCompile(`\b`+catalogue+`\.(\w+)\b`).FindAllStringSubmatch(code.String(), -1) {
			used[m[1]] = true
		}
	}
	for _, of := range []reflect.Type{reflect.TypeFor[Texts](), reflect.TypeFor[rows.Texts](), reflect.TypeFor[Lab](), reflect.TypeFor[Manage](), reflect.TypeFor[Hooks]()} {
		for i := range of.NumField() {
			if f := of.Field(i); f.IsExported() && !f.Anonymous && !used[f.Name] {
				t.Errorf("nobody shows %s.%s", of, f.Name)
			}
		}
	}
}

// forPrograms are sentences of the server that only programs cause, as people
// use forms that do not: they stay in English, under a title in every language.
var forPrograms = regexp.MustCompile(`JSON|UTF-8|WebSocket|Bearer|[Aa] ?PI|\btoken\b|\bcursor\b|before, after|The limit|nonce|wait must|` +
	`The body must|The body did not|body does not fit|the body|address has a part|^The kind of a room|^A room starts|invite (is|works|expires|would)|no such command|` +
	`member %q|Create the community first|number of a message|multipart|^\\"|^%q must|"before"|"archived"|did not understand|` +
	`lane|file %\.40q|^The level is|^The role is|^The zone|^The %s (has a character that cannot be printed|must have 1 to)|^until |counted from 1|An echo|` +
	`^%s: |^stream is|^The format is|^%\.60s|^A file to be imported|^The body says|^The form has no field|It may have been revoked|^The webhook's bot|id of a task|^A piece of a file|^The offset must|nothing can follow at|^The size must|^The width and height|task of this id`)

// TestEverySentenceIsTranslated: what the server says to people is in every
// catalogue, and nothing is that it does not say (any more). Sentences of the
// codes that have a text of their own are not looked at.
func TestEverySentenceIsTranslated(t *testing.T) {
	said := map[string]bool{}
	call := regexp.MustCompile("\\bErrorf\\((?:wire\\.)?Code(\\w+), *(\"(?:[^\"\\\\]|\\\\.)*\"|`[^`]*`)")
	for _, source := range sources(t, []string{"server", "app/client", "shared"}, ".go") {
		for _, m := range call.FindAllStringSubmatch(source, -1) {
			if slices.Contains([]string{"RateLimited", "Unavailable", "Internal"}, m[1]) {
				continue
			}
			if sentence := m[2][1 : len(m[2])-1]; sentence != "" {
				said[sentence] = true
			}
		}
	}
	ofLine := regexp.MustCompile(`\.problem(?:Of)?\((?:wire\.Code\w+, *)?"([^"]+)"`) // of a file that is imported
	for _, source := range sources(t, []string{"server/imports"}, ".go") {
		for _, m := range ofLine.FindAllStringSubmatch(source, -1) {
			if m[1] != "%s" {
				said[m[1]] = true
			}
		}
	}
	if len(said) < 50 {
		t.Fatalf("only %d sentences are found in the sources: do they look differently now?", len(said))
	}
	for _, l := range Languages[1:] {
		for sentence := range said {
			if !translated(l, sentence) && !forPrograms.MatchString(sentence) {
				t.Errorf("%s lacks %q", l.Lang, sentence)
			}
		}
		for known, ours := range l.details {
			if !slices.ContainsFunc(keys(said), func(s string) bool { return s == known || fits(s, known) }) {
				t.Errorf("%s translates %q, which nobody says", l.Lang, known)
			}
			if strings.Count(ours, "%s") > strings.Count(known, "%") || strings.Contains(strings.ReplaceAll(ours, "%s", ""), "%") {
				t.Errorf("%s: %q asks for more than there is in %q", l.Lang, ours, known)
			}
		}
	}
}

// translated tells whether a catalogue has a sentence, or all of those that its
// source makes of one format: "The %s is empty." stands there for each thing.
func translated(l *Texts, sentence string) bool {
	for known := range l.details {
		if known == sentence || fits(sentence, known) {
			return true
		}
	}
	return false
}

// fits tells whether a sentence may come of a format with a word put in.
func fits(format, sentence string) bool {
	pattern := strings.ReplaceAll(regexp.QuoteMeta(format), "%s", "[a-z' ]+")
	ok, err := regexp.MatchString("^"+pattern+"$", sentence)
	return ok && err == nil && strings.Contains(format, "%s")
}

func keys(m map[string]bool) []string {
	var list []string
	for k := range m {
		list = append(list, k)
	}
	return list
}
