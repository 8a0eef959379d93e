// SPDX-License-Identifier: GPL-2.0-only

// bpf-lsp in VS Code: starts the server and adds what the protocol has no words for.

import * as vscode from "vscode";
import { Answers, heatCommand } from "./answers";
import { Documents } from "./documents";
import { HeatMap } from "./heat";
import { Session, programSelector, section } from "./session";
import { StatusItem } from "./status";

let session: Session | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
	const output = vscode.window.createOutputChannel("bpf-lsp", { log: true });
	const status = new StatusItem(programSelector);
	const documents = new Documents();
	const heat = new HeatMap();
	const answers = new Answers(documents, heat);
	const running = new Session(context, output, status, answers);
	session = running;

	// A command that shows what the server answers to its own.
	const ask = async (serverCommand: string, uri: vscode.Uri) =>
		answers.show(serverCommand, [uri], await running.execute(serverCommand, uri.toString()));
	const answerCommand = (name: string, serverCommand: string) =>
		vscode.commands.registerCommand(name, () => onActiveFile((uri) => ask(serverCommand, uri)));

	context.subscriptions.push(
		output,
		status,
		documents,
		heat,
		vscode.commands.registerCommand("bpfLsp.restart", () => running.restart()),
		vscode.commands.registerCommand("bpfLsp.showOutput", () => output.show()),
		vscode.commands.registerCommand("bpfLsp.checkNow", () =>
			onActiveFile(async (uri) => {
				await running.execute("bpf-lsp.checkNow", uri.toString());
			}),
		),
		vscode.commands.registerCommand("bpfLsp.checkWorkspace", () =>
			reported(() => running.execute("bpf-lsp.checkWorkspace")),
		),
		answerCommand("bpfLsp.showVerifierLog", "bpf-lsp.showVerifierLog"),
		answerCommand("bpfLsp.showCommandLine", "bpf-lsp.showCommandLine"),
		answerCommand("bpfLsp.showReport", "bpf-lsp.showReport"),
		answerCommand("bpfLsp.showBudget", "bpf-lsp.showBudget"),
		vscode.commands.registerCommand("bpfLsp.toggleHeat", () =>
			onActiveFile(async (uri) => {
				if (!heat.clear(uri)) {
					await ask(heatCommand, uri);
				}
			}),
		),
		vscode.commands.registerCommand("bpfLsp.showDoctor", () =>
			reported(async () => {
				const uri = programInFront();
				const text = await running.execute<string>("bpf-lsp.showDoctor", ...(uri ? [uri.toString()] : []));
				await documents.show("bpf-doctor", uri ?? vscode.Uri.file("/this machine"), text);
			}),
		),
		vscode.workspace.onDidChangeConfiguration((event) => {
			// The other settings reach the running server by the protocol.
			if (event.affectsConfiguration(`${section}.server.path`)) {
				void running.restart();
			}
		}),
		// Only a trusted workspace may name programs and flags: start again with those.
		vscode.workspace.onDidGrantWorkspaceTrust(() => running.restart()),
	);
	await running.restart();
}

export function deactivate(): Promise<void> | undefined {
	return session?.stop();
}

/** onActiveFile runs work on the file in the active editor. */
async function onActiveFile(work: (uri: vscode.Uri) => Promise<void>): Promise<void> {
	const uri = programInFront();
	if (!uri) {
		void vscode.window.showInformationMessage("bpf-lsp: open a BPF C file first.");
		return;
	}
	await reported(() => work(uri));
}

/** programInFront is the file in the active editor, if it may be a BPF program or a part of one. */
function programInFront(): vscode.Uri | undefined {
	const document = vscode.window.activeTextEditor?.document;
	return document && vscode.languages.match(programSelector, document) > 0 ? document.uri : undefined;
}

/** reported shows what goes wrong with some work. */
async function reported(work: () => Promise<unknown>): Promise<void> {
	try {
		await work();
	} catch (error) {
		void vscode.window.showErrorMessage(`bpf-lsp: ${error instanceof Error ? error.message : String(error)}`);
	}
}
