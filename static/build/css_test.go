package main

import "testing"

func TestMinify(t *testing.T) {
	for in, want := range map[string]string{
		"a { color: red; }\n":                                "a{color:red}\n",
		"/* one */ a /* two */ b{}":                          "a b{}\n",
		".a :hover, .b > .c { margin: 0 auto }":              ".a :hover,.b > .c{margin:0 auto}\n",
		"a { width: calc(1px + 2em) }":                       "a{width:calc(1px + 2em)}\n",
		`a::before { content: "; } /* no */  \" x" }`:        `a::before{content:"; } /* no */  \" x"}` + "\n",
		"@media (min-width: 1px) and (hover) { a { b: c } }": "@media (min-width:1px) and (hover){a{b:c}}\n",
		"a { b: c } /* never closed":                         "a{b:c}",
	} {
		if got := minify(in); got != want {
			t.Errorf("minify(%q) = %q, want %q", in, got, want)
		}
	}
}
