//go:build dev

package main

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/app/ui"
)

func init() {
	app.Route("/design", func() app.Composer { return ui.NewDesign() })
}
