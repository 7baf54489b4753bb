package client

import (
	"context"

	"parley/shared/wire"
)

// Tabs ties together the tabs of one browser that share a feed: those in which
// one person has the same build of the app open. All methods may be called
// concurrently, and return at once when ctx ends.
type Tabs interface {
	// ID names this tab, unlike any other there ever was.
	ID() string
	// Lead waits until this tab is the one that leads; with force it takes the
	// lead from whichever has it. The lead ends with ctx, or when it is taken by
	// force, which closes lost. The browser gives it on when the tab ends, however
	// that happens. The error means that nothing can be shared here.
	Lead(ctx context.Context, force bool) (lost <-chan struct{}, err error)
	// Post sends a message to all other tabs. It does not block.
	Post(message []byte)
	// Next waits for the next message of another tab. The messages of one tab come
	// in order, each once.
	Next(ctx context.Context) ([]byte, error)
	// Alive are the IDs of the tabs that are there now, frozen ones included.
	Alive(ctx context.Context) (map[string]bool, error)
	// Alone runs fn while no other tab runs its own. When the error is not nil, fn
	// was not run.
	Alone(ctx context.Context, fn func()) error
	// Close leaves the others.
	Close()
}

// tabMessage is what tabs say to each other: a question, a goodbye, or the news
// of the one that leads.
type tabMessage struct {
	From string `json:"from"`
	Term int64  `json:"term"` // of the leader, or the newest that an asking tab has heard of

	Ask   bool `json:"ask,omitempty"`   // whoever leads is to say that it is there,
	Wake  bool `json:"wake,omitempty"`  // and to look at its connection,
	Sweep bool `json:"sweep,omitempty"` // which may have died
	Bye   bool `json:"bye,omitempty"`   // the tab has ended its client: look whether you are still signed in

	News *news `json:"news,omitempty"`
}

// news is where the leader stands, and how it got there from Before, if that is
// not empty.
type news struct {
	Status Status       `json:"status"`
	Before string       `json:"before,omitempty"`
	Cursor string       `json:"cursor"`
	Events []wire.Event `json:"events,omitempty"`
	More   bool         `json:"more,omitempty"` // the server had further events
	Anew   bool         `json:"anew,omitempty"` // the events begin to say anew who is online
	Online []string     `json:"online,omitempty"`
	Told   bool         `json:"told,omitempty"` // Online is who is online
}
