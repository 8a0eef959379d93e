// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"cmp"
	"encoding/json"
	"fmt"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"

	"go.lsp.dev/uri"

	"github.com/bpf-lsp/bpf-lsp/diag"
)

// paths translates between the client's URIs and file names here. It is immutable; a change replaces it.
type paths struct {
	mappings []pathMapping
	links    []folderLink
}

// pathMapping is a directory with another path on the client, because the server runs in a container or on another
// system.
type pathMapping struct{ client, server string }

// folderLink is a workspace folder reached through a link. What clang or a watcher reports about the real directory is
// shown in the folder that the user has open.
type folderLink struct{ folder, real string }

var driveLetter = regexp.MustCompile(`^/?([A-Za-z]):(/|$)`)

// decodeMappings reads pathMappings from initializationOptions: an object of client paths and server paths. Invalid
// entries are skipped and reported in the error.
func decodeMappings(raw []byte) ([]pathMapping, error) {
	var options struct {
		PathMappings map[string]string `json:"pathMappings"`
	}
	if len(raw) == 0 {
		return nil, nil
	}
	if err := json.Unmarshal(raw, &options); err != nil {
		return nil, err
	}
	var out []pathMapping
	var err error
	for client, server := range options.PathMappings {
		client = normalClient(strings.ReplaceAll(client, `\`, "/"))
		if !filepath.IsAbs(server) || !strings.HasPrefix(client, "/") && !driveLetter.MatchString(client) {
			err = fmt.Errorf("pathMappings: %q and %q must both be absolute", client, server)
			continue
		}
		out = append(out, pathMapping{client, filepath.Clean(server)})
	}
	// The longest client path wins. So does the longest server path, which is selected when needed.
	slices.SortFunc(out, func(a, b pathMapping) int {
		return cmp.Or(cmp.Compare(len(b.client), len(a.client)), strings.Compare(a.client, b.client))
	})
	return out, err
}

// normalClient normalises a path of the client: no slash at its end or before a drive letter, which is in lower case.
func normalClient(path string) string {
	if m := driveLetter.FindStringSubmatch(path); m != nil {
		path = strings.ToLower(m[1]) + ":" + strings.TrimPrefix(path, "/")[2:]
	}
	return strings.TrimRight(path, "/")
}

// withFolders records which folders are links.
func (p *paths) withFolders(folders []string) *paths {
	out := &paths{mappings: p.mappings}
	for _, f := range folders {
		if real, err := filepath.EvalSymlinks(f); err == nil && real != f {
			out.links = append(out.links, folderLink{f, real})
		}
	}
	// A real directory that is open itself keeps its name.
	out.links = slices.DeleteFunc(out.links, func(l folderLink) bool { return slices.Contains(folders, l.real) })
	return out
}

// file returns the name of a client's file here; empty for anything that is not a file on this machine, such as an
// unsaved buffer, another version of a file, or a virtual file system.
func (p *paths) file(u uri.URI) string {
	if !u.IsFile() {
		return ""
	}
	path := u.Path()
	if host := u.Authority(); host != "" {
		path = "//" + host + path
	}
	path = normalClient(path)
	for _, m := range p.mappings {
		if rest, ok := strings.CutPrefix(path, m.client); ok && (rest == "" || rest[0] == '/') {
			return p.spelled(filepath.Join(m.server, filepath.FromSlash(rest)))
		}
	}
	file := fileOf(u)
	if file == "" {
		return ""
	}
	return p.spelled(file)
}

// uri returns the client's URI of a file.
func (p *paths) uri(file string) uri.URI {
	best := pathMapping{}
	for _, m := range p.mappings {
		if inside(m.server, file) && len(m.server) > len(best.server) {
			best = m
		}
	}
	rel, err := filepath.Rel(best.server, file)
	if best.server == "" || err != nil {
		return uri.File(file)
	}
	c := uri.Components{Scheme: "file", Path: best.client}
	if rel != "." {
		c.Path += "/" + filepath.ToSlash(rel)
	}
	if rest, ok := strings.CutPrefix(c.Path, "//"); ok {
		host, path, _ := strings.Cut(rest, "/")
		c.Authority, c.Path = host, "/"+path
	} else if !strings.HasPrefix(c.Path, "/") {
		c.Path = "/" + c.Path
	}
	u, err := uri.From(c)
	if err != nil {
		return uri.File(file)
	}
	return u
}

// spelled maps a name below the target of a link to the folder that the user has open.
func (p *paths) spelled(file string) string {
	for _, l := range p.links {
		if rel, err := filepath.Rel(l.real, file); err == nil && filepath.IsLocal(rel) {
			return filepath.Join(l.folder, rel)
		}
	}
	return file
}

// respelled returns diagnostics with names as the user has them open.
func (p *paths) respelled(ds []diag.Diagnostic) []diag.Diagnostic {
	if len(p.links) == 0 {
		return ds
	}
	for i := range ds {
		ds[i].Span.File = p.spelled(ds[i].Span.File)
		ds[i].Related = slices.Clone(ds[i].Related)
		for k := range ds[i].Related {
			ds[i].Related[k].Span.File = p.spelled(ds[i].Related[k].Span.File)
		}
	}
	return ds
}

// fileOf returns the clean local file name of a URI to which no folder or mapping applies; empty for anything else.
func fileOf(u uri.URI) string {
	if !u.IsFile() || u.Authority() != "" && runtime.GOOS != "windows" {
		return ""
	}
	if file := filepath.Clean(u.FsPath()); filepath.IsAbs(file) {
		return file
	}
	return ""
}

// fileOf returns the name of a client's file here.
func (s *server) fileOf(u uri.URI) string { return s.paths.Load().file(u) }
