// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"github.com/bpf-lsp/bpf-lsp/lsp/check"
	"github.com/bpf-lsp/bpf-lsp/lsp/compile"
	"github.com/bpf-lsp/bpf-lsp/verifier"
)

// settingsSection is the name under which clients keep the settings; VS Code shows each as bpfLsp.<name>.
const settingsSection = "bpfLsp"

// Settings are the user's choices, sent as initializationOptions, by workspace/didChangeConfiguration, or on request by
// workspace/configuration. Unknown names are ignored.
type Settings struct {
	// ClangPath is the clang to run; empty selects the highest clang-N on PATH, else clang.
	ClangPath string
	// Flags replace the discovery of the project's own compiler flags.
	Flags []string
	// KernelBTF is a file with the types of the target kernel; empty selects those of Linux 6.18.
	KernelBTF string
	// TargetKernel is the release whose lifetime rules apply: 6.18 or 7.3; empty selects 6.18.
	TargetKernel string
	// Arch is the architecture for __TARGET_ARCH_…; empty selects this machine's.
	Arch string
	// CheckOn is when files are checked: on "save", or with "type" also when the user pauses.
	CheckOn string
	// ClangDiagnostics shows clang's messages; turn it off if clangd shows them.
	ClangDiagnostics bool
	// TimeoutSeconds limits a run of clang; 0 selects 60.
	TimeoutSeconds int
	// CodeLens shows at each program what became of it. It does not concern checks.
	CodeLens bool `json:"-"`
	// InlayHints chooses what is shown behind lines. It does not concern checks.
	InlayHints InlayHintSettings `json:"-"`
	// Trusted allows a project to name the compiler; only initializationOptions can set it.
	Trusted bool
}

// DefaultSettings apply to a client that sends none.
func DefaultSettings() Settings {
	return Settings{CheckOn: checkOnSave, ClangDiagnostics: true, CodeLens: true,
		InlayHints:   InlayHintSettings{Loops: true, Packets: true},
		TargetKernel: verifier.Linux618.String()}
}

// wireSettings has a pointer per setting, so that settings left out by the client do not change.
type wireSettings struct {
	ClangPath        *string   `json:"clangPath"`
	Flags            *[]string `json:"flags"`
	KernelBTF        *string   `json:"kernelBTF"`
	TargetKernel     *string   `json:"targetKernel"`
	Arch             *string   `json:"arch"`
	CheckOn          *string   `json:"checkOn"`
	ClangDiagnostics *bool     `json:"clangDiagnostics"`
	TimeoutSeconds   *int      `json:"timeoutSeconds"`
	CodeLens         *bool     `json:"codeLens"`

	InlayHints *wireInlayHints `json:"inlayHints"`

	Trusted *bool `json:"trusted"`
}

// decodeSettings overlays raw on base. The settings may be wrapped in their section's name, as some clients do. An
// invalid value does not change its setting and causes an error.
func decodeSettings(base Settings, raw []byte) (Settings, error) {
	var wrapped map[string]json.RawMessage
	if err := json.Unmarshal(raw, &wrapped); err != nil {
		return base, err
	}
	if inner, ok := wrapped[settingsSection]; ok {
		raw = inner
	}
	var w wireSettings
	if err := json.Unmarshal(raw, &w); err != nil {
		return base, err
	}
	set(&base.ClangPath, w.ClangPath)
	set(&base.Flags, w.Flags)
	set(&base.KernelBTF, w.KernelBTF)
	set(&base.Arch, w.Arch)
	set(&base.ClangDiagnostics, w.ClangDiagnostics)
	set(&base.TimeoutSeconds, w.TimeoutSeconds)
	set(&base.CodeLens, w.CodeLens)
	base.InlayHints.overlay(w.InlayHints)
	set(&base.Trusted, w.Trusted)
	if w.TargetKernel != nil {
		if _, err := verifier.ParseTarget(*w.TargetKernel); err != nil {
			return base, fmt.Errorf("targetKernel: %w", err)
		}
		base.TargetKernel = *w.TargetKernel
	}
	if w.CheckOn != nil && *w.CheckOn != checkOnSave && *w.CheckOn != checkOnType {
		return base, fmt.Errorf("checkOn is %q, but must be %s or %s", *w.CheckOn, checkOnSave, checkOnType)
	}
	set(&base.CheckOn, w.CheckOn)
	return base, nil
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

// equal reports whether two settings lead to the same checks.
func (s Settings) equal(t Settings) bool {
	a, b := s, t
	a.Flags, b.Flags = nil, nil
	return slices.Equal(s.Flags, t.Flags) && a.key("") == b.key("")
}

// key is equal for settings that require the same checker.
func (s Settings) key(root string) string {
	text, err := json.Marshal(struct {
		Settings
		Root string
	}{s, root})
	if err != nil {
		panic("settings are plain data: " + err.Error())
	}
	return string(text)
}

// checker translates to the settings of a check below a workspace folder.
func (s Settings) checker(root string) check.Settings {
	btf := s.KernelBTF
	if btf != "" && !filepath.IsAbs(btf) && root != "" {
		btf = filepath.Join(root, btf)
	}
	// Invalid releases were rejected when the settings arrived.
	target, _ := verifier.ParseTarget(s.TargetKernel)
	names := compile.Names{Path: settingsSection + ".clangPath", Flags: settingsSection + ".flags",
		Timeout: settingsSection + ".timeoutSeconds"}
	return check.Settings{KernelBTF: btf, Target: target, Clang: compile.Settings{Names: names, Path: s.ClangPath,
		Flags: s.Flags, Root: root, Arch: s.Arch, Trusted: s.Trusted,
		Timeout: time.Duration(s.TimeoutSeconds) * time.Second}}
}
