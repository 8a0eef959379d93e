// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"context"

	"go.lsp.dev/protocol"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
)

// withClientLog also sends warnings and errors of a logger to the client's log window, and nothing else, because that
// window is the user's.
func withClientLog(log *zap.Logger, s *server) *zap.Logger {
	return log.WithOptions(zap.WrapCore(func(core zapcore.Core) zapcore.Core {
		return zapcore.NewTee(core, &clientCore{LevelEnabler: zapcore.WarnLevel, server: s,
			encoder: zapcore.NewConsoleEncoder(zapcore.EncoderConfig{MessageKey: "message", ConsoleSeparator: " "})})
	}))
}

// clientCore writes entries as window/logMessage.
type clientCore struct {
	zapcore.LevelEnabler
	server  *server
	encoder zapcore.Encoder
}

func (c *clientCore) With(fields []zapcore.Field) zapcore.Core {
	encoder := c.encoder.Clone()
	for _, f := range fields {
		f.AddTo(encoder)
	}
	return &clientCore{LevelEnabler: c.LevelEnabler, server: c.server, encoder: encoder}
}

func (c *clientCore) Check(e zapcore.Entry, ce *zapcore.CheckedEntry) *zapcore.CheckedEntry {
	if c.Enabled(e.Level) && phase(c.server.phase.Load()) != phaseNew {
		return ce.AddCore(e, c)
	}
	return ce
}

func (c *clientCore) Write(e zapcore.Entry, fields []zapcore.Field) error {
	buf, err := c.encoder.EncodeEntry(e, fields)
	if err != nil {
		return err
	}
	text := buf.String()
	buf.Free()
	kind := protocol.MessageTypeWarning
	if e.Level >= zapcore.ErrorLevel {
		kind = protocol.MessageTypeError
	}
	c.server.outbox.send(func(ctx context.Context) {
		_ = c.server.client.LogMessage(ctx, &protocol.LogMessageParams{Type: kind, Message: text})
	})
	return nil
}

func (c *clientCore) Sync() error { return nil }
