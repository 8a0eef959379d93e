// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"go.lsp.dev/protocol"
	"go.uber.org/zap"
)

// progressDelay is how long a check may take before the user is shown that it runs.
const progressDelay = 300 * time.Millisecond

// showProgress shows a progress bar for a check that takes long.
func (s *server) showProgress(u *unit, cancel context.CancelFunc, finished <-chan struct{}) {
	s.progressBar("Checking "+filepath.Base(u.file), u.file, cancel, finished, func(string) {})
}

// progressBar shows a progress bar for work that takes long, on one file or on many, until finished is closed. The user
// can cancel the work there. The client must accept the bar first, and the actor must not wait for that; when it has,
// the actor gets the token.
func (s *server) progressBar(title, file string, cancel context.CancelFunc, finished <-chan struct{},
	shown func(token string)) {
	if !s.state.client.progress {
		return
	}
	s.state.progressCount++
	token := fmt.Sprintf("bpf-lsp/check/%d", s.state.progressCount)
	s.state.progress[token] = cancel
	due := s.o.Clock.After(Timer{progressWait, file}, progressDelay)
	s.tasks.run(func() {
		defer s.do(func() { delete(s.state.progress, token) })
		select {
		case <-due:
		case <-finished:
			return
		case <-s.ctx.Done():
			return
		}
		if ended(finished) {
			return // at the same moment
		}
		if err := s.client.WorkDoneProgressCreate(s.ctx,
			&protocol.WorkDoneProgressCreateParams{Token: protocol.String(token)}); err != nil {
			s.log.Debug("the client refused to show progress", zap.Error(err))
			return
		}
		yes := true
		s.sendProgress(token, &protocol.WorkDoneProgressBegin{Kind: "begin", Title: title, Cancellable: &yes})
		s.do(func() { shown(token) })
		<-finished
		s.sendProgress(token, &protocol.WorkDoneProgressEnd{Kind: "end"})
	})
}

func ended(work <-chan struct{}) bool {
	select {
	case <-work:
		return true
	default:
		return false
	}
}

func (s *server) sendProgress(token string, value any) {
	raw, err := protocol.Marshal(value)
	if err != nil {
		return
	}
	s.outbox.send(func(ctx context.Context) {
		_ = s.client.Progress(ctx, &protocol.ProgressParams{Token: protocol.String(token), Value: raw})
	})
}

// WorkDoneProgressCancel cancels the check of a progress bar; what was published before stays.
func (s *server) WorkDoneProgressCancel(_ context.Context, params *protocol.WorkDoneProgressCancelParams) error {
	token, ok := params.Token.(protocol.String)
	if !ok {
		return nil
	}
	s.do(func() {
		if cancel := s.state.progress[string(token)]; cancel != nil {
			cancel()
		}
	})
	return nil
}
