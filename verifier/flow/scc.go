// SPDX-License-Identifier: GPL-2.0-only

package flow

import (
	"math"

	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
)

// FindLoops numbers the strongly connected components of the graph: sets of
// instructions that all lead to each other. An instruction alone counts only
// when it jumps to itself. The numbers are in the kernel's order, since the
// log shows them.
//
// The method is Tarjan's, in Pearce's form: low[w] is the smallest preorder
// number that w reaches, and becomes larger than any number once w's
// component is complete, so that min ignores it.
//
// kernel: compute_scc
func (g *Graph) FindLoops() {
	const done = math.MaxInt32
	n := len(g.insns)
	pre, low := make([]int32, n), make([]int32, n)
	var path, component []int
	order := int32(0)
	for root := range g.insns {
		if pre[root] != 0 {
			continue
		}
		path = append(path[:0], root)
		for len(path) > 0 {
			w := path[len(path)-1]
			if pre[w] == 0 {
				order++
				pre[w], low[w] = order, order
				component = append(component, w)
			}
			succ, cnt := isa.Successors(g.insns, w)
			descend, selfLoop := false, false
			for _, to := range succ[:cnt] {
				if pre[to] == 0 {
					path = append(path, to)
					descend = true
					break
				}
				low[w] = min(low[w], low[to])
				selfLoop = selfLoop || to == w
			}
			if descend {
				continue
			}
			path = path[:len(path)-1]
			if low[w] < pre[w] {
				continue
			}
			isLoop := component[len(component)-1] != w || selfLoop
			for {
				t := component[len(component)-1]
				component = component[:len(component)-1]
				low[t] = done
				if isLoop {
					g.Points[t].SCC = int32(g.SCCs)
				}
				if t == w {
					break
				}
			}
			if isLoop {
				g.SCCs++
			}
		}
	}
}
