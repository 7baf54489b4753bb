// Starts the app beside the page that the server drew, which goes on working
// until the app has taken it over, and if that never happens.
(() => {
	"use strict";
	const url = "{{wasm}}";
	globalThis.parleyEmoji = "{{emoji}}"; // the table of emoji, for whoever opens the picker
	const able = typeof WebAssembly === "object"; // else the page stays what it is
	document.documentElement.classList.toggle("no-app", !able);

	// go-app looks into both storages, and ends when a browser refuses them
	// altogether: it finds empty ones, which keep nothing, and say so to whoever
	// wants them to.
	for (const name of ["localStorage", "sessionStorage"]) {
		try {
			void globalThis[name].length;
		} catch (err) {
			const setItem = () => {
				throw err;
			};
			const none = { length: 0, key: () => null, getItem: () => null, setItem, removeItem() {}, clear() {} };
			Object.defineProperty(globalThis, name, { value: none });
		}
	}

	// Whoever is in the middle of a word (an input method is choosing characters)
	// or has just sent a form is not disturbed.
	let composing = false;
	let leaving = false;
	let composed = () => {};
	for (const type of ["compositionstart", "compositionupdate"]) {
		addEventListener(type, () => (composing = true), true);
	}
	addEventListener("compositionend", () => {
		composing = false;
		setTimeout(() => composed()); // what it wrote is there by then
	}, true);
	// What has been sent so is no draft, should the app be on the point of starting.
	addEventListener("submit", (event) => {
		leaving = true;
		const form = event.target;
		if (form.closest("#page")) {
			form.classList.add("leaving");
		}
		if (form.closest("#page .door")) {
			// The message that a link leads to, or what was shared, stands in the
			// fragment: a browser hands that of the form on to where it leads.
			form.action = new URL(location.hash, form.action).href;
		}
	}, true);

	// Enter sends from the first moment on, as it will with the app.
	addEventListener("keydown", (event) => {
		const text = event.target;
		const breaks = event.shiftKey || event.altKey || event.isComposing || composing || event.keyCode === 229;
		if (event.key === "Enter" && !breaks && text.matches("#page .composer-text")) {
			event.preventDefault();
			if (text.value.trim() !== "") {
				text.form.requestSubmit();
			}
		}
	});

	// A button that only the app can answer: when it is there it presses it again,
	// unless the person has done something else meanwhile.
	for (const type of ["pointerdown", "keydown"]) {
		addEventListener(type, () => (globalThis.parleyPressed = undefined), true);
	}
	addEventListener("click", (event) => {
		globalThis.parleyPressed = event.target.closest("#page button[type=button]");
	}, true);

	const idle = async () => {
		while (composing) {
			await new Promise((resolve) => (composed = resolve));
		}
	};

	// The page of the server's present version, once, when this one's app is gone.
	// What somebody has begun to write is worth more than an app: then the next
	// page brings it.
	const renew = () => {
		try {
			const fields = [...document.querySelectorAll("input, textarea")];
			if (fields.every((f) => f.value === f.defaultValue) && sessionStorage.getItem("parley:renewed") !== url) {
				sessionStorage.setItem("parley:renewed", url);
				location.reload();
			}
		} catch {
			// it would be tried for ever
		}
	};

	// A download that takes longer than this hangs: 1.5 MB need 4 minutes at 50 kbit/s.
	const patience = 5 * 60_000;

	// A download that breaks is tried again, ever more slowly, and at once when
	// the network is back. One that is not there any more belongs to a version
	// that has been replaced.
	const load = async (imports) => {
		for (let wait = 1000; ; wait = Math.min(2 * wait, 60000)) {
			try {
				const response = await fetch(url, { signal: AbortSignal.timeout?.(patience) });
				if (response.status === 404) {
					renew();
					return null;
				}
				if (!response.ok) {
					throw new Error(`${url}: status ${response.status}`);
				}
				const result = WebAssembly.instantiateStreaming
					? await WebAssembly.instantiateStreaming(response, imports)
					: await WebAssembly.instantiate(await response.arrayBuffer(), imports);
				return result.instance;
			} catch (err) {
				console.warn("parley: the app could not be loaded; trying again:", err);
				await new Promise((resolve) => {
					setTimeout(resolve, wait * (0.5 + Math.random() / 2)); // a server's pages do not come back all at once
					addEventListener("online", resolve, { once: true });
				});
			}
		}
	};

	(async () => {
		if (!able) {
			return;
		}
		const go = new Go();
		const instance = await load(go.importObject);
		if (!instance) {
			return;
		}
		await idle();
		if (!leaving) {
			await go.run(instance);
		}
	})();
})();
