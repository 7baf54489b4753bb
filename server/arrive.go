package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"

	"parley/shared/wire"
)

// arriveTime is how long the first answer may take.
const arriveTime = 15 * time.Second

// arrival is what the first answer of a server says of the way there.
type arrival struct {
	Name    string   `json:"name"`
	Version string   `json:"version"`
	Proto   string   `json:"http"`
	TLS     string   `json:"tls,omitempty"`
	Issuer  string   `json:"certificate_issuer,omitempty"`
	Expires string   `json:"certificate_expires,omitempty"`
	Headers []string `json:"proxy_headers,omitempty"` // by which something in between makes itself known
}

// String is the arrival for a person.
func (a arrival) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (Parley %s) over %s", a.Name, a.Version, a.Proto)
	if a.TLS != "" {
		fmt.Fprintf(&b, ", %s, certificate by %s until %s", a.TLS, a.Issuer, a.Expires)
	}
	for _, h := range a.Headers {
		b.WriteString("\n" + h)
	}
	return b.String()
}

// originOf reads what a person types for a server's address.
func originOf(address string) (string, error) {
	if !strings.Contains(address, "://") {
		address = "https://" + address
	}
	u, err := url.Parse(address)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return "", fmt.Errorf("%s is not an address such as https://chat.example.com", address)
	}
	return u.Scheme + "://" + u.Host, nil
}

// arrive asks the server who it is. The error says what is in the way.
func arrive(ctx context.Context, origin string) (arrival, error) {
	ctx, cancel := context.WithTimeout(ctx, arriveTime)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, origin+"/api/v1/about", nil)
	if err != nil {
		return arrival{}, err
	}
	c := &http.Client{
		Transport:     http.DefaultTransport.(*http.Transport).Clone(),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	defer c.CloseIdleConnections()
	a, err := c.Do(r)
	if err != nil {
		return arrival{}, inTheWay(err)
	}
	defer a.Body.Close()
	body, err := io.ReadAll(io.LimitReader(a.Body, 64<<10))
	if err != nil {
		return arrival{}, fmt.Errorf("the answer breaks off: %w", err)
	}
	return arrivalOf(a, body)
}

func arrivalOf(a *http.Response, body []byte) (arrival, error) {
	var about wire.About
	switch {
	case a.StatusCode/100 == 3:
		return arrival{}, fmt.Errorf("it sends us elsewhere, to %s: a hotspot that wants a sign-in, or another address", a.Header.Get("Location"))
	case a.StatusCode != http.StatusOK:
		return arrival{}, fmt.Errorf("this is no Parley, or something in between refuses: it answers %s", a.Status)
	case json.Unmarshal(body, &about) != nil || about.Heartbeat == 0:
		return arrival{}, errors.New("this is no Parley: it answers with something else")
	}
	v := arrival{Name: about.Name, Version: about.Version, Proto: a.Proto}
	if a.TLS != nil {
		v.TLS = tls.VersionName(a.TLS.Version)
		if certs := a.TLS.PeerCertificates; len(certs) > 0 {
			v.Issuer, v.Expires = certs[0].Issuer.CommonName, certs[0].NotAfter.Format(time.DateOnly)
		}
	}
	for _, name := range []string{"Server", "Via", "X-Cache", "Cf-Ray", "X-Served-By", "X-Proxy-Id", "Alt-Svc"} {
		for _, value := range a.Header[name] {
			v.Headers = append(v.Headers, name+": "+value)
		}
	}
	return v, nil
}

// inTheWay is a network's error in words.
func inTheWay(err error) error {
	var (
		dns       *net.DNSError
		record    tls.RecordHeaderError
		unknown   x509.UnknownAuthorityError
		host      x509.HostnameError
		invalid   x509.CertificateInvalidError
		timeout   interface{ Timeout() bool }
		malformed = strings.Contains(err.Error(), "malformed HTTP")
	)
	switch {
	case errors.As(err, &dns):
		return fmt.Errorf("the name %s cannot be resolved", dns.Name)
	case errors.Is(err, syscall.ECONNREFUSED):
		return errors.New("nothing listens there: the connection is refused")
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("the connection is cut before there is an answer")
	case errors.As(err, &record), malformed, strings.Contains(err.Error(), "server gave HTTP response to HTTPS client"):
		return errors.New("what answers there speaks no HTTP, or not with this scheme")
	case errors.As(err, &unknown):
		return errors.New("the certificate is signed by nobody known: it is self-made, or something in between opens the encryption")
	case errors.As(err, &host):
		return fmt.Errorf("the certificate is for another name: %w", host)
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return errors.New("the certificate has expired, or the clock here is wrong")
	case errors.As(err, &invalid):
		return fmt.Errorf("the certificate is not valid: %w", invalid)
	case errors.As(err, &timeout) && timeout.Timeout():
		return fmt.Errorf("no answer within %v", arriveTime)
	}
	return err
}
