// SPDX-License-Identifier: GPL-2.0-only

// What commands of the server answer, shown: texts beside the program, the heat at its lines. The
// server's code lenses run the same commands.

import * as vscode from "vscode";
import type { Documents, Kind } from "./documents";
import type { Heat, HeatMap } from "./heat";

/** Commands of the server whose answer is a text, with the kind of document that shows it. */
const texts: Record<string, Kind> = {
	"bpf-lsp.showVerifierLog": "bpf-verifier-log",
	"bpf-lsp.showCommandLine": "bpf-compiler-command",
	"bpf-lsp.showReport": "bpf-report",
	"bpf-lsp.showBudget": "bpf-budget",
};

export const heatCommand = "bpf-lsp.showHeat";

/** The command that answers with a log and the line of it where the error is. */
const logAtCommand = "bpf-lsp.showLogAtError";

const nothing = "Nothing to show: this file has not been checked.\n";

/** Answers shows what commands answer. */
export class Answers {
	constructor(
		private readonly documents: Documents,
		private readonly heat: HeatMap,
	) {}

	/** show shows the answer to a command whose first argument is the URI of a file; others are left alone. */
	async show(command: string, args: readonly unknown[], answer: unknown): Promise<void> {
		const kind = texts[command];
		if (kind === undefined && command !== heatCommand && command !== logAtCommand) {
			return;
		}
		const uri = vscode.Uri.parse(String(args[0]));
		if (command === logAtCommand) {
			const { text, line } = (answer ?? { text: nothing, line: 0 }) as { text: string; line: number };
			await this.documents.show("bpf-verifier-log", uri, text, line);
			return;
		}
		if (kind !== undefined) {
			await this.documents.show(kind, uri, (answer as string | null) || nothing);
			return;
		}
		if (answer === null || answer === undefined) {
			void vscode.window.showInformationMessage("bpf-lsp: nothing to show, no program of this file was verified.");
			return;
		}
		this.heat.show(uri, answer as Heat);
	}
}
