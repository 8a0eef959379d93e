// SPDX-License-Identifier: GPL-2.0-only

// Texts that the server answered, as read-only documents beside the program they are about.

import * as vscode from "vscode";

/** Scheme of a kind of document; the rest of the URI is the path of the source file. */
export type Kind = "bpf-verifier-log" | "bpf-compiler-command" | "bpf-doctor" | "bpf-report" | "bpf-budget";

const suffixes: Record<Kind, string> = {
	"bpf-verifier-log": ".log",
	"bpf-compiler-command": ".sh",
	"bpf-doctor": ".doctor.txt",
	"bpf-report": ".txt",
	"bpf-budget": ".txt",
};

/** How long the text of a document that is open may take to be replaced. */
const replaceMs = 2_000;

/** Documents keeps the texts that are open. */
export class Documents implements vscode.TextDocumentContentProvider, vscode.Disposable {
	private readonly texts = new Map<string, string>();
	private readonly changed = new vscode.EventEmitter<vscode.Uri>();
	private readonly subscriptions: vscode.Disposable[] = [this.changed];

	readonly onDidChange = this.changed.event;

	constructor() {
		for (const kind of Object.keys(suffixes)) {
			this.subscriptions.push(vscode.workspace.registerTextDocumentContentProvider(kind, this));
		}
		this.subscriptions.push(
			vscode.workspace.onDidCloseTextDocument((document) => this.texts.delete(document.uri.toString())),
		);
	}

	provideTextDocumentContent(uri: vscode.Uri): string {
		return this.texts.get(uri.toString()) ?? "";
	}

	/**
	 * show opens a text about a file or a folder beside it; one of the same kind shown before is replaced in place.
	 * With a line, from 0, that is selected and in sight.
	 */
	async show(kind: Kind, source: vscode.Uri, text: string, line?: number): Promise<void> {
		const uri = vscode.Uri.from({ scheme: kind, path: source.path + suffixes[kind] });
		this.texts.set(uri.toString(), text);
		this.changed.fire(uri);
		const document = await vscode.workspace.openTextDocument(uri);
		const options: vscode.TextDocumentShowOptions = { viewColumn: vscode.ViewColumn.Beside, preview: true };
		if (line === undefined) {
			await vscode.window.showTextDocument(document, options);
			return;
		}
		await this.replaced(document, text);
		const editor = await vscode.window.showTextDocument(document, options);
		const range = document.lineAt(Math.min(line, document.lineCount - 1)).range;
		editor.selection = new vscode.Selection(range.start, range.end);
		editor.revealRange(range, vscode.TextEditorRevealType.InCenter);
	}

	/** replaced waits until a document that was open before has its new text. */
	private async replaced(document: vscode.TextDocument, text: string): Promise<void> {
		const lines = text.split("\n").length;
		for (let waited = 0; document.lineCount !== lines && waited < replaceMs; waited += 20) {
			await new Promise((resolve) => setTimeout(resolve, 20));
		}
	}

	dispose(): void {
		for (const subscription of this.subscriptions) {
			subscription.dispose();
		}
	}
}
