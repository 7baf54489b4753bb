package ui

import (
	"context"
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/app/browser"
)

// installWay is how a browser installs the app.
type installWay int

// The ways.
const (
	installNone   installWay = iota // this browser cannot, or has done it
	installPrompt                   // it asks when we tell it to
	installIOS                      // Share, then Add to Home Screen
	installDock                     // Safari on a Mac: Add to Dock
	installMenu                     // Firefox on Android: its menu
)

// installDismissed is kept when somebody does not want to be offered it.
const installDismissed = "install-dismissed"

// installBy is the way of a browser that does not ask by itself.
func installBy(agent string, touch bool) installWay {
	has := func(s string) bool { return strings.Contains(agent, s) }
	switch {
	case has("iPhone"), has("iPad"), has("Macintosh") && touch: // iPads call themselves Macs
		return installIOS
	case has("Firefox/") && has("Android"):
		return installMenu
	case has("Macintosh") && has("Safari/") && !has("Chrome/") && !has("Firefox/"):
		return installDock
	}
	return installNone
}

// install is how the app can be installed here and now.
func (m *Model) install() installWay {
	if browser.Installed() {
		return installNone
	}
	way := installBy(browser.Agent())
	if way == installNone && m.ctx.IsAppInstallable() {
		return installPrompt
	}
	return way
}

// startInstall lets the browser ask, or says how it is done by hand.
func (m *Model) startInstall() {
	switch m.install() {
	case installPrompt:
		m.ctx.ShowAppInstallPrompt() // asks once: whoever says no is not asked again here
	case installNone:
		m.Rev.Rooms++
	default:
		m.open(DialogInstall)
	}
}

// dismissInstall never offers it again in the list of rooms.
func (m *Model) dismissInstall() {
	_ = m.store.Save(context.Background(), installDismissed, []byte("1"))
	m.Rev.Rooms++
}

// installOffer is the line above the account.
func (m *Model) installOffer() []app.UI {
	if dismissed, _ := m.store.Load(context.Background(), installDismissed); dismissed != nil || m.install() == installNone {
		return nil
	}
	return []app.UI{
		app.Button().Type("button").Class("install-button").
			OnClick(m.on("install", func(app.Event) { m.startInstall() })).
			Body(icon(iconInstall), app.Span().Text(m.T.InstallApp)),
		iconButton(iconClose, m.T.NotNow).OnClick(m.on("install-not", func(app.Event) { m.dismissInstall() })),
	}
}

// installHelp says how it is done where the app cannot do it.
type installHelp struct {
	app.Compo

	M   *Model
	Rev int
}

// OnMount opens the dialog.
func (i *installHelp) OnMount(app.Context) { showDialog() }

// Render draws the steps.
func (i *installHelp) Render() app.UI {
	m := i.M
	steps := m.T.InstallIOS
	switch m.install() {
	case installDock:
		steps = m.T.InstallDock
	case installMenu:
		steps = m.T.InstallMenu
	}
	return frame(m, m.T.InstallApp,
		app.P().Class("dialog-lead").Text(m.T.InstallLead),
		app.P().Text(steps),
	)
}
