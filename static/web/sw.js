// The service worker. It keeps what never changes under its name (app, style
// sheet, scripts), so that the app starts from the disk, and a page of nobody's
// that starts it when the server cannot be reached: the app shows what it has
// kept itself, says so, and goes on at the same address when the server is back.
// The worker never keeps a page or an answer of the API: those belong to whoever
// was signed in when they were made.
//
// And it sends what waits in the outbox when the network comes back while no page
// is open.

const CACHE = "parley-{{version}}";
const OFFLINE = "{{offline}}";
// What other programs share is kept here until the app has asked for the room:
// with this worker, also without a network.
const SHARE = "/share";
const SHARED = "shared";
const SHARED_FILES = 10; // a message takes no more,
const SHARED_TEXT = 64 * 1024; // nor more bytes of text: a file of so many becomes text

const PRECACHE = [
	{{precache}},
];

// A network that says nothing for this long must not keep the page away.
const PATIENCE = 3000; // ms

self.addEventListener("install", (event) => {
	event.waitUntil(
		caches
			.open(CACHE)
			.then((cache) => cache.addAll(PRECACHE))
			.then(() => self.skipWaiting()),
	);
});

// It does not claim pages that were opened without it: the page would take that
// for an update. The files of the version before stay: a page that is just being
// opened may still ask for them.
self.addEventListener("activate", (event) => {
	event.waitUntil(
		caches
			.keys() // oldest first
			.then((names) => names.filter((name) => name.startsWith("parley-") && name !== CACHE).slice(0, -1))
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
		if (/^\/($|rooms\/|invite\/|share$)/.test(url.pathname)) {
			event.respondWith(page(request));
		}
		return;
	}
	if (PRECACHE.includes(url.pathname) || url.pathname.startsWith("/static/")) {
		event.respondWith(kept(request).then((answer) => answer || fetched(request)));
	}
});

// fetched keeps the table of emoji once somebody has wanted it: most never do.
async function fetched(request) {
	const answer = await fetch(request);
	if (answer.ok && request.url.includes("/static/emoji-")) {
		const cache = await caches.open(CACHE).catch(() => undefined);
		cache?.put(request, answer.clone()).catch(() => {});
	}
	return answer;
}

async function keepShared(request) {
	try {
		const form = await request.formData();
		const field = (name) => String(form.get(name) || "");
		const shared = { title: field("title"), text: field("text"), url: field("url"), files: [], left: [] };
		await caches.delete(SHARED); // what nobody has asked for
		const cache = await caches.open(SHARED);
		for (const file of form.getAll("files")) {
			if (typeof file === "string" || file.size === 0) {
				continue;
			}
			const { name, type } = file;
			if (shared.files.length === SHARED_FILES) {
				shared.left.push(name);
			} else if (type.startsWith("text/") && file.size <= SHARED_TEXT) {
				shared.files.push({ name, text: await file.text() });
			} else {
				const number = shared.files.length;
				await cache.put(SHARE + "/" + number, new Response(file));
				shared.files.push({ name, type, at: SHARE + "/" + number });
			}
		}
		await cache.put(SHARE, new Response(JSON.stringify(shared)));
	} catch {
		return Response.redirect(SHARE + "#again", 303);
	}
	return Response.redirect(SHARE, 303);
}

// page is the server's, or, where that cannot be had, the one that starts the app.
async function page(request) {
	const network = fetch(request);
	let answer;
	try {
		answer = await Promise.race([network, late()]);
	} catch {
		// there is no network
	}
	if (answer && ![502, 503, 504].includes(answer.status)) {
		return answer;
	}
	return (await kept(OFFLINE)) || answer || network;
}

function late() {
	return new Promise((resolve) => setTimeout(resolve, PATIENCE));
}

// kept is what is kept under a name, this version's first. A browser that keeps
// nothing has nothing.
async function kept(request) {
	try {
		return (await (await caches.open(CACHE)).match(request)) || (await caches.match(request));
	} catch {
		return undefined;
	}
}

// The outbox: see app/client/keepoutbox.go for what is in it, and
// app/browser/database_js.go for where.

