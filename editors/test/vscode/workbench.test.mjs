// SPDX-License-Identifier: GPL-2.0-only

// From save to squiggle in the real workbench: a leaking program is opened, its diagnostic, related
// places, hover and log are read, it is fixed and saved, and the diagnostic goes.
//
// Needs what editors/test/vscode/run.sh prepares and names in the environment.

import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { after, before, test } from "node:test";
import { Workbench, until } from "./workbench.mjs";

const { BPF_LSP_PROGRAMS, BPF_LSP_CHROMIUM, BPF_LSP_VSIX, BPF_LSP_RUNNER_VSIX, BPF_LSP_PROGRAM, BPF_LSP_LONGER, BPF_LSP_HEADER, BPF_LSP_SHOWN, BPF_LSP_TABLES, BPF_LSP_SCREENSHOTS } = process.env;

const source = fs.readFileSync(BPF_LSP_PROGRAM, "utf8").split("\n");
const lineOf = (text) => source.findIndex((line) => line.includes(text));
const acquire = lineOf("= bpf_skc_lookup_tcp(");
const leak = lineOf("return bpf_redirect(");
const leaking = source[leak] + "\n";
const fixed = "\t{\n\t\tbpf_sk_release(sk);\n" + leaking + "\t}\n";

// Programs as people write them, each with one leak, which a comment marks.
const longer = BPF_LSP_LONGER.split(":");

// A program whose fault is in its header.
const [user, header] = BPF_LSP_HEADER.split(":");

// What is shown where, and which changes are made: tables that the other editors' tests read too.
const rows = (name) =>
	fs
		.readFileSync(path.join(BPF_LSP_TABLES, name), "utf8")
		.trimEnd()
		.split("\n")
		.map((row) => row.split("\t"));
const shown = fs.readdirSync(BPF_LSP_SHOWN).map((name) => path.join(BPF_LSP_SHOWN, name));

let editor;
let file;

before(async () => {
	assert.ok(acquire > 0 && leak > acquire, "the demo program has the lines that this test speaks of");
	editor = await Workbench.start({
		programs: BPF_LSP_PROGRAMS,
		chromium: BPF_LSP_CHROMIUM,
		extensions: [BPF_LSP_VSIX, BPF_LSP_RUNNER_VSIX],
		files: [BPF_LSP_PROGRAM, ...longer, user, header, ...shown.filter((name) => !longer.concat(BPF_LSP_PROGRAM).some((other) => path.basename(other) === path.basename(name)))],
	});
	file = editor.file(path.basename(BPF_LSP_PROGRAM));
});

after(async () => {
	const left = (await editor?.stop()) ?? [];
	assert.deepEqual(left, [], "every process ends with the editor");
});

const diagnostics = () => editor.act("diagnostics", { file });
const count = (n) => until(`${n} diagnostics`, async () => ((await diagnostics()).length === n ? "yes" : ""));

/** alone leaves nothing but a file in one group of editors. */
async function alone(file) {
	await editor.act("open", { file });
	for (const command of ["workbench.action.joinAllGroups", "workbench.action.closeOtherEditors", "notifications.clearAll"]) {
		await editor.act("execute", { command });
	}
}

async function screenshot(name) {
	if (BPF_LSP_SCREENSHOTS) {
		await editor.page.waitForTimeout(500);
		await editor.page.screenshot({ path: path.join(BPF_LSP_SCREENSHOTS, `${name}.png`) });
	}
}

test("no other extension can have a say", async () => {
	const extensions = await editor.act("extensions");
	assert.deepEqual(extensions.sort(), ["bpf-lsp.bpf-lsp", "bpf-lsp.bpf-lsp-test-runner"]);
});

