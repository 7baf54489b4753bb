package chrome

import (
	"fmt"
	"regexp"

	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Click clicks a button, link or whatever has this role and name, with the
// mouse, where it can be seen.
func (p *Page) Click(role, name string) {
	p.t.Helper()
	p.Wait(fmt.Sprintf("%s %q to take a click", role, name), func() bool { return p.TryClick(role, name) })
}

// TryClick is Click if it is there now, and tells whether: for what shows only
// while something is done, and may have gone again.
func (p *Page) TryClick(role, name string) bool {
	nodes := p.All(role, name)
	return len(nodes) > 0 && nodes[0].click() == nil
}

// ClickMatch is Click for a name that is known in part only.
func (p *Page) ClickMatch(role string, name *regexp.Regexp) {
	p.t.Helper()
	p.Wait(fmt.Sprintf("%s like %v to take a click", role, name), func() bool {
		for _, n := range p.All(role, "") {
			if name.MatchString(n.Name) {
				return n.click() == nil
			}
		}
		return false
	})
}

// Click clicks the node, as soon as it can be seen.
func (n Node) Click() {
	n.page.t.Helper()
	n.page.Wait(fmt.Sprintf("this %s %q to take a click", n.Role, n.Name), func() bool { return n.click() == nil })
}

func (n Node) click() error {
	x, y, err := n.center()
	if err != nil {
		return err
	}
	// What lies on top gets the click, as it would from a person.
	hit, err := n.call(fmt.Sprintf(`function() {
		const e = document.elementFromPoint(%f, %f);
		return !!e && (this.contains(e) || e.contains(this) || (this.labels && [...this.labels].some(l => l.contains(e))));
	}`, x, y))
	if err != nil {
		return err
	}
	if hit != "true" {
		return fmt.Errorf("something lies on top of it")
	}
	return chromedp.Do(n.page.ctx, chromedp.MouseClickXY(x, y))
}

// center scrolls the node into sight and gives its middle.
func (n Node) center() (x, y float64, err error) {
	if _, err := try(n.page, dom.ScrollIntoViewIfNeeded, dom.ScrollIntoViewIfNeededParams{BackendNodeID: n.backend}); err != nil {
		return 0, 0, err
	}
	res, err := try(n.page, dom.GetContentQuads, dom.GetContentQuadsParams{BackendNodeID: n.backend})
	if err != nil {
		return 0, 0, err
	}
	if len(res.Quads) == 0 {
		return 0, 0, fmt.Errorf("it takes no room")
	}
	q := res.Quads[0] // x1 y1 ... x4 y4
	return (q[0] + q[2] + q[4] + q[6]) / 4, (q[1] + q[3] + q[5] + q[7]) / 4, nil
}

// Fill puts text into a field in the place of what is in it.
func (p *Page) Fill(role, name, text string) {
	p.t.Helper()
	p.Click(role, name)
	call(p, "select all", input.DispatchKeyEvent, input.DispatchKeyEventParams{
		Type: input.DispatchKeyEventTypeRawKeyDown, Key: "a", Code: "KeyA", WindowsVirtualKeyCode: 'A',
		Modifiers: int64(kb.ModifierCtrl), Commands: []string{"selectAll"},
	})
	p.Insert(text)
}

// Insert puts text in where the cursor is, as a paste or an emoji keyboard does.
func (p *Page) Insert(text string) {
	p.t.Helper()
	call(p, "insert text", input.InsertText, input.InsertTextParams{Text: text})
}

// Type types text, key by key, where the cursor is.
func (p *Page) Type(text string) {
	p.t.Helper()
	p.do("type", chromedp.KeyEvent(text))
}

// InSight tells whether the node is wholly inside the window.
func (n Node) InSight() bool {
	in, err := n.call(`function() { const r = this.getBoundingClientRect();
		return r.top >= 0 && r.left >= 0 && r.bottom <= innerHeight + 1 && r.right <= innerWidth + 1 }`)
	return err == nil && in == "true"
}

// Choose chooses files of this machine in a file input, as in the dialog that a
// click on it would open.
func (p *Page) Choose(selector string, paths ...string) {
	p.t.Helper()
	p.Wait("the file input "+selector, func() bool {
		root, err := try(p, dom.GetDocument, dom.GetDocumentParams{})
		if err != nil {
			return false
		}
		found, err := try(p, dom.QuerySelector, dom.QuerySelectorParams{NodeID: root.Root.NodeID, Selector: selector})
		if err != nil || found.NodeID == 0 {
			return false
		}
		_, err = try(p, dom.SetFileInputFiles, dom.SetFileInputFilesParams{Files: paths, NodeID: found.NodeID})
		return err == nil
	})
}
