// SPDX-License-Identifier: GPL-2.0-only

import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { after, test } from "node:test";
import { locateServer, type Places } from "../src/locate";

const root = fs.mkdtempSync(path.join(os.tmpdir(), "bpf-lsp-locate-"));
after(() => fs.rmSync(root, { recursive: true }));

/** program makes an executable at root/dir/bpf-lsp and returns its path. */
function program(dir: string, mode = 0o755): string {
	const file = path.join(root, dir, "bpf-lsp");
	fs.mkdirSync(path.dirname(file), { recursive: true });
	fs.writeFileSync(file, "#!/bin/sh\n");
	fs.chmodSync(file, mode);
	return file;
}

const onPath = program("tools");
const bundled = program("full/bin");
const chosen = program("chosen");
program("plain", 0o644);

const nothing: Places = {
	setting: "",
	extensionDir: path.join(root, "empty"),
	workspaceDir: root,
	searchPath: "",
	platform: "linux",
};

test("a setting wins over the bundled server and PATH", () => {
	const found = locateServer({
		...nothing,
		setting: chosen,
		extensionDir: path.join(root, "full"),
		searchPath: path.dirname(onPath),
	});
	assert.deepEqual(found, { path: chosen, origin: "setting" });
});

test("the setting may name the workspace folder", () => {
	const found = locateServer({ ...nothing, setting: "${workspaceFolder}/chosen/bpf-lsp" });
	assert.deepEqual(found, { path: chosen, origin: "setting" });
});

test("the bundled server wins over PATH", () => {
	const found = locateServer({
		...nothing,
		extensionDir: path.join(root, "full"),
		searchPath: path.dirname(onPath),
	});
	assert.deepEqual(found, { path: bundled, origin: "bundled" });
});

test("PATH is searched in order, past folders without a program that can be run", () => {
	const dirs = [path.join(root, "plain"), path.join(root, "missing"), path.dirname(onPath), path.dirname(chosen)];
	const found = locateServer({ ...nothing, searchPath: dirs.join(path.delimiter) });
	assert.deepEqual(found, { path: onPath, origin: "PATH" });
});

for (const [what, setting, reason] of [
	["missing", path.join(root, "missing", "bpf-lsp"), /is not a program that can be run/],
	["not executable", path.join(root, "plain", "bpf-lsp"), /is not a program that can be run/],
	["relative", "tools/bpf-lsp", /is not an absolute path/],
] as const) {
	test(`a setting that is ${what} is reported, not replaced`, () => {
		const found = locateServer({ ...nothing, setting, searchPath: path.dirname(onPath) });
		assert.equal(found.path, undefined);
		assert.match((found as { reason: string }).reason, reason);
	});
}

test("a relative entry of PATH is ignored", () => {
	const found = locateServer({ ...nothing, searchPath: path.relative(process.cwd(), path.dirname(onPath)) });
	assert.equal(found.path, undefined);
});

test("no server anywhere is reported by name", () => {
	const found = locateServer(nothing);
	assert.match((found as { reason: string }).reason, /bpf-lsp was found neither/);
});
