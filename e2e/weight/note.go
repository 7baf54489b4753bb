package weight

import (
	"fmt"
	"strings"
)

// Note puts tables into a document, each between two comments that name it, in
// the place of what stands there.
func Note(doc string, tables map[string]string) (string, error) {
	for name, table := range tables {
		start, end := "<!-- "+name+" -->\n", "<!-- /"+name+" -->\n"
		before, rest, ok := strings.Cut(doc, start)
		_, after, closed := strings.Cut(rest, end)
		if !ok || !closed {
			return "", fmt.Errorf("the document has no place for %q", name)
		}
		doc = before + start + table + end + after
	}
	return doc, nil
}
