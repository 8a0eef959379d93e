// SPDX-License-Identifier: GPL-2.0-only

//go:build linux

package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"net/url"
	"slices"
	"strings"
)

// shown is what the client shows for one file.
type shown struct {
	open     bool
	sent     int    // newest version sent to the server
	version  int    // of the last publication
	items    string // as canonical writes them
	resultID *string
	// A client has one request for the diagnostics of a document at a time, and repeats it if there was a reason
	// meanwhile.
	pulling, again bool
}

// canonical writes diagnostics in a fixed form, whatever their order. It leaves out what they suggest, because the
// server tries that later, and then says how it went.
func canonical(items json.RawMessage) string {
	var all []any
	if err := json.Unmarshal(items, &all); err != nil {
		return "no diagnostics: " + string(items)
	}
	var out []string
	for _, d := range all {
		if item, ok := d.(map[string]any); ok {
			if data, ok := item["data"].(map[string]any); ok {
				delete(data, "suggestion")
			}
		}
		out = append(out, string(encode(d)))
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

// withoutRanges removes from canonical diagnostics the ranges of related places in some files.
func withoutRanges(items string, files map[string]bool) string {
	var out []string
	for item := range strings.SplitSeq(items, "\n") {
		var d struct {
			Related []struct {
				Location struct{ URI string }
			} `json:"relatedInformation"`
		}
		var all map[string]any
		if json.Unmarshal([]byte(item), &d) == nil && json.Unmarshal([]byte(item), &all) == nil {
			for i, r := range d.Related {
				if files[fileOf(r.Location.URI)] {
					delete(all["relatedInformation"].([]any)[i].(map[string]any)["location"].(map[string]any), "range")
				}
			}
			item = string(encode(all))
		}
		out = append(out, item)
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

// nonsense describes invalid places of diagnostics, if any.
func nonsense(items json.RawMessage) string {
	var all []struct{ Range span }
	if err := json.Unmarshal(items, &all); err != nil {
		return "no form: " + err.Error()
	}
	for _, d := range all {
		from, to := d.Range.Start, d.Range.End
		if from.Line < 0 || from.Character < 0 || to.Line > math.MaxInt32 || to.Character > math.MaxInt32 ||
			from.Line > to.Line || from.Line == to.Line && from.Character > to.Character {
			return fmt.Sprintf("a range of %v", d.Range)
		}
	}
	return ""
}

// of returns what is shown for a file; the connection must be locked.
func (c *connection) of(file string) *shown {
	s := c.shown[file]
	if s == nil {
		s = &shown{version: -1}
		c.shown[file] = s
	}
	return s
}

// openWith opens a document. As with other notifications about documents, the client's own view is updated before the
// server can know.
func (c *connection) openWith(file string, version int, text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.of(file)
	s.open, s.sent, s.resultID = true, version, nil
	c.notify("textDocument/didOpen",
		map[string]any{"textDocument": map[string]any{"uri": uriOf(file), "languageId": "c", "version": version,
			"text": text}})
	if c.manner.pull {
		s.items = ""
		c.pull(file)
	}
}

// changeTo changes a document to a version.
func (c *connection) changeTo(file string, version int, changes ...change) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.of(file).sent = version
	c.notify("textDocument/didChange",
		map[string]any{"textDocument": map[string]any{"uri": uriOf(file), "version": version},
			"contentChanges": changes})
	if c.manner.pull {
		c.pull(file)
	}
}

// close closes a document.
func (c *connection) close(file string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.of(file)
	s.open = false
	if c.manner.pull {
		s.items, s.resultID = "", nil
	}
	c.notify("textDocument/didClose", map[string]any{"textDocument": identifier(file)})
}

// configure sends changed settings, which the server may also request at any time.
func (c *connection) configure(change func(settings map[string]any) json.RawMessage) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.notify("workspace/didChangeConfiguration", change(c.settings))
}

// pullAll requests the diagnostics of all documents; the connection must be locked.
func (c *connection) pullAll() {
	for _, file := range slices.Sorted(maps.Keys(c.shown)) {
		if c.shown[file].open {
			c.pull(file)
		}
	}
}

// pull requests the diagnostics of a document as an editor does; the connection must be locked.
func (c *connection) pull(file string) {
	s := c.of(file)
	if s.pulling {
		s.again = true
		return
	}
	s.pulling = true
	params := map[string]any{"textDocument": map[string]any{"uri": uriOf(file)}}
	if s.resultID != nil {
		params["previousResultId"] = *s.resultID
	}
	had := s.resultID
	c.ask("textDocument/diagnostic", params, func(result json.RawMessage, f *failure) {
		s.pulling = false
		again := s.again
		s.again = false
		switch {
		case f != nil:
			// A request that is cancelled by either side is repeated, while there is something to request.
			again = again || f.Code == serverCancelled && retriggers(f) || f.Code == requestCancelled
		case s.open && !again:
			c.keep(s, file, had, result)
		}
		if again && s.open {
			c.pull(file)
		}
	})
}

func retriggers(f *failure) bool {
	var data struct{ RetriggerRequest bool }
	return json.Unmarshal(f.Data, &data) == nil && data.RetriggerRequest
}

// report is the answer to a request for diagnostics.
type report struct {
	Kind     string
	ResultID *string
	Items    json.RawMessage
}

// keep stores the answer to a request for diagnostics.
func (c *connection) keep(s *shown, file string, had *string, result json.RawMessage) {
	var r report
	if err := json.Unmarshal(result, &r); err != nil {
		c.violate("the answer to a request for diagnostics of %s is %.300s", file, result)
		return
	}
	switch {
	case r.Kind == "full":
		s.items, s.resultID = canonical(r.Items), r.ResultID
	case r.Kind == "unchanged" && had != nil && r.ResultID != nil && *r.ResultID == *had:
	default:
		c.violate("the diagnostics of %s are %q with an id that the client did not send: %.300s", file, r.Kind, result)
	}
}

// notice handles a notification of the server.
func (c *connection) notice(method string, raw json.RawMessage) {
	switch method {
	case "textDocument/publishDiagnostics":
		c.published(raw)
	case "bpf-lsp/status":
		var params struct{ URI, State string }
		if err := json.Unmarshal(raw, &params); err != nil {
			c.violate("a status is %.300s", raw)
			return
		}
		c.states[fileOf(params.URI)] = params.State
	case "window/logMessage":
		if strings.Contains(string(raw), "panicked") {
			c.violate("the server panicked: %.2000s", raw)
		}
	case "$/cancelRequest":
		c.cancelled(raw)
	case "$/progress", "window/showMessage", "telemetry/event", "$/logTrace":
	default:
		c.violate("the server sent the notification %s, which no client knows", method)
	}
}

// cancelled answers a request that the server cancels, as a client still has to.
func (c *connection) cancelled(raw json.RawMessage) {
	var params struct{ ID json.RawMessage }
	if err := json.Unmarshal(raw, &params); err != nil {
		c.violate("the server cancels %.300s", raw)
		return
	}
	c.kept = slices.DeleteFunc(c.kept, func(m message) bool {
		if string(m.ID) != string(params.ID) {
			return false
		}
		c.answer(m, nil, &failure{Code: requestCancelled, Message: "cancelled"})
		return true
	})
}

func (c *connection) published(raw json.RawMessage) {
	var params struct {
		URI         string
		Version     *int
		Diagnostics json.RawMessage
	}
	if err := json.Unmarshal(raw, &params); err != nil || params.Diagnostics == nil {
		c.violate("a publication is %.300s", raw)
		return
	}
	file := fileOf(params.URI)
	if why := nonsense(params.Diagnostics); why != "" {
		c.violate("the diagnostics published of %s have %s", file, why)
	}
	s := c.of(file)
	if params.Version != nil {
		switch {
		case *params.Version > s.sent:
			c.violate("diagnostics of version %d of %s were published, but the newest is %d", *params.Version, file,
				s.sent)
		case *params.Version < s.version:
			c.violate("diagnostics of version %d of %s were published after those of version %d", *params.Version, file,
				s.version)
		}
		s.version = *params.Version
	}
	if !c.manner.pull || !s.open {
		s.items = canonical(params.Diagnostics)
	}
}

// uriOf returns the client's URI of a file.
func uriOf(file string) string { return (&url.URL{Scheme: "file", Path: file}).String() }

// fileOf returns the file of a URI, which the server may spell differently.
func fileOf(uri string) string {
	u, err := url.Parse(uri)
	if err != nil || u.Scheme != "file" {
		return uri
	}
	return u.Path
}
