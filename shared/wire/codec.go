package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Encode is v as JSON on one line: no HTML escaping, map keys in order, so the
// same value always gives the same bytes. It panics if v cannot be encoded,
// which for the types of this package means a year past 9999 or a percentage
// that is no number.
func Encode(v any) []byte {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic("wire: encode: " + err.Error())
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n"))
}

// Decode reads data, which must be exactly one JSON object, into v. It is
// strict where encoding/json forgives and two readers could understand two
// things: text that is not UTF-8, an object that names a member twice (also in
// other letter case, as encoding/json does not tell them apart), nesting
// deeper than [MaxDepth]. Unknown members are ignored. The error is a Problem
// with [CodeBadRequest].
func Decode(data []byte, v any) error {
	if !utf8.Valid(data) {
		return Errorf(CodeBadRequest, "The body is not UTF-8.")
	}
	if !json.Valid(data) {
		return Errorf(CodeBadRequest, "The body is not valid JSON.")
	}
	if trimmed := bytes.TrimLeft(data, " \t\r\n"); trimmed[0] != '{' {
		return Errorf(CodeBadRequest, "The body must be a JSON object.")
	}
	if err := checkStructure(data); err != nil {
		return err
	}
	if err := json.Unmarshal(data, v); err != nil {
		return misfit(err)
	}
	return nil
}

// misfit says in words why valid JSON does not fit the type it is read into.
func misfit(err error) *Problem {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		return Errorf(CodeBadRequest, "The member %q cannot be a JSON %s.", wrong.Field, wrong.Value)
	}
	return Errorf(CodeBadRequest, "The body does not fit: %s.", err)
}

// checkStructure walks data, which json.Valid has accepted, and refuses
// repeated member names and deep nesting.
func checkStructure(data []byte) error {
	type level struct {
		names map[string]bool // nil in an array
		name  bool            // the next string is a member's name
	}
	var stack []level
	for i := 0; i < len(data); i++ {
		switch data[i] {
		case '{', '[':
			if len(stack) == MaxDepth {
				return Errorf(CodeBadRequest, "The JSON is nested deeper than %d levels.", MaxDepth)
			}
			top := level{}
			if data[i] == '{' {
				top = level{names: map[string]bool{}, name: true}
			}
			stack = append(stack, top)
		case '}', ']':
			stack = stack[:len(stack)-1]
		case ',':
			top := &stack[len(stack)-1]
			top.name = top.names != nil
		case '"':
			end := stringEnd(data, i)
			if len(stack) > 0 && stack[len(stack)-1].name {
				top := &stack[len(stack)-1]
				top.name = false
				var name string
				if err := json.Unmarshal(data[i:end], &name); err != nil {
					return Errorf(CodeBadRequest, "The body is not valid JSON.")
				}
				folded := foldName(name)
				if top.names[folded] {
					return Errorf(CodeBadRequest, "The JSON names %q twice.", name)
				}
				top.names[folded] = true
			}
			i = end - 1
		}
	}
	return nil
}

// foldName gives names that encoding/json takes for the same field the same
// form: like it, by the smallest of the letters that simple folding calls equal
// (ſ is s, and the Kelvin sign is k).
func foldName(name string) string {
	return strings.Map(func(r rune) rune {
		for {
			next := unicode.SimpleFold(r)
			if next <= r {
				return next
			}
			r = next
		}
	}, name)
}

// stringEnd is the index after the closing quote of the string at start.
func stringEnd(data []byte, start int) int {
	for i := start + 1; i < len(data); i++ {
		switch data[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(data)
}
