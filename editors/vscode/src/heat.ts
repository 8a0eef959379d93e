// SPDX-License-Identifier: GPL-2.0-only

// Where the verifier's walk went, at the lines of a program: the more instructions a line took, the
// stronger its colour.

import * as vscode from "vscode";

/** HeatLine is what the walk through one line took. */
export interface HeatLine {
	line: number;
	share: number;
	label: string;
}

/** Heat is the answer of the server. */
export interface Heat {
	text: string;
	lines: HeatLine[];
}

/** Shares of all instructions from which on a line has the next stronger colour. */
export const steps = [0, 0.02, 0.1, 0.25];

/** levelOf is the number of the colour for a share. */
export function levelOf(share: number): number {
	return steps.filter((step) => share >= step).length - 1;
}

/** HeatMap draws heat until the text of the file changes or it is cleared. */
export class HeatMap implements vscode.Disposable {
	private readonly types = steps.map((_, level) =>
		vscode.window.createTextEditorDecorationType({
			isWholeLine: true,
			backgroundColor: `rgba(255, 96, 0, ${0.04 + 0.1 * level})`,
			overviewRulerColor: level > 1 ? `rgba(255, 96, 0, ${0.25 * level})` : undefined,
			after: { color: new vscode.ThemeColor("editorCodeLens.foreground"), margin: "0 0 0 2em" },
		}),
	);
	private readonly shown = new Map<string, Heat>();
	private readonly subscriptions: vscode.Disposable[];

	constructor() {
		this.subscriptions = [
			...this.types,
			// It is of the text that was checked.
			vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
				if (contentChanges.length > 0) {
					this.clear(document.uri);
				}
			}),
			vscode.workspace.onDidCloseTextDocument((document) => this.shown.delete(document.uri.toString())),
			vscode.window.onDidChangeVisibleTextEditors(() => this.draw()),
		];
	}

	show(uri: vscode.Uri, heat: Heat): void {
		this.shown.set(uri.toString(), heat);
		this.draw();
	}

	/** clear removes the heat of a file, and tells whether there was any. */
	clear(uri: vscode.Uri): boolean {
		const had = this.shown.delete(uri.toString());
		if (had) {
			this.draw();
		}
		return had;
	}

	/** labels are those drawn in a file, by line. */
	labels(uri: vscode.Uri): HeatLine[] {
		return this.shown.get(uri.toString())?.lines ?? [];
	}

	private draw(): void {
		for (const editor of vscode.window.visibleTextEditors) {
			const lines = this.labels(editor.document.uri);
			this.types.forEach((type, level) => {
				editor.setDecorations(
					type,
					lines
						.filter(({ line, share }) => levelOf(share) === level && line < editor.document.lineCount)
						.map(({ line, label }) => ({
							range: editor.document.lineAt(line).range,
							renderOptions: { after: { contentText: label } },
						})),
				);
			});
		}
	}

	dispose(): void {
		for (const subscription of this.subscriptions) {
			subscription.dispose();
		}
	}
}
