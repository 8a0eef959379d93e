// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"bufio"
	"errors"
	"flag"
	"io"

	"github.com/bpf-lsp/bpf-lsp/diag/render"
)

// askOptions are what the flags of ask say.
type askOptions struct {
	logLevel uint32
	fullLog  bool
	noTime   bool
	program  string
	flags    uint32
	maxLog   int
}

func runAsk(args []string, stdout io.Writer) error {
	var o askOptions
	var level, flags uint
	fs := flag.NewFlagSet("ask", flag.ContinueOnError)
	fs.UintVar(&level, "log-level", 1, "verifier log: 1 the failing path, 2 every path")
	fs.BoolVar(&o.fullLog, "full-log", false, "put the whole verifier log into each line")
	fs.BoolVar(&o.noTime, "no-time", false, "leave out times, so that answers can be recorded")
	fs.StringVar(&o.program, "program", "", "ask only about the program of this `name`")
	fs.UintVar(&flags, "prog-flags", 0, "more program flags for every program, such as 0x80 (BPF_F_TEST_REG_INVARIANTS)")
	fs.IntVar(&o.maxLog, "max-log", 64<<20, "`bytes` of a log to keep, from its end")
	if err := fs.Parse(args); err != nil {
		return err
	}
	o.logLevel, o.flags = uint32(level), uint32(flags)
	switch {
	case fs.NArg() == 0:
		return errors.New("no object files to ask about")
	case level == 0 || level > 7:
		return errors.New("the log level must be 1 or 2")
	case o.maxLog < 128:
		return errors.New("the kernel takes no log of less than 128 bytes")
	}
	k, err := newKernel(o)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(stdout)
	if err := writeBuild(out, k.build); err != nil {
		return err
	}
	for _, path := range fs.Args() {
		for _, r := range k.askFile(path) {
			if err := render.WriteRecord(out, &r); err != nil {
				return err
			}
		}
		// A line at a time is worth more than speed if a kernel hangs.
		if err := out.Flush(); err != nil {
			return err
		}
	}
	return nil
}
