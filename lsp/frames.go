// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"go.lsp.dev/jsonrpc2"
	"go.uber.org/zap"
)

// framed is a stream that reads and writes whole frames, like the library's.
type framed interface {
	jsonrpc2.Stream
	ReadFrame(ctx context.Context) ([]byte, int64, error)
	WriteFrame(ctx context.Context, data []byte) (int64, error)
}

// frames passes only valid messages to the connection. The connection would end at anything else, and the server with
// it, though the next frame may be valid; so the invalid frame is answered here. That requires knowing where the frame
// ends: an invalid header still ends the connection.
type frames struct {
	framed
	log *zap.Logger
	// over is called when nothing more can be read. The connection itself ends only with the last request that it still
	// answers, and one for workspace diagnostics may stay open forever.
	over func()
}

func (f frames) ReadFrame(ctx context.Context) ([]byte, int64, error) {
	for {
		frame, n, err := f.framed.ReadFrame(ctx)
		if err != nil {
			f.over()
			return nil, n, err
		}
		fault := faultOf(frame)
		if fault == nil {
			return frame, n, nil
		}
		f.log.Warn("the client sent an invalid message", zap.Error(fault))
		answer, err := json.Marshal(fault.Message)
		if err != nil {
			return nil, n, err
		}
		if _, err := f.WriteFrame(ctx, fmt.Appendf(nil, `{"jsonrpc":"2.0","id":null,"error":{"code":%d,"message":%s}}`,
			fault.Code, answer)); err != nil {
			return nil, n, err
		}
	}
}

// faultOf returns why a frame is not a message, nil if it is one or several.
func faultOf(frame []byte) *jsonrpc2.Error {
	if bytes.HasPrefix(bytes.TrimLeft(frame, " \t\r\n"), []byte("[")) {
		if json.Valid(frame) {
			return nil
		}
	} else if _, err := jsonrpc2.DecodeMessage(frame); err == nil {
		return nil
	} else if json.Valid(frame) {
		return jsonrpc2.NewError(jsonrpc2.InvalidRequest, "this is not a JSON-RPC 2.0 message")
	}
	return jsonrpc2.NewError(jsonrpc2.ParseError, "this is not valid JSON")
}
