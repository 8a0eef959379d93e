// SPDX-License-Identifier: GPL-2.0-only

//go:build linux

package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// operation is something that a client or another program on the machine does.
type operation struct {
	name    string // for -without
	weight  int
	hostile bool // in hostile rounds only
	// run performs the operation and describes it.
	run func(*life) string
}

// operations returns all operations, in a reproducible order.
func operations() []operation { return append(calmOperations(), hostileOperations()...) }

// calmOperations are those of a correct client on a healthy machine.
func calmOperations() []operation {
	return []operation{
		{"open document", 10, false, (*life).openDocument},
		{"close document", 4, false, (*life).closeDocument},
		{"edit document", 22, false, (*life).editDocument},
		{"save document", 16, false, (*life).saveDocument},
		{"hover", 8, false, (*life).hover},
		{"code actions", 5, false, (*life).codeActions},
		{"lenses and hints", 8, false, (*life).margins},
		{"pull document", 6, false, (*life).pullDocument},
		{"pull workspace", 2, false, (*life).pullWorkspace},
		{"execute", 4, false, (*life).execute},
		{"cancel something", 4, false, (*life).cancelSomething},
		{"unknown", 3, false, (*life).unknown},
		{"change settings", 1, false, (*life).changeSettings},
		{"rewrite header", 4, false, (*life).rewriteHeader},
		{"remove header", 2, false, (*life).removeHeader},
		{"change flags", 1, false, (*life).changeFlags},
		{"think", 12, false, (*life).think},
	}
}

// operate performs one operation and describes it.
func (l *life) operate() string {
	if l.conn.deaf && l.chance(12) {
		l.conn.startReading()
		return "read again"
	}
	all := slices.DeleteFunc(operations(), func(o operation) bool {
		return o.hostile && !l.hostile || l.options.without[o.name]
	})
	sum := 0
	for _, o := range all {
		sum += o.weight
	}
	n := l.rng.IntN(sum)
	for _, o := range all {
		if n -= o.weight; n < 0 {
			return o.run(l)
		}
	}
	panic("weights do not add up")
}

// files returns all files of the project in a fixed order.
func (l *life) files() []string { return slices.Concat(l.project.sources, l.project.headers) }

func (l *life) documents() []*document {
	var out []*document
	for _, f := range l.files() {
		if d := l.opened[f]; d != nil {
			out = append(out, d)
		}
	}
	return out
}

// document returns a random open document, nil if there is none.
func (l *life) document() *document {
	all := l.documents()
	if len(all) == 0 {
		return nil
	}
	return pick(l.rng, all)
}

func name(file string) string { return filepath.Base(file) }

func identifier(file string) map[string]any { return map[string]any{"uri": uriOf(file)} }

// nextVersion rises with every text sent to the server, including a document opened again.
func (l *life) nextVersion() int { l.versions++; return l.versions }

func (l *life) openDocument() string {
	file := pick(l.rng, l.files())
	if l.opened[file] != nil {
		return "open nothing"
	}
	text := l.project.text[file]
	d := &document{file: file, version: l.nextVersion(), text: text, saved: text}
	l.opened[file] = d
	l.conn.openWith(file, d.version, text)
	return "open " + name(file)
}

func (l *life) closeDocument() string {
	d := l.document()
	if d == nil {
		return "close nothing"
	}
	delete(l.opened, d.file)
	l.conn.close(d.file)
	return "close " + name(d.file)
}

// sendChanges sends the changes of a document.
func (l *life) sendChanges(d *document, changes ...change) {
	d.dirty, d.version = true, l.nextVersion()
	l.conn.changeTo(d.file, d.version, changes...)
}

func (l *life) editDocument() string {
	d := l.document()
	if d == nil {
		return "edit nothing"
	}
	var changes []change
	for range 1 + l.rng.IntN(3) {
		changes = append(changes, l.change(d))
	}
	l.sendChanges(d, changes...)
	return fmt.Sprintf("edit %s to version %d: %.300s", name(d.file), d.version, encode(changes))
}

