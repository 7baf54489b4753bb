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
	iconReact    = `<path d="M13.700 7.400A5.800 5.800 0 1 1 8.600 2.300M5.400 9.600a3 3 0 0 0 5.200 0M6 6.200v.1M10 6.200v.1M12.700 1.500v4M10.700 3.500h4"/>`
	iconReply    = `<path d="M6.200 3.500 2.500 7.200l3.700 3.700M2.800 7.200h6.700a4 4 0 0 1 4 4v1.300"/>`
	iconEdit     = `<path d="m10.700 3.200 2.100 2.100-7.600 7.600-2.700.6.600-2.700z"/>`
	iconCopy     = `<rect x="5.500" y="5.500" width="8" height="8" rx="1.500"/><path d="M10.500 2.500h-6a2 2 0 0 0-2 2v6"/>`
	iconLink     = `<path d="M6.800 9.200a2.600 2.600 0 0 0 3.700 0l2.300-2.300a2.600 2.600 0 0 0-3.700-3.700l-.8.800M9.200 6.800a2.600 2.600 0 0 0-3.700 0L3.200 9.100a2.600 2.600 0 0 0 3.700 3.700l.8-.8"/>`
	iconBin      = `<path d="M2.800 4.300h10.400M6.300 4.300V2.800h3.400v1.500M4.300 4.300l.6 9h6.200l.6-9M6.700 7v3.700M9.300 7v3.700"/>`
	iconUnread   = `<path d="M13.500 7.500v4a1.500 1.500 0 0 1-1.500 1.500H5l-2.500 1.500v-9A1.500 1.500 0 0 1 4 4h4.500"/><circle cx="12.300" cy="3.700" r="1.700"/>`
	iconSmile    = `<circle cx="8" cy="8" r="5.800"/><path d="M5.400 9.500a3 3 0 0 0 5.200 0M6 6.300v.1M10 6.300v.1"/>`
	iconClip     = `<path d="m13 7.300-5 5a3.200 3.200 0 0 1-4.500-4.500l5.200-5.200a2.100 2.100 0 0 1 3 3l-5 5a1 1 0 0 1-1.500-1.500l4.500-4.500"/>`
	iconOpen     = `<path d="M9 2.800h4.200V7M13 3 7.500 8.500M6.500 3.500h-2a1.700 1.700 0 0 0-1.700 1.700v6.300a1.700 1.700 0 0 0 1.700 1.700h6.300a1.700 1.700 0 0 0 1.700-1.700v-2"/>`
	iconGo       = parts.IconGo
	iconQuote    = `<path d="M3 3.500h10a1 1 0 0 1 1 1v5.500a1 1 0 0 1-1 1H8l-3 2.500V11H3a1 1 0 0 1-1-1V4.500a1 1 0 0 1 1-1z"/>`
	iconAlert    = `<path d="M8 2.2 14.2 13H1.800zM8 6.500v3M8 11.300v.1"/>`
	iconInstall  = `<path d="M8 2.500v7M5.200 6.800 8 9.600l2.800-2.800M2.800 11v1a1.500 1.500 0 0 0 1.500 1.500h7.400a1.500 1.500 0 0 0 1.500-1.500v-1"/>`
)

// iconButton is a button that shows an icon and is called by its label.
func iconButton(path, label string) app.HTMLButton {
	return app.Button().Type("button").Class("icon-button").
		Attr("aria-label", label).Attr("title", label).Body(icon(path))
}
