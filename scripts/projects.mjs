// SPDX-License-Identifier: GPL-2.0-only
//
// projects.mjs BPF-LSP DIR [--kernel ANSWERS] [NAME…]: how many BPF C files of other projects compile by discovery alone, and what the verifier says of
// their programs. DIR holds a checkout of each project; nothing is fetched, and nothing that a project names is executed. The tables
// of docs/projects.md go to standard output, and what was found of each file to DIR/projects.json.
//
// ANSWERS holds what a kernel said of the objects, to compare: for DIR/a/b.bpf.c the file a__b.bpf.c.o with JSON lines as the
// conformance tool prints them. A program counts as asked only if the kernel's own verifier judged it.

import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";

const [program, named, ...only] = process.argv.slice(2);
// They are used in DIR.
const tool = program && resolve(program);
const dir = named && resolve(named);
const answers = only[0] === "--kernel" ? only.splice(0, 2)[1] : "";
if (!named) {
  console.error("usage: projects.mjs BPF-LSP DIR [--kernel ANSWERS] [NAME…]");
  process.exit(2);
}

// Inputs of tests are left out: some are wrong on purpose. So are files that other programs include: they are no units of their own.
const skippedDirs = new Set(["node_modules", "testdata", "target"]);

function* cFiles(top) {
  for (const e of readdirSync(top, { withFileTypes: true })) {
    const name = join(top, e.name);
    if (e.isDirectory() && !e.name.startsWith(".") && !skippedDirs.has(e.name)) yield* cFiles(name);
    else if (e.isFile() && e.name.endsWith(".c")) yield name;
  }
}

