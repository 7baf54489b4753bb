// Package markup turns what people type into HTML: Markdown as it is used in
// chat, rendered once, when a message is accepted, and sent to every reader as it
// is. This is the one place that is responsible for the safety of that HTML.
//
// # What it knows
//
//	**bold** *italic* ~~struck~~ `code` [words](https://…) https://… :tada:
//	```go fenced code, coloured``` > quotes, - and 1. lists
//
// Everything else stays what was typed: no headings, tables, rules, indented
// code, reference links or HTML, all of which people write in chat without
// meaning them (# is a number, --- a dash, four spaces an indented line). A line
// break is a line break.
//
// Emphasis works beside Chinese, Japanese and Korean, where there are no spaces:
// **注意：**请看 is bold, which CommonMark alone would not find.
//
// # Safety
//
// HTML is built from a closed set of nodes with every text escaped, and then
// passes through a sanitiser whose policy allows exactly that set: an error in
// the one is caught by the other. Links lead to http, https and mailto only.
//
// # Bounds
//
// Text that would take long, nest deep or grow large is not rendered: [Renderer.Render]
// gives "", and readers see the text as it was typed. See limits.go.
package markup
