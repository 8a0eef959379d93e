// SPDX-License-Identifier: GPL-2.0-only

//go:build linux

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Bounds of a server's resources, several times what was ever seen.
const (
	maxMemoryBytes = 1 << 30
	maxDescriptors = 120
	maxThreads     = 120
	maxProcesses   = 60
	maxGoroutines  = 80
)

// rest waits until all work has ended, and checks the invariants.
func (l *life) rest() error {
	l.conn.startReading()
	l.conn.beRude(false)
	if err := l.heal(); err != nil {
		return err
	}
	for _, k := range l.conn.unanswered() {
		if k.stream {
			l.conn.cancel(k.id)
		}
	}
	if err := l.await("the answer to each request", l.conn.missingAnswers); err != nil {
		return err
	}
	if err := l.settle(); err != nil {
		return err
	}
	if err := l.await("the status of each file to be that of a check that has ended", l.conn.checking); err != nil {
		return err
	}
	if err := l.await("the end of all compilers", func() string {
		return processes(l.server.descendants())
	}); err != nil {
		return err
	}
	if err := l.await("the end of all temporary files", func() string {
		return strings.Join(l.server.temporary(), ", ")
	}); err != nil {
		return err
	}
	if err := l.compare(); err != nil {
		return err
	}
	l.sample()
	l.note("at rest: %s", l.peaks)
	return l.bounded()
}

// settle waits until the client shows what the server knows. The server follows up on reports about files on disk
// later, so a check may still begin after others have ended.
func (l *life) settle() error {
	var broken error
	err := l.await("what the client shows to be what the server knows", func() string {
		found, err := l.findings()
		if err != nil {
			broken = err
			return ""
		}
		return l.conn.differs(found, l.documents())
	})
	return errors.Join(broken, err)
}

// heal repairs everything, and notifies the server. After a calm round only files checked as they are typed are saved,
// because there the text and not the disk decides.
func (l *life) heal() error {
	if !l.hostile {
		if l.manner.checkOn == "type" || l.chance(2) {
			return l.saveAll()
		}
		return nil
	}
	if err := l.project.behave(""); err != nil {
		return err
	}
	repaired, err := l.project.repairAll()
	if err != nil {
		return err
	}
	for _, f := range repaired {
		l.touched[f] = true
	}
	for _, f := range slices.Sorted(maps.Keys(l.touched)) {
		if _, wanted := l.project.text[f]; wanted {
			l.watched(1, f)
		} else {
			l.watched(3, f)
		}
	}
	clear(l.touched)
	l.conn.notify("workspace/didChangeWorkspaceFolders", map[string]any{"event": map[string]any{
		"added": []any{map[string]any{"uri": uriOf(l.project.dir), "name": "work"}}, "removed": []any{}}})
	l.set("timeoutSeconds", 60)
	return l.saveAll()
}

// saveAll saves every document, which makes the server check them.
func (l *life) saveAll() error {
	var err error
	for _, d := range l.documents() {
		err = errors.Join(err, l.save(d))
	}
	l.conn.mu.Lock()
	defer l.conn.mu.Unlock()
	if l.manner.pull {
		l.conn.pullAll()
	}
	return err
}

// findings returns the diagnostics of each open document that the server knows when no check runs.
func (l *life) findings() (map[string]string, error) {
	return findings(l.conn, l.documents(), l.alive)
}

func findings(c *connection, documents []*document, alive func() error) (map[string]string, error) {
	out := map[string]string{}
	for _, d := range documents {
		for {
			k := c.request("textDocument/diagnostic", map[string]any{"textDocument": identifier(d.file)}, nil)
			if err := await("the diagnostics of "+d.file, alive, c.missing(k)); err != nil {
				return nil, err
			}
			if k.failure != nil && k.failure.Code == serverCancelled {
				continue
			}
			if k.failure != nil {
				return nil, violated("the diagnostics of %s are an error: %d %s", d.file, k.failure.Code,
					k.failure.Message)
			}
			var r report
			if err := json.Unmarshal(k.result, &r); err != nil || r.Kind != "full" {
				return nil, violated("the diagnostics of %s are %.300s", d.file, k.result)
			}
			if why := nonsense(r.Items); why != "" {
				return nil, violated("the diagnostics of %s have %s", d.file, why)
			}
			out[d.file] = canonical(r.Items)
			break
		}
		if strings.Contains(out[d.file], "fault of bpf-lsp") || strings.Contains(out[d.file], "internal-bug") {
			return nil, violated("the server reports a fault of its own in %s: %s", d.file, out[d.file])
		}
	}
	return out, nil
}

// missing reports whether a request lacks its answer.
func (c *connection) missing(k *call) func() string {
	return func() string {
		c.mu.Lock()
		defer c.mu.Unlock()
		if k.answered {
			return ""
		}
		return "the answer to " + k.method + " " + k.id
	}
}

