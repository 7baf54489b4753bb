package browser

// Shared is what another program has shared with the app (share_target in the
// manifest), as the service worker keeps it.
type Shared struct {
	Title string       `json:"title"`
	Text  string       `json:"text"`
	URL   string       `json:"url"`
	Files []SharedFile `json:"files"`
	Left  []string     `json:"left"` // names of files that were not taken
}

// SharedFile is a file of text, or any other.
type SharedFile struct {
	Name string `json:"name"`
	Text string `json:"text"`
	Type string `json:"type"`
	At   string `json:"at"` // where its bytes are in the cache; empty for text

	File File `json:"-"` // those
}
