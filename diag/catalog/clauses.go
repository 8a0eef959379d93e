// SPDX-License-Identifier: GPL-2.0-only

package catalog

import "github.com/bpf-lsp/bpf-lsp/verifier/program"

// Clause is what is said of a fault: a clause about it and what to do.
type Clause struct{ Detail, Advice string }

// MapClauses are the wordings of what is wrong with a map. {type} is its type, {off} what the definition has and {limit} what
// the type wants, {name} the flags concerned, {param} the member.
var MapClauses = map[program.MapProblem]Clause{
	program.MapUnknownType:   {"{off} is no type of map in Linux 6.18", "Use a type of `enum bpf_map_type`."},
	program.MapKeySize:       {"the keys of {type} must have {limit}, not {off}", "{advice}"},
	program.MapValueSize:     {"the values of {type} must have {limit}, not {off}", "{advice}"},
	program.MapEntries:       {"{type} must have {limit}, not {off}", "{advice}"},
	program.MapForbiddenFlag: {"{type} cannot have {name}", "Remove {name}."},
	program.MapMissingFlag:   {"{type} must have {name}", "{advice}"},
	program.MapOpposedFlags:  {"{name} exclude each other", "Remove one of them."},
	program.MapExtra:         {"`map_extra` must be {limit} in {type}, not {off}", "Change or remove `map_extra`."},
	program.MapElementSize:   {"a key and a value have {off} together, and at most {limit} are possible", "Keep large data in an array or an arena."},
	program.MapWithoutTypes:  {"{type} must have the types of its key, which is an `int`, and of its value", "Use `__type(key, int)` and `__type(value, …)` instead of sizes."},
	program.MapWithoutInner:  {"{type} must say what its maps are like", "Add `__array(values, struct …)`, or set the inner map from user space."},
	program.MapNested:        {"the maps in {type} cannot hold maps themselves", "Use one level of maps."},
	program.MapTooMany:       {"{type} can have up to {limit} entries, not {off}", "Lower `max_entries`."},
	program.MapInnerType:     {"the maps in {type} cannot be program arrays, cgroup storages or struct_ops", "Have one map of its own for each purpose, or keep the programs of all in one array."},
}

// Why an extension does not fit the function that it replaces.
const (
	ReplacedIsExtension Phrase = "{name} is an extension itself"
	ReplacedIsTracing   Phrase = "{program} traces the entry or exit of a function, and what runs there cannot be replaced"
	ReplacedIsStatic    Phrase = "{name} is static, and only global functions can be replaced"
	ReplacedIsCallback  Phrase = "{name} is the exception callback of {program}, which cannot be replaced"
	ReplacedIsNoContext Phrase = "{name} does not take the context as its only parameter, as the function of a program must to be replaced"
	ReplacedKeepsPacket Phrase = "the program may change the packet, and {name} does not: whoever calls it relies on that"
	ReplacedIsAwake     Phrase = "the program may sleep, and {name} does not: whoever calls it relies on that"
	ReplacingParams     Phrase = "it has {count}, and what it replaces {limit}"
	ReplacingResult     Phrase = "its result is {gives}, and that of what it replaces {wanted}"
	ReplacingParam      Phrase = "its {nth} parameter is {gives}, and that of what it replaces {wanted}"
	ReplacingPointer    Phrase = "its {nth} parameter is {gives}, and a pointer that is not the context cannot be replaced"
)

// SharingClauses are the wordings of what cannot share a map. {name} is the map, {map} its type, {program} the program that is refused and
// {value} its section, {callee} the program that came first and {want} its section, {param} another map concerned.
var SharingClauses = map[program.Disagreement]Clause{
	program.OverridesReturn: {
		"{program} cannot use {name} and call bpf_override_return(): the kernel refuses that of {map}, with EINVAL and without a word in the log.",
		"Override the result in a program that does not use {name}.",
	},
	program.OtherType: {
		"{program} cannot use {name} as {callee} does: programs of {value} and of {want} are of different types. " + ownedMap,
		"Give each type of program a map of its own. " + leaveOut,
	},
	program.OtherFrags: {
		"{program} cannot use {name} as {callee} does: it is {limit} XDP fragments, unlike the other. " + ownedMap,
		"Write `xdp.frags` in both sections or in none, or give each kind a map of its own. " + leaveOut,
	},
	program.OtherAttach: {
		"{program} cannot use {name} as {callee} does: programs of {value} and of {want} have different attach types. " + ownedMap,
		"Give the programs of each hook a program array of their own. " + leaveOut,
	},
	program.OtherStorage: {
		"{program} cannot use {name} as {callee} does: its cgroup storage {param} is none of the other's. " + ownedMap,
		"Use {param} in both programs, or give each a program array of its own.",
	},
	program.WithoutStorage: {
		"{program} cannot use {name} as {callee} does: it makes tail calls without the cgroup storage {param}, which the other has. " + ownedMap,
		"Use {param} in both programs, or give each a program array of its own.",
	},
	program.OtherPrototype: {
		"{program} cannot use {name} as {callee} does: what {value} and {want} attach to have different prototypes. " + ownedMap,
		"Give the programs of each prototype a program array of their own. " + leaveOut,
	},
	program.NotLoaded: {
		"{program} is an element of {name}, but is not loaded with the object, since its section begins with `?`.",
		"Remove the `?`, unless user space has the program loaded, or put it into {name} from user space.",
	},
	program.OtherTemplate: {
		"{param} cannot be an element of {name}: {advice}.",
		"Define {param} like the struct in `__array(values, …)`.",
	},
}

