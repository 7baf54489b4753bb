package texts

import (
	"errors"
	"reflect"
	"testing"

	"parley/shared/wire"
)

// TestCatalogueIsComplete: a text that is missing is a label that nobody can read.
func TestCatalogueIsComplete(t *testing.T) {
	complete(t, "English", reflect.ValueOf(English))
}

func complete(t *testing.T, path string, v reflect.Value) {
	t.Helper()
	for i := range v.NumField() {
		name := path + "." + v.Type().Field(i).Name
		switch f := v.Field(i); f.Kind() {
		case reflect.Struct:
			complete(t, name, f)
		case reflect.String:
			if f.String() == "" {
				t.Errorf("%s is empty", name)
			}
		case reflect.Func:
			if f.IsNil() {
				t.Errorf("%s is nil", name)
			}
		}
	}
}

func TestTyping(t *testing.T) {
	for want, names := range map[string][]string{
		"":                            nil,
		"Ada is typing":               {"Ada"},
		"Ada and 陈小明 are typing":      {"Ada", "陈小明"},
		"Ada, Ben and Zoë are typing": {"Ada", "Ben", "Zoë"},
		"Several people are typing":   {"Ada", "Ben", "Zoë", "Eve"},
	} {
		if got := English.Typing(names); got != want {
			t.Errorf("Typing(%v) = %q, want %q", names, got, want)
		}
	}
}

func TestErrorsInWords(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{errors.New("Failed to fetch"), English.Unreachable},
		{wire.Errorf(wire.CodeRateLimited, "Slow down."), English.TooMany},
		{wire.Errorf(wire.CodeUnavailable, ""), English.Unavailable},
		{wire.Errorf(wire.CodeInternal, "x"), English.Internal},
		{wire.Errorf(wire.CodeForbidden, "Guests cannot do that."), "Guests cannot do that."},
		{wire.Errorf(wire.CodeBadRequest, ""), English.Internal},
	} {
		if got := English.Error(c.err); got != c.want {
			t.Errorf("Error(%v) = %q, want %q", c.err, got, c.want)
		}
	}
}
