// Package parts writes the parts of the page that the server draws first and
// the app takes over as they stand: the ways in, the frame of the timeline, and
// the composer. What somebody has typed into them, where the caret is and how
// far they have read lives in these elements, so there must be one of each, and
// one place that says what it looks like. (What is around them the app draws
// anew; a test compares the two.)
//
// All of them work without the app, as forms that are posted.
package parts
