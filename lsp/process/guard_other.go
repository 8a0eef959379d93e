// SPDX-License-Identifier: GPL-2.0-only

//go:build !linux

package process

import (
	"errors"
	"io"
)

// GuardArgument is the first argument of a guard process; the second is the argument of RunGuard.
const GuardArgument = "guard"

// StartGuard does nothing: this system does not reveal the processes that a killed server has left behind. On Windows
// they end with it.
func StartGuard() (stop func(), err error) { return func() {}, nil }

// RunGuard is never called, as no guard is started.
func RunGuard(string, io.Reader) error { return errors.New("there are no guards on this system") }
