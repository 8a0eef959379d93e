// SPDX-License-Identifier: GPL-2.0-only

package compile

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/clang"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/disk"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/project"
)

// Surveyed is the result of compiling one file of a project, or one variant of it.
type Surveyed struct {
	File    string       `json:"file"`
	Variant string       `json:"variant,omitempty"`
	Source  string       `json:"source,omitempty"` // of the flags
	Origin  string       `json:"origin,omitempty"` // the file that they were read from
	Dir     string       `json:"dir,omitempty"`
	Args    []string     `json:"args,omitempty"`
	Needed  []clang.Need `json:"needed,omitempty"`
	OK      bool         `json:"ok"`
	Place   string       `json:"place,omitempty"` // of the problem
	Problem string       `json:"problem,omitempty"`
	Advice  string       `json:"advice,omitempty"`
	// Deps are the files that the result depends on, and Stamp identifies their versions.
	Deps  []string `json:"deps,omitempty"`
	Stamp string   `json:"stamp,omitempty"`
	// Kept reports that the result was cached.
	Kept bool `json:"-"`
}

// Survey compiles the files below a directory, several at once. Results are cached between runs until a file that they
// depend on changes. id is what else a result depends on, such as the version of this program.
func (c *Compiler) Survey(ctx context.Context, dir, id string, jobs int) ([]Surveyed, error) {
	ctx = project.WithDirCache(ctx)
	files, err := project.Programs(ctx, dir)
	if err != nil || len(files) == 0 {
		return nil, err
	}
	x, err := c.projects.Of(ctx, files[0])
	if err != nil {
		return nil, err
	}
	id += x.BuildStamp()
	known := c.loadSurvey(dir)
	var out []Surveyed
	for _, file := range files {
		names := c.Variants(ctx, file)
		if len(names) == 0 {
			names = []string{""}
		}
		for _, name := range names {
			out = append(out, Surveyed{File: file, Variant: name})
		}
	}
	next := make(chan int)
	var workers sync.WaitGroup
	for range max(1, min(jobs, len(out))) {
		workers.Go(func() {
			for i := range next {
				out[i] = c.survey(ctx, out[i], id, known[out[i].key()])
			}
		})
	}
	for i := range out {
		next <- i
	}
	close(next)
	workers.Wait()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return out, c.saveSurvey(dir, out)
}

// key identifies the file and its variant.
func (s *Surveyed) key() string { return s.File + "\x00" + s.Variant }

// survey compiles what s names, if what is known of it is not current.
func (c *Compiler) survey(ctx context.Context, s Surveyed, id string, known Surveyed) Surveyed {
	if known.Stamp != "" && known.Stamp == c.surveyStamp(ctx, &known, id) {
		known.Kept = true
		return known
	}
	if s.Variant != "" {
		ctx = WithVariant(ctx, s.Variant)
	}
	obj, ds, err := c.Build(ctx, s.File)
	if err != nil {
		fault, ok := clang.IsFault(err)
		if !ok {
			return s
		}
		s.Problem, s.Advice = fault.Problem, fault.Advice
		return s // not cached, as the reason is outside of the file
	}
	cmd := obj.Command
	s.OK, s.Source, s.Origin, s.Dir, s.Args, s.Needed = obj.ELF != nil, cmd.Source, cmd.Origin, cmd.Dir, cmd.Args,
		cmd.Needed
	if i := slices.IndexFunc(ds, clang.IsError); i >= 0 && !s.OK {
		s.Place, s.Problem, s.Advice = ds[i].Span.String(), ds[i].Reason, cmp.Or(ds[i].Suggestion, adviceOf(ds))
	}
	s.Deps = obj.Deps
	if s.Origin != "" {
		s.Deps = append(slices.Clone(s.Deps), s.Origin)
	}
	s.Stamp = c.surveyStamp(ctx, &s, id)
	return s
}

// adviceOf returns the first advice of an error.
func adviceOf(ds []diag.Diagnostic) string {
	for i := range ds {
		if clang.IsError(ds[i]) && ds[i].Suggestion != "" {
			return ds[i].Suggestion
		}
	}
	return ""
}

// surveyStamp changes with the files that decide how a file compiles. For a file that does not compile that includes
// all directories of the project, as what is missing may appear in any.
func (c *Compiler) surveyStamp(ctx context.Context, s *Surveyed, id string) string {
	h := sha256.New()
	io.WriteString(h, id+"\x00"+strings.Join(c.settings.Flags, "\x00"))
	for _, name := range s.Deps {
		io.WriteString(h, "\x00"+name)
		if info, err := os.Stat(name); err == nil {
			io.WriteString(h, info.ModTime().String())
		}
	}
	if !s.OK {
		x, err := c.projects.Of(ctx, s.File)
		if err != nil {
			return ""
		}
		io.WriteString(h, x.Stamp())
	}
	return hex.EncodeToString(h.Sum(nil))
}

// surveyFile returns the file that holds the results for a directory.
func (c *Compiler) surveyFile(dir string) (string, error) {
	cache, err := c.settings.Cache()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(dir))
	return filepath.Join(cache, "survey-"+hex.EncodeToString(sum[:8])+".json"), nil
}

// loadSurvey reads the cached results for a directory, none if they cannot be read.
func (c *Compiler) loadSurvey(dir string) map[string]Surveyed {
	out := map[string]Surveyed{}
	name, err := c.surveyFile(dir)
	if err != nil {
		return out
	}
	text, err := disk.ReadText(name, disk.MaxDatabase)
	if err != nil {
		return out
	}
	var all []Surveyed
	if json.Unmarshal(text, &all) != nil {
		return out
	}
	for _, s := range all {
		out[s.key()] = s
	}
	return out
}

func (c *Compiler) saveSurvey(dir string, all []Surveyed) error {
	name, err := c.surveyFile(dir)
	if err != nil {
		return err
	}
	text, err := json.Marshal(all)
	if err != nil {
		return err
	}
	return disk.WriteCached(name, text)
}
