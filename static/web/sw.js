// The service worker. It keeps what never changes under its name (app, style
// sheet, scripts), so that the app starts from the disk, and a page of nobody's
// that starts it when the server cannot be reached: the app says so, and goes
// on at the same address when the server is back. It never keeps a page or an answer of the API:
// those belong to whoever was signed in when they were made.

const CACHE = "parley-{{version}}";
const OFFLINE = "{{offline}}";
// What other programs share is kept here until the app has asked for the room:
// with this worker, also without a network.
const SHARE = "/share";
const SHARED = "shared";
const SHARED_FILES = 8;
const SHARED_BYTES = 64 * 1024; // of one file: a message takes no more

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
	if (request.method === "POST" && url.pathname === SHARE && url.origin === self.location.origin) {
		event.respondWith(keepShared(request));
		return;
	}
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

async function keepShared(request) {
	try {
		const form = await request.formData();
		const field = (name) => String(form.get(name) || "");
		const shared = { title: field("title"), text: field("text"), url: field("url"), files: [], left: [] };
		for (const file of form.getAll("files")) {
			if (typeof file === "string" || file.size === 0) {
				continue;
			}
			if (file.type.startsWith("text/") && file.size <= SHARED_BYTES && shared.files.length < SHARED_FILES) {
				shared.files.push({ name: file.name, text: await file.text() });
			} else {
				shared.left.push(file.name);
			}
		}
		const cache = await caches.open(SHARED);
		await cache.put(SHARE, new Response(JSON.stringify(shared)));
	} catch {
		return Response.redirect(SHARE + "#again", 303);
	}
	return Response.redirect(SHARE, 303);
}
