// SPDX-License-Identifier: GPL-2.0-only

//go:build !linux

package main

import (
	"errors"

	"github.com/bpf-lsp/bpf-lsp/diag/render"
)

type runningKernel struct{ build string }

func newKernel(askOptions) (*runningKernel, error) {
	return nil, errors.New("there is no Linux kernel to ask here")
}

func (*runningKernel) askFile(string) []render.Record { return nil }

func (*runningKernel) loadWhole(string) wholeAnswer { return wholeAnswer{} }
