package static

// The colours of the browser's own frame: the tokens --side and --ground of the
// style sheet, which a page cannot read from there.
const (
	SideLight   = "#f6f5f2"
	SideDark    = "#131514"
	GroundLight = "#fff"
	GroundDark  = "#1a1c1b"
)

// Screenshot is a picture of the app, shown before it is installed.
type Screenshot struct {
	Path       string // of its URL
	Sizes      string // width x height, in pixels
	FormFactor string // narrow or wide
}

// Screenshots are taken by `make screenshots`.
var Screenshots = []Screenshot{
	{Path: "/screenshots/wide.webp", Sizes: "1280x800", FormFactor: "wide"},
	{Path: "/screenshots/narrow.webp", Sizes: "780x1688", FormFactor: "narrow"},
}
