package badproxy

import (
	"io"
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"
)

var quiet = log.New(io.Discard, "", 0) // aborted exchanges are what this package is for

// forwardTo is a proxy without fault: it passes everything on as it is, 101
// and streams included, and says 502 for a server that it does not reach.
func forwardTo(upstream string) http.Handler {
	target := &url.URL{Scheme: "http", Host: upstream}
	return &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			r.Out.Host = r.In.Host
		},
		// A connection for each request: one that is used again can be found dead,
		// and net/http would then send a request twice without telling.
		Transport:     &http.Transport{DisableKeepAlives: true, DisableCompression: true},
		FlushInterval: -1,
		ErrorLog:      quiet,
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, _ error) {
			if r.Context().Err() != nil {
				abort()
			}
			w.WriteHeader(http.StatusBadGateway)
		},
	}
}

// abort ends the exchange by closing the client's connection.
func abort() { panic(http.ErrAbortHandler) }
