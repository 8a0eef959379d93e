// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
)

// wholeAnswer says how the load of a whole object ended.
type wholeAnswer struct {
	Object string `json:"object"`
	// Refused is the program, or the map and index of an element, that the
	// kernel refused; "" if the whole object was loaded.
	Refused string `json:"refused,omitempty"`
	Errno   string `json:"errno,omitempty"`
	// Silent says that nothing in the log says why.
	Silent bool `json:"silent,omitempty"`
	// Skip is why the kernel could not be asked.
	Skip string `json:"skip,omitempty"`
}

// runWhole loads objects as their loader does: all maps, then all programs in the
// object's order, then the elements of program arrays. Nothing is attached.
func runWhole(args []string, stdout io.Writer) error {
	if len(args) == 0 {
		return errors.New("no object files to load")
	}
	k, err := newKernel(askOptions{logLevel: 1, maxLog: 64 << 20})
	if err != nil {
		return err
	}
	out := bufio.NewWriter(stdout)
	if err := writeBuild(out, k.build); err != nil {
		return err
	}
	lines := json.NewEncoder(out)
	for _, path := range args {
		if err := lines.Encode(k.loadWhole(path)); err != nil {
			return err
		}
	}
	return out.Flush()
}
