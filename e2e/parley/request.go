package parley

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"

	"parley/shared/wire"
)

// Do runs a command over HTTP, once. The error is a *wire.Problem when the
// server said so.
func (u *User) Do(ctx context.Context, cmd string, args, result any) error {
	_, err := u.ask(ctx, http.MethodPost, "/"+cmd, args, result)
	return err
}

// Get asks a query, once.
func (u *User) Get(ctx context.Context, path string, result any) error {
	_, err := u.ask(ctx, http.MethodGet, path, nil, result)
	return err
}

func (u *User) ask(ctx context.Context, method, path string, args, result any) (http.Header, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var body io.Reader = http.NoBody
	if args != nil {
		body = bytes.NewReader(wire.Encode(args))
	}
	req, err := http.NewRequestWithContext(ctx, method, u.origin+"/api/v1"+path, body)
	if err != nil {
		return nil, err
	}
	req.Header = u.Header()
	if args != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := transport().RoundTrip(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	return res.Header, decode(res, result)
}

func decode(res *http.Response, result any) error {
	data, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode/100 == 2 {
		if len(data) == 0 || result == nil {
			return nil
		}
		return wire.Decode(data, result)
	}
	var problem wire.Problem
	if wire.Decode(data, &problem) == nil && problem.Code != "" {
		return &problem
	}
	return fmt.Errorf("status %d from something that is not parley", res.StatusCode)
}

// transport makes a connection for each request: net/http sends some requests
// again by itself when a connection that it kept turns out dead, which would
// hide what these tests are about.
func transport() *http.Transport { return &http.Transport{DisableKeepAlives: true} }

// Fetch gives what is at a path of the server's, such as that of a file.
func (u *User) Fetch(ctx context.Context, path string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.origin+path, http.NoBody)
	if err != nil {
		return nil, err
	}
	req.Header = u.Header()
	res, err := transport().RoundTrip(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: status %d", path, res.StatusCode)
	}
	return io.ReadAll(res.Body)
}
