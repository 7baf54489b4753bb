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
	if got := p.Find("textbox", en.Name).Value; got != "Ada" {
		t.Errorf("the name is %q after the language was changed", got)
	}
	if !contains(p.Text(), "The name or the password is wrong.") {
		t.Errorf("what was wrong is not told in the other language: %s", p.Text())
	}
	p.Wait("the focus on the choice", func() bool { return p.Focused().Name == "English" })
	if strings.Contains(p.URL(), "lang") {
		t.Errorf("the address is %s", p.URL())
	}
	p.Reload()
	p.Find("button", en.SignIn)
	wantLang(t, p, "en")

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
	if got := p.Find("textbox", zh.Message).Value; got != "half a sen" {
		t.Errorf("the composer holds %q after the language was changed", got)
	}
	p.WaitRow("hello")
	wantLang(t, p, "zh-Hans")
	wantChinese(t, p, "after the choice")
	p.Reload()
	p.Find("link", zh.Lobby)
	wantLang(t, p, "zh-Hans")

	p.Click("button", zh.Settings)
	p.Click("radio", zh.FollowBrowser)
	p.Press(chrome.Escape)
	p.Speak("en-GB")
	p.Reload()
	p.Find("link", en.Lobby)
	wantLang(t, p, "en")
}

func wantLang(t *testing.T, p *chrome.Page, want string) {
	t.Helper()
	if got := chrome.Eval[string](p, "document.documentElement.lang"); got != want {
		t.Errorf("the page says that its language is %q, want %q", got, want)
	}
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
		if got := ground(); got != want {
			t.Errorf("%s: %s, want %s", when, got, want)
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
	chrome.Eval[any](p, `(localStorage.setItem("parley:pref/lang", "zh-Hans"), document.cookie = "lang=zh-Hans; Path=/")`)
	p.Reload()
	p.Find("button", texts.Chinese.SignIn)
	p.Click("link", "English")
	p.Find("button", texts.English.SignIn)
	via.through()
	p.Wait("the app", p.Taken)
	p.Find("button", texts.English.SignIn)
	wantLang(t, p, "en")
}
