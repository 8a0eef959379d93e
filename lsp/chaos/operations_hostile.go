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
	"syscall"
)

// hostileOperations are those of an incorrect client and a damaged machine.
func hostileOperations() []operation {
	return []operation{
		{"invalid range", 6, true, (*life).invalidRange},
		{"broken frame", 6, true, (*life).brokenFrame},
		{"wrong parameters", 4, true, (*life).wrongParameters},
		{"odd frame", 3, true, (*life).oddFrame},
		{"wrong order", 2, true, (*life).wrongOrder},
		{"leave unread", 1, true, (*life).leaveUnread},
		{"damage file", 6, true, (*life).damageFile},
		{"damage build", 2, true, (*life).damageBuild},
		{"repair file", 4, true, (*life).repairFile},
		{"tell nonsense", 3, true, (*life).tellNonsense},
		{"change compiler", 6, true, (*life).changeCompiler},
		{"kill compiler", 5, true, (*life).killCompiler},
		{"lose directory", 1, true, (*life).loseDirectory},
		{"shorten patience", 1, true, (*life).shortenPatience},
	}
}

// invalidRange sends positions that no text has. The server may handle them in any way, so the whole text follows at
// once.
func (l *life) invalidRange() string {
	d := l.document()
	if d == nil {
		return "edit nothing"
	}
	end := positionOf(d.text, len(d.text), l.manner.encoding)
	bad := pick(l.rng, []span{
		{position{0, 1 << 30}, position{0, 1 << 31}},
		{position{end.Line + 1, 0}, position{end.Line + 7, 3}},
		{position{1<<32 - 1, 1<<32 - 1}, position{1<<32 - 1, 1<<32 - 1}},
		{position{5, 3}, position{2, 1}},
		{position{0, 4}, position{0, 5}}, // inside a character of many a comment
		{end, position{end.Line, end.Character + 1}},
	})
	l.sendChanges(d, change{Range: &bad, Text: pick(l.rng, []string{"", "x", "🐝", "\r"})}, d.replace(d.text))
	return fmt.Sprintf("edit %s at %v", name(d.file), bad)
}

// brokenFrame sends an invalid frame.
func (l *life) brokenFrame() string {
	// What is not JSON, or not a request, notification or response, must be answered.
	body := pick(l.rng, []string{"{", "[", "nonsense", "\x00\x01\x02", `{"jsonrpc":"2.0","id":1,"method":`, `"words"`,
		"17", "null", "{}", "[]", `{"id":1}`,
		"\xff\xfe{}", strings.Repeat("[", 100_000), `{"jsonrpc":"2.0","method":17}`,
		`{"jsonrpc":"1.0","method":"initialized"}`,
		`{"jsonrpc":"2.0","id":{},"method":"x"}`, `[17, "words", null]`, strings.Repeat(" ", 3)})
	l.conn.sendBroken(body)
	return fmt.Sprintf("send %.60q", body)
}

// oddFrame sends unusual but valid messages.
func (l *life) oddFrame() string {
	k, raw := l.conn.prepare("textDocument/hover", map[string]any{"textDocument": identifier(l.project.sources[0]),
		"position": position{}})
	what := pick(l.rng, []string{"header in small letters", "a header of its own", "blanks around it",
		"two in one write", "an answer that nobody waits for"})
	switch what {
	case "header in small letters":
		l.conn.out.send(append(fmt.Appendf(nil, "content-length: %d\r\n\r\n", len(raw)), raw...))
	case "a header of its own":
		l.conn.out.send(append(fmt.Appendf(nil,
			"Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length: %d\r\n\r\n", len(raw)), raw...))
	case "blanks around it":
		raw = slices.Concat([]byte(" \r\n\t"), raw, []byte("\n\n "))
		l.conn.out.send(append(fmt.Appendf(nil, "Content-Length: %d\r\n\r\n", len(raw)), raw...))
	case "two in one write":
		l.conn.out.send(slices.Concat(fmt.Appendf(nil, "Content-Length: %d\r\n\r\n", len(raw)), raw,
			frame(map[string]any{"jsonrpc": "2.0", "method": "$/setTrace",
				"params": map[string]any{"value": "off"}})))
	default:
		l.conn.out.send(append(fmt.Appendf(nil, "Content-Length: %d\r\n\r\n", len(raw)), raw...))
		l.conn.out.send(frame(map[string]any{"jsonrpc": "2.0", "id": 1 << 40, "result": nil}))
		l.conn.out.send(frame(map[string]any{"jsonrpc": "2.0", "id": "nobody",
			"error": map[string]any{"code": 1, "message": "no"}}))
	}
	return "send " + k.method + " with " + what
}

