// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"bytes"
	"context"
	"slices"

	"go.lsp.dev/protocol"
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
		asked := len(s.state.pulled) > 0
		clear(s.state.pulled)
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

// refreshSettings asks the client for the settings of a file's folder unless it was asked before. Not for the actor: it waits.
func (s *server) refreshSettings(ctx context.Context, file string) {
	var ask bool
	var folder string
	var base Settings
	s.do(func() {
		folder = s.folderOf(file)
		_, known := s.state.pulled[folder]
		ask = s.state.client.configuration && !known
		base = s.state.settings
	})
	if !ask {
		return
	}
	section, scope := settingsSection, s.paths.Load().uri(file)
	answers, err := s.client.Configuration(ctx, &protocol.ConfigurationParams{Items: []protocol.ConfigurationItem{{ScopeURI: &scope, Section: &section}}})
	if err != nil || len(answers) == 0 {
		if err != nil && ctx.Err() == nil {
			s.log.Debug("the client did not answer for its settings", zap.Error(err))
		}
		return
	}
	settings := base
	if raw := slices.Clone(answers[0]); len(raw) > 0 && !bytes.Equal(raw, []byte("null")) {
		if settings, err = decodeSettings(base, raw); err != nil {
			s.log.Warn("settings not understood", zap.Error(err))
		}
		settings.Trusted = base.Trusted
	}
	s.do(func() { s.state.pulled[folder] = settings })
}
