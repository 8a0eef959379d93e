// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"context"
	"hash/maphash"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"
	"go.uber.org/zap"
)

// published is what the client last received about a file.
type published struct {
	uri    uri.URI
	hash   uint64 // of what was pushed
	pulled string // id of what it could request
	empty  bool
	pushed bool
}

// publisher sends results to the client, one file after the other. The actor queues the files and takes a snapshot of
// each when its turn comes. The snapshot is converted outside of the actor, which does not wait.
type publisher struct {
	queue   []publication
	waiting map[string]bool // the files in the queue
	running bool
}

// publication is one task: publish a file, or else call then.
type publication struct {
	file string
	then func()
}

// publish sends the diagnostics of files to the client, for those that have changed.
func (s *server) publish(files []string) {
	for _, file := range files {
		s.publishFile(file)
	}
}

func (s *server) publishFile(file string) {
	p := &s.state.publisher
	if !p.waiting[file] {
		p.waiting[file] = true
		s.enqueuePublication(publication{file: file})
	}
}

// afterPublishing makes the actor call f when everything queued so far was sent.
func (s *server) afterPublishing(f func()) { s.enqueuePublication(publication{then: f}) }

func (s *server) enqueuePublication(next publication) {
	p := &s.state.publisher
	p.queue = append(p.queue, next)
	if p.running {
		return
	}
	p.running = true
	s.tasks.run(func() {
		for more := true; more; {
			s.guarded(func() { more = s.publishNext() })
		}
	})
}

// publishNext performs the first task in the queue; false means that the queue is empty.
func (s *server) publishNext() (more bool) {
	var sn *snapshot
	pull := false
	s.do(func() {
		p := &s.state.publisher
		if len(p.queue) == 0 {
			p.running = false
			return
		}
		next := p.queue[0]
		p.queue, more = p.queue[1:], true
		if next.then != nil {
			next.then()
			return
		}
		delete(p.waiting, next.file)
		sn, pull = s.snapshot(s.state.view(), next.file), s.pulls(next.file)
	})
	if sn == nil {
		return more
	}
	if pull {
		r := s.report(sn)
		s.do(func() {
			if s.isCurrent(sn.file, pull) {
				s.noticePull(&r)
			}
		})
		return more
	}
	encoded, err := sn.pushed()
	if err != nil {
		s.log.Error("diagnostics cannot be encoded", zap.String("file", sn.file), zap.Error(err))
		return more
	}
	s.do(func() {
		if s.isCurrent(sn.file, pull) {
			s.push(sn, encoded)
		}
	})
	return more
}

// isCurrent reports whether the result of a snapshot may be sent: there is nothing newer, and the client still gets it
// in that way. Otherwise the file is queued again.
func (s *server) isCurrent(file string, pull bool) bool {
	if s.pulls(file) != pull {
		s.publishFile(file)
	}
	return !s.state.publisher.waiting[file]
}

// push sends diagnostics if they differ from those of the client.
func (s *server) push(sn *snapshot, encoded []byte) {
	file := sn.file
	now := published{uri: sn.uriOf(file), hash: maphash.Bytes(publishSeed, encoded), empty: len(sn.found) == 0,
		pushed: true}
	before, told := s.state.published[file]
	told = told && before.pushed
	if told && (before == now || before.empty && now.empty) || !told && now.empty {
		return
	}
	if told && before.uri != now.uri && !before.empty {
		// The client has opened the file under another URI; what it holds under the first must be removed.
		s.sendNone(before.uri)
	}
	s.state.published[file] = now
	s.sendDiagnostics(now.uri, encoded)
}

// sendNone removes what the client holds about a file.
func (s *server) sendNone(of uri.URI) {
	if encoded, err := protocol.Marshal(&protocol.PublishDiagnosticsParams{URI: of,
		Diagnostics: []protocol.Diagnostic{}}); err == nil {
		s.sendDiagnostics(of, encoded)
	}
}

// sendDiagnostics sends diagnostics already encoded, for which there is a hash.
func (s *server) sendDiagnostics(of uri.URI, encoded []byte) {
	s.outbox.send(func(ctx context.Context) {
		if err := s.conn.Notify(ctx, protocol.MethodTextDocumentPublishDiagnostics,
			jsonrpc2.RawMessage(encoded)); err != nil && ctx.Err() == nil {
			s.log.Warn("diagnostics not sent", zap.String("uri", string(of)), zap.Error(err))
		}
	})
}
