package parts

// The icons that both draw: ours, on a grid of 16.
const (
	IconHash     = `<path d="M6.2 2.5 4.8 13.5M11.2 2.5 9.8 13.5M2.8 5.8h11M2.2 10.2h11"/>`
	IconLock     = `<rect x="3" y="7" width="10" height="6.5" rx="1.5"/><path d="M5.2 7V5a2.8 2.8 0 0 1 5.6 0v2"/>`
	IconPlus     = `<path d="M8 3v10M3 8h10"/>`
	IconLoupe    = `<circle cx="7" cy="7" r="4.2"/><path d="m10.2 10.2 3.3 3.3"/>`
	IconPeople   = `<circle cx="6" cy="5.2" r="2.4"/><path d="M1.8 13c.3-2.5 2-3.9 4.2-3.9s3.9 1.4 4.2 3.9M10.6 3a2.3 2.3 0 0 1 0 4.4M12 9.4c1.3.6 2.1 1.8 2.3 3.6"/>`
	IconInvite   = `<circle cx="6.5" cy="5.2" r="2.5"/><path d="M2 13.200c.3-2.6 2.1-4.1 4.5-4.1 1 0 1.9.2 2.6.7M12 9.500v4M10 11.500h4"/>`
	IconSend     = `<path d="M8 13V3M3.8 7.2 8 3l4.2 4.2"/>`
	IconMenu     = `<path d="M2.5 4.500h11M2.5 8h11M2.5 11.500h7"/>`
	IconGo       = `<path d="M3 8h9.500M8.500 3.800 12.700 8l-4.200 4.200"/>`
	IconWrite    = `<path d="M13.2 8.200v3.600a1.700 1.700 0 0 1-1.700 1.700H4.2a1.700 1.700 0 0 1-1.700-1.700V4.500a1.700 1.700 0 0 1 1.700-1.700h3.600M7 9l.3-2 5-5 1.700 1.700-5 5z"/>`
	IconClose    = `<path d="m4 4 8 8M12 4l-8 8"/>`
	IconSettings = `<path d="M2.5 5h5.700M12 5h1.500M2.5 11h1.500M7.8 11h5.700"/><circle cx="10.1" cy="5" r="1.900"/><circle cx="5.9" cy="11" r="1.900"/>`
	IconOut      = `<path d="M6.5 2.800h-2A1.7 1.7 0 0 0 2.8 4.500v7a1.7 1.7 0 0 0 1.7 1.700h2M10.3 11l3-3-3-3M13 8H6.5"/>`
)

// Icon is an icon as SVG, 16 by 16, in the colour of the text.
func Icon(path string) string {
	return `<svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" fill="none" ` +
		`stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round">` + path + `</svg>`
}
