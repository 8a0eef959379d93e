// SPDX-License-Identifier: GPL-2.0-only

// Starts the real VS Code workbench (code-server) with the extension under test and the runner,
// opens it in Chromium, and hands out both ends: the page, and the runner's actions.

import { execFile, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as http from "node:http";
import { createRequire } from "node:module";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Set on every process of a test run, so that those left behind can be found. */
const marker = "BPF_LSP_TEST_RUN";

const userSettings = {
	// What checks C files too, if the editor brings it: the test is of our diagnostics alone.
	"C_Cpp.intelliSenseEngine": "disabled",
	"C_Cpp.errorSquiggles": "disabled",
	"clangd.enable": false,
	"chat.disableAIFeatures": true,
	"extensions.autoUpdate": false,
	"extensions.ignoreRecommendations": true,
	// In a browser the default is to save by itself after a second.
	"files.autoSave": "off",
	"git.enabled": false,
	"security.workspace.trust.enabled": false,
	"telemetry.telemetryLevel": "off",
	"workbench.startupEditor": "none",
	"workbench.tips.enabled": false,
	"workbench.secondarySideBar.defaultVisibility": "hidden",
	"editor.hover.above": false,
	"editor.minimap.enabled": false,
	"editor.stickyScroll.enabled": false,
};

/** A step that takes longer than this has hung; a busy machine needs far more than an idle one. */
const patienceMs = 240_000;

/** within waits for a promise, with a deadline. */
export function within(what, promise) {
	const over = new AbortController();
	const late = sleep(patienceMs, undefined, { signal: over.signal }).then(
		() => Promise.reject(new Error(`gave up waiting: ${what}`)),
		() => undefined,
	);
	return Promise.race([promise.finally(() => over.abort()), late]);
}

/** until polls probe every 50 ms until it answers something true, and returns that. */
export async function until(what, probe, limitMs = patienceMs) {
	const end = Date.now() + limitMs;
	for (let last; ; await sleep(50)) {
		try {
			const answer = await probe();
			if (answer) {
				return answer;
			}
		} catch (error) {
			last = error;
		}
		if (Date.now() > end) {
			throw new Error(`gave up waiting: ${what}`, { cause: last });
		}
	}
}

export class Workbench {
	/**
	 * start installs the given vsix files into an empty profile and opens a folder.
	 * programs is where scripts/install-vscode.sh put them.
	 */
	static async start({ programs, chromium, extensions, files }) {
		const workbench = new Workbench();
		try {
			await workbench.#start({ programs, chromium, extensions, files });
		} catch (error) {
			const log = workbench.log;
			await workbench.stop();
			throw new Error(`the workbench did not start; code-server said:\n${log}`, { cause: error });
		}
		return workbench;
	}

	#server;
	#browser;
	#profile;
	log = "";

	async #start({ programs, chromium, extensions, files }) {
		this.#profile = fs.mkdtempSync(path.join(os.tmpdir(), "bpf-lsp-vscode-"));
		const at = (...parts) => path.join(this.#profile, ...parts);
		this.folder = at("tcp-proxy");
		this.socket = at("runner.sock");
		fs.mkdirSync(at("data", "User"), { recursive: true });
		fs.writeFileSync(at("data", "User", "settings.json"), JSON.stringify(userSettings));
		fs.mkdirSync(this.folder);
		for (const file of files) {
			fs.copyFileSync(file, path.join(this.folder, path.basename(file)));
		}

		const node = path.join(programs, "bin", "node");
		const program = path.join(programs, "code-server", "node_modules", "code-server", "out", "node", "entry.js");
		const profile = ["--user-data-dir", at("data"), "--extensions-dir", at("extensions"), "--config", at("config.yaml")];
		fs.writeFileSync(at("config.yaml"), "auth: none\n");
		const env = {
			...process.env,
			HOME: this.#profile,
			XDG_CONFIG_HOME: at("config"),
			XDG_CACHE_HOME: at("cache"),
			XDG_DATA_HOME: at("share"),
			BPF_LSP_TEST_SOCKET: this.socket,
			[marker]: this.#profile,
		};
		delete env.NODE_OPTIONS;
		delete env.NODE_TEST_CONTEXT;

		const installs = extensions.flatMap((vsix) => ["--install-extension", vsix]);
		await within("the installation of the extensions", run(node, [program, ...profile, ...installs], { env, timeout: patienceMs }));

		const flags = ["--bind-addr", "127.0.0.1:0", "--disable-telemetry", "--disable-update-check", "--disable-workspace-trust"];
		// A process group of its own: stopping it stops the extension host and the servers too.
		this.#server = spawn(node, [program, ...profile, ...flags, this.folder], { env, detached: true });
		process.once("exit", this.#kill);
		for (const stream of [this.#server.stdout, this.#server.stderr]) {
			stream.on("data", (chunk) => (this.log += chunk));
		}
		const address = await until("code-server's address", () => /https?:\/\/127\.0\.0\.1:\d+/.exec(this.log)?.[0]);

		const playwright = createRequire(path.join(programs, "playwright", "package.json"))("playwright-core");
		this.#browser = await playwright.chromium.launch({
			executablePath: chromium,
			timeout: patienceMs,
			args: ["--no-sandbox", "--disable-gpu"],
		});
		this.page = await this.#browser.newPage({ viewport: { width: 1280, height: 800 } });
		this.page.setDefaultTimeout(patienceMs);
		this.page.setDefaultNavigationTimeout(patienceMs);
		await this.page.goto(`${address}/?folder=${encodeURIComponent(this.folder)}`);
		await this.page.waitForSelector(".monaco-workbench");
		await until("the runner extension", () => fs.existsSync(this.socket));
	}

	/** file returns the path of a file of the opened folder. */
	file(name) {
		return path.join(this.folder, name);
	}

	/** logLines returns what was written to an output channel, by the name of its file. */
	logLines(name) {
		return fs
			.readdirSync(path.join(this.#profile, "data", "logs"), { recursive: true })
			.filter((file) => path.basename(file).endsWith(name))
			.flatMap((file) => fs.readFileSync(path.join(this.#profile, "data", "logs", file), "utf8").split("\n"));
	}

	/** act asks the runner extension for one action. */
	act(action, args = {}) {
		const answered = new Promise((resolve, reject) => {
			const request = http.request({ socketPath: this.socket, path: `/${action}`, method: "POST" }, async (response) => {
				let body = "";
				for await (const chunk of response) {
					body += chunk;
				}
				const answer = JSON.parse(body);
				if (response.statusCode === 200) {
					resolve(answer);
				} else {
					reject(new Error(`${action}: ${answer.error}`));
				}
			});
			request.on("error", reject);
			request.end(JSON.stringify(args));
		});
		return within(`the answer to ${action} ${JSON.stringify(args)}`, answered);
	}

	/** stop ends everything that start started and removes the profile. */
	async stop() {
		await within("the end of the browser", Promise.resolve(this.#browser?.close()));
		if (this.#server?.pid && this.#server.exitCode === null) {
			const ended = new Promise((resolve) => this.#server.once("exit", resolve));
			process.kill(this.#server.pid, "SIGTERM");
			await Promise.race([ended, sleep(5_000)]);
		}
		const left = await until("an end of all processes", () => (this.leftovers().length === 0 ? "none" : "")).then(
			() => [],
			() => this.leftovers(),
		);
		this.#kill();
		process.removeListener("exit", this.#kill);
		fs.rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
		return left;
	}

	#kill = () => {
		try {
			process.kill(-this.#server.pid, "SIGKILL");
		} catch {
			// The group is gone already, or never was.
		}
	};

	/** leftovers lists the command lines of this run's processes that still live. */
	leftovers() {
		const found = [];
		for (const pid of fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
			try {
				if (fs.readFileSync(`/proc/${pid}/environ`, "latin1").includes(`${marker}=${this.#profile}`)) {
					found.push(fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " "));
				}
			} catch {
				// It ended while we looked.
			}
		}
		return found;
	}
}
