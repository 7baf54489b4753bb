package browser

// Note is a notification.
type Note struct {
	Tag         string // there is one of each
	Title, Body string
	Path        string // where a click leads
}
