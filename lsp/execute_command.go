// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/bpf-lsp/bpf-lsp/diag/render"
	"github.com/bpf-lsp/bpf-lsp/lsp/check"
)

// The commands. Each but the last two takes the URI of a file as its first argument, and those that answer with a text
// the name of a program as the second and answerByMessage as the third, if they are given.
const (
	// commandCheckNow checks the file as if it had been saved. The answer is null and is sent at once.
	commandCheckNow = "bpf-lsp.checkNow"
	// commandShowVerifierLog returns the kernel's log at level 2, or null if there is none.
	commandShowVerifierLog = "bpf-lsp.showVerifierLog"
	// commandShowCommandLine returns the command that builds the file and the source of its flags.
	commandShowCommandLine = "bpf-lsp.showCommandLine"
	// commandShowReport returns what the command line prints about the file, or null if there is nothing.
	commandShowReport = "bpf-lsp.showReport"
	// commandShowBudget returns where the verification spent its instructions and states, or null.
	commandShowBudget = "bpf-lsp.showBudget"
	// commandShowHeat returns the same line by line.
	commandShowHeat = "bpf-lsp.showHeat"
	// commandShowDoctor returns what a check of the file depends on, or of any file if there is no argument.
	commandShowDoctor = "bpf-lsp.showDoctor"
	// commandShowLogAtError returns the log at level 2 and the line of it where the error of the program begins. It
	// takes the arguments of those that answer with a text; its message is the part of the log before the error.
	commandShowLogAtError = "bpf-lsp.showLogAtError"
	// commandOpenPage shows the page on a code, its second argument. The answer is null and is sent at once.
	commandOpenPage = "bpf-lsp.openPage"
	// commandOpenSetting shows where the setting is described whose name is the second argument, for clients that do
	// not open the setting themselves. The answer is null and is sent at once.
	commandOpenSetting = "bpf-lsp.openSetting"
	// commandCheckWorkspace checks every BPF program in the folders in the background. The answer is null and is sent
	// at once.
	commandCheckWorkspace = "bpf-lsp.checkWorkspace"
)

// commands are all of them.
var commands = []string{
	commandCheckNow, commandCheckWorkspace, commandOpenPage, commandOpenSetting,
	commandShowBudget, commandShowCommandLine, commandShowDoctor, commandShowHeat,
	commandShowLogAtError, commandShowReport, commandShowVerifierLog,
}

// fullLog is the log level that includes every path.
const fullLog = 2

// ExecuteCommand runs one of the commands.
func (s *server) ExecuteCommand(ctx context.Context, params *protocol.ExecuteCommandParams) (protocol.LSPAny, error) {
	if params.Command == commandCheckWorkspace {
		return nil, s.checkWorkspace()
	}
	if params.Command == commandShowDoctor && len(params.Arguments) == 0 {
		return s.doctorAnswer(ctx, "", "")
	}
	u, program, how, err := commandArguments(params.Arguments)
	if err != nil {
		return nil, err
	}
	switch params.Command {
	case commandCheckNow:
		return nil, s.checkNow(u)
	case commandShowVerifierLog:
		text, err := s.verifierLog(ctx, u, program)
		if err != nil {
			return nil, err
		}
		return s.answer(text, how)
	case commandShowLogAtError:
		return s.logAtError(ctx, u, program, how)
	case commandOpenPage:
		return nil, s.openPage(program)
	case commandOpenSetting:
		s.showOutside(settingsPage)
		return nil, nil
	case commandShowCommandLine:
		return s.answer(s.commandLine(u), how)
	case commandShowReport:
		return s.answer(s.reportText(u, program), how)
	case commandShowBudget:
		text, err := s.budgetText(ctx, u, program)
		if err != nil {
			return nil, err
		}
		return s.answer(text, how)
	case commandShowDoctor:
		return s.doctorAnswer(ctx, s.fileOf(u), how)
	case commandShowHeat:
		return s.heatAnswer(ctx, u, program, how)
	}
	return nil, jsonrpc2.NewError(jsonrpc2.InvalidParams, "unknown command: "+params.Command)
}

func commandArguments(raw []protocol.LSPAny) (u uri.URI, program, how string, err error) {
	words := make([]string, 3)
	for i := range min(len(raw), len(words)) {
		if err := protocol.Unmarshal(raw[i], &words[i]); err != nil {
			return "", "", "", jsonrpc2.NewError(jsonrpc2.InvalidParams,
				"the arguments must be the URI of a file, the name of a program, and how to answer")
		}
	}
	if words[0] == "" {
		return "", "", "", jsonrpc2.NewError(jsonrpc2.InvalidParams, "the first argument must be the URI of a file")
	}
	return uri.URI(cloneString(words[0])), cloneString(words[1]), cloneString(words[2]), nil
}

// checkNow checks a file, or the units that include it. It also checks files that the server would otherwise ignore,
// because the user asked for it.
func (s *server) checkNow(u uri.URI) error {
	file := s.fileOf(u)
	if file == "" {
		return jsonrpc2.NewError(jsonrpc2.InvalidParams, "not a file on this machine: "+string(u))
	}
	s.do(func() {
		if unit := s.state.units[file]; unit != nil {
			s.start(unit)
		} else if s.isIncluded(file) {
			s.startDependents(file)
		} else if s.state.documentOf(file) != nil {
			s.addUnit(file)
		}
		s.wanted(file)
	})
	return nil
}

// isIncluded reports whether an open unit is known to include a file.
func (s *server) isIncluded(file string) bool {
	return slices.ContainsFunc(s.sortedUnits(), func(u *unit) bool { return slices.Contains(u.deps, file) })
}

// verifierLog verifies the programs again to record their logs, which are too large to be kept without need.
func (s *server) verifierLog(ctx context.Context, u uri.URI, program string) (string, error) {
	file := s.fileOf(u)
	var req check.Request
	var checker Checker
	s.do(func() {
		if s.state.units[file] != nil {
			req = s.request(file)
			req.Program, req.LogLevel = program, fullLog
			checker = s.checkerFor(file)
		}
	})
	if checker == nil {
		return "", nil
	}
	report, err := checker.Unit(ctx, req)
	if err != nil {
		return "", protocol.ErrRequestCancelled
	}
	var b strings.Builder
	for _, run := range report.Programs {
		if len(report.Programs) > 1 {
			fmt.Fprintf(&b, "=== %s (%s): %s ===\n", run.Program.Name, run.Program.Section, verdictName(run))
		}
		b.Write(render.LoaderLog(run.Program, run.Result.Log))
		if why := cmp.Or(run.Skip, render.SkipReason(&run.Result)); why != "" {
			fmt.Fprintf(&b, "%s\n", why)
		}
	}
	return b.String(), nil
}

func (s *server) commandLine(u uri.URI) (text string) {
	file := s.fileOf(u)
	s.do(func() {
		unit := s.state.units[file]
		if unit == nil || unit.report == nil || unit.report.Command.Clang == "" {
			return
		}
		c := unit.report.Command
		source := c.Source
		if c.Origin != "" {
			source += " (" + c.Origin + ")"
		}
		text = fmt.Sprintf("# flags: %s\n# compiler: %s\ncd %s\n%s\n", source, unit.report.ClangVersion, c.Dir, c)
	})
	return text
}
