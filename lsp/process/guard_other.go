// SPDX-License-Identifier: GPL-2.0-only

//go:build !linux

package process

import (
	"errors"
	"io"
)

// GuardArgument is the argument that has a program call RunGuard, with the one that follows it.
const GuardArgument = "guard"

// StartGuard starts nothing: this system does not say which processes a server that was killed has left behind. On Windows they end
// with it.
func StartGuard() (stop func(), err error) { return func() {}, nil }

// RunGuard is never called, as no guard is started.
func RunGuard(string, io.Reader) error { return errors.New("there are no guards on this system") }
