// SPDX-License-Identifier: GPL-2.0-only

// The test's hands inside the editor: a second extension in the same extension host, which answers
// requests over a Unix socket (POST /action with JSON arguments). The test itself is outside, in
// workbench.test.mjs; scraping the page could not tell ranges, codes or related places.

const http = require("node:http");
const vscode = require("vscode");

const actions = {
	async open({ file }) {
		const document = await vscode.workspace.openTextDocument(file);
		await vscode.window.showTextDocument(document);
		return { languageId: document.languageId };
	},

	/** Whether the extension under test is active, and since when is not asked for here. */
	async extension({ id }) {
		const extension = vscode.extensions.getExtension(id);
		return extension && { active: extension.isActive, version: extension.packageJSON.version };
	},

	async diagnostics({ file }) {
		return vscode.languages.getDiagnostics(vscode.Uri.file(file)).map((diagnostic) => ({
			message: diagnostic.message,
			severity: vscode.DiagnosticSeverity[diagnostic.severity],
			source: diagnostic.source,
			code: diagnostic.code?.value ?? diagnostic.code,
			href: diagnostic.code?.target?.toString(),
			range: plainRange(diagnostic.range),
			related: (diagnostic.relatedInformation ?? []).map((related) => ({
				file: related.location.uri.fsPath,
				range: plainRange(related.location.range),
				message: related.message,
			})),
		}));
	},

	async hover({ file, line, character }) {
		const hovers = await vscode.commands.executeCommand(
			"vscode.executeHoverProvider",
			vscode.Uri.file(file),
			new vscode.Position(line, character),
		);
		return hovers.flatMap((hover) => hover.contents.map((part) => (typeof part === "string" ? part : part.value)));
	},

	async lenses({ file }) {
		const lenses = await vscode.commands.executeCommand("vscode.executeCodeLensProvider", vscode.Uri.file(file), 10);
		return lenses.map(({ range, command }) => ({ line: range.start.line, ...command }));
	},

	async inlayHints({ file, line }) {
		const range = new vscode.Range(line, 0, line + 1, 0);
		const hints = await vscode.commands.executeCommand("vscode.executeInlayHintProvider", vscode.Uri.file(file), range);
		return hints.map(({ label }) => (typeof label === "string" ? label : label.map((part) => part.value).join("")));
	},

	/** The quick fixes at a place, each with its title and whether it is preferred. */
	async quickFixes({ file, line, character }) {
		return (await quickFixesAt(file, line, character)).map(({ title, isPreferred }) => ({ title, isPreferred }));
	},

	/** Makes the edit of the first quick fix at a place. */
	async applyQuickFix({ file, line, character }) {
		const [fix] = await quickFixesAt(file, line, character);
		return vscode.workspace.applyEdit(fix.edit);
	},

	async text({ file }) {
		return (await vscode.workspace.openTextDocument(file)).getText();
	},

	/** The text of the line that the cursor is on, and the scheme of its document. */
	async cursorLine() {
		const { document, selection } = vscode.window.activeTextEditor;
		return { scheme: document.uri.scheme, text: document.lineAt(selection.active.line).text };
	},

	/** Replaces whole lines: count of them from line on, 0-based. */
	async replaceLines({ file, line, count, text }) {
		const edit = new vscode.WorkspaceEdit();
		edit.replace(vscode.Uri.file(file), new vscode.Range(line, 0, line + count, 0), text);
		return vscode.workspace.applyEdit(edit);
	},

	async save({ file }) {
		const document = await vscode.workspace.openTextDocument(file);
		return document.save();
	},

	async select({ line, character }) {
		const editor = vscode.window.activeTextEditor;
		const position = new vscode.Position(line, character);
		editor.selection = new vscode.Selection(position, position);
		editor.revealRange(new vscode.Range(position, position), vscode.TextEditorRevealType.InCenter);
	},

	async execute({ command, args = [] }) {
		await vscode.commands.executeCommand(command, ...args);
	},

	/** Text of the documents of one URI scheme that are open now. */
	async documents({ scheme }) {
		return vscode.workspace.textDocuments
			.filter((document) => document.uri.scheme === scheme)
			.map((document) => ({ uri: document.uri.toString(), text: document.getText() }));
	},

	/** Extensions that did not come with the editor. */
	async extensions() {
		return vscode.extensions.all.filter((extension) => !extension.packageJSON.isBuiltin).map((extension) => extension.id.toLowerCase());
	},

	async setSetting({ key, value }) {
		await vscode.workspace.getConfiguration().update(key, value, vscode.ConfigurationTarget.Global);
	},
};

function quickFixesAt(file, line, character) {
	const range = new vscode.Range(line, character, line, character);
	const { value } = vscode.CodeActionKind.QuickFix;
	return vscode.commands.executeCommand("vscode.executeCodeActionProvider", vscode.Uri.file(file), range, value, 10);
}

function plainRange(range) {
	return {
		start: { line: range.start.line, character: range.start.character },
		end: { line: range.end.line, character: range.end.character },
	};
}

exports.activate = (context) => {
	const server = http.createServer(async (request, response) => {
		let status = 200;
		let answer;
		try {
			let body = "";
			for await (const chunk of request) {
				body += chunk;
			}
			const action = actions[request.url.slice(1)];
			answer = (await action(JSON.parse(body))) ?? null;
		} catch (error) {
			status = 500;
			answer = { error: error.stack ?? String(error) };
		}
		response.writeHead(status, { "content-type": "application/json" });
		response.end(JSON.stringify(answer));
	});
	server.listen(process.env.BPF_LSP_TEST_SOCKET);
	context.subscriptions.push({ dispose: () => server.close() });
};
