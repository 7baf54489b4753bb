package ui

import (
	"strconv"
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// addressed is the message that the page's address names, 0 for none.
func addressed() uint64 {
	return messageOf(strings.TrimPrefix(app.Window().Get("location").Get("hash").String(), "#"))
}

// messageOf is the message that a fragment names (see rows.RowID), 0 for none.
func messageOf(fragment string) uint64 {
	number, ok := strings.CutPrefix(fragment, "m")
	seq, err := strconv.ParseUint(number, 10, 64)
	if !ok || err != nil {
		return 0
	}
	return seq
}
