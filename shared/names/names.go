// Package names says what a name is and when two names are the same. Only the
// server asks: the tables of Unicode that it takes would weigh more in the
// app's download than the whole client.
package names

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"parley/shared/wire"
)

// Clean is a user's or a room's name as it is stored: NFKC, no white space
// around it, single spaces inside. what is the word for it in the error, a
// Problem with [wire.CodeBadRequest] ("name", "room name").
//
// Refused are names that are empty or longer than [wire.MaxName] characters, and
// those with characters that cannot be seen or that turn the direction of the
// line, with which one name could be made to look like another. The joiners of
// emoji and scripts pass, as Fold leaves them out.
func Clean(what, name string) (string, error) {
	if !utf8.ValidString(name) {
		return "", wire.Errorf(wire.CodeBadRequest, "The %s is not UTF-8.", what)
	}
	if len(name) > 64*wire.MaxName { // far past any name: do not normalise megabytes
		return "", wire.Errorf(wire.CodeBadRequest, "The %s is longer than %d characters.", what, wire.MaxName)
	}
	name = strings.Join(strings.Fields(norm.NFKC.String(name)), " ")
	for _, r := range name {
		if !allowed(r) {
			return "", wire.Errorf(wire.CodeBadRequest, "The %s has a character that cannot be seen (%U).", what, r)
		}
	}
	switch n := utf8.RuneCountInString(name); {
	case !strings.ContainsFunc(name, wire.Visible):
		return "", wire.Errorf(wire.CodeBadRequest, "The %s is empty.", what)
	case n > wire.MaxName:
		return "", wire.Errorf(wire.CodeBadRequest, "The %s is longer than %d characters.", what, wire.MaxName)
	}
	return name, nil
}

func allowed(r rune) bool {
	return wire.Joiner(r) || r == ' ' || wire.Visible(r)
}

// Fold is the key under which a name is unique: two names with the same
// key are the same name, and [Clean] does not change a name's key. It folds
// case after NFKC (Unicode 3.13, D146) and leaves the invisible joiners out.
func Fold(name string) string {
	name = strings.Map(func(r rune) rune {
		if wire.Joiner(r) {
			return -1
		}
		return r
	}, norm.NFKC.String(name))
	name = strings.Map(upperCherokee, cases.Fold().String(norm.NFKC.String(name)))
	return strings.Join(strings.Fields(norm.NFKC.String(name)), " ")
}

// upperCherokee gives Cherokee, the one script that folds to upper case
// (Unicode's CaseFolding.txt), the form that package cases exchanges for the
// other one instead.
func upperCherokee(r rune) rune {
	if unicode.Is(unicode.Cherokee, r) {
		return unicode.ToUpper(r)
	}
	return r
}
