package chrome

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Node is something that a screen reader would tell of.
type Node struct {
	page    *Page
	Role    string
	Name    string
	Value   string
	Props   map[string]string // focused, disabled, expanded, live ...
	backend cdp.BackendNodeID
}

// All are the nodes with this role and this name (anything when empty) that
// are there at the moment, in the document's order, hidden ones left out.
func (p *Page) All(role, name string) []Node {
	root, err := chromedp.Run(p.ctx, chromedp.Evaluate[*runtime.RemoteObject]("document"))
	if err != nil {
		return nil // between two documents
	}
	res, err := try(p, accessibility.QueryAXTree, accessibility.QueryAXTreeParams{ObjectID: root.ObjectID, Role: role, AccessibleName: name})
	if err != nil {
		return nil
	}
	var nodes []Node
	for _, n := range res.Nodes {
		if !n.Ignored && n.BackendDOMNodeID != 0 {
			nodes = append(nodes, p.node(n))
		}
	}
	return nodes
}

func (p *Page) node(n *accessibility.Node) Node {
	node := Node{
		page: p, Role: axString(n.Role), Name: axString(n.Name), Value: axString(n.Value),
		Props: map[string]string{}, backend: n.BackendDOMNodeID,
	}
	for _, prop := range n.Properties {
		node.Props[string(prop.Name)] = axString(prop.Value)
	}
	return node
}

func axString(v *accessibility.Value) string {
	if v == nil {
		return ""
	}
	var s string
	if json.Unmarshal(v.Value, &s) == nil {
		return s
	}
	return string(v.Value)
}

// Has tells whether such a node is there now.
func (p *Page) Has(role, name string) bool { return len(p.All(role, name)) > 0 }

// Find waits for a node with this role and exactly this name.
func (p *Page) Find(role, name string) Node {
	p.t.Helper()
	var nodes []Node
	p.Wait(fmt.Sprintf("%s %q", role, name), func() bool {
		nodes = p.All(role, name)
		return len(nodes) > 0
	})
	return nodes[0]
}

// Match waits for a node with this role whose name matches.
func (p *Page) Match(role string, name *regexp.Regexp) Node {
	p.t.Helper()
	var found Node
	p.Wait(fmt.Sprintf("%s like %v", role, name), func() bool {
		for _, n := range p.All(role, "") {
			if name.MatchString(n.Name) {
				found = n
				return true
			}
		}
		return false
	})
	return found
}

// Gone waits until no such node is there.
func (p *Page) Gone(role, name string) {
	p.t.Helper()
	p.Wait(fmt.Sprintf("%s %q to go", role, name), func() bool { return !p.Has(role, name) })
}

// Text is what can be read in the node.
func (n Node) Text() string {
	v, err := n.call("function() { return this.innerText ?? this.textContent }")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(v)
}

// call runs a function on the node's element; its result becomes a string.
func (n Node) call(function string) (string, error) {
	res, err := try(n.page, dom.ResolveNode, dom.ResolveNodeParams{BackendNodeID: n.backend})
	if err != nil {
		return "", err
	}
	return chromedp.Run(n.page.ctx, chromedp.CallFunctionOn[string](
		"function() { return String(("+function+").call(this)) }",
		func(c *runtime.CallFunctionOnParams) { c.ObjectID = res.Object.ObjectID },
	))
}

// Focused is what has the keyboard; nothing is a node without a role.
func (p *Page) Focused() Node {
	p.t.Helper()
	element, err := chromedp.Run(p.ctx, chromedp.Evaluate[*runtime.RemoteObject]("document.activeElement ?? document.body"))
	if err != nil || element.ObjectID == "" {
		return Node{page: p}
	}
	res, err := try(p, accessibility.GetPartialAXTree, accessibility.GetPartialAXTreeParams{ObjectID: element.ObjectID, FetchRelatives: new(false)})
	if err != nil || len(res.Nodes) == 0 {
		return Node{page: p}
	}
	return p.node(res.Nodes[0])
}