test("opening a leaking program underlines the return that leaks", async () => {
	assert.deepEqual(await editor.act("open", { file }), { languageId: "c" });
	await count(1);
	const [diagnostic] = await diagnostics();
	assert.equal(diagnostic.severity, "Error");
	assert.equal(diagnostic.source, "bpf-lsp");
	assert.equal(diagnostic.code, "resource-lifetime/unreleased-reference");
	assert.match(diagnostic.href, /^https:/);
	assert.match(diagnostic.message, /unreleased/i);
	assert.equal(diagnostic.range.start.line, leak);
	await editor.act("select", { line: leak, character: 0 });
	await editor.page.waitForSelector(".squiggly-error");
});

test("the related places tell the path, first where the socket was looked up", async () => {
	const [{ related }] = await diagnostics();
	assert.ok(related.length >= 2, "the acquire site and at least one branch");
	assert.equal(related[0].file, file);
	assert.equal(related[0].range.start.line, acquire);
	assert.match(related[0].message, /`sk` is looked up here/);
});

test("the hover on the acquiring call tells the life of the reference", async () => {
	const hovers = await editor.act("hover", { file, line: acquire, character: source[acquire].indexOf("bpf_skc") });
	const text = hovers.join("\n");
	assert.match(text, /`sk` is looked up here/);
	assert.match(text, /not released here/);
});

test("the editor draws the hover, the related places and the Problems panel", async () => {
	const { page } = editor;
	await editor.act("execute", { command: "workbench.action.closeSidebar" });
	await editor.act("select", { line: acquire, character: source[acquire].indexOf("bpf_skc") });
	await until("the hover drawn", async () => {
		await editor.act("execute", { command: "editor.action.showHover" });
		await page.waitForSelector(".monaco-hover:not(.hidden) .hover-contents", { timeout: 5_000 });
		return /unreleased/i.test(await page.locator(".monaco-hover:not(.hidden)").first().innerText());
	});
	await screenshot("hover");
	await page.keyboard.press("Escape");

	await editor.act("select", { line: leak, character: source[leak].indexOf("bpf_redirect") });
	await editor.act("execute", { command: "editor.action.marker.next" });
	await page.waitForSelector(".marker-widget");
	assert.match(await page.locator(".marker-widget").innerText(), /`sk` is looked up here/);
	await screenshot("squiggle");
	await page.keyboard.press("Escape");

	await editor.act("execute", { command: "workbench.actions.view.problems" });
	await page.waitForSelector(".markers-panel .monaco-list-row");
	const rows = await page.locator(".markers-panel .monaco-list-row").allInnerTexts();
	assert.ok(rows.some((row) => /unreleased/i.test(row)));
	assert.ok(rows.some((row) => /`sk` is looked up here/.test(row)));
	await screenshot("problems");
	await editor.act("execute", { command: "workbench.action.closePanel" });
});

test("the language status tells the verdict", async () => {
	await editor.page.locator('[id="status.languageStatus"]').hover();
	await editor.page.waitForSelector(".hover-language-status:has-text('eBPF: rejected')");
	await editor.page.mouse.move(640, 300);
});

test("the verifier log, the compiler command and the doctor open beside the program", async () => {
	await editor.act("open", { file });
	await editor.act("execute", { command: "bpfLsp.showVerifierLog" });
	const [log] = await until("the log", async () => {
		const documents = await editor.act("documents", { scheme: "bpf-verifier-log" });
		return documents.length > 0 && documents;
	});
	assert.match(log.text, /Unreleased reference id=\d+ alloc_insn=\d+/);

	await editor.act("open", { file });
	await editor.act("execute", { command: "bpfLsp.showCommandLine" });
	const [command] = await until("the compiler command", async () => {
		const documents = await editor.act("documents", { scheme: "bpf-compiler-command" });
		return documents.length > 0 && documents;
	});
	assert.match(command.text, /clang.*leak\.bpf\.c/);

	await editor.act("open", { file });
	await editor.act("execute", { command: "bpfLsp.showDoctor" });
	const [doctor] = await until("the doctor", async () => {
		const documents = await editor.act("documents", { scheme: "bpf-doctor" });
		return documents.length > 0 && documents;
	});
	assert.match(doctor.text, /kernel types/);
	await editor.act("open", { file });
});

