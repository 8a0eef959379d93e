// SPDX-License-Identifier: GPL-2.0-only

// Where the server program is. Free of the editor's API, so that plain Node can test it.

import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

export interface Places {
	/** The setting bpfLsp.server.path; empty if unset. */
	setting: string;
	/** The folder of the extension, whose bin/ may hold a server. */
	extensionDir: string;
	/** The first workspace folder, for ${workspaceFolder} in the setting. */
	workspaceDir?: string;
	/** The environment variable PATH. */
	searchPath: string;
	platform: NodeJS.Platform;
}

/** Origin says which of the places won, or why none did. */
export type Found =
	| { path: string; origin: "setting" | "bundled" | "PATH" }
	| { path: undefined; reason: string };

/**
 * locateServer takes the setting, else the server bundled with the extension, else the first on
 * PATH. A setting that leads nowhere is an error and never silently replaced by another server.
 */
export function locateServer(places: Places): Found {
	const name = programName(places.platform);
	if (places.setting !== "") {
		const wanted = expand(places.setting, places.workspaceDir);
		const found = path.isAbsolute(wanted) ? executable(wanted, places.platform) : undefined;
		if (found) {
			return { path: found, origin: "setting" };
		}
		const why = path.isAbsolute(wanted) ? "is not a program that can be run" : "is not an absolute path";
		return { path: undefined, reason: `The setting bpfLsp.server.path (${places.setting}) ${why}.` };
	}
	const bundled = bundledServer(places.extensionDir, places.platform);
	if (bundled) {
		return { path: bundled, origin: "bundled" };
	}
	for (const dir of places.searchPath.split(path.delimiter)) {
		// A relative entry of PATH would let the opened folder choose the program.
		const found = path.isAbsolute(dir) ? executable(path.join(dir, name), places.platform) : undefined;
		if (found) {
			return { path: found, origin: "PATH" };
		}
	}
	return { path: undefined, reason: `The server program ${name} was found neither in the extension nor on PATH.` };
}

/** bundledServer is the server that came with the extension, if one did. */
export function bundledServer(extensionDir: string, platform: NodeJS.Platform): string | undefined {
	return executable(path.join(extensionDir, "bin", programName(platform)), platform);
}

function programName(platform: NodeJS.Platform): string {
	return platform === "win32" ? "bpf-lsp.exe" : "bpf-lsp";
}

function expand(setting: string, workspaceDir?: string): string {
	const home = setting.replace(/^~(?=$|[/\\])/, os.homedir());
	return workspaceDir ? home.replaceAll("${workspaceFolder}", workspaceDir) : home;
}

function executable(file: string, platform: NodeJS.Platform): string | undefined {
	try {
		if (!fs.statSync(file).isFile()) {
			return undefined;
		}
		if (platform !== "win32") {
			fs.accessSync(file, fs.constants.X_OK);
		}
		return file;
	} catch {
		return undefined;
	}
}
