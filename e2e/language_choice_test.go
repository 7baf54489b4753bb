package e2e_test

import (
	"strings"
	"testing"

	"parley/e2e/chrome"
	"parley/e2e/parley"
	"parley/shared/texts"
	"parley/shared/wire"
)

// TestLanguageIsChosen: the browser's language counts until somebody chooses
// another. The choice counts at once, loses nothing that is being written, and
// lasts: the server's page speaks it from its first byte.
func TestLanguageIsChosen(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	en, zh := &texts.English, &texts.Chinese
	p := chrome.Start(t).Person("Ada")
	p.Tolerate("401")
	p.Speak("zh-TW,zh;q=0.9,en;q=0.8")
	p.Open(s.URL())
	p.Find("button", zh.SignIn)

	p.Fill("textbox", zh.Name, "Ada")
	p.Fill("textbox", zh.Password, "wrong password")
	p.Click("button", zh.SignIn)
	p.Wait("words about the password", func() bool { return contains(p.Text(), "名字或密码不对") })
	p.Click("link", "English")
	p.Find("button", en.SignIn)
	p.Wait("the name to be kept", func() bool { return p.Find("textbox", en.Name).Value == "Ada" })
	p.Wait("what was wrong, in the other language", func() bool { return contains(p.Text(), "The name or the password is wrong.") })
	p.Wait("the focus on the choice", func() bool { return p.Focused().Name == "English" })
	if strings.Contains(p.URL(), "lang") {
		t.Errorf("the address is %s", p.URL())
	}
	p.Reload()
	p.Find("button", en.SignIn)
	wantLang(p, "en")

	_, err := owner.Send(t.Context(), wire.Lobby, "hello", "1")
	must(t, err)
	p.Fill("textbox", en.Name, "Ada")
	p.Fill("textbox", en.Password, parley.Password)
	p.Click("button", en.SignIn)
	p.WaitRow("hello")
	p.Click("textbox", en.Message)
	p.Insert("half a sen")
	p.Click("button", en.Settings)
	p.Find("dialog", en.Settings)
	p.Click("radio", zh.Called)
	p.Find("dialog", zh.Settings)
	p.Press(chrome.Escape)
	p.Gone("dialog", zh.Settings)
	p.Wait("the text to be kept", func() bool { return p.Find("textbox", zh.Message).Value == "half a sen" })
	p.WaitRow("hello")
	wantLang(p, "zh-Hans")
	wantChinese(t, p, "after the choice")
	p.Reload()
	p.Find("link", zh.Lobby)
	wantLang(p, "zh-Hans")

	p.Click("button", zh.Settings)
	p.Click("radio", zh.FollowBrowser)
	p.Press(chrome.Escape)
	p.Speak("en-GB")
	p.Reload()
	p.Find("link", en.Lobby)
	wantLang(p, "en")
}

// wantLang waits for the page to say that it is in a language.
func wantLang(p *chrome.Page, want string) {
	p.Wait("the page to say that its language is "+want, func() bool {
		return chrome.Eval[string](p, "document.documentElement.lang") == want
	})
}

// TestThemeIsChosen: the system's light and dark counts until somebody chooses
// one, which then counts on the next page too, for the page and the browser's frame.
func TestThemeIsChosen(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	p := chrome.Start(t).Person("Ada")
	visit(p, s.Setup("Ada"), s.URL())
	ground := func() string {
		return chrome.Eval[string](p, `getComputedStyle(document.querySelector('main')).backgroundColor + ' in ' +
			[...document.querySelectorAll('meta[name=theme-color]')].filter(m => matchMedia(m.media).matches).map(m => m.content).join()`)
	}
	const light, dark = "rgb(255, 255, 255) in #f6f5f2", "rgb(26, 28, 27) in #131514"
	want := func(when, want string) {
		t.Helper()
		if !p.WaitFor(chrome.Patience, func() bool { return ground() == want }) {
			t.Errorf("%s: %s, want %s", when, ground(), want)
		}
	}
	p.Show(chrome.Desktop)
	want("as the system, light", light)
	p.Show(chrome.DesktopDark)
	want("as the system, dark", dark)
	p.Click("button", "Settings")
	p.Click("radio", "Light")
	want("light by choice", light)
	p.Reload()
	p.Find("textbox", "Message")
	want("light by choice, reloaded", light)
	p.Click("button", "Settings")
	p.Click("radio", "Dark")
	p.Show(chrome.Desktop)
	want("dark by choice", dark)
	system := p.All("radio", texts.English.FollowSystem) // the language may be called the same
	system[len(system)-1].Click()
	want("as the system again", light)
}

// TestLanguageIsChosenBeforeTheApp: a link of the server's page counts more than
// what was chosen in the app before.
func TestLanguageIsChosenBeforeTheApp(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	s.Setup("Ada")
	via := newSlow(t, s)
	p := chrome.Start(t).Person("Ada")
	p.Raw()
	p.Open(via.URL())
	// A cookie is there when it can be read: a page that is asked for before may do without.
	chrome.Eval[string](p, `(localStorage.setItem("parley:pref/lang", "zh-Hans"), document.cookie = "lang=zh-Hans; Path=/", document.cookie)`)
	p.Reload()
	p.Find("button", texts.Chinese.SignIn)
	p.Click("link", "English")
	p.Find("button", texts.English.SignIn)
	via.through()
	p.Wait("the app", p.Taken)
	p.Find("button", texts.English.SignIn)
	wantLang(p, "en")
}
