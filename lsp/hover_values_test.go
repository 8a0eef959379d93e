// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.lsp.dev/uri"

	"github.com/bpf-lsp/bpf-lsp/lsp/check"
	"github.com/bpf-lsp/bpf-lsp/lsp/compile"
	"github.com/bpf-lsp/bpf-lsp/testdata/deadline"
)

// TestHoverTellsValues hovers over names in programs of ours, with the real compiler and verifier.
func TestHoverTellsValues(t *testing.T) {
	cache := t.TempDir()
	s := startWith(t, func(cs check.Settings) Checker {
		cs.Clang.CacheDir = cache
		return check.New(cs)
	})
	if _, err := compile.New(compile.Settings{}).Find(t.Context(), filepath.Join(s.dir, "a.bpf.c")); err != nil {
		t.Skipf("SKIPPED, NEEDS CLANG: %v", err)
	}
	s.initialize(everything())
	// Only programs at some hooks are offered this helper.
	f := s.open("at_hook.bpf.c", atHook)
	line := strings.Count(atHook[:strings.Index(atHook, "bpf_setsockopt")], "\n")
	deadline.Until(t, "a result", func() bool { return s.hoverAt(f, uint32(line), 2) != "" })
	if got := s.hoverAt(f, uint32(line), 2); !strings.HasPrefix(got, "**`bpf_setsockopt`**: `bpf_setsockopt(socket,") ||
		strings.Contains(got, "cannot call it") {
		t.Errorf("bpf_setsockopt at tcp: %s", got)
	}
	for name, places := range hoverPlaces {
		source, err := os.ReadFile(filepath.Join("..", "testdata", "programs", name))
		if err != nil {
			t.Fatal(err)
		}
		text := string(source)
		f := s.open(name, text)
		for i, p := range places {
			at := strings.Index(text, p.in)
			if at < 0 || !strings.Contains(p.in, p.on) {
				t.Fatalf("%s has no %q with %q", name, p.in, p.on)
			}
			at += strings.Index(p.in, p.on)
			line := strings.Count(text[:at], "\n")
			col := at - strings.LastIndexByte(text[:at], '\n') - 1
			if i == 0 {
				deadline.Until(t, "a result", func() bool { return s.hoverAt(f, uint32(line), uint32(col)) != "" })
			}
			got := strings.ReplaceAll(s.hoverAt(f, uint32(line), uint32(col)), string(uri.File(f))+"#", "#")
			if d := cmp.Diff(p.want, got); d != "" {
				t.Errorf("%s: %s in %q: %s", name, p.on, p.in, d)
			}
		}
	}
}

// atHook may set options of sockets, since it is a program that iterates over them.
const atHook = `#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct bpf_iter__tcp {
	void *meta;
	struct sock_common *sk_common;
} __attribute__((preserve_access_index));

SEC("iter/tcp")
int small_segments(struct bpf_iter__tcp *ctx)
{
	struct sock_common *sk = ctx->sk_common;
	int size = 500;

	if (sk)
		bpf_setsockopt(sk, 6, 2, &size, sizeof(size));
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
`

// hoverPlace is a name in a part of a program, and what is said of it.
type hoverPlace struct{ in, on, want string }

const onceInSessions = "\n\nThis line was walked once in `count_sessions`."

