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

// DidChangeConfiguration takes new settings, or asks for them again where the client wants to be asked, and checks everything
// that they may change.
func (s *server) DidChangeConfiguration(_ context.Context, params *protocol.DidChangeConfigurationParams) error {
	s.do(func() {
		before := s.state.settings
		if raw := bytes.TrimSpace(params.Settings); len(raw) > 0 && !bytes.Equal(raw, []byte("null")) {
			settings, err := decodeSettings(before, raw)
			if err != nil {
				s.log.Warn("settings not understood", zap.Error(err))
			}
			settings.Trusted = before.Trusted
			s.state.settings = settings
		}
		asked := len(s.state.pulled)+len(s.state.questions) > 0
		s.forgetAnswers()
		if asked || !before.equal(s.state.settings) {
			s.restartAll()
		}
	})
	return nil
}

// settingsFor are the settings that apply to a file, as far as the client has told them.
func (s *server) settingsFor(file string) Settings {
	if p, ok := s.state.pulled[s.folderOf(file)]; ok {
		return p
	}
	return s.state.settings
}

// settingsDelay is how long checks wait for the settings that the client was asked for.
const settingsDelay = 5 * time.Second

// question is a request for the settings of a workspace folder that the client has yet to answer.
type question struct {
	over chan struct{} // closed when checks need not wait any more
	late bool          // because the answer took too long
}

// refreshSettings has the client asked for the settings of a file's folder, unless it was before, and waits for the answer: not for the
// actor. Of a client that does not answer in time the settings are those that it has sent otherwise. A late answer still counts.
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

// ask asks the client for the settings of a folder, which a file of it stands for.
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

// askFor asks the client and reads the answer; ok is false if it has none.
func (s *server) askFor(base Settings, scope uri.URI) (settings Settings, ok bool) {
	section := settingsSection
	answers, err := s.client.Configuration(s.ctx, &protocol.ConfigurationParams{Items: []protocol.ConfigurationItem{{ScopeURI: &scope, Section: &section}}})
	if err != nil && s.ctx.Err() == nil {
		s.log.Debug("the client did not answer for its settings", zap.Error(err))
	}
	if err != nil || len(answers) == 0 {
		return base, false
	}
	settings = base
	if raw := slices.Clone(answers[0]); len(raw) > 0 && !bytes.Equal(raw, []byte("null")) {
		if settings, err = decodeSettings(base, raw); err != nil {
			s.log.Warn("settings not understood", zap.Error(err))
		}
		settings.Trusted = base.Trusted
	}
	return settings, true
}

// giveUp has checks wait no more for an answer.
func (s *server) giveUp(folder string, q *question) {
	if s.state.questions[folder] != q || q.late {
		return
	}
	q.late = true
	close(q.over)
	s.log.Warn("the client does not answer for its settings, so those that it has sent before or the defaults apply until it does",
		zap.String("folder", folder), zap.Duration("waited", settingsDelay))
}

// takeAnswer takes the settings of a folder. What was checked without them because they came late is checked again.
func (s *server) takeAnswer(folder string, q *question, settings Settings, ok bool) {
	if s.state.questions[folder] != q {
		return // a newer one was asked, or the settings were sent
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

// forgetAnswers has the client asked again.
func (s *server) forgetAnswers() {
	clear(s.state.pulled)
	for folder, q := range s.state.questions {
		delete(s.state.questions, folder)
		if !q.late {
			close(q.over)
		}
	}
}
