// SPDX-License-Identifier: GPL-2.0-only

package verifier

import "github.com/bpf-lsp/bpf-lsp/verifier/facts"

type returnKind uint8

const (
	returnAny returnKind = iota
	returnRange
	returnUnsupported
	returnByHook
)

type returnRule struct {
	Kind     returnKind
	Min, Max int32
}

func returnOf(p facts.ProgType, a facts.AttachType) returnRule {
	switch p {
	case facts.ProgLSM, facts.ProgStructOps:
		return returnRule{Kind: returnByHook}
	}
	return returnRule{}
}

const mapStructOps = facts.MapType(26)

func mapMaySleep(t facts.MapType) bool { return true }
