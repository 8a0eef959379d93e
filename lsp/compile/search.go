// SPDX-License-Identifier: GPL-2.0-only

package compile

import (
	"context"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/clang"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/cures"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/disk"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/flags"
)

// A file that does not compile is rebuilt with the flags that cure its errors, until it compiles or no cure is left.
// Where there are several choices, such as headers of the same name, the search backtracks and tries the others: the
// choice that compiles is right.

const (
	// maxTries bounds how often one file is built. A program that needs more is missing a checkout.
	maxTries = 40
	// maxDeadEnds bounds how many sequences of choices are followed to their end.
	maxDeadEnds = 8
)

// search looks for the flags that a file needs.
type search struct {
	c     *Compiler
	cmd   Command
	plain []string      // flags as found
	texts clang.Overlay // unsaved texts
	dir   string        // for temporary files

	open []choice // where another flag could have been added, the latest last
	told *attempt // what is reported if the search fails
}

// choice is a set of flags, and what else could be added to it.
type choice struct{ needs, others []Need }

// attempt is a build that failed.
type attempt struct {
	obj   Object
	ds    []diag.Diagnostic
	needs []Need
	err   error // why nothing could be added
}

// run searches with the nearest libbpf first. If the errors concern it, it tries the project's others, and finally
// none: a project may have one for each of its parts.
func (s *search) run(ctx context.Context) (Object, []diag.Diagnostic, error) {
	obj, ds, err := s.once(ctx)
	if err != nil || obj.ELF != nil || len(s.cmd.Libbpf) == 0 || !concerns(ds, s.cmd.Libbpf[0]) {
		return obj, ds, err
	}
	flag := "-I" + s.cmd.Libbpf[0]
	at := slices.Index(s.plain, flag)
	for i := 1; at >= 0 && i <= min(len(s.cmd.Libbpf), maxLibbpfs); i++ {
		other := search{c: s.c, cmd: s.cmd, plain: slices.Delete(slices.Clone(s.plain), at, at+1), texts: s.texts,
			dir: s.dir}
		if i < len(s.cmd.Libbpf) {
			other.plain = slices.Insert(other.plain, at, "-I"+s.cmd.Libbpf[i])
		}
		if o, d, err := other.once(ctx); err != nil || o.ELF != nil {
			return o, d, err
		}
	}
	return obj, ds, nil
}

// maxLibbpfs bounds how many alternatives to the first libbpf are tried, including none at all.
const maxLibbpfs = 3

// concerns reports whether an error is in a directory, or conflicts with something there.
func concerns(ds []diag.Diagnostic, dir string) bool {
	return slices.ContainsFunc(ds, func(d diag.Diagnostic) bool {
		return clang.IsError(d) &&
			(disk.Within(dir, d.Span.File) || slices.ContainsFunc(d.Related, func(r diag.Related) bool {
				return disk.Within(dir, r.Span.File)
			}))
	})
}

// once searches with one set of flags.
func (s *search) once(ctx context.Context) (Object, []diag.Diagnostic, error) {
	needs, proven, forgotten := s.start(ctx)
	deadEnds := 0
	for range maxTries {
		s.cmd.Needed, s.cmd.Args = needs, withNeeds(s.plain, needs)
		obj, ds, err := s.c.compilers.Run(ctx, s.cmd, s.texts, s.dir)
		if err != nil {
			return Object{Deps: obj.Deps}, nil, err
		}
		if obj.ELF != nil {
			s.remember(ctx, needs, forgotten)
			s.share(needs, forgotten)
			return obj, ds, nil
		}
		options, err := s.c.cures.For(ctx, s.cmd, ds)
		if ctx.Err() != nil {
			return Object{}, nil, ctx.Err()
		}
		if s.told == nil && proven && (len(options) == 0 || options[0].Guess) {
			s.told = &attempt{obj, ds, needs, err}
		}
		if clang.FromBackend(ds) && (s.told == nil || !clang.FromBackend(s.told.ds)) {
			s.told = &attempt{obj, ds, needs, err} // the front end took the file: what remains is about the program
		}
		if len(options) > 0 {
			s.open = append(s.open, choice{needs, options[1:]})
			needs = append(slices.Clone(needs), options[0])
			continue
		}
		if !proven {
			needs, proven, s.open = nil, true, nil // needs of neighbours do not fit this file
			continue
		}
		var ok bool
		if deadEnds++; deadEnds == maxDeadEnds {
			break
		}
		if needs, ok = s.back(); !ok {
			break
		}
	}
	if s.told == nil { // too many headers
		s.cmd.Needed, s.cmd.Args = needs, withNeeds(s.plain, needs)
		obj, ds, err := s.c.compilers.Run(ctx, s.cmd, s.texts, s.dir)
		if err != nil {
			return Object{}, nil, err
		}
		s.told = &attempt{obj: obj, ds: ds, needs: needs}
	}
	s.remember(ctx, s.told.needs, forgotten)
	s.c.cures.ExplainMissing(ctx, s.told.ds, s.cmd.File, s.told.err)
	s.told.ds = clang.ExplainBackend(cures.ExplainRedefined(s.told.ds))
	return s.told.obj, s.told.ds, nil
}

