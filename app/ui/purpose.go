package ui

import (
	"context"
	"encoding/json"

	"parley/shared/wire"
)

// purpose is what the text in the composer is for, where that is no new message
// that stands for itself. It is kept beside the draft.
type purpose struct {
	Reply *wire.Quote `json:"reply,omitempty"` // what the new message answers
	Edit  *keptEdit   `json:"edit,omitempty"`  // the draft waits for the end of it
}

// keptEdit is a message of one's own on its way to saying something else.
type keptEdit struct {
	Seq  uint64 `json:"seq"`
	Rev  uint64 `json:"rev"`
	Was  string `json:"was"`
	Text string `json:"text"`
}

func (m *Model) purposeKey(room string) string { return "purpose/" + m.Me.ID + "/" + room }

// keepPurpose keeps it over rooms and reloads.
func (c *composer) keepPurpose() error {
	var p purpose
	if q := c.replies[c.room]; q.Seq != 0 {
		p.Reply = &q
	}
	if e, text := c.editing, c.text.Get("value").String(); e != nil && text != e.msg.Text {
		p.Edit = &keptEdit{Seq: e.msg.Seq, Rev: e.msg.Rev, Was: e.msg.Text, Text: text}
	}
	var value []byte
	if p != (purpose{}) {
		value = wire.Encode(p)
	}
	return c.m.store.Save(context.Background(), c.m.purposeKey(c.room), value)
}

// recall takes up what was kept of the room, and gives the text of it: that of an
// edit, or the draft.
func (c *composer) recall() (draft, text string) {
	value, _ := c.m.store.Load(context.Background(), c.m.draftKey(c.room))
	draft, text = string(value), string(value)
	value, _ = c.m.store.Load(context.Background(), c.m.purposeKey(c.room))
	var p purpose
	if json.Unmarshal(value, &p) != nil {
		p = purpose{} // an older version's, or none
	}
	delete(c.replies, c.room)
	if p.Reply != nil {
		c.replies[c.room] = *p.Reply
	}
	c.editing = nil
	if e := p.Edit; e != nil {
		text = e.Text
		msg := wire.Message{Room: c.room, Seq: e.Seq, Rev: e.Rev, Author: c.m.Me.ID, Text: e.Was}
		c.editing = &editing{msg: msg, stash: draft}
	}
	return draft, text
}
