// SPDX-License-Identifier: GPL-2.0-only

// Verifier logs as read-only documents, one for each checked file.

import * as vscode from "vscode";

const scheme = "bpf-verifier-log";

/** VerifierLogs serves the text of logs that the server answered. */
export class VerifierLogs implements vscode.TextDocumentContentProvider, vscode.Disposable {
	private readonly texts = new Map<string, string>();
	private readonly changed = new vscode.EventEmitter<vscode.Uri>();
	private readonly subscriptions: vscode.Disposable[];

	readonly onDidChange = this.changed.event;

	constructor() {
		this.subscriptions = [
			this.changed,
			vscode.workspace.registerTextDocumentContentProvider(scheme, this),
			vscode.workspace.onDidCloseTextDocument((document) => this.texts.delete(document.uri.toString())),
		];
	}

	provideTextDocumentContent(uri: vscode.Uri): string {
		return this.texts.get(uri.toString()) ?? "";
	}

	/** show opens the log of a source file beside it; a log shown before is replaced in place. */
	async show(source: vscode.Uri, text: string): Promise<void> {
		const uri = vscode.Uri.from({ scheme, path: source.path + ".log" });
		this.texts.set(uri.toString(), text);
		this.changed.fire(uri);
		const document = await vscode.workspace.openTextDocument(uri);
		await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preview: true });
	}

	dispose(): void {
		for (const subscription of this.subscriptions) {
			subscription.dispose();
		}
	}
}