// back returns to the latest place where another flag could have been added, and adds that.
func (s *search) back() ([]Need, bool) {
	for len(s.open) > 0 {
		last := &s.open[len(s.open)-1]
		if len(last.others) == 0 {
			s.open = s.open[:len(s.open)-1]
			continue
		}
		needs := append(slices.Clone(last.needs), last.others[0])
		last.others = last.others[1:]
		return needs, true
	}
	return nil, false
}

// start returns what the file needed before, else what a file of its folder needed with the same flags. proven reports
// whether it is known of this file.
func (s *search) start(ctx context.Context) (needs []Need, proven bool, forgotten int) {
	c := s.c
	c.mu.Lock()
	known, ok := c.learned[s.key(ctx)]
	folder := c.folders[s.folder()]
	forgotten = c.forgotten
	c.mu.Unlock()
	gone := func(n Need) bool { return c.cures.Gone(ctx, n) }
	if ok && slices.Equal(known.args, s.plain) && !slices.ContainsFunc(known.needs, gone) {
		return slices.Clone(known.needs), true, forgotten
	}
	if len(folder) == 0 || slices.ContainsFunc(folder, gone) {
		return nil, true, forgotten
	}
	return slices.Clone(folder), false, forgotten
}

// key identifies the file and its variant.
func (s *search) key(ctx context.Context) string {
	if name := flags.VariantOf(ctx); name != "" {
		return s.cmd.File + "\x00" + name
	}
	return s.cmd.File
}

// folder identifies the folder and its flags.
func (s *search) folder() string {
	args := slices.DeleteFunc(slices.Clone(s.plain), func(a string) bool { return a == s.cmd.File })
	return s.cmd.Dir + "\x00" + strings.Join(args, "\x00")
}

// remember stores what a file needed, up to the first guess, as the error may have another cause.
func (s *search) remember(ctx context.Context, needs []Need, forgotten int) {
	if guess := slices.IndexFunc(needs, isGuess); guess >= 0 {
		needs = needs[:guess]
	}
	s.c.mu.Lock()
	defer s.c.mu.Unlock()
	if s.c.forgotten == forgotten {
		s.c.learned[s.key(ctx)] = learned{s.plain, needs}
	}
}

// share stores what a file needed to compile for other files of its folder, unless it was a guess.
func (s *search) share(needs []Need, forgotten int) {
	s.c.mu.Lock()
	defer s.c.mu.Unlock()
	if s.c.forgotten == forgotten && !slices.ContainsFunc(needs, isGuess) {
		s.c.folders[s.folder()] = needs
	}
}

func isGuess(n Need) bool { return n.Guess }

// withNeeds inserts flags before the host's directories, which come last so that they never hide a project's header.
// Flags that must be first come first.
func withNeeds(args []string, needs []Need) []string {
	var first, last []string
	for _, n := range needs {
		if n.First {
			first = append([]string{n.Flag}, first...) // a later one replaces an earlier one
		} else {
			last = append(last, n.Flag)
		}
	}
	at := slices.Index(args, "-idirafter")
	if at < 0 {
		at = len(args)
	}
	return slices.Concat(first, args[:at], last, args[at:])
}