// differs describes where the client shows something else than the server knows. What was sent has places in the texts
// of its time, so those in documents edited since are not compared, except the places in a document that a client pulls
// again when it edits it.
func (c *connection) differs(found map[string]string, documents []*document) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, d := range documents {
		s := c.of(d.file)
		edited := dirty(documents)
		delete(edited, d.file)
		shows, known := withoutRanges(s.items, edited), withoutRanges(found[d.file], edited)
		if shows != known && (c.manner.pull || !d.dirty) {
			return fmt.Sprintf("%s shows\n%s\nbut the server knows\n%s", d.file, lacks(shows, known),
				lacks(known, shows))
		}
		if !c.manner.pull && !d.dirty && s.items != "" && s.version != d.version {
			return fmt.Sprintf("%s shows diagnostics of version %d, but the newest is %d", d.file, s.version, d.version)
		}
	}
	return ""
}

// checking names the files that the server reports it is checking.
func (c *connection) checking() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var out []string
	for _, f := range slices.Sorted(maps.Keys(c.states)) {
		if c.states[f] == "checking" && c.shown[f] != nil && c.shown[f].open {
			out = append(out, "the check of "+f)
		}
	}
	return strings.Join(out, ", ")
}

// compare requires that a newly started server finds the same.
func (l *life) compare() error {
	fresh, err := startChild(l.options.server, l.project, "fresh")
	if err != nil {
		return err
	}
	defer fresh.kill()
	l.conn.mu.Lock()
	settings := maps.Clone(l.conn.settings)
	l.conn.mu.Unlock()
	c := connect(fresh, l.manner, settings, 0)
	alive := func() error {
		if err := c.broken(); err != nil {
			return err
		}
		if fresh.hasEnded() {
			return violated("a fresh server ended by itself: %s; its log: %s", fresh.state(), fresh.logTail())
		}
		return nil
	}
	if err := c.initialize(l.project, alive); err != nil {
		return err
	}
	documents := l.documents()
	for _, d := range documents {
		c.openWith(d.file, 1, d.saved)
	}
	if _, err := findings(c, documents, alive); err != nil {
		return err
	}
	for _, d := range documents {
		if d.dirty {
			c.changeTo(d.file, 2, change{Text: d.text})
		}
	}
	want, err := findings(c, documents, alive)
	if err != nil {
		return err
	}
	var broken error
	err = l.await("each document to have the findings of a fresh server", func() string {
		found, err := l.findings()
		if err != nil {
			broken = err
			return ""
		}
		for _, d := range documents {
			// In a header, closed files have findings too after a check of the workspace.
			if found[d.file] != want[d.file] && !(l.swept && strings.HasSuffix(d.file, ".h")) {
				return fmt.Sprintf("of %s the server knows\n%s\nbut a fresh one finds\n%s", d.file,
					lacks(found[d.file], want[d.file]), lacks(want[d.file], found[d.file]))
			}
		}
		return ""
	})
	if err := errors.Join(broken, err); err != nil {
		return err
	}
	l.comparisons += len(documents)
	if !l.manner.pull && !l.swept {
		if err := await("closed files to show what a fresh server finds in them", alive, func() string {
			return l.conn.showsAs(c, documents)
		}); err != nil {
			return err
		}
	}
	return farewell(fresh, c)
}

// showsAs describes in which closed file a client shows something else than another one. A publication has related
// places in the texts of its time, so those in a document edited since are not compared.
func (c *connection) showsAs(other *connection, documents []*document) string {
	edited := dirty(documents)
	closed := func(c *connection) map[string]string {
		c.mu.Lock()
		defer c.mu.Unlock()
		out := map[string]string{}
		for file, s := range c.shown {
			if !s.open && s.items != "" {
				out[file] = withoutRanges(s.items, edited)
			}
		}
		return out
	}
	mine, others := closed(c), closed(other)
	for _, file := range slices.Sorted(maps.Keys(merged(mine, others))) {
		if mine[file] != others[file] {
			return fmt.Sprintf("%s shows\n%s\nbut a fresh server says\n%s", file, mine[file], others[file])
		}
	}
	return ""
}

// dirty returns the files of the documents that were edited since they were opened or saved.
func dirty(documents []*document) map[string]bool {
	files := map[string]bool{}
	for _, d := range documents {
		if d.dirty {
			files[d.file] = true
		}
	}
	return files
}

// lacks returns the lines of a text that another one lacks.
func lacks(text, other string) string {
	have := strings.Split(other, "\n")
	return strings.Join(slices.DeleteFunc(strings.Split(text, "\n"), func(line string) bool {
		return slices.Contains(have, line)
	}), "\n")
}

func merged(a, b map[string]string) map[string]string {
	out := maps.Clone(a)
	maps.Copy(out, b)
	return out
}

// sample measures the server.
func (l *life) sample() { l.peaks.add(l.server.measure()) }

// bounded compares the peaks with the bounds.
func (l *life) bounded() error {
	p := l.peaks
	switch {
	case p.memoryBytes > maxMemoryBytes, p.descriptors > maxDescriptors, p.threads > maxThreads,
		p.processes > maxProcesses, p.goroutines > maxGoroutines:
		return violated("the server uses too much: %s", p)
	}
	return nil
}

func processes(all []process) string {
	var out []string
	for _, p := range all {
		out = append(out, p.String())
	}
	return strings.Join(out, ", ")
}
