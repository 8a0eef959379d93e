-- SPDX-License-Identifier: GPL-2.0-only

-- From save to diagnostic in headless Neovim with a recipe of docs/editors.md as init.lua. Run by run.sh,
-- which opens the program. Prints a line a step and ends with the number of failures as exit status.

local steps = dofile(vim.fn.fnamemodify(debug.getinfo(1, 'S').source:sub(2), ':p:h') .. '/steps.lua')
local step, wait_for_count, line_of = steps.step, steps.wait_for_count, steps.line_of
local clients = steps.clients

local acquire, acquire_text = line_of('= bpf_skc_lookup_tcp(')
local leak, leak_text = line_of('return bpf_redirect(')

step('opening a BPF program shows the leak at its return', function()
  wait_for_count(1)
  local diagnostic = vim.diagnostic.get(0)[1]
  assert(diagnostic.source == 'bpf-lsp', diagnostic.source)
  assert(diagnostic.user_data.lsp.code == 'resource-lifetime/unreleased-reference')
  assert(diagnostic.lnum == leak, diagnostic.lnum)
  assert(diagnostic.message:find('`sk`', 1, true), diagnostic.message)
end)

step('the hover on the acquiring call tells the life of the reference', function()
  local text = steps.hover(acquire, acquire_text:find('bpf_skc', 1, true) - 1)
  assert(text:find('not released here', 1, true), text)
end)

step('saving a fix clears the diagnostic', function()
  vim.api.nvim_buf_set_lines(0, leak, leak + 1, false, { '\t{', '\t\tbpf_sk_release(sk);', leak_text, '\t}' })
  vim.cmd('silent write')
  wait_for_count(0)
end)

steps.header_steps()

step('the same server serves a C file that is not BPF, and says nothing of it', function()
  vim.cmd('silent edit ' .. vim.fn.expand('%:p:h') .. '/plain.c')
  assert(#clients() == 1, #clients() .. ' clients')
  assert(#vim.diagnostic.get(0) == 0)
end)

steps.finish()
