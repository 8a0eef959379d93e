// SPDX-License-Identifier: GPL-2.0-only

package catalog

var loaderRows = []Entry{
	{
		Code:       InvalidObject,
		Problem:    "not a BPF object file",
		Reason:     "The file cannot be read as an ELF object of BPF code[: {detail}].",
		Suggestion: "Compile with `clang -target bpf -g -O2 -c`.",
	},
	{
		Code:       NoPrograms,
		Problem:    "no programs",
		Reason:     "The object has no BPF programs.",
		Suggestion: "Put a function into a section that names its program type, such as `SEC(\"xdp\")`.",
	},
	{
		Code:       UnknownSection,
		Problem:    "unknown section",
		Reason:     "The section[ {name}] of {program|a program} does not say what type of program it is.",
		Suggestion: "Use a section name that libbpf knows, such as `SEC(\"tracepoint/…\")`, `SEC(\"kprobe/…\")`, `SEC(\"xdp\")` or `SEC(\"tc\")`.",
	},
	{
		Code:       UnresolvedRelocation,
		Problem:    "type or member missing in the target kernel",
		Reason:     "{name|a type or member} that this line uses does not exist in the target kernel.",
		Suggestion: "Ask with bpf_core_field_exists() or bpf_core_type_exists() before the access, and give alternatives for other kernels.",
		Kernel: []string{
			"failed to resolve CO-RE relocation {name}",
			"invalid func unknown#195896080",
		},
	},
	{
		Code:       UnresolvedSymbol,
		Problem:    "symbol missing in the target kernel",
		Reason:     "{name|a symbol} that the program declares as extern does not exist in the target kernel.",
		Suggestion: "Declare it `__weak` and test with bpf_ksym_exists() before use.",
	},
	{
		Code:       InvalidMapDefinition,
		Problem:    "map definition not usable",
		Reason:     "The definition of {name|a map} cannot be used[: {detail}].",
		Suggestion: "Define maps with the macros of bpf_helpers.h in a `.maps` section.",
	},
	{
		Code:       MissingBTF,
		Problem:    "object without BTF",
		Reason:     "The object has no type information, so that maps and source lines are unknown.",
		Suggestion: "Compile with -g.",
	},
	{
		Code:       TargetKernel,
		Problem:    "target kernel unknown",
		Reason:     "The file that describes the kernel to check for cannot be read.",
		Suggestion: "Name a file with the kernel's types, such as /sys/kernel/btf/vmlinux, or its configuration, such as /proc/config.gz, or leave the setting empty to check for the built-in Linux 6.18.",
	},
	{
		Code:       UnsupportedObject,
		Problem:    "not verified",
		Reason:     "{program|this program} was not checked: {detail|its object uses something that bpf-lsp cannot link yet}.",
		Suggestion: "",
	},
	{
		Code:       UnreadableFile,
		Problem:    "file not readable",
		Reason:     "The file or directory cannot be read[: {detail}].",
		Suggestion: "Check that it exists and that you may read it.",
	},
	{
		Code:       IncompleteProgram,
		Problem:    "not verified, part of a larger object",
		Reason:     "{program|this program} was not checked: it uses {name|something}, which another object defines.",
		Suggestion: "Link the objects with `bpftool gen object`, and check the one that comes out. If the kernel is to provide it, declare it `__ksym`.",
	},
	{
		Code:       StaticProgram,
		Problem:    "static program",
		Reason:     "{program|the program} is static, and libbpf refuses objects with such programs; some other loaders do not.",
		Suggestion: "Remove `static` if the object is loaded with libbpf.",
	},
}

var toolchainRows = []Entry{
	{
		Code:       CompileError,
		Problem:    "",
		Reason:     "{detail|The compiler found an error.}",
		Suggestion: "",
	},
	{
		Code:       CompileWarning,
		Problem:    "",
		Reason:     "{detail|The compiler warns.}",
		Suggestion: "",
	},
	{
		Code:       CompilerNotFound,
		Problem:    "no compiler",
		Reason:     "No clang was found that can compile BPF programs[: {detail}].",
		Suggestion: "Install clang (on Debian and Ubuntu: `apt install clang`), or name it with --clang or the setting `clang.path`.",
	},
	{
		Code:       CompilerFailed,
		Problem:    "compiler failed",
		Reason:     "The compiler did not make an object file[: {detail}].",
		Suggestion: "Run the command by hand to see more.",
	},
	{
		Code:       CompilerTimeout,
		Problem:    "compiler took too long",
		Reason:     "The compiler was stopped because it took too long[: {detail}].",
		Suggestion: "",
	},
	{
		Code:       MissingHeader,
		Problem:    "header not found",
		Reason:     "The header {name|that is included here} was not found.",
		Suggestion: "Install libbpf-dev for the headers in `bpf/`, and give the project's include directories in compile_commands.json or in the project's settings.",
	},
}