const (
	ownedMap = "The first program that is loaded decides for which kind the kernel keeps {map}; all others are refused with EINVAL and without a word in the log."
	leaveOut = "If no two of them are ever loaded together, `SEC(\"?…\")` leaves them to user space."
)

// FieldClauses are the wordings of what is wrong with a special field. {value} is the member, {name} the struct, {kind} the field,
// {type} what it points to or holds, {param} the node, {map} the type of the map.
var FieldClauses = map[program.FieldProblem]Clause{
	program.FieldRepeated:       {"{value} is one {kind} too many: a struct may have one", "Put the second one into a map of its own, or into a struct inside."},
	program.FieldInArray:        {"{value} is in an array, where {kind} cannot be", "Have one for each value of the map."},
	program.FieldsTooMany:       {"with {value} there are more than 11 special fields", "Spread them over several maps."},
	program.FieldOverlap:        {"{value} overlaps with another special field", "Do not put special fields into unions."},
	program.FieldsBothLocks:     {"`bpf_spin_lock` and `bpf_res_spin_lock` cannot be in one value", "Use one kind of lock."},
	program.FieldWithoutLock:    {"{value} is a {kind} without a lock: the value must also have a `bpf_spin_lock`", "Add a `struct bpf_spin_lock` to the value."},
	program.FieldNodesUncounted: {"[{name} ]has nodes of a list and of a tree, but no `bpf_refcount`", "Add a `struct bpf_refcount`, or use one kind of node."},
	program.FieldTag:            {"the pointer {value} has the tag[ {type}], which the kernel does not know there", "Use one of `__kptr`, `__kptr_untrusted`, `__percpu_kptr` and `__uptr`."},
	program.FieldPointee:        {"{value} must point to a struct to be kept in a map", "Put what it points to into a struct."},
	program.FieldIncomplete:     {"{value} points to {type}, which the object does not define", "Use the struct in the program, so that the compiler describes it, or use `__kptr_untrusted`."},
	program.FieldNotOwned:       {"no map can own a {type}, which {value} points to", "Use `__kptr_untrusted`, or keep what identifies the object."},
	program.FieldNoContains:     {"{value} does not say what the {kind} holds", "Write `__contains(STRUCT, NODE)` after the member, once."},
	program.FieldContainsType:   {"{value} holds {type}, which the types of the object do not have", "Correct the name if that is wrong. Otherwise declare a variable such as {check}: compilers leave out structs that only functions use."},
	program.FieldContainsNode:   {"{value} holds {type}, which has no node {param} of the right type", "Name a member of type `struct bpf_list_node` or `struct bpf_rb_node` in `__contains()`."},
	program.FieldBitOffset:      {"{value} is a bit field that does not begin with a byte, which the kernel does not take beside special fields", "Keep bit fields out of structs with special fields."},
	program.FieldMisplaced:      {"{value} is not aligned, so that the kernel does not see the {kind}", "Align the member, and do not pack the struct."},
	program.FieldMapType:        {"{value} cannot be in the values of {map}", "Use a map of another type, such as a hash or an array."},
	program.FieldReadOnly:       {"{value} cannot be in a map with `BPF_F_RDONLY_PROG` or `BPF_F_WRONLY_PROG`", "Remove the flag."},
	program.FieldUserKernel:     {"{value} points to a type of the kernel, which user space cannot provide", "Let it point to a struct of the program's own."},
	program.FieldUserSize:       {"{value} must point to something of at most a page", "Make the struct smaller, or split it."},
	program.FieldUntyped:        {"the kernel creates the map without types, so that {value} is no {kind}", "Use a map of another type and, for arrays, an `int` or `__u32` as the key."},
	program.FieldOwnerLoop:      {"{value} holds objects that hold others and are themselves in one that is held", "Keep ownership in one direction: what is in a list cannot own lists of owners."},
}