// wrongParameters sends known methods with invalid parameters.
func (l *life) wrongParameters() string {
	params := pick(l.rng, []any{nil, 17, "words", []any{}, []any{nil, 1}, map[string]any{},
		map[string]any{"textDocument": nil}, map[string]any{"textDocument": 5},
		map[string]any{"textDocument": map[string]any{"uri": "file:///%zz"}, "position": position{-1, -1}},
		map[string]any{"textDocument": map[string]any{"uri": strings.Repeat("x", 100_000)}, "position": position{}},
		map[string]any{"textDocument": map[string]any{"uri": "untitled:1"}, "contentChanges": []any{nil, 1}},
		map[string]any{"changes": []any{nil}}, map[string]any{"files": []any{map[string]any{"uri": 1}}},
		map[string]any{"command": "bpf-lsp.checkNow", "arguments": []any{[]any{}}}})
	if l.chance(2) {
		method := pick(l.rng, []string{"textDocument/hover", "textDocument/codeLens", "textDocument/inlayHint",
			"textDocument/diagnostic", "workspace/diagnostic",
			"workspace/executeCommand", "textDocument/completion"})
		l.conn.request(method, params, nil)
		return fmt.Sprintf("request %s of %.60s", method, encode(params))
	}
	method := pick(l.rng, []string{"textDocument/didOpen", "textDocument/didChange", "textDocument/didSave",
		"textDocument/didClose", "workspace/didChangeWatchedFiles",
		"workspace/didRenameFiles", "workspace/didDeleteFiles", "workspace/didChangeWorkspaceFolders",
		"window/workDoneProgress/cancel", "$/cancelRequest", "$/setTrace"})
	l.conn.notify(method, params)
	return fmt.Sprintf("notify %s of %.60s", method, encode(params))
}

// wrongOrder does twice, or never, what must be done once.
func (l *life) wrongOrder() string {
	file := pick(l.rng, l.project.sources)
	switch what := pick(l.rng, []string{"close", "change", "save", "initialized", "initialize"}); what {
	case "initialized":
		l.conn.notify("initialized", map[string]any{})
		return "say initialized again"
	case "initialize":
		// The capabilities are the same as before, as a server that accepts them must not change.
		l.conn.request("initialize", l.conn.introduction(l.project), nil)
		return "initialize again"
	default:
		if l.opened[file] != nil {
			return "do nothing twice"
		}
		method := map[string]string{"close": "didClose", "change": "didChange", "save": "didSave"}[what]
		l.conn.notify("textDocument/"+method,
			map[string]any{"textDocument": map[string]any{"uri": uriOf(file), "version": 1},
				"contentChanges": []any{change{Text: "x"}}})
		return what + " " + name(file) + ", which is not open"
	}
}

// leaveUnread stops reading the server's output, and makes it write more than a pipe may hold.
func (l *life) leaveUnread() string {
	l.conn.stopReading()
	for range 1 + l.rng.IntN(2000) {
		l.conn.request("chaos/unread", map[string]any{}, nil)
	}
	return "leave what the server writes unread"
}

// damageFile replaces a source or header by something else, with or without a notification.
func (l *life) damageFile() string {
	file := pick(l.rng, l.files())
	what, err := l.project.damage(l.rng, file)
	if err != nil {
		return err.Error()
	}
	l.touched[file] = true
	if l.chance(2) {
		l.watched(1+l.rng.IntN(3), file)
	}
	return name(file) + " is now " + what
}

