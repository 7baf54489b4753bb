// The service worker. It keeps what never changes under its name (app, style
// sheet, scripts), so that the app starts from the disk, and a page of nobody's
// that starts it when the server cannot be reached: the app says so, and goes
// on at the same address when the server is back. It never keeps a page or an answer of the API:
// those belong to whoever was signed in when they were made.

const CACHE = "parley-{{version}}";
const OFFLINE = "{{offline}}";
const PRECACHE = [
	{{precache}},
];

self.addEventListener("install", (event) => {
	event.waitUntil(
		caches
			.open(CACHE)
			.then((cache) => cache.addAll(PRECACHE))
			.then(() => self.skipWaiting()),
	);
});

// It does not claim pages that were opened without it: the page would take
// that for an update.
self.addEventListener("activate", (event) => {
	event.waitUntil(
		caches
			.keys()
			.then((names) => names.filter((name) => name.startsWith("parley-") && name !== CACHE))
			.then((old) => Promise.all(old.map((name) => caches.delete(name)))),
	);
});

self.addEventListener("fetch", (event) => {
	const request = event.request;
	const url = new URL(request.url);
	if (request.method !== "GET" || url.origin !== self.location.origin || url.pathname.startsWith("/api/")) {
		return; // the browser does it, as if we were not here
	}
	if (request.mode === "navigate") {
		event.respondWith(fetch(request).catch(() => caches.match(OFFLINE)));
		return;
	}
	if (PRECACHE.includes(url.pathname)) {
		event.respondWith(caches.match(request).then((kept) => kept || fetch(request)));
	}
});
