// Package browser is what the client and the screens need of a browser, in
// thin adapters over syscall/js: requests and streams over fetch, WebSockets,
// a small store, the page's own events, times in the reader's language, and
// the clipboard.
//
// Compiled for anything but a browser all of it is there and refuses with
// [errors.ErrUnsupported], so that what uses it can be compiled, vetted and
// tested natively.
//
// JavaScript has one thread, and a callback that blocks stops the page: no
// callback in here waits for anything. What comes from the network waits in
// bounded queues; nothing waits for its reader.
package browser