// damageBuild makes flags come from a damaged build file.
func (l *life) damageBuild() string {
	file := filepath.Join(l.project.dir, pick(l.rng, buildFiles))
	what, err := l.project.damage(l.rng, file)
	if err != nil {
		return err.Error()
	}
	l.touched[file] = true
	l.watched(1+l.rng.IntN(3), file)
	return name(file) + " is now " + what
}

// repairFile repairs something and notifies the server.
func (l *life) repairFile() string {
	files := slices.Sorted(maps.Keys(l.project.damaged))
	if len(files) == 0 {
		return "repair nothing"
	}
	file := pick(l.rng, files)
	if err := l.project.repair(file); err != nil {
		return err.Error()
	}
	l.watched(1+l.rng.IntN(2), file)
	return "repair " + name(file)
}

// tellNonsense reports changes on disk that did not happen.
func (l *life) tellNonsense() string {
	file := pick(l.rng, append(l.files(), "/", "/nowhere/x.h", l.project.dir, filepath.Join(l.project.dir, "sub"),
		"/dev/zero", "/proc/self/mem"))
	// A file that is checked may be reported as renamed only to another one that is checked, as that would be checked
	// from then on.
	other := pick(l.rng, l.project.sources[:len(l.project.sources)-1])
	switch l.rng.IntN(4) {
	case 0:
		l.conn.notify("workspace/didDeleteFiles", map[string]any{"files": []any{identifier(file)}})
	case 1:
		l.conn.notify("workspace/didRenameFiles",
			map[string]any{"files": []any{map[string]any{"oldUri": uriOf(file), "newUri": uriOf(other)}}})
	case 2:
		l.conn.notify("workspace/didChangeWorkspaceFolders", map[string]any{"event": map[string]any{
			"added":   []any{map[string]any{"uri": uriOf(l.project.dir), "name": "again"}},
			"removed": []any{map[string]any{"uri": uriOf(file), "name": "gone"}}}})
	default:
		l.watched(l.rng.IntN(5), file, other)
	}
	return "tell nonsense of " + name(file)
}

// changeCompiler changes the behaviour of the compiler.
func (l *life) changeCompiler() string {
	names := append(slices.Sorted(maps.Keys(behaviours)), "", "", "", "")
	names = slices.DeleteFunc(names, func(name string) bool { return l.options.without[name] })
	return l.behave(pick(l.rng, names))
}

// killCompiler kills a process that the server runs.
func (l *life) killCompiler() string {
	draw := l.rng.Uint64()
	all := l.server.descendants()
	if len(all) == 0 {
		return "kill no compiler"
	}
	p := all[draw%uint64(len(all))]
	_ = syscall.Kill(p.pid, syscall.SIGKILL)
	return "kill a compiler"
}

// loseDirectory removes a directory with its content.
func (l *life) loseDirectory() string {
	dir := filepath.Join(l.project.dir, "sub")
	if err := os.RemoveAll(dir); err != nil {
		return err.Error()
	}
	for _, f := range l.files() {
		if filepath.Dir(f) == dir {
			l.project.damaged[f], l.touched[f] = true, true
		}
	}
	l.watched(3, dir)
	return "the directory sub is gone"
}

// shortenPatience lets the server wait for the compiler for a second only.
func (l *life) shortenPatience() string {
	l.set("timeoutSeconds", 1)
	return "set timeoutSeconds to 1"
}

// sendBroken sends an invalid frame that must be answered all the same.
func (c *connection) sendBroken(body string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !json.Valid([]byte(body)) {
		c.nullDue++
	} else {
		// To a more lenient reader some of these are messages, and a batch may be answered one by one.
		c.nullPossible += 3
	}
	c.out.send(append(fmt.Appendf(nil, "Content-Length: %d\r\n\r\n", len(body)), body...))
}
