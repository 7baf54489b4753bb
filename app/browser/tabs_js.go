package browser

import (
	"context"
	"errors"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"syscall/js"

	"parley/app/client"
)

// Names of locks and channels on our origin. Who leads, and what is said, is for
// the tabs of one person with the same build of the app, as another build may
// speak otherwise. Letters are everybody's who is the same person.
const (
	leadName   = "parley:lead:"   // and user, space, build
	newsName   = "parley:news:"   // likewise
	outboxName = "parley:outbox:" // and user
	tabName    = "parley:tab:"    // and the tab's ID: held while it is there
)

// tabs are the other tabs over a BroadcastChannel (HTML, section 9.5).
type tabs struct {
	id, group, user string
	channel         js.Value
	unlisten        func()
	ctx             context.Context // of the lock that says that this tab is there
	end             context.CancelFunc

	mu sync.Mutex
	in *queue // by mu
}

// NewTabs gives the tabs in which a person has this build of the app open, this
// one among them; nil where the browser cannot tell.
func NewTabs(user string) client.Tabs {
	constructor := js.Global().Get("BroadcastChannel")
	if !lockManager().Truthy() || !constructor.Truthy() {
		return nil
	}
	t := &tabs{id: strconv.FormatUint(rand.Uint64(), 36), group: user + " " + build(), user: user, in: newQueue()}
	if err := try(func() { t.channel = constructor.New(newsName + t.group) }); err != nil {
		return nil
	}
	t.ctx, t.end = context.WithCancel(context.Background())
	if _, err := request(t.ctx, tabName+t.id, false); err != nil {
		t.end()
		return nil
	}
	t.unlisten = listen(t.channel, "message", func(event js.Value) {
		if data := event.Get("data"); data.Type() == js.TypeString {
			t.take([]byte(data.String()))
		}
	})
	return t
}

// build names the build of the app that this page runs: its WASM has a name with
// a hash.
func build() string {
	link := js.Global().Get("document").Call("querySelector", "link[rel=preload][as=fetch]")
	if !link.Truthy() {
		return ""
	}
	return link.Call("getAttribute", "href").String()
}

// take takes a message in. When too much waits, because this tab was frozen for
// long, all of it is dropped: the client finds that something is missing.
func (t *tabs) take(message []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.in.push(message) && t.ctx.Err() == nil {
		t.in = newQueue()
	}
}

// ID names this tab.
func (t *tabs) ID() string { return t.id }

// Lead waits until this tab leads.
func (t *tabs) Lead(ctx context.Context, force bool) (<-chan struct{}, error) {
	l, err := request(ctx, leadName+t.group, force)
	if err == nil {
		err = l.wait(ctx)
	}
	if err != nil {
		return nil, err
	}
	return l.over, nil
}

// Post sends to all others.
func (t *tabs) Post(message []byte) {
	_ = try(func() { t.channel.Call("postMessage", string(message)) }) // it is closed
}

// Next waits for the next message.
func (t *tabs) Next(ctx context.Context) ([]byte, error) {
	for {
		t.mu.Lock()
		in := t.in
		t.mu.Unlock()
		message, err := in.pop(ctx)
		if !errors.Is(err, errOverflow) {
			return message, err
		}
	}
}

// Alive are the tabs that are there.
func (t *tabs) Alive(ctx context.Context) (map[string]bool, error) {
	all, err := await(ctx, lockManager().Call("query"))
	if err != nil {
		return nil, err
	}
	alive := map[string]bool{}
	held := all.Get("held")
	for i := range held.Length() {
		if id, ok := strings.CutPrefix(held.Index(i).Get("name").String(), tabName); ok {
			alive[id] = true
		}
	}
	return alive, nil
}

// Alone runs fn while no other tab runs its own.
func (t *tabs) Alone(ctx context.Context, fn func()) error {
	held, release := context.WithCancel(t.ctx)
	defer release()
	l, err := request(held, outboxName+t.user, false)
	if err == nil {
		err = l.wait(ctx)
	}
	if err == nil {
		fn()
	}
	return err
}

// Close leaves the others.
func (t *tabs) Close() {
	t.end()
	t.unlisten()
	t.channel.Call("close")
	t.mu.Lock()
	defer t.mu.Unlock()
	t.in.close(errClosedHere)
}
