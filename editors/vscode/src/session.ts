// SPDX-License-Identifier: GPL-2.0-only

// One running server and the client that talks to it.

import * as vscode from "vscode";
import { LanguageClient, State, type LanguageClientOptions, type ServerOptions } from "vscode-languageclient/node";
import type { Answers } from "./answers";
import { bundledServer, locateServer } from "./locate";
import { pipeLog } from "./log";
import type { Status, StatusItem } from "./status";

/** Section of the settings; every key of package.json starts with it. */
export const section = "bpfLsp";

/** VS Code opens headers as C++. The server leaves files alone that are not BPF, so all go to it. */
export const selector = [
	{ scheme: "file", language: "c" },
	{ scheme: "file", language: "cpp" },
];

/** Files that may be a BPF program or a part of one, as far as their name says. */
export const programSelector = [
	{ scheme: "file", language: "c" },
	{ scheme: "file", language: "cpp", pattern: "**/*.h" },
];

/** The server's command that opens a setting, which it leaves to the editor. */
const openSettingCommand = "bpf-lsp.openSetting";

const installCommand = "go install github.com/bpf-lsp/bpf-lsp/cmd/bpf-lsp@latest";

/** Session owns the client: it starts, restarts and stops it. */
export class Session {
	private client: LanguageClient | undefined;
	private turn: Promise<void> = Promise.resolve();

	constructor(
		private readonly context: vscode.ExtensionContext,
		private readonly output: vscode.LogOutputChannel,
		private readonly status: StatusItem,
		private readonly answers: Answers,
	) {}

	/** restart ends the running server, if any, and starts the one that the settings now name. */
	restart(): Promise<void> {
		return this.queue(async () => {
			await this.end();
			await this.begin();
		});
	}

	stop(): Promise<void> {
		return this.queue(() => this.end());
	}

	/** execute asks the server to run one of its commands. */
	async execute<T>(command: string, ...args: unknown[]): Promise<T> {
		if (!this.client?.isRunning()) {
			throw new Error("the server is not running");
		}
		return this.client.sendRequest<T>("workspace/executeCommand", { command, arguments: args });
	}

	// Settings may change while a start is under way; turns are taken one after another.
	private queue(work: () => Promise<void>): Promise<void> {
		const next = this.turn.then(work);
		this.turn = next.catch(() => undefined);
		return next;
	}

	private async begin(): Promise<void> {
		const found = locateServer({
			setting: vscode.workspace.getConfiguration(section).get<string>("server.path", "").trim(),
			extensionDir: this.context.extensionPath,
			workspaceDir: vscode.workspace.workspaceFolders?.[0]?.uri.fsPath,
			searchPath: process.env.PATH ?? "",
			platform: process.platform,
		});
		if (found.path === undefined) {
			this.output.error(found.reason);
			this.status.reset(found.reason);
			void offerCure(found.reason, bundledServer(this.context.extensionPath, process.platform) !== undefined);
			return;
		}
		this.output.info(`Server: ${found.path} (${found.origin})`);
		this.status.reset();
		const client: LanguageClient = new LanguageClient(section, "bpf-lsp", serverOptions(found.path), this.clientOptions(() => client));
		client.onNotification("bpf-lsp/status", (status: Status) => this.status.update(status));
		client.onDidChangeState(({ newState }) => {
			// The client starts a crashed server again, a few times; a wanted end has let go of the client before.
			if (this.client === client && newState === State.Stopped) {
				this.status.reset("The server has ended unexpectedly.");
			} else if (newState === State.Starting) {
				this.status.reset();
			}
		});
		this.client = client;
		try {
			await client.start();
		} catch (error) {
			this.client = undefined;
			const reason = `The server ${found.path} did not start: ${error instanceof Error ? error.message : String(error)}`;
			this.output.error(reason);
			this.status.reset(reason);
		}
	}

	private async end(): Promise<void> {
		const client = this.client;
		this.client = undefined;
		this.status.reset();
		if (client) {
			// dispose() stops the server and removes the diagnostics it published.
			await client.dispose().catch((error) => this.output.warn(`While stopping: ${String(error)}`));
		}
	}

	/** clientOptions are those of a client that is asked for later, as it does not exist yet. */
	private clientOptions(client: () => LanguageClient): LanguageClientOptions {
		const log = (input: NodeJS.ReadableStream, channel: vscode.LogOutputChannel) =>
			pipeLog(input, channel, () => client().isRunning());
		return {
			documentSelector: selector,
			outputChannel: this.output,
			initializationOptions: {
				...vscode.workspace.getConfiguration(section),
				trusted: vscode.workspace.isTrusted,
				showsAnswers: true,
			},
			synchronize: { configurationSection: section },
			stdioOptions: { stdout: log, stderr: log },
			middleware: {
				// Commands of the server that code lenses and code actions run.
				executeCommand: async (command, args, next) => {
					if (command === openSettingCommand) {
						await vscode.commands.executeCommand("workbench.action.openSettings", `@id:${section}.${String(args[1])}`);
						return null;
					}
					const answer = await next(command, args);
					await this.answers.show(command, args, answer);
					return answer;
				},
				workspace: {
					// A change of settings may be what ends this client; that it then reaches no server is no fault.
					didChangeConfiguration: async (sections, next) => {
						try {
							await next(sections);
						} catch (error) {
							if (this.client === client()) {
								throw error;
							}
						}
					},
				},
			},
		};
	}
}

function serverOptions(command: string): ServerOptions {
	return { command, args: ["serve"] };
}

/** offerCure says why there is no server, and what can be done about it. */
async function offerCure(reason: string, bundled: boolean): Promise<void> {
	const key = `${section}.server.path`;
	const useBundled = "Use the Bundled Server";
	const copy = "Copy Install Command";
	const settings = "Open Settings";
	// With a bundled server only the setting can be at fault.
	const choice = bundled
		? await vscode.window.showErrorMessage(reason, useBundled, settings)
		: await vscode.window.showErrorMessage(`${reason} Install it with "${installCommand}", or set ${key}.`, copy, settings);
	switch (choice) {
		case useBundled:
			await resetSetting(key);
			break;
		case copy:
			await vscode.env.clipboard.writeText(installCommand);
			break;
		case settings:
			await vscode.commands.executeCommand("workbench.action.openSettings", key);
			break;
	}
}

/** resetSetting removes a setting wherever it is set, for which the extension then starts the server anew. */
async function resetSetting(key: string): Promise<void> {
	const places = vscode.workspace.getConfiguration().inspect(key);
	const set: [unknown, vscode.ConfigurationTarget][] = [
		[places?.workspaceFolderValue, vscode.ConfigurationTarget.WorkspaceFolder],
		[places?.workspaceValue, vscode.ConfigurationTarget.Workspace],
		[places?.globalValue, vscode.ConfigurationTarget.Global],
	];
	for (const [value, target] of set) {
		if (value !== undefined) {
			await vscode.workspace.getConfiguration().update(key, undefined, target);
		}
	}
}
