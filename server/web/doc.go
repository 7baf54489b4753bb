// Package web is Parley over HTTP: the API of docs/protocol.md, the four
// transports of the feed, cookies and tokens, limits, and the page.
//
// # The page's files
//
// [Config.Static] is a file system with the content of static/web:
//
//	app.css                    the style sheet
//	built/app.wasm             the app; also built/app.wasm.br and built/app.wasm.gz
//	sw.js                      the service worker; {{version}} and {{precache}} are filled in
//	manifest.webmanifest       the manifest
//	icons/icon-192.png, ...    anything else the page, the manifest or the style sheet names
//
// Every file F is served as /web/F (revalidated by its ETag) and, with a hash
// of its content before the extension, as /web/app.0123456789ab.css (immutable).
// F.br and F.gz are not served by themselves: they are F for clients that
// accept them. /sw.js and /manifest.webmanifest are also served at the root.
//
// In sw.js, {{version}} becomes a hash of all files (12 characters) and
// {{precache}} a JSON array of the URLs that an installed app needs to open
// without a network.
package web
