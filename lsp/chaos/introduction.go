// SPDX-License-Identifier: GPL-2.0-only

//go:build linux

package main

import (
	"encoding/json"
	"maps"
)

// introduction returns the parameters of initialize: this client's capabilities.
func (c *connection) introduction(p *project) map[string]any {
	m := c.manner
	text := map[string]any{"hover": map[string]any{"contentFormat": []string{"markdown"}},
		"codeAction": map[string]any{"codeActionLiteralSupport": map[string]any{
			"codeActionKind": map[string]any{"valueSet": []string{"quickfix", "source"}}}}}
	workspace := map[string]any{"configuration": m.configuration}
	if m.watch {
		workspace["didChangeWatchedFiles"] = map[string]any{"dynamicRegistration": true}
	}
	if m.margins {
		workspace["codeLens"] = map[string]any{"refreshSupport": true}
		workspace["inlayHint"] = map[string]any{"refreshSupport": true}
	}
	text["publishDiagnostics"] = map[string]any{"relatedInformation": true, "versionSupport": true}
	if m.pull {
		text["diagnostic"] = map[string]any{"relatedDocumentSupport": m.related, "relatedInformation": true}
		workspace["diagnostics"] = map[string]any{"refreshSupport": true}
	}
	capabilities := map[string]any{"textDocument": text, "workspace": workspace,
		"window": map[string]any{"workDoneProgress": m.progress}}
	if m.encoding != "" {
		capabilities["general"] = map[string]any{"positionEncodings": []string{m.encoding}}
	}
	return map[string]any{"processId": nil, "capabilities": capabilities,
		"initializationOptions": maps.Clone(c.settings),
		"workspaceFolders":      []any{map[string]any{"uri": uriOf(p.dir), "name": "work"}}}
}

// initialize introduces the client, and requires success.
func (c *connection) initialize(p *project, alive func() error) error {
	k := c.request("initialize", c.introduction(p), nil)
	if err := await("the answer to initialize", alive, c.missing(k)); err != nil {
		return err
	}
	var result struct {
		Capabilities struct {
			PositionEncoding   string
			DiagnosticProvider json.RawMessage
		}
	}
	if k.failure != nil || json.Unmarshal(k.result, &result) != nil {
		return violated("initialize was answered with %s, %+v", k.result, k.failure)
	}
	want := c.manner.encoding
	if want == "" {
		want = "utf-16"
	}
	if result.Capabilities.PositionEncoding != want ||
		(result.Capabilities.DiagnosticProvider != nil) != c.manner.pull {
		return violated("the server does not do what the client can: %s", k.result)
	}
	c.notify("initialized", map[string]any{})
	return nil
}

// prepare returns a request that is not sent yet, and its body.
func (c *connection) prepare(method string, params any) (*call, []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.count++
	k := &call{id: string(encode(c.count)), method: method}
	c.calls[k.id] = k
	c.open = append(c.open, k.id)
	return k, encode(map[string]any{"jsonrpc": "2.0", "id": c.count, "method": method, "params": params})
}
