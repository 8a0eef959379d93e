// SPDX-License-Identifier: GPL-2.0-only
//
// latency.mjs BPF-LSP FILE…: how long the server takes to answer hovers, lenses, hints and code actions once a file is verified. It
// prints a table of medians and 95th percentiles in milliseconds, as in docs/server.md. A hover is requested at every name in the
// file, code actions in every line, lenses and hints fifty times.

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [program, ...files] = process.argv.slice(2);
if (files.length === 0) {
  console.error("usage: latency.mjs BPF-LSP FILE…");
  process.exit(2);
}

const ROUNDS = 50;
const NAME = /[A-Za-z_]\w*/g;

/** Client speaks the protocol with one server. */
class Client {
  constructor() {
    this.server = spawn(program, ["serve"], { stdio: ["pipe", "pipe", "ignore"] });
    this.buffer = Buffer.alloc(0);
    this.last = 0;
    this.answers = new Map();
    this.checked = new Map();
    this.server.stdout.on("data", (data) => this.read(data));
  }

  send(message) {
    const text = JSON.stringify({ jsonrpc: "2.0", ...message });
    this.server.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  }

  request(method, params) {
    const id = ++this.last;
    this.send({ id, method, params });
    return new Promise((answer, fail) => this.answers.set(id, { answer, fail }));
  }

  read(data) {
    this.buffer = Buffer.concat([this.buffer, data]);
    for (;;) {
      const end = this.buffer.indexOf("\r\n\r\n");
      if (end < 0) return;
      const length = Number(/Content-Length: (\d+)/.exec(this.buffer.subarray(0, end).toString())[1]);
      if (this.buffer.length < end + 4 + length) return;
      const message = JSON.parse(this.buffer.subarray(end + 4, end + 4 + length).toString());
      this.buffer = this.buffer.subarray(end + 4 + length);
      this.take(message);
    }
  }

  take(message) {
    if (message.method === "bpf-lsp/status" && message.params.state !== "checking") {
      this.checked.get(message.params.uri)?.(message.params);
    } else if (message.method && message.id !== undefined) {
      this.send({ id: message.id, result: message.method === "workspace/configuration" ? message.params.items.map(() => null) : null });
    } else if (this.answers.has(message.id)) {
      const { answer, fail } = this.answers.get(message.id);
      this.answers.delete(message.id);
      message.error ? fail(new Error(message.error.message)) : answer(message.result);
    }
  }
}

/** timed returns how many milliseconds each request took, the first of all apart: it records the walk. */
async function timed(client, method, requests) {
  const times = [];
  for (const params of requests) {
    const start = performance.now();
    await client.request(method, params);
    times.push(performance.now() - start);
  }
  const [first, ...rest] = times;
  rest.sort((a, b) => a - b);
  const at = (share) => rest[Math.min(Math.floor(rest.length * share), rest.length - 1)];
  return { first, median: at(0.5), most: at(0.95), count: times.length };
}

const shown = (ms) => (ms < 10 ? ms.toFixed(2) : ms.toFixed(0));
const cell = (t) => `${shown(t.median)}, ${shown(t.most)}`;

async function measure(name) {
  const file = resolve(name);
  const uri = pathToFileURL(file).href;
  const text = readFileSync(file, "utf8");
  const lines = text.split("\n");
  const client = new Client();
  const root = pathToFileURL(dirname(file)).href;
  await client.request("initialize", {
    processId: process.pid,
    rootUri: root,
    workspaceFolders: [{ uri: root, name: "files" }],
    capabilities: {
      workspace: { codeLens: { refreshSupport: true }, inlayHint: { refreshSupport: true } },
      textDocument: {
        codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ["quickfix"] } } },
        publishDiagnostics: { relatedInformation: true },
      },
    },
    initializationOptions: { inlayHints: { nulls: true } },
  });
  client.send({ method: "initialized", params: {} });
  const checked = new Promise((done) => client.checked.set(uri, done));
  client.send({ method: "textDocument/didOpen", params: { textDocument: { uri, languageId: "c", version: 1, text } } });
  const status = await checked;

  const textDocument = { uri };
  const names = lines.flatMap((line, n) => [...line.matchAll(NAME)].map((m) => ({ line: n, character: m.index })));
  const whole = { start: { line: 0, character: 0 }, end: { line: lines.length, character: 0 } };
  const rounds = Array(ROUNDS).fill({ textDocument });
  const hovers = await timed(client, "textDocument/hover", names.map((position) => ({ textDocument, position })));
  const lenses = await timed(client, "textDocument/codeLens", rounds);
  const hints = await timed(client, "textDocument/inlayHint", rounds.map((r) => ({ ...r, range: whole })));
  const actions = await timed(client, "textDocument/codeAction", lines.map((line, n) => ({
    textDocument,
    range: { start: { line: n, character: 0 }, end: { line: n, character: line.length } },
    context: { diagnostics: [] },
  })));
  await client.request("shutdown");
  client.send({ method: "exit" });
  const programs = status.programs ?? [];
  const insns = programs.reduce((sum, p) => sum + (p.insns ?? 0), 0);
  const row = [basename(file), lines.length, programs.length, insns, shown(hovers.first), cell(hovers), cell(lenses), shown(hints.first), cell(hints), cell(actions)];
  console.log(`| ${row.join(" | ")} |`);
}

console.log("| File | Lines | Programs | Instructions walked | First hover | Hovers | Lenses | First hints | Hints | Code actions |");
console.log("|---|---|---|---|---|---|---|---|---|---|");
for (const file of files) await measure(file);