// change makes one change: mostly one that keeps the text compiling.
func (l *life) change(d *document) change {
	encoding := l.manner.encoding
	switch n := l.rng.IntN(12); {
	case n < 3:
		at := lineStart(l.rng, d.text)
		return d.edit(at, at, "/* "+pick(l.rng, comments)+" */\n", encoding)
	case n < 5:
		// What was typed is undone.
		return d.replace(d.saved)
	case n < 9:
		return d.replace(l.project.fresh(l.rng, d.file))
	case n < 11:
		// Blanks are replaced by more blanks.
		at := somewhere(l.rng, d.text)
		if tab := strings.IndexByte(d.text[at:], '\t'); tab >= 0 {
			return d.edit(at+tab, at+tab+1, pick(l.rng, []string{"  ", "\t/* 🐝 */\t", "\n"}), encoding)
		}
		fallthrough
	default:
		from, to := somewhere(l.rng, d.text), somewhere(l.rng, d.text)
		if from > to {
			from, to = to, from
		}
		to = min(to, from+l.rng.IntN(12))
		for to > from && !boundary(d.text, to) {
			to--
		}
		return d.edit(from, to, pick(l.rng, []string{"", "x", "🐝", "é", ";", "\n", "}", "/*", "*/", "\"", "0"}),
			encoding)
	}
}

func (l *life) saveDocument() string {
	d := l.document()
	if d == nil {
		return "save nothing"
	}
	if err := l.save(d); err != nil {
		return "save " + name(d.file) + ": " + err.Error()
	}
	return fmt.Sprintf("save %s in version %d", name(d.file), d.version)
}

// save writes a document to disk and notifies the server; so does the watcher if there is one.
func (l *life) save(d *document) error {
	l.project.text[d.file] = d.text
	if err := l.project.repair(d.file); err != nil {
		return err
	}
	d.saved, d.dirty = d.text, false
	params := map[string]any{"textDocument": identifier(d.file)}
	if l.chance(2) {
		params["text"] = d.text
	}
	l.conn.notify("textDocument/didSave", params)
	if l.manner.watch && l.chance(2) {
		l.watched(2, d.file)
	}
	return nil
}

// watched notifies the server that files were created (1), changed (2) or deleted (3).
func (l *life) watched(kind int, files ...string) {
	var changes []any
	for _, f := range files {
		changes = append(changes, map[string]any{"uri": uriOf(f), "type": kind})
	}
	l.conn.notify("workspace/didChangeWatchedFiles", map[string]any{"changes": changes})
}

func (l *life) hover() string {
	file := pick(l.rng, l.files())
	line := l.rng.IntN(60)
	l.conn.request("textDocument/hover", map[string]any{"textDocument": identifier(file),
		"position": position{line, l.rng.IntN(40)}}, nil)
	return fmt.Sprintf("hover in %s at line %d", name(file), line)
}

func (l *life) codeActions() string {
	file := pick(l.rng, l.files())
	line := l.rng.IntN(60)
	var only []string
	if l.chance(4) {
		only = []string{"source.fixAll"}
	}
	l.conn.request("textDocument/codeAction", map[string]any{"textDocument": identifier(file),
		"range":   map[string]any{"start": position{line, 0}, "end": position{line + l.rng.IntN(9), 0}},
		"context": map[string]any{"diagnostics": []any{}, "only": only}}, nil)
	return fmt.Sprintf("code actions in %s from line %d", name(file), line)
}

// margins requests what is shown beside the code.
func (l *life) margins() string {
	file := pick(l.rng, l.files())
	params := map[string]any{"textDocument": identifier(file)}
	if l.chance(2) {
		l.conn.request("textDocument/codeLens", params, nil)
		return "ask for the lenses of " + name(file)
	}
	line := l.rng.IntN(60)
	params["range"] = map[string]any{"start": position{line, 0}, "end": position{line + l.rng.IntN(40), 0}}
	l.conn.request("textDocument/inlayHint", params, nil)
	return fmt.Sprintf("ask for the hints of %s from line %d", name(file), line)
}

func (l *life) pullDocument() string {
	file := pick(l.rng, l.files())
	params := map[string]any{"textDocument": identifier(file)}
	if l.chance(4) {
		params["previousResultId"] = "of another day"
	}
	l.conn.request("textDocument/diagnostic", params, nil)
	return "ask for the diagnostics of " + name(file)
}

func (l *life) pullWorkspace() string {
	params := map[string]any{"previousResultIds": []any{}}
	if l.manner.pull && l.chance(2) {
		params["partialResultToken"] = fmt.Sprintf("stream %d", l.operations)
		l.conn.request("workspace/diagnostic", params, nil).stream = true
		return "ask for a stream of the workspace's diagnostics"
	}
	l.conn.request("workspace/diagnostic", params, nil)
	return "ask for the workspace's diagnostics"
}

