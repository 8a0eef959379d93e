// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"context"

	"go.uber.org/zap"
)

// refresher tells the client to request something again. One message covers all changes before its answer.
type refresher struct{ running, again bool }

// tell sends the message, or does so once the one before is answered.
func (s *server) tell(r *refresher, what string, send func(context.Context) error) {
	if r.running {
		r.again = true
		return
	}
	r.running = true
	s.tasks.run(func() {
		if err := send(s.ctx); err != nil && s.ctx.Err() == nil {
			s.log.Debug("the client did not request again", zap.String("what", what), zap.Error(err))
		}
		s.do(func() {
			r.running = false
			if r.again {
				r.again = false
				s.tell(r, what, send)
			}
		})
	})
}
