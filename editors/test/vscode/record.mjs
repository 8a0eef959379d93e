// SPDX-License-Identifier: GPL-2.0-only

// Records the moving picture of the README in the real workbench: in a program that is accepted a release is
// deleted and the file saved, the leak is shown, the release is typed again, the leak goes.
//
// Needs what editors/test/vscode/run.sh prepares and names in the environment, and ImageMagick's convert.

import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Workbench, until } from "./workbench.mjs";

const { BPF_LSP_PROGRAMS, BPF_LSP_CHROMIUM, BPF_LSP_VSIX, BPF_LSP_RUNNER_VSIX, BPF_LSP_PROGRAM, BPF_LSP_RECORDING } = process.env;

const release = "bpf_sk_release(sk);";
const work = fs.mkdtempSync(path.join(os.tmpdir(), "bpf-lsp-record-"));

/** accepted is the demo program with its leak mended, under a name of its own. */
function accepted() {
	const source = fs.readFileSync(BPF_LSP_PROGRAM, "utf8");
	const mended = source.replace(
		/(if \(sk->state != BPF_TCP_LISTEN\))\n\t\t(return bpf_redirect\(.*;)/,
		`$1 {\n\t\t${release}\n\t\t$2\n\t}`,
	);
	if (mended === source) {
		throw new Error("the demo program lacks the leaking branch");
	}
	const file = path.join(work, "proxy.bpf.c");
	fs.writeFileSync(file, mended);
	return file;
}

const frames = [];
let editor;

/** frame takes a picture that is to be seen for some milliseconds. */
async function frame(millis) {
	const file = path.join(work, `${String(frames.length).padStart(3, "0")}.png`);
	await editor.page.screenshot({ path: file });
	frames.push({ file, millis });
}

async function record() {
	const program = accepted();
	const line = fs.readFileSync(program, "utf8").split("\n").findIndex((text) => text.includes(release));
	editor = await Workbench.start({
		programs: BPF_LSP_PROGRAMS,
		chromium: BPF_LSP_CHROMIUM,
		extensions: [BPF_LSP_VSIX, BPF_LSP_RUNNER_VSIX],
		files: [program],
	});
	const { page } = editor;
	const file = editor.file(path.basename(program));
	const count = (n) => until(`${n} diagnostics`, async () => (await editor.act("diagnostics", { file })).length === n);
	const save = async (n) => {
		await page.keyboard.press("Control+S");
		await count(n);
		await page.waitForTimeout(700);
	};

	await page.setViewportSize({ width: 960, height: 540 });
	await editor.act("execute", { command: "workbench.action.closeSidebar" });
	await editor.act("open", { file });
	await editor.act("execute", { command: "workbench.actions.view.problems" });
	await editor.act("execute", { command: "notifications.clearAll" });
	await editor.act("open", { file });
	await editor.act("select", { line, character: 2 + release.length });
	await until("a verdict", async () => (await page.locator('[id="status.languageStatus"]').count()) > 0);
	await page.waitForTimeout(2000);
	await frame(1500);

	await page.keyboard.press("Shift+Home");
	await page.waitForTimeout(200);
	await frame(700);
	await page.keyboard.press("Control+Shift+K");
	await page.waitForTimeout(300);
	await frame(900);
	await save(1);
	await page.waitForSelector(".squiggly-error");
	await page.waitForSelector(".markers-panel .monaco-list-row");
	await frame(4500);

	await page.keyboard.press("Control+Shift+Enter");
	for (let typed = 0; typed < release.length; typed += 4) {
		await page.keyboard.insertText(release.slice(typed, typed + 4));
		await page.waitForTimeout(150);
		await frame(160);
	}
	await page.keyboard.press("Escape");
	await page.waitForTimeout(300);
	await frame(900);
	await save(0);
	await until("no squiggle", async () => (await page.locator(".squiggly-error").count()) === 0);
	await frame(2500);
}

try {
	await record();
	const shown = frames.flatMap(({ file, millis }) => ["-delay", String(millis / 10), file]);
	execFileSync("convert", ["-loop", "0", ...shown, "+dither", "-colors", "96", "-layers", "OptimizeTransparency", "+map", BPF_LSP_RECORDING]);
	console.log(`${BPF_LSP_RECORDING}: ${frames.length} frames, ${fs.statSync(BPF_LSP_RECORDING).size >> 10} KiB`);
} finally {
	await editor?.stop();
	fs.rmSync(work, { recursive: true, force: true });
}
