package imports

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"unicode/utf8"
)

// breaksOff is what encoding/json says of JSON that is not there to its end: only
// its words tell that from what is wrong with the last character.
var breaksOff = json.Unmarshal(nil, new(json.RawMessage)).Error()

// fault says in words why a line cannot be read, of which wire.Decode says err.
func (l Line) fault(data []byte, err error) error {
	if !utf8.Valid(data) {
		return l.problem("It is not in UTF-8, the encoding that the file must have.")
	}
	data = bytes.TrimRight(data, "\r\n")
	var syntax *json.SyntaxError
	switch {
	case !errors.As(json.Unmarshal(data, new(json.RawMessage)), &syntax):
	case syntax.Error() == breaksOff:
		return l.problem("It breaks off: a line is one whole JSON object.")
	default:
		return l.problem("It is not JSON: its character %d cannot stand there.", utf8.RuneCount(data[:syntax.Offset]))
	}
	if bytes.TrimLeft(data, " \t")[0] != '{' {
		return l.problem("It is no JSON object, which begins with {.")
	}
	var misfit *json.UnmarshalTypeError
	switch read := json.Unmarshal(data, new(Line)); {
	case read == nil: // valid, and more than wire.Decode lets pass
		return l.problem("%s", detail(err))
	case errors.As(read, &misfit):
		return l.misfit(misfit)
	}
	return l.problem("A time in it is none: they are written as 2026-03-04T05:06:07.089Z.")
}

// misfit says what a member of a line must be.
func (l Line) misfit(err *json.UnmarshalTypeError) error {
	switch err.Type.Kind() {
	case reflect.String:
		return l.problem("Its %q must be text.", err.Field)
	case reflect.Slice:
		return l.problem("Its %q must be a list.", err.Field)
	case reflect.Struct:
		return l.problem("Its %q must be a JSON object.", err.Field)
	}
	return l.problem("Its %q must be a whole number.", err.Field)
}
