// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"context"
	"strings"

	"go.lsp.dev/jsonrpc2"
)

// Request answers methods that are not in the protocol. It ignores those that begin with a dollar sign, as the protocol
// allows.
func (s *server) Request(_ context.Context, method string, _ any) (any, error) {
	if strings.HasPrefix(method, "$/") {
		return nil, nil
	}
	return nil, jsonrpc2.NewError(jsonrpc2.MethodNotFound, "unknown method: "+method)
}
