// SPDX-License-Identifier: GPL-2.0-only

package lsp

import "context"

// Shutdown cancels all checks; the client sends exit next.
func (s *server) Shutdown(context.Context) error {
	s.phase.Store(int32(phaseShutdown))
	s.orderly.Store(true)
	s.do(s.stopChecks)
	s.quietOnce.Do(func() { close(s.quiet) })
	return nil
}

// Exit ends the connection. Closing it waits for handlers, including this one, so Serve does that.
func (s *server) Exit(context.Context) error {
	s.leave()
	return nil
}

// leave makes the server end.
func (s *server) leave() { s.exitOnce.Do(func() { close(s.exit) }) }