const DATABASE = "parley";
const RECORDS = "records";
const OUTBOX = "outbox/"; // then the user's id, "/", and the nonce
const ANSWER = 20_000; // ms

self.addEventListener("sync", (event) => {
	if (event.tag === "outbox") {
		event.waitUntil(sendOutbox());
	}
});

// sendOutbox sends each message once, in the order of writing: the nonce sees to
// it that one which a page sends too is stored once. What the server refuses stays
// for the app, which tells the person. A message with files is for the app, too, and
// so is what comes after it in its room: the order is kept. It fails when the browser
// is to try again.
async function sendOutbox() {
	const db = await openDatabase();
	if (!db) {
		return;
	}
	try {
		const signedOut = new Set();
		const blocked = new Set(); // rooms of users
		for (const { key, user, letter } of await letters(db)) {
			const room = user + "/" + letter.room;
			if (letter.problem || signedOut.has(user) || blocked.has(room)) {
				continue;
			}
			if (letter.files) {
				blocked.add(room);
				continue;
			}
			switch (await send(user, letter)) {
				case "sent":
					await transact(db, "readwrite", (records) => records.delete(key));
					break;
				case "unauthenticated":
					signedOut.add(user);
			}
		}
	} finally {
		db.close();
	}
}

// send gives "sent", or the code of a problem that trying again would not solve.
async function send(user, letter) {
	const { created, problem, tab, ...args } = letter; // what is not the command's
	const answer = await fetch("/api/v1/send?user=" + encodeURIComponent(user), {
		method: "POST",
		headers: { "Content-Type": "application/json", Accept: "application/json" },
		body: JSON.stringify(args),
		cache: "no-store",
		redirect: "error",
		signal: AbortSignal.timeout(ANSWER),
	});
	const body = await answer.json(); // whoever answers otherwise is not the server
	if (answer.ok && body.seq > 0 && body.room === letter.room) {
		return "sent";
	}
	const type = answer.headers.get("Content-Type") || "";
	if (!type.startsWith("application/problem+json") || ["rate_limited", "unavailable", "internal"].includes(body.code)) {
		throw new Error(`the server answered ${answer.status}`);
	}
	return body.code;
}

async function letters(db) {
	const range = IDBKeyRange.bound(OUTBOX, OUTBOX + "\uffff");
	const [keys, values] = await transact(db, "readonly", (records) => [records.getAllKeys(range), records.getAll(range)]);
	const list = [];
	keys.result.forEach((key, i) => {
		const parts = key.split("/");
		try {
			list.push({ key, user: parts[1], letter: JSON.parse(values.result[i]) });
		} catch {
			// the app reports it
		}
	});
	return list.filter((l) => l.letter?.nonce).sort((a, b) => (a.letter.created < b.letter.created ? -1 : 1));
}

// openDatabase gives nothing when the app has never kept anything.
function openDatabase() {
	return new Promise((resolve) => {
		const request = indexedDB.open(DATABASE);
		request.onupgradeneeded = () => request.transaction.abort();
		request.onerror = () => resolve(undefined);
		request.onsuccess = () => {
			const db = request.result;
			db.onversionchange = () => db.close();
			if (db.objectStoreNames.contains(RECORDS)) {
				resolve(db);
			} else {
				db.close();
				resolve(undefined);
			}
		};
	});
}

function transact(db, mode, work) {
	return new Promise((resolve, reject) => {
		const transaction = db.transaction(RECORDS, mode);
		const result = work(transaction.objectStore(RECORDS));
		transaction.oncomplete = () => resolve(result);
		transaction.onabort = () => reject(transaction.error);
	});
}

// A notification leads to its room, in a window that is there already, if any: the
// one that was looked at last.
self.addEventListener("notificationclick", (event) => {
	event.notification.close();
	const path = event.notification.data?.path;
	if (typeof path === "string" && path.startsWith("/rooms/")) {
		event.waitUntil(openRoom(path));
	}
});

async function openRoom(path) {
	const [window] = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
	if (!window) {
		await self.clients.openWindow(path);
		return;
	}
	window.postMessage({ open: path });
	await window.focus();
}
