// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/bpf-lsp/bpf-lsp/lsp"
	"github.com/bpf-lsp/bpf-lsp/lsp/process"
)

// runServe speaks the language server protocol on standard input and output until the client ends it, and returns the
// exit status that the protocol requires: 0 after a shutdown, else 1. Text for people goes to standard error.
func runServe(args []string, _, stderr io.Writer) int {
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	flags.SetOutput(stderr)
	verbose := flags.Bool("v", false, "log the server's actions to standard error")
	trusted := flags.Bool("trusted", false,
		"trust projects, as if the client did: they may choose the compiler, and their build tools are asked")
	flags.Bool("stdio", true, "accepted for clients that pass it; there is no other transport")
	flags.Usage = func() {
		fmt.Fprintln(flags.Output(),
			"usage: bpf-lsp serve [-v] [-trusted]\n\nA language server on standard input and output, for an editor to "+
				"start.")
		flags.PrintDefaults()
	}
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return exitAccepted
		}
		return exitFailed
	}
	level := zapcore.InfoLevel
	if *verbose {
		level = zapcore.DebugLevel
	}
	encoder := zap.NewDevelopmentEncoderConfig()
	log := zap.New(zapcore.NewCore(zapcore.NewConsoleEncoder(encoder), newLogWriter(stderr), level))
	defer func() { _ = log.Sync() }()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	go process.RemoveAbandoned()
	unguard, err := process.StartGuard()
	if err != nil {
		log.Warn("nothing will clean up if this server is killed", zap.Error(err))
	} else {
		defer unguard()
	}
	settings := lsp.DefaultSettings()
	settings.Trusted = *trusted
	err = lsp.Serve(ctx, os.Stdin, os.Stdout, lsp.Options{Version: version(), Log: log, Defaults: settings,
		Doctor: doctorText})
	if err != nil {
		log.Info("ended", zap.Error(err))
		return 1
	}
	return 0
}

// runGuard runs the guard that a server starts to be cleaned up after if it is killed; it is not a command for people.
func runGuard(args []string, stderr io.Writer) int {
	if len(args) != 1 {
		fmt.Fprintln(stderr, "bpf-lsp: guard is started only by bpf-lsp serve")
		return exitFailed
	}
	if err := process.RunGuard(args[0], os.Stdin); err != nil {
		fmt.Fprintf(stderr, "bpf-lsp: %v\n", err)
		return exitFailed
	}
	return exitAccepted
}
