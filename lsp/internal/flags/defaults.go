// SPDX-License-Identifier: GPL-2.0-only

package flags

import (
	"context"
	"path/filepath"
)

// fromDefaults knows every file. It adds the definitions that a build file has for the project's BPF programs, as
// without them the file may be a different program.
func (s *Sources) fromDefaults(_ context.Context, file string) (Found, error) {
	f := Found{Dir: filepath.Dir(file), Args: append(s.defaultFlags(), "-I."), Guessed: true}
	if flags, origin := literalFlags(file, s.projects.Root(file)); len(flags) > 0 {
		f.Args = append(f.Args, flags...)
		f.Source, f.Origin = "defaults and what "+filepath.Base(origin)+" defines", origin
	}
	return f, nil
}
