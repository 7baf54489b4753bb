package chrome

// Row is one message as it stands in the conversation.
type Row struct {
	Seq    uint64  `json:"seq"`   // 0 while it is on its way
	State  string  `json:"state"` // sending, failed; empty when it has a seq
	Text   string  `json:"text"`  // what can be read
	Author string  `json:"author"`
	Head   bool    `json:"head"` // the author's name is written above it
	Top    float64 `json:"top"`  // CSS pixels from the top of the window
}

// Rows are the messages in the conversation (role log), from above.
func (p *Page) Rows() []Row {
	p.t.Helper()
	return Eval[[]Row](p, `[...document.querySelectorAll('[role=log] article')].map(a => ({
		seq: Number(a.dataset.seq || 0),
		state: a.dataset.state || '',
		text: a.querySelector('[dir=auto]')?.textContent ?? '',
		author: a.dataset.author || '',
		head: a.classList.contains('head'),
		top: a.getBoundingClientRect().top,
	}))`)
}

// Texts are what the messages say, from above.
func (p *Page) Texts() []string {
	p.t.Helper()
	var texts []string
	for _, r := range p.Rows() {
		texts = append(texts, r.Text)
	}
	return texts
}

// WaitRow waits for a message that says text and has been acknowledged.
func (p *Page) WaitRow(text string) Row {
	p.t.Helper()
	var row Row
	p.Wait("the message "+text, func() bool {
		for _, r := range p.Rows() {
			if r.Text == text && r.Seq > 0 && r.State != "sending" && r.State != "failed" {
				row = r
				return true
			}
		}
		return false
	})
	return row
}
