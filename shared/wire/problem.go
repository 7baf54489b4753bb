package wire

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// Code is the stable part of a problem: what a program decides by.
type Code string

// The codes. Each stands for one HTTP status, see [Code.Status].
const (
	CodeBadRequest           Code = "bad_request"
	CodeUnauthenticated      Code = "unauthenticated"
	CodeForbidden            Code = "forbidden"
	CodeNotFound             Code = "not_found"
	CodeMethodNotAllowed     Code = "method_not_allowed"
	CodeConflict             Code = "conflict"
	CodeTooLarge             Code = "too_large"
	CodeUnsupportedMediaType Code = "unsupported_media_type"
	CodeRateLimited          Code = "rate_limited"
	CodeUnavailable          Code = "unavailable"
	CodeInternal             Code = "internal"
)

// codes is the one table between codes, statuses and titles. The server reads
// it from left to right, clients from status to code where a later version
// says a code that they do not know.
var codes = []codeRow{
	{CodeBadRequest, 400, "Bad request"},
	{CodeUnauthenticated, 401, "Sign in first"},
	{CodeForbidden, 403, "Not allowed"},
	{CodeNotFound, 404, "Not found"},
	{CodeMethodNotAllowed, 405, "Method not allowed"},
	{CodeConflict, 409, "Conflict"},
	{CodeTooLarge, 413, "Too large"},
	{CodeUnsupportedMediaType, 415, "Unsupported media type"},
	{CodeRateLimited, 429, "Too many requests"},
	{CodeInternal, 500, "Internal error"},
	{CodeUnavailable, 503, "Not available at the moment"},
}

type codeRow struct {
	code   Code
	status int
	title  string
}

// Status is the HTTP status of a code; 500 for an unknown one.
func (c Code) Status() int {
	for _, row := range codes {
		if row.code == c {
			return row.status
		}
	}
	return 500
}

// CodeOf is the code that a client decides by when all it understands is the
// HTTP status. 502 and 504, which proxies say for a
// server they do not reach, count as [CodeUnavailable]; other unknown statuses
// as [CodeBadRequest] below 500 and [CodeInternal] from there on.
func CodeOf(status int) Code {
	for _, row := range codes {
		if row.status == status {
			return row.code
		}
	}
	switch {
	case status == 502 || status == 504:
		return CodeUnavailable
	case status < 500:
		return CodeBadRequest
	}
	return CodeInternal
}

// Problem is an error as the other end reads it: RFC 9457,
// application/problem+json. It is an error of the domain; what went wrong
// inside is not in it.
type Problem struct {
	Type       string `json:"type"` // always "about:blank"
	Title      string `json:"title"`
	Status     int    `json:"status"`
	Detail     string `json:"detail"`
	Code       Code   `json:"code"`
	RetryAfter int    `json:"retry_after,omitempty"` // seconds, where waiting helps
}

// UnmarshalJSON reads a problem. A code that this version does not know becomes
// the one that stands for the same status.
func (p *Problem) UnmarshalJSON(data []byte) error {
	type fields Problem
	if err := json.Unmarshal(data, (*fields)(p)); err != nil {
		return err
	}
	known := slices.ContainsFunc(codes, func(row codeRow) bool { return row.code == p.Code })
	if p.Code != "" && !known {
		p.Code = CodeOf(p.Status)
	}
	return nil
}

// ProblemType is the media type of a Problem.
const ProblemType = "application/problem+json"

// Errorf is a Problem with its detail as in fmt.Sprintf: a sentence that the
// person who asked can act on.
func Errorf(code Code, format string, args ...any) *Problem {
	p := &Problem{Type: "about:blank", Status: code.Status(), Code: code, Detail: fmt.Sprintf(format, args...)}
	for _, row := range codes {
		if row.code == code {
			p.Title = row.title
		}
	}
	return p
}

// After is p with the seconds after which trying again makes sense.
func (p *Problem) After(seconds int) *Problem {
	q := *p
	q.RetryAfter = seconds
	return &q
}

// Error is the code and the detail.
func (p *Problem) Error() string { return string(p.Code) + ": " + p.Detail }

// Is makes errors.Is(err, Errorf(code, "")) true for problems of that code.
func (p *Problem) Is(target error) bool {
	q, ok := target.(*Problem)
	return ok && q.Code == p.Code
}

// CodeFrom is the code of the Problem in err's chain, "" when there is none.
func CodeFrom(err error) Code {
	var p *Problem
	if errors.As(err, &p) {
		return p.Code
	}
	return ""
}
