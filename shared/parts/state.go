package parts

import "parley/shared/wire"

// StateID is the element of the page that holds a [State] as JSON.
const StateID = "state"

// PageID is the element that holds what the server drew. The app draws beside
// it, takes its parts over, and removes what is left.
const PageID = "page"

// State is what the server's page tells the app, so that it need not ask.
type State struct {
	About wire.About     `json:"about"`
	Code  bool           `json:"code,omitempty"`  // the set-up asks for a code
	Guest bool           `json:"guest,omitempty"` // the invite is for a guest
	Next  string         `json:"next,omitempty"`  // the path that signing in leads to, if the page is not there already
	Room  string         `json:"room,omitempty"`  // that is shown
	Start *wire.Snapshot `json:"start,omitempty"` // nil: nobody is signed in
	Offer *wire.Room     `json:"offer,omitempty"` // that the path names, and that one may join
}
