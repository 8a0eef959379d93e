// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/bpf-lsp/bpf-lsp/diag/render"
)

const (
	// largeInsns is from how many processed instructions a program is measured
	// by itself.
	largeInsns = 50_000
	// largeRuns is how often; the fastest run and the most memory count.
	largeRuns = 3
)

// cost is what bpf-lsp takes to check one program and nothing else.
type cost struct {
	TimeUS int64 `json:"time_us"` // of the verification
	Memory int64 `json:"memory"`  // most of the whole process, in bytes; 0 if the system does not tell
}

// measureLarge runs the server at path on each large program, one at a time.
func measureLarge(path, folder string, programs []compared) (map[key]cost, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	costs := make(map[key]cost)
	for i := range programs {
		p := &programs[i]
		if p.parted.has(verdict) || p.parted.has(asked) || p.kernel.Stats == nil ||
			p.kernel.Stats.InsnsProcessed < largeInsns {
			continue
		}
		// Linux counts the memory of the process that starts another into the
		// other's, and this one has read all the answers: a small one measures.
		out, err := exec.Command(self, "cost", path, filepath.Join(folder, p.object), p.program).Output()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.key, err)
		}
		var c cost
		if err := json.Unmarshal(out, &c); err != nil {
			return nil, fmt.Errorf("%s: %w", p.key, err)
		}
		costs[p.key] = c
	}
	return costs, nil
}

// runCost measures the server on one program.
func runCost(args []string, stdout io.Writer) error {
	if len(args) != 3 {
		return errors.New("cost needs the path of bpf-lsp, an object file and a program's name")
	}
	var best cost
	for range largeRuns {
		run := exec.Command(args[0], "check", "--format", "jsonl", "--program", args[2], args[1])
		out, err := run.Output()
		// A rejected program is an exit status, not a failure.
		if rejected := (*exec.ExitError)(nil); err != nil && !errors.As(err, &rejected) {
			return err
		}
		var r render.Record
		if err := json.NewDecoder(bytes.NewReader(out)).Decode(&r); err != nil {
			return err
		}
		if r.Stats == nil || r.Stats.TimeUS == nil {
			return errors.New("checked without a time")
		}
		if t := *r.Stats.TimeUS; best.TimeUS == 0 || t < best.TimeUS {
			best.TimeUS = t
		}
		best.Memory = max(best.Memory, peakMemory(run.ProcessState))
	}
	return json.NewEncoder(stdout).Encode(best)
}