var hoverPlaces = map[string][]hoverPlace{
	"tc_session.bpf.c": {
		{"count_sessions(struct __sk_buff *skb)", "skb", "**`skb`** (`struct __sk_buff *`): the context (in line 18)"},
		{"void *end =", "end", "**`end`** (`void *`): the end of the packet" + onceInSessions},
		{"skb->data_end;", "data_end", "**`skb->data_end`** (`__u32`): the end of the packet" + onceInSessions},
		{"*eth = (void", "eth", "**`eth`** (`struct ethhdr *`): packet, 0 bytes proven" + onceInSessions},
		{"ip->protocol != ", "protocol", "**`ip->protocol`** (`__u8`): 0…255" + onceInSessions},
		{"ip->ihl != 5", "ihl", "**`ip->ihl`** (`__u8`): 4 bits at offset 0 of packet + 14, proven to be there" + onceInSessions},
		{"ip->ihl != 5", "ip", "**`ip`** (`struct iphdr *`): packet + 14, 40 bytes proven" + onceInSessions},
		// The life of a reference in the order of execution.
		{"sk = bpf_skc", "sk", "**`sk`** (`struct bpf_sock *`): a socket, must be released, may be NULL" + onceInSessions +
			"\n\n---\n\n**Life of `sk`** in `count_sessions`, on all paths\n\n" +
			"1. [line 34](#L34): **`sk` is looked up by bpf_skc_lookup_tcp() (this line)**\n" +
			"2. [line 35](#L35): nothing to give back where it is NULL\n" +
			"3. [line 37](#L37): `sk->state` is read\n4. [line 38](#L38): given back by bpf_sk_release()"},
		// Not of a variable beside it.
		{"known = sk->state", "known", "**`known`** (`__u32`): 0…1" + onceInSessions},
		{"&packets[known], skb->len", "packets", "**`packets`** (`__u64[2]`): 16 bytes in `.bss`, at offset 0" +
			"\n\nThis line was walked twice in `count_sessions`."},
		{"= {};", "{", ""},
	},
	"xdp_port_filter.bpf.c": {
		{"bpf_map_lookup_elem(&verdicts", "bpf_map_lookup_elem", "**`bpf_map_lookup_elem`**: " +
			"`bpf_map_lookup_elem(map, key of the map)`\n\nReturns a value of the map, or NULL.\n\nFor programs of all types."},
		{"bpf_map_lookup_elem(&verdicts", "verdicts", "**`verdicts`**: `BPF_MAP_TYPE_PERCPU_ARRAY`\n\n" +
			"Keys of `__u32` (4 bytes), values of `__u64` (8 bytes).\n\nAt most 5 entries.\n\nUsed by `port_filter`.\n\n" +
			"Declared in [line 15](#L15)."},
		{"if (n)", "n", "**`n`** (`__u64 *`): value of `verdicts`, 8 bytes, may be NULL" +
			"\n\nThis line was walked 3 times in `port_filter`."},
		{"(*n)++", "n", "**`n`** (`__u64 *`): value of `verdicts`, 8 bytes" +
			"\n\nThis line was walked 3 times in `port_filter`."},
		{"tcp = (void *)ip", "tcp", "**`tcp`** (`struct tcphdr *`): packet + 14 + 20…60, 0 bytes proven" +
			"\n\nThis line was walked once in `port_filter`."},
		{"tcp->dest ==", "dest", "**`tcp->dest`** (`__be16`): 0…65535\n\nThis line was walked 6 times in `port_filter`."},
		{"(blocked_port)", "blocked_port", "**`blocked_port`** (`const volatile __u16`): 23, constant in `.rodata`" +
			"\n\nThis line was walked 6 times in `port_filter`."},
	},
	// Rejected: the suggestion comes first, and what the client shows is not repeated.
	"open_audit.bpf.c": {
		{"length = bpf_probe", "length", "**`length`** (`long`): -4095…64\n\nThis line was walked once in `audit_open`." +
			"\n\nOf `audit_open`, only the paths up to the fault were walked."},
		{"return 0; // want", "return", "**Suggestion**: Call `bpf_ringbuf_discard(rec, 0);` before this line. Every path that " +
			"owns a resource must release it or hand it over, early returns included.\n\nHow it comes to this:\n\n" +
			"1. [line 148](#L148): `rec` is reserved here by bpf_ringbuf_reserve()\n" +
			"2. [line 149](#L149): condition false: `!rec`, so `rec` is not NULL\n" +
			"3. [line 118](#L118): condition false: `!r`, so `r` is not NULL; condition false: `r->second != fresh.second`\n" +
			"4. [line 122](#L122): condition false: `r->seen < per_second`\n" +
			"5. [line 160](#L160): condition true: `limited(pid, now)`\n" +
			"6. [line 162](#L162): **not released here, on this path**\n\nThe kernel says: `Unreleased reference id=7 " +
			"alloc_insn=62; BPF_EXIT instruction in main prog would lead to reference leak`\n\n" +
			"[resource-lifetime/unreleased-reference](https://github.com/bpf-lsp/bpf-lsp/blob/main/docs/diagnostics/" +
			"resource-lifetime/unreleased-reference.md)\n\n---\n\n**`return 0`**\n\nEnds `audit_open`.\n\n" +
			"Returning 0 is what programs return that only watch."},
		{"bpf_ringbuf_submit(rec", "bpf_ringbuf_submit", "**`bpf_ringbuf_submit`**: " +
			"`bpf_ringbuf_submit(ring buffer record, any value)`\n\nReleases its first argument."},
	},
}
