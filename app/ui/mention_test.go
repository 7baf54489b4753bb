package ui

import (
	"slices"
	"strings"
	"testing"

	"parley/app/client"
	"parley/shared/texts"
	"parley/shared/wire"
)

func TestSpells(t *testing.T) {
	for _, c := range []struct {
		latin, typed string
		want         bool
	}{
		{"chen xiao ming/meng", "chen", true},
		{"chen xiao ming/meng", "cxm", true},
		{"chen xiao ming/meng", "chenxm", true},
		{"chen xiao ming/meng", "chenxiaomeng", true},
		{"chen xiao ming/meng", "xm", true},
		{"chen xiao ming/meng", "cm", false},
		{"chen xiao ming/meng", "cxmx", false},
		{"ceng/zeng", "zeng", true},
		{"jose nunez", "nun", true},
		{"", "a", false},
		{strings.TrimSpace(strings.Repeat("a/aa/aaa ", 32)), strings.Repeat("a", 31) + "b", false}, // and soon
	} {
		if got := spells(strings.Fields(c.latin), c.typed); got != c.want {
			t.Errorf("%q spells %q: %v", c.typed, c.latin, got)
		}
	}
}

func TestMentionStart(t *testing.T) {
	for before, want := range map[string]int{
		"@": 0, "hi @ad": 3, "你好@陈": 6, "me@exam": -1, "a@@b": -1, "@ada\nx": -1, "(＠a": 1, "": -1,
		"@" + strings.Repeat("x", 40): -1, "@Ada Lovelace": 0,
	} {
		if got := mentionStart(before); got != want {
			t.Errorf("in %q a mention begins at %d, want %d", before, got, want)
		}
	}
}

func TestMentionsFor(t *testing.T) {
	m := &Model{T: &texts.English, Me: wire.User{ID: "me", Name: "Me", Role: wire.RoleMember}, Users: []wire.User{
		{ID: "1", Name: "Ada Lovelace"},
		{ID: "2", Name: "Charles"},
		{ID: "3", Name: "陈小明", Latin: "chen xiao ming/meng"},
		{ID: "4", Name: "Chester", Deactivated: true},
		{ID: "5", Name: "Chet"}, // elsewhere
		{ID: "me", Name: "Me"},
	}}
	room := client.RoomState{Room: wire.Room{Kind: wire.KindPublic, Members: []string{"1", "2", "3", "4", "me"}}}
	for typed, want := range map[string][]string{
		"":     {"@Ada Lovelace", "@Charles", "@陈小明", "@room"},
		"ch":   {"@Charles", "@陈小明"},
		"love": {"@Ada Lovelace"},
		"小明":   {"@陈小明"},
		"ro":   {"@room"},
		"zz":   nil,
	} {
		var got []string
		for _, s := range m.mentionsFor(room, typed, false) {
			got = append(got, s.text)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q offers %q, want %q", typed, got, want)
		}
	}
	if got := m.mentionsFor(room, "", true); len(got) != 1 || got[0].label != "Chet" {
		t.Errorf("to be invited are %v, want the one who is no member", got)
	}
}
