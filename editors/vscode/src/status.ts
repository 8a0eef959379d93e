// SPDX-License-Identifier: GPL-2.0-only

// The language status item: what the server is doing with the file in front of the user.

import * as vscode from "vscode";

/** CheckState is how far the check of one file is, as the server tells it. */
export type CheckState = "checking" | "ok" | "rejected" | "failed" | "skipped";

/** Status is the parameter of the notification bpf-lsp/status. */
export interface Status {
	uri: string;
	state: CheckState;
	message?: string;
}

interface Look {
	text: string;
	severity: vscode.LanguageStatusSeverity;
	command: vscode.Command;
}

const checkNow: vscode.Command = { title: "Check Now", command: "bpfLsp.checkNow" };
const showLog: vscode.Command = { title: "Verifier Log", command: "bpfLsp.showVerifierLog" };
const showOutput: vscode.Command = { title: "Output", command: "bpfLsp.showOutput" };

const looks: Record<CheckState | "idle", Look> = {
	idle: { text: "eBPF", severity: vscode.LanguageStatusSeverity.Information, command: checkNow },
	checking: { text: "eBPF: checking", severity: vscode.LanguageStatusSeverity.Information, command: showOutput },
	ok: { text: "eBPF: accepted", severity: vscode.LanguageStatusSeverity.Information, command: showLog },
	rejected: { text: "eBPF: rejected", severity: vscode.LanguageStatusSeverity.Error, command: showLog },
	failed: { text: "eBPF: could not check", severity: vscode.LanguageStatusSeverity.Warning, command: showOutput },
	skipped: { text: "eBPF: not verified", severity: vscode.LanguageStatusSeverity.Warning, command: checkNow },
};

/** StatusItem shows the last status of the file in the active editor. */
export class StatusItem implements vscode.Disposable {
	private readonly item: vscode.LanguageStatusItem;
	private readonly statuses = new Map<string, Status>();
	private readonly subscriptions: vscode.Disposable[];
	private serverProblem: string | undefined;

	constructor(selector: vscode.DocumentSelector) {
		this.item = vscode.languages.createLanguageStatusItem("bpf-lsp", selector);
		this.item.name = "eBPF verifier";
		this.subscriptions = [
			this.item,
			vscode.window.onDidChangeActiveTextEditor(() => this.draw()),
			vscode.workspace.onDidCloseTextDocument((document) => this.statuses.delete(document.uri.toString())),
		];
		this.draw();
	}

	/** update records what the server said of one file. */
	update(status: Status): void {
		// The server may escape a URI in another way than the editor does.
		this.statuses.set(vscode.Uri.parse(status.uri).toString(), status);
		this.draw();
	}

	/** reset forgets all results; problem says why there is no server, if there is none. */
	reset(problem?: string): void {
		this.statuses.clear();
		this.serverProblem = problem;
		this.draw();
	}

	/** of returns the last status of a file. */
	of(uri: vscode.Uri): Status | undefined {
		return this.statuses.get(uri.toString());
	}

	private draw(): void {
		const active = vscode.window.activeTextEditor?.document.uri;
		const status = active && this.of(active);
		const look = this.serverProblem === undefined ? looks[status?.state ?? "idle"] : looks.failed;
		this.item.text = look.text;
		this.item.detail = this.serverProblem ?? status?.message;
		this.item.severity = look.severity;
		this.item.command = look.command;
		this.item.busy = this.serverProblem === undefined && status?.state === "checking";
	}

	dispose(): void {
		for (const subscription of this.subscriptions) {
			subscription.dispose();
		}
	}
}
