// SPDX-License-Identifier: GPL-2.0-only

package catalog

// Loader: faults found while an object is made into programs.
const (
	InvalidObject        Code = "loader/invalid-object"
	NoPrograms           Code = "loader/no-programs"
	UnknownSection       Code = "loader/unknown-section"
	UnresolvedRelocation Code = "loader/unresolved-relocation"
	UnresolvedSymbol     Code = "loader/unresolved-symbol"
	UndeclaredSymbol     Code = "loader/undeclared-symbol"
	SymbolMismatch       Code = "loader/symbol-mismatch"
	UnresolvedConfig     Code = "loader/unresolved-config"
	InvalidMapDefinition Code = "loader/invalid-map-definition"
	MapRefused           Code = "loader/map-refused"
	MapUnsized           Code = "loader/map-unsized"
	MuchMemory           Code = "loader/much-memory"
	SharedMap            Code = "loader/shared-map"
	SpecialField         Code = "loader/special-field"
	TypesRefused         Code = "loader/types-refused"
	MissingBTF           Code = "loader/missing-btf"
	MissingLines         Code = "loader/missing-lines"
	TargetKernel         Code = "loader/target-kernel"
	UnsupportedObject    Code = "loader/unsupported-object"
	UnreadableFile       Code = "loader/unreadable-file"
	IncompleteProgram    Code = "loader/incomplete-program"
	StaticProgram        Code = "loader/static-program"
	LinkConflict         Code = "loader/link-conflict"
)

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
		Reason:     "No section[ {name}] is known to libbpf, so {program|a program} has no type[: {detail}].",
		Suggestion: "{advice|Use a section name that libbpf knows, such as `SEC(\"tracepoint/…\")`, `SEC(\"kprobe/…\")`, `SEC(\"xdp\")` or `SEC(\"tc\")`.}",
		Kernel:     []string{"libbpf: prog '{program}': missing BPF prog type, check ELF section name '{name}'"},
	},
	{
		Code:       UnresolvedRelocation,
		Problem:    "type or member missing in the target kernel",
		Reason:     "{name|a type or member} that this line uses does not exist in the target kernel[: {detail}].",
		Suggestion: "[Did you mean {near}? ]Ask with bpf_core_field_exists() or bpf_core_type_exists() before the access, and give alternatives for other kernels.",
		Kernel: []string{
			"failed to resolve CO-RE relocation {name}",
			"invalid func unknown#195896080",
		},
	},
	{
		Code:       UnresolvedSymbol,
		Problem:    "symbol missing in the target kernel",
		Reason:     "{name|a symbol} that the program declares as extern does not exist in the target kernel.",
		Suggestion: "[Did you mean {near}? ]Declare it `__weak` and test with bpf_ksym_exists() before use.",
		Kernel: []string{
			"libbpf: extern (func ksym) '{name}': not found in kernel or module BTFs",
			"libbpf: extern (var ksym) '{name}': not found in kernel BTF",
			"libbpf: extern (ksym) '{name}': not found in kallsyms",
		},
	},
	{
		Code:       SymbolMismatch,
		Problem:    "symbol of another type in the target kernel",
		Reason:     "{name|a symbol} is declared in another way than in the target kernel[, where it is {want}].",
		Suggestion: "Declare it as the kernel does, or take its declaration from vmlinux.h.",
		Kernel: []string{
			"libbpf: extern (func ksym) '{name}': func_proto [{id}] incompatible with {place} [{off}]",
			"libbpf: extern (var ksym) '{name}': incompatible types, expected {detail}",
		},
	},
	{
		Code:       UndeclaredSymbol,
		Problem:    "extern that nobody defines",
		Reason:     "{name|an extern} is neither in this object nor declared as something of the kernel[: {detail}].",
		Suggestion: "Declare functions and variables of the kernel with `__ksym`, options of its configuration with `__kconfig`, and define everything else.",
		Kernel:     []string{"libbpf: failed to find BTF for extern '{name}'"},
	},
	{
		Code:       UnresolvedConfig,
		Problem:    "kernel configuration option not available",
		Reason:     "The value of {name|an option} is not to be had[: {detail}].",
		Suggestion: "[Did you mean {near}? ]Declare it `__weak` to get 0 where a kernel does not have it.",
		Kernel: []string{
			"libbpf: extern (kcfg) '{name}': not found in Kconfig",
			"libbpf: extern (kcfg) '{name}': unrecognized virtual extern",
		},
	},
	{
		Code:       InvalidMapDefinition,
		Problem:    "map definition not usable",
		Reason:     "The definition of {name|a map} cannot be used[: {detail}].",
		Suggestion: "[Did you mean {near}? ]Define maps with the macros of bpf_helpers.h in a `.maps` section.",
	},
	{
		Code:       MapRefused,
		Problem:    "map refused by the kernel",
		Reason:     "The kernel does not create {name|this map}[: {detail}].",
		Suggestion: "{advice|Give the definition what maps of its type want.}",
		Kernel:     []string{"libbpf: map '{name}': failed to create: {detail}"},
	},
	{
		Code:       MapUnsized,
		Problem:    "map definition not complete",
		Reason:     "The definition of {name|this map} lacks {detail|what the kernel wants}, which user space has to set before it loads the object.",
		Suggestion: "Complete the definition, unless user space does.",
	},
	{
		Code:       MuchMemory,
		Problem:    "maps that take much memory",
		Reason:     "The maps of the object take at least {size|much memory} when they are created[, {part} of it for {name}].[ Each further CPU adds {more}.] Where there is not as much memory, the kernel refuses the map with ENOMEM.",
		Suggestion: "Lower `max_entries` if fewer will do.[ {advice}]",
	},
	{
		Code:       SharedMap,
		Problem:    "map that not all of its users can share",
		Reason:     "{detail|A program or map of the object cannot use a map as others of the object do.}",
		Suggestion: "{advice|Give each kind of program a map of its own.}",
		Kernel: []string{
			"libbpf: map '{name}': failed to initialize slot [{off}] to prog '{program}'",
			"libbpf: map '{name}': failed to initialize slot [{off}] to map '{map}'",
			"libbpf: map '{name}': failed to initialize slot [{off}] to prog '{program}' fd={id}: {detail}",
			"libbpf: map '{name}': failed to initialize slot [{off}] to map '{map}' fd={id}: {detail}",
		},
	},
	{
		Code:       SpecialField,
		Problem:    "special field not usable",
		Reason:     "{detail|The kernel does not take a special field of this type.}",
		Suggestion: "{advice|Move the field to where the kernel takes it.}",
	},
	{
		Code:       TypesRefused,
		Problem:    "types refused by the kernel",
		Reason:     "A parameter of {function|a function} has no name, for which the kernel takes none of the object's types: its programs are loaded without line numbers, and maps have no types.",
		Suggestion: "Name every parameter, also in functions that take none of them.",
		Kernel:     []string{"libbpf: Error loading .BTF into kernel: {detail}"},
	},
	{
		Code:       MissingBTF,
		Problem:    "object without BTF",
		Reason:     "The object has no type information, so that [{name} cannot be understood, and ]types and source lines are unknown.",
		Suggestion: "Compile with -g.",
		Kernel:     []string{"libbpf: BTF is required, but is missing or corrupted."},
	},
	{
		Code:       MissingLines,
		Problem:    "object without line information",
		Reason:     "The object does not say which source line an instruction is of, so that faults are shown without their place.",
		Suggestion: "Compile with -g, and do not remove the section .BTF.ext.",
	},
	{
		Code:       TargetKernel,
		Setting:    "kernelBTF",
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
		Reason:     "{program|this program} was not checked: {detail|it uses something that another object defines}.",
		Suggestion: "Link the objects with `bpftool gen object`, and check the one that comes out. If the kernel is to provide it, declare it `__ksym`.",
	},
	{
		Code:       StaticProgram,
		Problem:    "static program",
		Reason:     "{program|the program} is static, and libbpf refuses objects with such programs; some other loaders do not.",
		Suggestion: "Remove `static` if the object is loaded with libbpf.",
		Kernel:     []string{"libbpf: sec '{name}': program '{program}' is static and not supported"},
	},
	{
		Code:       LinkConflict,
		Problem:    "objects that cannot be linked",
		Reason:     "The objects that the build links to one contradict each other about {name|a symbol}[: {detail}].",
		Suggestion: "Declare it in one header that all files include, define it in one file only, or let a definition that may give way be `__weak`.",
		Kernel: []string{
			"libbpf: global '{name}': map {detail} mismatch",
			"libbpf: global '{name}': {detail}",
			"libbpf: conflicting non-weak symbol #{id} ({name}) definition in '{detail}'",
			"libbpf: non-identical contents of section '{name}' are not supported",
		},
	},
}

