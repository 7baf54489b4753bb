// Package lab is the Connection Lab without a screen: it runs the four rungs side
// by side against a server, measures what becomes of them in this network, and
// says in a verdict what that means. The page /lab draws it in the browser, and
// `parley doctor` prints it in a terminal.
//
// A [Lab] has one goroutine for each lane and one for its echoes; Run waits for
// all of them. A lane is a stream of the server's ticks (PROTOCOL, "The lab"):
// each tick says when the server had it, so that what is held back on the way
// shows as ticks that come late, whatever the difference of the two clocks. Into
// each lane the lab posts numbers, and takes the time until they come back: that
// is what a message of one's own feels like on that rung.
package lab
