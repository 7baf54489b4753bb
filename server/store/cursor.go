package store

import (
	"crypto/rand"
	"strconv"
	"strings"

	"parley/shared/wire"
)

// epochLen is the length of an epoch in characters: 60 random bits.
const epochLen = 12

// epochAlphabet is what an epoch may consist of.
const epochAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"

func newEpoch() string { return rand.Text()[:epochLen] }

// FormatCursor is the cursor after the event at offset in the log of epoch.
func FormatCursor(epoch string, offset uint64) string {
	return epoch + "-" + strconv.FormatUint(offset, 10)
}

// ParseCursor splits a cursor; the error is a wire.Problem (bad_request). What
// it accepts, FormatCursor gives back byte by byte.
func ParseCursor(s string) (epoch string, offset uint64, err error) {
	epoch, digits, _ := strings.Cut(s, "-")
	offset, err = strconv.ParseUint(digits, 10, 64)
	if err != nil || !validEpoch(epoch) || FormatCursor(epoch, offset) != s {
		return "", 0, wire.Errorf(wire.CodeBadRequest, "This is not a cursor. Leave it out, or take one from a batch or from /sync.")
	}
	return epoch, offset, nil
}

func validEpoch(s string) bool {
	return len(s) == epochLen && strings.Trim(s, epochAlphabet) == ""
}
