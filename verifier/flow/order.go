// SPDX-License-Identifier: GPL-2.0-only

package flow

import "github.com/bpf-lsp/bpf-lsp/verifier/isa"

// Order fills Postorder: for each function, its instructions with successors
// before predecessors where loops allow.
//
// kernel: compute_postorder
func (g *Graph) Order() {
	seen := make([]uint8, len(g.insns))
	stack := make([]int, 0, len(g.insns))
	g.Postorder = make([]int, 0, len(g.insns))
	for n := range g.Subprogs {
		g.Subprogs[n].PostorderStart = len(g.Postorder)
		stack = append(stack, g.Subprogs[n].Start)
		for len(stack) > 0 {
			top := stack[len(stack)-1]
			seen[top] |= discovered
			if seen[top]&explored != 0 {
				g.Postorder = append(g.Postorder, top)
				stack = stack[:len(stack)-1]
				continue
			}
			succ, cnt := isa.Successors(g.insns, top)
			for _, to := range succ[:cnt] {
				if seen[to] == unseen {
					stack = append(stack, to)
					seen[to] |= discovered
				}
			}
			seen[top] |= explored
		}
	}
}
