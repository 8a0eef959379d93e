// SPDX-License-Identifier: GPL-2.0-only

// Package editors tests that the editor extensions say the same as the server about its settings and commands.
package editors

import (
	"encoding/json"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bpf-lsp/bpf-lsp/lsp"
)

// ofClient are the settings of the VS Code extension that the server never sees.
var ofClient = []string{"server.path", "trace.server"}

// serverSettings lists the names under which clients send the server's settings. Trust is no setting: the
// editor knows it.
func serverSettings() []string {
	var names []string
	for field := range reflect.TypeFor[lsp.Settings]().Fields() {
		if field.Name != "Trusted" {
			names = append(names, strings.ToLower(field.Name[:1])+field.Name[1:])
		}
	}
	slices.Sort(names)
	return names
}

// manifest is what the tests read of the extension's package.json.
type manifest struct {
	Contributes struct {
		Commands []struct {
			Command string
			Title   string
		}
		Configuration struct {
			Properties map[string]struct {
				Default any
			}
		}
	}
}

func readManifest(t *testing.T) manifest {
	t.Helper()
	var m manifest
	if err := json.Unmarshal([]byte(read(t, "vscode/package.json")), &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestVSCodeOffersTheServersSettings(t *testing.T) {
	var names []string
	for key := range readManifest(t).Contributes.Configuration.Properties {
		name, ok := strings.CutPrefix(key, "bpfLsp.")
		if !ok {
			t.Errorf("setting %s does not begin with bpfLsp.", key)
		}
		if !slices.Contains(ofClient, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	if diff := cmp.Diff(serverSettings(), names); diff != "" {
		t.Errorf("settings of package.json (-server +package.json):\n%s", diff)
	}
}

func TestVSCodeDefaultsAreTheServers(t *testing.T) {
	properties := readManifest(t).Contributes.Configuration.Properties
	defaults := reflect.ValueOf(lsp.DefaultSettings())
	for _, name := range []string{"checkOn", "clangDiagnostics", "clangPath", "kernelBTF", "targetKernel", "arch"} {
		want := defaults.FieldByName(strings.ToUpper(name[:1]) + name[1:]).Interface()
		if got := properties["bpfLsp."+name].Default; got != want {
			t.Errorf("default of %s is %v, the server's is %v", name, got, want)
		}
	}
}

func TestReadmeListsSettingsAndCommands(t *testing.T) {
	readme, m := read(t, "vscode/README.md"), readManifest(t)
	for key := range m.Contributes.Configuration.Properties {
		if !strings.Contains(readme, "| `"+key+"` |") {
			t.Errorf("vscode/README.md has no row for the setting %s", key)
		}
	}
	for _, c := range m.Contributes.Commands {
		if !strings.Contains(readme, "| bpf-lsp: "+c.Title+" |") {
			t.Errorf("vscode/README.md has no row for the command %s", c.Title)
		}
	}
}

func TestNeovimHelpListsSettingsAndCommands(t *testing.T) {
	help, plugin := read(t, "nvim/doc/bpf-lsp.txt"), read(t, "nvim/plugin/bpf_lsp.lua")
	for _, name := range serverSettings() {
		if !regexp.MustCompile(`(?m)^  ` + name + ` `).MatchString(help) {
			t.Errorf("nvim/doc/bpf-lsp.txt lacks the setting %s", name)
		}
	}
	for _, c := range regexp.MustCompile(`command\('(\w+)'`).FindAllStringSubmatch(plugin, -1) {
		if !strings.Contains(help, "*:"+c[1]+"*") {
			t.Errorf("nvim/doc/bpf-lsp.txt lacks the command %s", c[1])
		}
	}
}

// Registries differ from user to user, so the lock file names packages by version and hash only.
func TestLockFileNamesNoRegistry(t *testing.T) {
	if lock := read(t, "vscode/package-lock.json"); strings.Contains(lock, `"resolved"`) {
		t.Error("vscode/package-lock.json has download addresses; install with npm install --omit-lockfile-registry-resolved")
	}
}
