// Package ui is what a person sees: go-app components, one file each, around
// two islands of plain DOM, the timeline and the composer.
//
// # Who owns what
//
// A [Model] holds everything that is shown. Only go-app's UI goroutine touches
// it: event handlers, and what is handed over by dispatch. Slow things (the
// network) run in goroutines of their own and dispatch their outcome.
//
// The client tells its changes from its own goroutine; they are gathered and
// applied in one go before the next frame (changes.go). A component gets the
// Model and a revision; it is drawn again when the revision of what it shows
// has moved.
//
// # Islands
//
// A room of five thousand messages drawn by a virtual DOM costs more with every
// message. The timeline therefore is plain DOM: sections of fifty rows, written
// by package rows as text, and changed only where something changed. What is to
// be changed is decided in plan.go, which knows no DOM and is tested natively.
// The composer is an island too, so that nothing ever touches what somebody is
// typing.
package ui
