package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/shared/parts"
)

// icon draws an icon in the colour of the text.
func icon(path string) app.UI { return app.Raw(parts.Icon(path)) }

// The icons. Most are in package parts, as the server draws them too.
const (
	iconHash     = parts.IconHash
	iconLock     = parts.IconLock
	iconPlus     = parts.IconPlus
	iconLoupe    = parts.IconLoupe
	iconPeople   = parts.IconPeople
	iconInvite   = parts.IconInvite
	iconMenu     = parts.IconMenu
	iconWrite    = parts.IconWrite
	iconClose    = parts.IconClose
	iconOut      = parts.IconOut
	iconSettings = parts.IconSettings
	iconAlert    = `<path d="M8 2.2 14.2 13H1.800zM8 6.500v3M8 11.300v.1"/>`
	iconInstall  = `<path d="M8 2.500v7M5.200 6.800 8 9.600l2.800-2.800M2.800 11v1a1.500 1.500 0 0 0 1.500 1.500h7.400a1.500 1.500 0 0 0 1.500-1.500v-1"/>`
)

// iconButton is a button that shows an icon and is called by its label.
func iconButton(path, label string) app.HTMLButton {
	return app.Button().Type("button").Class("icon-button").
		Attr("aria-label", label).Attr("title", label).Body(icon(path))
}
