// Package web is Parley over HTTP: the API of docs/protocol.md, the four
// transports of the feed, cookies and tokens, limits, and the page.
//
// # How a request goes
//
//	listener    counts connections by address (conns.go)
//	entrance    who asks, from where (visitor.go); security headers; deadlines; panics (entrance.go)
//	route       one table of paths and methods (routes.go)
//	handler     returns an error, which is written in one place (problem.go)
//
// A handler gets an [answer], a ResponseWriter that moves its own write
// deadline, so that a feed lives for days and a reader that stalls does not.
//
// # Who owns which goroutine
//
// net/http owns one for each connection. A WebSocket leaves it at the upgrade:
// it has one that writes batches, one that reads commands, and up to eight that
// run them; all end before the socket is counted out, and Serve waits for that.
package web
