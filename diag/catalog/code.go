// SPDX-License-Identifier: GPL-2.0-only

package catalog

import "github.com/bpf-lsp/bpf-lsp/verifier/fault"

// Code identifies one rule that a program broke.
type Code = fault.Code

// Category groups codes by what kind of promise the program broke.
type Category = fault.Category

// The categories, in the order in which documentation lists them. The last
// three are about the tool chain and this tool, not about a rule.
const (
	ResourceLifetime Category = "resource-lifetime"
	RegisterType     Category = "register-type"
	Memory           Category = "memory"
	CallType         Category = "call-type"
	ExecutionContext Category = "execution-context"
	ProgramStructure Category = "program-structure"
	Policy           Category = "policy"
	VerifierLimit    Category = "verifier-limit"
	Loader           Category = "loader"
	Toolchain        Category = "toolchain"
	VerifierInternal Category = "verifier-internal"
)

// Categories lists all categories in documentation order.
var Categories = []Category{
	ResourceLifetime, RegisterType, Memory, CallType, ExecutionContext,
	ProgramStructure, Policy, VerifierLimit, Loader, Toolchain, VerifierInternal,
}

var titles = map[Category]string{
	ResourceLifetime: "Resource Lifetime Safety",
	RegisterType:     "Register Type Safety",
	Memory:           "Memory Safety",
	CallType:         "Call Type Safety",
	ExecutionContext: "Execution Context Safety",
	ProgramStructure: "Program Structure",
	Policy:           "Policy",
	VerifierLimit:    "Verifier Limit",
	Loader:           "Loader",
	Toolchain:        "Toolchain",
	VerifierInternal: "Verifier Internal",
}

// Title is a category's name as headings show it.
func Title(c Category) string { return titles[c] }
