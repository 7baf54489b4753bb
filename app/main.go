// Command app is Parley's client in the browser: compiled to WebAssembly by
// static/build and started by the page that the server answers with. Compiled
// for anything else it does nothing.
package main

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/app/ui"
)

func main() {
	// One component for every path: it reads the path itself, so that going from
	// room to room changes what it shows and not what it is.
	app.RouteWithRegexp("^/", func() app.Composer { return ui.New() })
	app.RunWhenOnBrowser()
}