test("a code lens at the program tells the verdict, and opens report and log", async () => {
	const name = source.findIndex((text) => /^int proxy_unless_local\(/.test(text));
	const lenses = await until("lenses", async () => {
		const found = await editor.act("lenses", { file });
		return found.length === 2 && found;
	});
	assert.deepEqual(lenses.map(({ line, title }) => [line, title]), [
		[name, "rejected · Resource Lifetime Safety: unreleased resource"],
		[name, "verifier log"],
	]);
	await editor.act("select", { line: name, character: 0 });
	await editor.page.locator(".codelens-decoration a", { hasText: "rejected ·" }).first().waitFor({ state: "attached" });
	await editor.act("execute", { command: lenses[0].command, args: lenses[0].arguments });
	const [report] = await until("the report", async () => {
		const documents = await editor.act("documents", { scheme: "bpf-report" });
		return documents.length > 0 && documents;
	});
	assert.match(report.text, /^error\[resource-lifetime\/unreleased-reference\]/);
	await editor.act("open", { file });
});

test("heat is drawn at the lines, and goes with a second command", async () => {
	await alone(file);
	await editor.act("select", { line: acquire, character: 0 });
	await editor.act("execute", { command: "bpfLsp.toggleHeat" });
	// The workbench draws texts behind lines as generated content.
	const labels = () =>
		editor.page.evaluate(
			() =>
				[...document.querySelectorAll(".view-line *")].filter((element) =>
					/\d insns · \d+\.\d %/.test(getComputedStyle(element, "::after").content),
				).length,
		);
	await until("heat", async () => (await labels()) > 3);
	await screenshot("heat");
	await editor.act("execute", { command: "bpfLsp.toggleHeat" });
	await until("no heat", async () => (await labels()) === 0);
});

test("the menu of quick fixes offers the release that is missing", async () => {
	const { page } = editor;
	await editor.act("open", { file });
	const at = { file, line: leak, character: source[leak].indexOf("bpf_redirect") };
	await editor.act("select", at);
	await until("a fix", async () => (await editor.act("quickFixes", at)).length > 0);
	await editor.act("execute", { command: "editor.action.quickFix" });
	await page.locator(".action-widget", { hasText: "bpf_sk_release" }).first().waitFor();
	await screenshot("fix");
	await page.keyboard.press("Escape");
});

test("an unsaved fix changes nothing yet; saving it clears the diagnostic", async () => {
	await editor.act("replaceLines", { file, line: leak, count: 1, text: fixed });
	assert.equal((await diagnostics()).length, 1, "results stay until new ones are there");
	assert.equal(await editor.act("save", { file }), true);
	await count(0);
	await until("another lens", async () => {
		const found = await editor.act("lenses", { file });
		return found.length === 1 && /^accepted · \d+ insns · \d+ B stack$/.test(found[0].title);
	});
	await until("an inlay hint", async () => {
		const hints = await editor.act("inlayHints", { file, line: lineOf("(void *)(tcp + 1) > end") });
		return JSON.stringify(hints) === '["// 54 bytes of packet proven"]';
	});
	await until("no squiggle", async () => (await editor.page.locator(".squiggly-error").count()) === 0);
	await editor.act("select", { line: lineOf("(void *)(tcp + 1) > end"), character: 0 });
	await editor.page.locator(".codelens-decoration a", { hasText: "accepted ·" }).first().waitFor({ state: "attached" });
	await screenshot("hints");
});

test("bringing the fault back and checking by command shows it again", async () => {
	await editor.act("replaceLines", { file, line: leak, count: 4, text: leaking });
	assert.equal(await editor.act("save", { file }), true);
	await count(1);
	await editor.act("execute", { command: "bpfLsp.checkNow" });
	await count(1);
	assert.equal((await diagnostics())[0].range.start.line, leak);
});

test("checking the workspace finds the leaks of programs that are not open, and nothing twice", async () => {
	await editor.act("execute", { command: "bpfLsp.checkWorkspace" });
	for (const program of longer) {
		const closed = editor.file(path.basename(program));
		await until("a diagnostic", async () => (await editor.act("diagnostics", { file: closed })).length === 1);
	}
	assert.equal((await diagnostics()).length, 1);
});

test("a restart brings the diagnostic back", async () => {
	await editor.act("execute", { command: "bpfLsp.restart" });
	await count(1);
});

test("a server path that leads nowhere is told, and correcting it starts the server", async () => {
	await editor.act("setSetting", { key: "bpfLsp.server.path", value: path.join(editor.folder, "missing") });
	await count(0);
	const toasts = editor.page.locator(".notification-toast");
	await toasts.filter({ hasText: "is not a program that can be run" }).waitFor();
	for (const text of await toasts.allInnerTexts()) {
		assert.doesNotMatch(text, /\bat \S+:\d+|didChangeConfiguration/, "no stack trace");
	}
	await toasts.getByText("Use the Bundled Server").click();
	await count(1);
});

test("the log has each line at its level: a check is information", async () => {
	const lines = await until("a check in the log", () => {
		const found = editor.logLines("bpf-lsp.log").filter((line) => / checked \{/.test(line));
		return found.length > 0 && found;
	});
	assert.deepEqual(lines.filter((line) => !line.includes("[info]")), []);
	assert.deepEqual(editor.logLines("bpf-lsp.log").filter((line) => /\[error\].*\b(INFO|DEBUG)\b/.test(line)), []);
});

test("a fault in a header is underlined there, and hovers answer", async () => {
	const file = editor.file("count.h");
	const line = fs.readFileSync(header, "utf8").split("\n").findIndex((text) => text.includes("*value += 1"));
	const places = async () => (await editor.act("diagnostics", { file })).map((diagnostic) => diagnostic.range.start.line);
	const shows = (lines) => until(`the fault at ${lines}`, async () => JSON.stringify(await places()) === JSON.stringify(lines));
	const hover = async (at) => (await editor.act("hover", { file, line: at, character: 2 })).join("\n");
	const edit = (at, count, text) => editor.act("replaceLines", { file, line: at, count, text });

	await editor.act("open", { file: editor.file("count.bpf.c") });
	assert.deepEqual(await editor.act("open", { file }), { languageId: "cpp" });
	await shows([line]);
	await editor.page.waitForSelector(".squiggly-error");
	await until("a hover", async () => /NULL/.test(await hover(line)));

	// Places follow lines that are not saved, also where the program is checked again.
	await edit(0, 0, "/* above */\n");
	await until("a hover on the moved line", async () => /NULL/.test(await hover(line + 1)));
	await editor.act("execute", { command: "bpfLsp.checkNow" });
	await shows([line + 1]);
	assert.equal(await hover(line), "");

	// A saved header checks what includes it.
	await edit(line + 1, 0, "\tif (value)\n");
	assert.equal(await editor.act("save", { file }), true);
	await shows([]);
	await edit(line + 1, 1, "");
	assert.equal(await editor.act("save", { file }), true);
	await shows([line + 1]);

	await editor.act("setSetting", { key: "bpfLsp.checkOn", value: "type" });
	await edit(line + 1, 0, "\tif (value)\n");
	await shows([]);
	await edit(line + 1, 1, "");
	await shows([line + 1]);
	await editor.act("setSetting", { key: "bpfLsp.checkOn", value: undefined });
	assert.equal(await editor.act("save", { file }), true);
});

for (const program of longer) {
	const name = path.basename(program, ".bpf.c");
	test(`in ${name}, which is longer, the leak is found where a comment says so`, async () => {
		const longer = editor.file(path.basename(program));
		const line = fs.readFileSync(program, "utf8").split("\n").findIndex((text) => text.includes("// want "));
		await alone(longer);
		const [diagnostic] = await until("a diagnostic", async () => {
			const found = await editor.act("diagnostics", { file: longer });
			return found.length === 1 && found;
		});
		assert.equal(diagnostic.range.start.line, line);
		await editor.act("select", { line, character: 0 });
		await editor.act("execute", { command: "editor.action.marker.next" });
		await editor.page.waitForSelector(".marker-widget");
		await screenshot(name);
		await editor.page.keyboard.press("Escape");
	});
}

/** errorsIn are the diagnostics of a file that say that something is wrong. */
const errorsIn = async (file) => (await editor.act("diagnostics", { file })).filter(({ severity }) => severity === "Error");

for (const [name, text, token, want] of rows("hovers.tsv")) {
	test(`${name}: hovering over ${token} in "${text}" shows "${want}"`, async () => {
		const { page } = editor;
		const file = editor.file(name);
		await editor.act("open", { file });
		const lines = fs.readFileSync(file, "utf8").split("\n");
		const line = lines.findIndex((whole) => whole.includes(text));
		const escaped = token.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
		const from = lines[line].indexOf(text);
		const character = from + new RegExp(`(?<!\\w)${escaped}(?!\\w)`).exec(lines[line].slice(from)).index + token.length - 1;
		// The bare text: what the editor draws has no marks.
		const bare = (shown) => shown.replaceAll("`", "").replace(/\s+/g, " ");
		await until(`the hover on ${token}`, async () => bare((await editor.act("hover", { file, line, character })).join("\n")).includes(bare(want)));
		await editor.act("select", { line, character });
		await until(`${want} drawn`, async () => {
			await editor.act("execute", { command: "editor.action.showHover" });
			await page.waitForSelector(".monaco-hover:not(.hidden) .hover-contents", { timeout: 5_000 });
			const drawn = await page.locator(".monaco-hover:not(.hidden)").first().innerText();
			return bare(drawn).includes(bare(want));
		});
		if (token === "ip.ihl") {
			await screenshot("values");
		}
		await page.keyboard.press("Escape");
	});
}

for (const [kind, , program, want] of rows("fixes.tsv")) {
	test(`the quick fix of kind ${kind} for ${program} makes the squiggle go`, async () => {
		const file = editor.file(`${kind}.bpf.c`);
		await editor.act("open", { file });
		await until("an error", async () => (await errorsIn(file)).length > 0);
		const [{ range }] = await errorsIn(file);
		const at = { file, line: range.start.line, character: range.start.character };
		const before = await editor.act("text", { file });
		await editor.act("select", at);
		await editor.page.waitForSelector(".squiggly-error");
		const [fix] = await until("a quick fix", async () => {
			const found = await editor.act("quickFixes", at);
			return found.length > 0 && found;
		});
		let tried = 0;
		await until(`the edit ${want}`, async () => {
			const text = await editor.act("text", { file });
			if (text !== before) {
				return text.includes(want);
			}
			if (Date.now() - tried > 10_000) { // what is offered changes while the server tries suggestions
				tried = Date.now();
				if (fix.isPreferred) {
					await editor.act("execute", { command: "editor.action.autoFix" });
				} else {
					await editor.act("applyQuickFix", at); // it leaves a choice
				}
			}
			return false;
		});
		assert.equal(await editor.act("save", { file }), true);
		await until("no error", async () => (await errorsIn(file)).length === 0);
		await until("no squiggle", async () => (await editor.page.locator(".squiggly-error").count()) === 0);
	});
}

test("the action at an error opens the verifier log where it says it", async () => {
	await editor.act("open", { file });
	await until("an error", async () => (await errorsIn(file)).length === 1);
	await editor.act("execute", { command: "bpf-lsp.showLogAtError", args: [`file://${file}`, "proxy_unless_local"] });
	await until("the error in the log", async () => {
		const { scheme, text } = await editor.act("cursorLine");
		return scheme === "bpf-verifier-log" && /^Unreleased reference id=/.test(text);
	});
});
