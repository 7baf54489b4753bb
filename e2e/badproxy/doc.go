// Package badproxy is a reverse proxy that misbehaves in the ways that real
// ones do: companies' middle-boxes that refuse WebSocket or swallow it, ones
// that buffer streams, networks that cut, drop and delay. Tests put it between
// a client and the server and switch its faults while both are running.
//
//	p, err := badproxy.Start(server, badproxy.WSMute(), badproxy.Latency(20*time.Millisecond))
//	...                            // clients talk to p.URL()
//	p.Set(badproxy.Refuse())       // from now on, for new requests
//	p.Cut()                        // and what is open breaks
//	p.Silence()                    // the network is gone without a word
//	p.Speak()                      // and back, for new connections
//	p.Set()                        // healed
//	p.Close()                      // waits for everything that it started
//
// A [Fault] wraps the handler of one exchange, so faults compose: the first
// one given is the nearest to the client. The proxy adds no header of its own
// and passes Host on, so the server sees what a client would have sent it.
package badproxy
