package follow

import (
	"context"
	"fmt"
	"io"
	"mime"
	"net/http"
	"time"
)

func (r *Reader) poll(ctx context.Context, cancel context.CancelFunc, t Transport, wait string) error {
	watchdog := time.AfterFunc(silence, cancel)
	defer watchdog.Stop()
	res, err := r.get(ctx, wait, "")
	if err != nil {
		return err
	}
	defer res.Body.Close()
	data, err := io.ReadAll(io.LimitReader(res.Body, readLimit))
	if err != nil {
		return err
	}
	if _, err := r.batch(t, data); err != nil {
		return err
	}
	r.conns[t]++
	return errAgain
}

// get asks for the feed. Only 502, which our proxies say for a server that is
// down, and 503 and 429 of the server itself, are worth another try.
func (r *Reader) get(ctx context.Context, wait, accept string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.url(wait), http.NoBody)
	if err != nil {
		return nil, err
	}
	req.Header = r.user.Header()
	want := "application/json"
	if accept != "" {
		req.Header.Set("Accept", accept)
		want = accept
	}
	res, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
	if err != nil {
		return nil, err
	}
	if got, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type")); res.StatusCode == http.StatusOK && got == want {
		return res, nil
	}
	defer res.Body.Close()
	switch res.StatusCode {
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusTooManyRequests:
		return nil, fmt.Errorf("status %d", res.StatusCode)
	}
	body, _ := io.ReadAll(io.LimitReader(res.Body, 500))
	return nil, broken("status %d, %s: %s", res.StatusCode, res.Header.Get("Content-Type"), body)
}
