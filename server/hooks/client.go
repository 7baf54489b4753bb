package hooks

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"
)

const (
	// dialTime bounds a connection: a host that swallows packets.
	dialTime = 5 * time.Second
	// maxTime bounds an attempt in all: an answer that drips.
	maxTime = 10 * time.Second
	// maxAnswer bounds in bytes what is read of an answer: one without end.
	maxAnswer = 64 << 10
	// maxHead bounds in bytes the header of an answer.
	maxHead = 16 << 10
)

// newClient is how webhooks are posted to. The dialer's Control sees the address
// that a name has been resolved to, and nothing comes between it and the
// connection.
func newClient(resolver *net.Resolver, private bool) *http.Client {
	dialer := &net.Dialer{
		Timeout:        dialTime,
		Resolver:       resolver,
		ControlContext: checkAddress(private),
	}
	var http1 http.Protocols
	http1.SetHTTP1(true)
	return &http.Client{
		// What leads elsewhere is not gone to.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			Proxy:                  nil, // one of the environment would connect in our place
			DialContext:            dialer.DialContext,
			Protocols:              &http1,
			TLSHandshakeTimeout:    dialTime,
			MaxResponseHeaderBytes: maxHead,
			MaxIdleConnsPerHost:    1,
			MaxIdleConns:           100,
			IdleConnTimeout:        30 * time.Second,
			DisableCompression:     true, // a bomb stays as small as it comes
		},
	}
}

// checkAddress refuses connections to where the server does not post to.
func checkAddress(private bool) func(context.Context, string, string, syscall.RawConn) error {
	return func(_ context.Context, network, address string, _ syscall.RawConn) error {
		to, err := netip.ParseAddrPort(address)
		if err != nil {
			return fmt.Errorf("%s %s: %w", network, address, err)
		}
		if !mayReach(to.Addr(), private) {
			return errPrivate
		}
		return nil
	}
}

// whatFailed says in words why there was no answer. The address stays out of it.
func whatFailed(err error) string {
	var (
		dns     *net.DNSError
		request *url.Error
		op      *net.OpError
	)
	switch {
	case errors.Is(err, errPrivate):
		return "The address is refused: " + errPrivate.Error() + "."
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Sprintf("It did not answer within %d s.", int(maxTime.Seconds()))
	case errors.As(err, &dns):
		return "Its name cannot be resolved: " + cmp.Or(dns.Err, "no answer") + "."
	case errors.As(err, &op):
		return "It cannot be reached: " + op.Err.Error() + "."
	case errors.As(err, &request):
		err = request.Err
	}
	return "It did not answer: " + err.Error() + "."
}