// Toolchain: faults of the compiler or of finding and running it.
const (
	CompileError     Code = "toolchain/compile-error"
	CompileWarning   Code = "toolchain/compile-warning"
	CompilerNotFound Code = "toolchain/compiler-not-found"
	CompilerFailed   Code = "toolchain/compiler-failed"
	CompilerTimeout  Code = "toolchain/compiler-timeout"
	MissingHeader    Code = "toolchain/missing-header"
)

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
		Machine:    true,
		Problem:    "no compiler",
		Reason:     "No clang was found that can compile BPF programs[: {detail}].",
		Suggestion: "Install clang (on Debian and Ubuntu: `apt install clang`), or name it with --clang or the setting `clang.path`.",
	},
	{
		Code:       CompilerFailed,
		Setting:    "clangPath",
		Problem:    "compiler failed",
		Reason:     "The compiler did not make an object file[: {detail}].",
		Suggestion: "Run the command by hand to see more.",
	},
	{
		Code:       CompilerTimeout,
		Setting:    "timeoutSeconds",
		Problem:    "compiler took too long",
		Reason:     "The compiler was stopped because it took too long[: {detail}].",
		Suggestion: "",
	},
	{
		Code:       MissingHeader,
		Setting:    "flags",
		Problem:    "header not found",
		Reason:     "The header {name|that is included here} was not found.",
		Suggestion: "Install libbpf-dev for the headers in `bpf/`, and give the project's include directories in compile_commands.json or in the project's settings.",
	},
}
