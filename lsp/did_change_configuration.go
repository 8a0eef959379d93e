// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"bytes"
	"context"
	"slices"
	"time"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"
	"go.uber.org/zap"
)

// DidChangeConfiguration applies new settings, or requests them from clients that prefer to be asked, and checks
// everything that they may change.
func (s *server) DidChangeConfiguration(_ context.Context, params *protocol.DidChangeConfigurationParams) error {
	s.do(func() {
		before := s.state.settings
		if raw := bytes.TrimSpace(params.Settings); len(raw) > 0 && !bytes.Equal(raw, []byte("null")) {
			settings, err := decodeSettings(before, raw)
			if err != nil {
				s.log.Warn("invalid settings", zap.Error(err))
			}
			settings.Trusted = before.Trusted
			s.state.settings = settings
		}
		asked := len(s.state.pulled)+len(s.state.questions) > 0
		s.forgetAnswers()
		if asked || !before.equal(s.state.settings) {
			s.restartAll()
		}
		if before.CodeLens != s.state.settings.CodeLens {
			s.refreshLenses()
		}
		if before.InlayHints != s.state.settings.InlayHints {
			s.refreshHints()
		}
	})
	return nil
}

// settingsFor returns the settings for a file that the client has sent so far.
func (s *server) settingsFor(file string) Settings {
	if p, ok := s.state.pulled[s.folderOf(file)]; ok {
		return p
	}
	return s.state.settings
}

// settingsDelay is how long checks wait for requested settings.
const settingsDelay = 5 * time.Second

// question is a pending request for the settings of a workspace folder.
type question struct {
	over chan struct{} // closed when checks need not wait any more
	late bool          // because the answer took too long
}

// refreshSettings requests the settings of a file's folder from the client, unless that was done, and waits for the
// answer. The actor must not call it. If the client does not answer in time, the settings it has sent otherwise apply.
// A late answer still counts.
func (s *server) refreshSettings(ctx context.Context, file string) {
	var q *question
	s.do(func() {
		folder := s.folderOf(file)
		if _, known := s.state.pulled[folder]; known || !s.state.client.configuration {
			return
		}
		if q = s.state.questions[folder]; q == nil {
			q = s.ask(folder, file)
		}
	})
	if q == nil {
		return
	}
	select {
	case <-q.over:
	case <-ctx.Done():
	}
}

// ask requests the settings of a folder, identified by a file in it.
func (s *server) ask(folder, file string) *question {
	q := &question{over: make(chan struct{})}
	s.state.questions[folder] = q
	base, scope := s.state.settings, s.state.paths.uri(file)
	tooLate, answered := s.o.Clock.After(Timer{settingsWait, folder}, settingsDelay), make(chan struct{})
	go s.guarded(func() {
		select {
		case <-tooLate:
			s.do(func() { s.giveUp(folder, q) })
		case <-answered:
		case <-s.ctx.Done():
		}
	})
	s.tasks.run(func() {
		defer close(answered)
		settings, ok := s.askFor(base, scope)
		s.do(func() { s.takeAnswer(folder, q, settings, ok) })
	})
	return q
}

// askFor sends the request and reads the answer; ok is false if there is none.
func (s *server) askFor(base Settings, scope uri.URI) (settings Settings, ok bool) {
	section := settingsSection
	answers, err := s.client.Configuration(s.ctx,
		&protocol.ConfigurationParams{Items: []protocol.ConfigurationItem{{ScopeURI: &scope, Section: &section}}})
	if err != nil && s.ctx.Err() == nil {
		s.log.Debug("the client did not answer the request for its settings", zap.Error(err))
	}
	if err != nil || len(answers) == 0 {
		return base, false
	}
	settings = base
	if raw := slices.Clone(answers[0]); len(raw) > 0 && !bytes.Equal(raw, []byte("null")) {
		if settings, err = decodeSettings(base, raw); err != nil {
			s.log.Warn("invalid settings", zap.Error(err))
		}
		settings.Trusted = base.Trusted
	}
	return settings, true
}

// giveUp lets checks proceed without the answer.
func (s *server) giveUp(folder string, q *question) {
	if s.state.questions[folder] != q || q.late {
		return
	}
	q.late = true
	close(q.over)
	s.log.Warn("no answer to the request for settings; the settings sent before or the defaults apply "+
		"until it arrives",
		zap.String("folder", folder), zap.Duration("waited", settingsDelay))
}

// takeAnswer applies the settings of a folder. What was checked without them because they were late is checked again.
func (s *server) takeAnswer(folder string, q *question, settings Settings, ok bool) {
	if s.state.questions[folder] != q {
		return // there is a newer request, or the settings were sent
	}
	delete(s.state.questions, folder)
	if ok {
		s.state.pulled[folder] = settings
	}
	if !q.late {
		close(q.over)
		return
	}
	if !ok || settings.equal(s.state.settings) {
		return
	}
	for _, u := range s.sortedUnits() {
		if s.folderOf(u.file) == folder {
			s.start(u)
		}
	}
	s.resweep(func(file string, _ *swept) bool { return s.folderOf(file) == folder })
}

// forgetAnswers makes the server request settings again.
func (s *server) forgetAnswers() {
	clear(s.state.pulled)
	for folder, q := range s.state.questions {
		delete(s.state.questions, folder)
		if !q.late {
			close(q.over)
		}
	}
}
