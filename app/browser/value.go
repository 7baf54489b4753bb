package browser

import (
	"encoding/base64"
	"strings"
	"unicode/utf8"
)

// encodeValue makes a string of bytes: text stays text, which takes less room
// and can be read by a person; anything else becomes base64.
func encodeValue(value []byte) string {
	if utf8.Valid(value) {
		return "t" + string(value)
	}
	return "b" + base64.StdEncoding.EncodeToString(value)
}

// decodeValue reverses encodeValue. What is not of that form is no value of
// ours: nil.
func decodeValue(s string) ([]byte, error) {
	if text, ok := strings.CutPrefix(s, "t"); ok {
		return []byte(text), nil
	}
	if coded, ok := strings.CutPrefix(s, "b"); ok {
		return base64.StdEncoding.DecodeString(coded)
	}
	return nil, nil
}
