package wire_test

import (
	"errors"
	"fmt"
	"testing"

	"parley/shared/wire"
)

// The table of codes and statuses, as programs outside rely on it.
func TestCodesAndStatuses(t *testing.T) {
	table := map[wire.Code]int{
		wire.CodeBadRequest: 400, wire.CodeUnauthenticated: 401, wire.CodeForbidden: 403, wire.CodeNotFound: 404,
		wire.CodeMethodNotAllowed: 405, wire.CodeConflict: 409, wire.CodeTooLarge: 413,
		wire.CodeUnsupportedMediaType: 415, wire.CodeRateLimited: 429, wire.CodeInternal: 500, wire.CodeUnavailable: 503,
	}
	for code, status := range table {
		if got := code.Status(); got != status {
			t.Errorf("%s: status %d, want %d", code, got, status)
		}
		if got := wire.CodeOf(status); got != code {
			t.Errorf("%d: code %s, want %s", status, got, code)
		}
		if p := wire.Errorf(code, "x"); p.Status != status || p.Title == "" || p.Type != "about:blank" {
			t.Errorf("%s: incomplete problem %+v", code, p)
		}
	}
}

// A status that only proxies say still means something to a client.
func TestCodeOfForeignStatus(t *testing.T) {
	for status, want := range map[int]wire.Code{
		302: wire.CodeBadRequest, 407: wire.CodeBadRequest, 418: wire.CodeBadRequest,
		501: wire.CodeInternal, 502: wire.CodeUnavailable, 504: wire.CodeUnavailable, 520: wire.CodeInternal,
	} {
		if got := wire.CodeOf(status); got != want {
			t.Errorf("%d: %s, want %s", status, got, want)
		}
	}
	if got := wire.Code("no such code").Status(); got != 500 {
		t.Errorf("unknown code: status %d", got)
	}
}

// A client decides by what it knows, also when the server is of a later version.
func TestUnknownCode(t *testing.T) {
	for in, want := range map[string]wire.Code{
		`{"status":410,"code":"gone"}`:           wire.CodeBadRequest,
		`{"status":429,"code":"slow_down"}`:      wire.CodeRateLimited,
		`{"status":503,"code":"on_holiday"}`:     wire.CodeUnavailable,
		`{"status":404,"code":"conflict"}`:       wire.CodeConflict,
		`{"status":404,"title":"not of Parley"}`: "",
	} {
		var p wire.Problem
		if err := wire.Decode([]byte(in), &p); err != nil || p.Code != want {
			t.Errorf("%s: %q, %v, want %q", in, p.Code, err, want)
		}
		var f wire.Frame
		if err := wire.Decode([]byte(`{"reply":1,"error":`+in+`}`), &f); err != nil || f.Error.Code != want {
			t.Errorf("%s in a reply: %+v, %v, want %q", in, f.Error, err, want)
		}
	}
}

func TestProblemIsAnError(t *testing.T) {
	p := wire.Errorf(wire.CodeNotFound, "There is no room %q.", "r1")
	err := fmt.Errorf("join: %w", p)
	switch {
	case p.Error() != `not_found: There is no room "r1".`:
		t.Error(p.Error())
	case !errors.Is(err, wire.Errorf(wire.CodeNotFound, "")):
		t.Error("not the same code")
	case errors.Is(err, wire.Errorf(wire.CodeConflict, "")) || errors.Is(err, errors.ErrUnsupported):
		t.Error("the same as another code")
	case wire.CodeFrom(err) != wire.CodeNotFound || wire.CodeFrom(errors.ErrUnsupported) != "" || wire.CodeFrom(nil) != "":
		t.Error("CodeFrom")
	case p.After(3).RetryAfter != 3 || p.RetryAfter != 0:
		t.Error("After must not change its receiver")
	}
}