func (l *life) execute() string {
	command := pick(l.rng, []string{"bpf-lsp.checkNow", "bpf-lsp.showVerifierLog", "bpf-lsp.showCommandLine",
		"bpf-lsp.showReport", "bpf-lsp.showBudget", "bpf-lsp.showHeat", "bpf-lsp.checkWorkspace"})
	if command == "bpf-lsp.checkWorkspace" {
		if l.hostile {
			// Files that are not open would keep what a bad compiler made of them.
			return "do not check the workspace"
		}
		l.swept = true
		l.conn.request("workspace/executeCommand", map[string]any{"command": command}, nil)
		return "check the workspace"
	}
	file := pick(l.rng, l.files())
	if command == "bpf-lsp.checkNow" && !strings.HasSuffix(file, ".bpf.c") {
		// It would be checked from now on, unlike in a fresh server.
		file = l.project.sources[0]
	}
	l.conn.request("workspace/executeCommand", map[string]any{"command": command, "arguments": []any{uriOf(file)}}, nil)
	return command + " of " + name(file)
}

func (l *life) cancelSomething() string {
	calls := l.conn.unanswered()
	if len(calls) == 0 {
		l.conn.cancel("4711")
		return "cancel a request that was never made"
	}
	k := calls[l.rng.Uint64()%uint64(len(calls))]
	l.conn.cancel(k.id)
	return "cancel " + k.method + " " + k.id
}

func (l *life) unknown() string {
	method := pick(l.rng, []string{"textDocument/definition", "$/unknown", "chaos/nothing", "textDocument/references",
		"workspace/symbol"})
	if l.chance(2) {
		l.conn.notify(method, map[string]any{"textDocument": identifier("/nowhere")})
		return "notify " + method
	}
	l.conn.request(method, map[string]any{"textDocument": identifier("/nowhere"), "position": position{}}, nil)
	return "request " + method
}

// changeSettings changes a setting that affects the findings.
func (l *life) changeSettings() string {
	if l.chance(3) {
		flags := pick(l.rng, [][]string{{}, {"-DCHAOS=1"}, {"-DCHAOS=2", "-Isub"}})
		l.set("flags", flags)
		return fmt.Sprintf("set flags to %q", flags)
	}
	on := l.chance(2)
	l.set("clangDiagnostics", on)
	return fmt.Sprintf("set clangDiagnostics to %t", on)
}

// set changes a setting and sends all of them.
func (l *life) set(name string, value any) {
	l.conn.configure(func(settings map[string]any) json.RawMessage {
		settings[name] = value
		return encode(map[string]any{"settings": map[string]any{"bpfLsp": maps.Clone(settings)}})
	})
}

// rewriteHeader changes a closed header as a generator would.
func (l *life) rewriteHeader() string {
	file := pick(l.rng, l.project.headers)
	gone := l.project.damaged[file]
	if l.opened[file] != nil || gone && l.hostile {
		return "write no header"
	}
	l.project.text[file] = l.project.header(l.rng, file)
	if err := l.project.repair(file); err != nil {
		return err.Error()
	}
	if gone {
		l.watched(1, file)
	} else {
		l.watched(2, file)
	}
	return "write " + name(file)
}

// removeHeader deletes a closed header. The next one who writes it brings it back.
func (l *life) removeHeader() string {
	file := pick(l.rng, l.project.headers)
	if l.opened[file] != nil || l.project.damaged[file] {
		return "remove no header"
	}
	if err := os.RemoveAll(file); err != nil {
		return err.Error()
	}
	l.project.damaged[file] = true
	l.watched(3, file)
	return "remove " + name(file)
}

// changeFlags makes flags come from a file of the project, or not any more.
func (l *life) changeFlags() string {
	file := filepath.Join(l.project.dir, "compile_flags.txt")
	delete(l.project.text, file)
	if l.chance(2) {
		l.project.text[file] = fmt.Sprintf("-DCHAOS=%d\n-g\n-O2\n", 1+l.rng.IntN(2))
	}
	if err := l.project.repair(file); err != nil {
		return err.Error()
	}
	if text := l.project.text[file]; text != "" {
		l.watched(1+l.rng.IntN(2), file)
		return fmt.Sprintf("compile_flags.txt is now %q", text)
	}
	l.watched(3, file)
	return "remove compile_flags.txt"
}

// think lets time pass, which decides how far checks get before the next operation.
func (l *life) think() string {
	pause := time.Duration(l.rng.IntN(5)) * time.Millisecond
	if l.chance(4) {
		pause = time.Duration(l.rng.IntN(400)) * time.Millisecond
	}
	time.Sleep(pause)
	return "think for " + pause.String()
}

// behave changes what the compiler does.
func (l *life) behave(name string) string {
	if err := l.project.behave(name); err != nil {
		return err.Error()
	}
	if name == "" {
		return "the compiler is well again"
	}
	return "the compiler " + name
}