function units(top) {
  const found = [];
  const included = new Set();
  for (const name of cFiles(top)) {
    const text = readFileSync(name, "utf8");
    if (!/\.e?bpf\.c$/.test(name) && !/^\s*SEC\("/m.test(text) && !/\b(sec|\w*section)\s*\(\s*"(license|maps|\.maps)"/i.test(text)) continue;
    for (const m of text.matchAll(/^\s*#\s*include\s*["<]([^">]*\.c)[">]/gm)) included.add(basename(m[1]));
    found.push(name);
  }
  return found.filter((name) => !included.has(basename(name))).sort();
}

function commit(top) {
  const r = spawnSync("git", ["-C", top, "log", "-1", "--format=%h of %cs"], { encoding: "utf8" });
  return r.status === 0 ? r.stdout.trim() : "";
}

const percent = (part, whole) => `${Math.floor((1000 * part) / Math.max(whole, 1)) / 10} %`;
const tally = (counts, key) => counts.set(key, (counts.get(key) ?? 0) + 1);
const sorted = (counts) => [...counts].sort((a, b) => b[1] - a[1]);
// The source of flags without what belongs to one file.
const sourceName = (flags) => (flags ?? "none").replace(/ and what .* defines/, " and a build file");
// A message without the names, numbers and registers of one program.
const general = (text) => text.split("\n")[0].replace(/'[^']*'|`[^`]*`/g, "…").replace(/\b(0x[0-9a-f]+|\d+)\b/g, "N").replace(/\bR\d+/g, "RN").slice(0, 140);

const firstLine = (text) => (text ?? "").split("\n")[0];
const walk = (stats) => ["insns_processed", "max_states_per_insn", "total_states", "peak_states", "stack_depth"].map((k) => stats?.[k]).join();

// What the kernel said of the programs of a file, by name.
function kernelAnswers(file) {
  const name = join(answers, `${file.replaceAll("/", "__")}.o`);
  if (!answers || !existsSync(name)) return new Map();
  const lines = readFileSync(name, "utf8").split("\n").filter(Boolean).map((l) => JSON.parse(l));
  return new Map(lines.filter((l) => l.verdict === "accept" || l.verdict === "reject").map((l) => [l.program, l]));
}

// compare counts one program that both were asked about, and returns in what the two differ.
function compare(n, here, kernel) {
  n.asked++;
  if (here.verdict !== kernel.verdict) return here.verdict === "skip" ? "not verified here" : "verdict";
  n.verdict++;
  const sameWalk = walk(here.stats) === walk(kernel.stats);
  const sameMessage = firstLine(here.error) === firstLine(kernel.error);
  if (sameWalk) n.walk++;
  if (here.verdict === "reject") {
    n.rejected++;
    if (sameMessage) n.message++;
    else return "message";
  }
  return sameWalk ? "" : "counts";
}

const all = {};
const kernelTotal = { asked: 0, verdict: 0, rejected: 0, message: 0, walk: 0 };
const kernelRows = [];
const differing = [];
const total = { files: 0, compiled: 0, accept: 0, reject: 0, skip: 0 };
const reasons = new Map();
const failures = [];
const rows = [];

for (const name of only.length > 0 ? only : readdirSync(dir).filter((n) => statSync(join(dir, n)).isDirectory())) {
  const top = join(dir, name);
  const files = units(top);
  if (files.length === 0) continue;
  const args = ["check", "--untrusted", "--clang-timeout", "5m", "--fail-on", "never", "--format", "json", ...files];
  const document = JSON.parse(spawnSync(tool, args, { cwd: dir, encoding: "utf8", maxBuffer: 1 << 30 }).stdout);
  const sources = new Map();
  const n = { files: files.length, compiled: 0, accept: 0, reject: 0, skip: 0 };
  const k = { ...kernelTotal };
  for (const key of Object.keys(k)) k[key] = 0;
  for (const f of document.files) {
    tally(sources, sourceName(f.flags));
    // What is not checked may be an object that cannot be loaded alone; only the compiler counts here.
    if (f.status !== "not_compiled" && !f.diagnostics.some((d) => d.code.startsWith("toolchain/compiler-"))) n.compiled++;
    else failures.push([join(name, relative(name, f.file)), f.diagnostics.find((d) => d.severity === "error")?.reason ?? ""]);
    if (f.status === "not_checked") tally(reasons, "object: " + general(f.diagnostics[0]?.reason ?? ""));
    const kernel = kernelAnswers(f.file);
    for (const p of f.programs) {
      n[p.verdict]++;
      const differs = kernel.has(p.program) ? compare(k, p, kernel.get(p.program)) : "";
      if (differs) differing.push([join(name, relative(name, f.file)), p.program, differs, firstLine(p.error ?? p.reason), firstLine(kernel.get(p.program).error)]);
      if (p.verdict !== "accept") tally(reasons, p.verdict + ": " + general(p.verdict === "skip" ? p.reason : p.error ?? ""));
    }
  }
  all[name] = document.files;
  for (const k of Object.keys(total)) total[k] += n[k];
  const from = sorted(sources).map(([s, c]) => `${s} ${c}`).join(", ");
  rows.push(`| ${name} | ${commit(top)} | ${n.compiled} of ${n.files} | ${from} | ${n.accept} | ${n.reject} | ${n.skip} |`);
  console.error(rows.at(-1));
  for (const key of Object.keys(k)) kernelTotal[key] += k[key];
  if (answers) kernelRows.push(`| ${name} | ${n.accept + n.reject + n.skip} | ${k.asked} | ${k.verdict} | ${k.walk} | ${k.message} of ${k.rejected} |`);
}

console.log(`${execFileSync(tool, ["version"], { encoding: "utf8" }).trim()}: ${total.compiled} of ${total.files} files compile, ${percent(total.compiled, total.files)}.\n`);
console.log("| Project | Commit | Compile | Source of flags | Accepted | Rejected | Not verified |\n|---|---|---|---|---|---|---|");
console.log(rows.join("\n"));
console.log(`| all | | ${total.compiled} of ${total.files} | | ${total.accept} | ${total.reject} | ${total.skip} |\n`);
if (answers) {
  const { asked, verdict, rejected, message, walk } = kernelTotal;
  console.log("| Project | Programs | Kernel asked | Same verdict | Same counts | Same first message |\n|---|---|---|---|---|---|");
  console.log(kernelRows.join("\n"));
  console.log(`| all | ${total.accept + total.reject + total.skip} | ${asked} | ${verdict} | ${walk} | ${message} of ${rejected} |\n`);
  console.log("| Differs | Program | In | Here | Kernel |\n|---|---|---|---|---|");
  for (const d of differing) console.log(`| ${d.map((s) => s.replaceAll("|", "\\|")).join(" | ")} |`);
  console.log();
}
console.log("| Does not compile | First error |\n|---|---|");
for (const [file, why] of failures) console.log(`| ${file} | ${why.replaceAll("|", "\\|")} |`);
console.log("\n| Not accepted, most common reasons | Times |\n|---|---|");
for (const [why, count] of sorted(reasons).slice(0, 30)) console.log(`| ${why.replaceAll("|", "\\|")} | ${count} |`);
writeFileSync(join(dir, "projects.json"), JSON.stringify(all, null, 1));
