// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"context"
	"fmt"
	"runtime/debug"
	"strings"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.uber.org/zap"
)

// connect starts the connection. It does not use the library's constructor, which handles every message in its own
// goroutine, including notifications. A request could then be answered from a document without an earlier change.
func (s *server) connect(stream jsonrpc2.Stream) jsonrpc2.Conn {
	if whole, ok := stream.(framed); ok {
		stream = frames{whole, s.log, s.leave}
	}
	conn := jsonrpc2.NewConn(stream, jsonrpc2.WithCodec(codec{}))
	s.client = protocol.ClientDispatcher(conn)
	s.conn = conn
	s.outbox.start(s.ctx)
	go s.act()
	handler := protocol.ServerHandler(s, jsonrpc2.MethodNotFoundHandler)
	conn.Go(s.ctx, s.phased(handler, protocol.CancelHandler(s.ordered(handler))))
	return conn
}

// phased handles initialize and shutdown before the next message is read, because later messages rely on them even if
// the client does not wait. They bypass the library, which gives other calls a context that must be released. Before
// and after, notifications other than exit are dropped, as the protocol requires. An error of a notification, which
// would end the connection, is logged.
func (s *server) phased(direct, next jsonrpc2.Handler) jsonrpc2.Handler {
	return func(ctx context.Context, req *jsonrpc2.Request) (any, error) {
		m := req.Method()
		if !req.IsCall() {
			if m != protocol.MethodExit && phase(s.phase.Load()) != phaseRunning {
				return nil, nil
			}
			if _, err := s.recovered(ctx, req, next); err != nil {
				s.log.Warn("notification not handled", zap.String("method", strings.Clone(m)), zap.Error(err))
			}
			return nil, nil
		}
		if m != protocol.MethodInitialize && m != protocol.MethodShutdown {
			return next(ctx, req)
		}
		if err := s.premature(req.Method()); err != nil {
			return nil, err
		}
		return s.recovered(ctx, req, direct)
	}
}

// ordered completes notifications before the next message is read, and lets calls overlap.
func (s *server) ordered(next jsonrpc2.Handler) jsonrpc2.Handler {
	return func(ctx context.Context, req *jsonrpc2.Request) (any, error) {
		if !req.IsCall() {
			return next(ctx, req)
		}
		jsonrpc2.Async(ctx)
		if err := s.premature(req.Method()); err != nil {
			return nil, err
		}
		return s.recovered(ctx, req, next)
	}
}

func (s *server) recovered(ctx context.Context, req *jsonrpc2.Request, next jsonrpc2.Handler) (result any, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			method := strings.Clone(req.Method())
			s.log.Error("handler panicked", zap.String("method", method), zap.Any("cause", cause),
				zap.ByteString("stack", debug.Stack()))
			result, err = nil, jsonrpc2.NewError(jsonrpc2.InternalError, fmt.Sprintf("%s failed inside the server: %v",
				method, cause))
		}
	}()
	return next(ctx, req)
}

// premature refuses calls before initialize and after shutdown, and a second initialize, as the protocol requires.
func (s *server) premature(method string) error {
	switch phase(s.phase.Load()) {
	case phaseNew:
		if method != protocol.MethodInitialize {
			return jsonrpc2.NewError(jsonrpc2.ServerNotInitialized, "the server is not initialized")
		}
	case phaseRunning:
		if method == protocol.MethodInitialize {
			return jsonrpc2.NewError(jsonrpc2.InvalidRequest, "the server is already initialized")
		}
	case phaseShutdown:
		return jsonrpc2.NewError(jsonrpc2.InvalidRequest, "the server is shutting down")
	}
	return nil
}

// codec encodes protocol types, and passes on what is already encoded.
type codec struct{}

func (codec) Marshal(v any) ([]byte, error) {
	if raw, ok := v.(jsonrpc2.RawMessage); ok {
		return raw, nil
	}
	return protocol.Marshal(v)
}

func (codec) Unmarshal(data []byte, v any) error {
	if raw, ok := v.(*jsonrpc2.RawMessage); ok {
		*raw = append((*raw)[:0], data...)
		return nil
	}
	return protocol.Unmarshal(data, v)
}
