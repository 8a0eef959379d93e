-- SPDX-License-Identifier: GPL-2.0-only

-- From save to diagnostic in headless Neovim with a recipe of docs/editors.md as init.lua. Run by run.sh,
-- which opens the program. Prints a line a step and ends with the number of failures as exit status.

local failures, passed = 0, 0

local function step(name, body)
  local ok, problem = pcall(body)
  passed, failures = passed + (ok and 1 or 0), failures + (ok and 0 or 1)
  io.stdout:write(ok and 'ok   - ' or 'FAIL - ', name, ok and '' or '\n       ' .. tostring(problem), '\n')
end

local function wait(what, probe)
  assert(vim.wait(20000, probe, 20), 'gave up waiting: ' .. what)
end

local function wait_for_count(n)
  wait(n .. ' diagnostics', function()
    return #vim.diagnostic.get(0) == n
  end)
end

local function clients()
  return vim.lsp.get_clients and vim.lsp.get_clients() or vim.lsp.get_active_clients()
end

local function line_of(text)
  for i, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
    if line:find(text, 1, true) then
      return i - 1, line
    end
  end
  error('the program lacks ' .. text)
end

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
  local params = {
    textDocument = vim.lsp.util.make_text_document_params(0),
    position = { line = acquire, character = acquire_text:find('bpf_skc', 1, true) - 1 },
  }
  local text = ''
  for _, answer in pairs(vim.lsp.buf_request_sync(0, 'textDocument/hover', params, 5000) or {}) do
    text = text .. vim.inspect(answer.result)
  end
  assert(text:find('not released here', 1, true), text)
end)

step('saving a fix clears the diagnostic', function()
  vim.api.nvim_buf_set_lines(0, leak, leak + 1, false, { '\t{', '\t\tbpf_sk_release(sk);', leak_text, '\t}' })
  vim.cmd('silent write')
  wait_for_count(0)
end)

step('the same server serves a C file that is not BPF, and says nothing of it', function()
  vim.cmd('silent edit ' .. vim.fn.expand('%:p:h') .. '/plain.c')
  assert(#clients() == 1, #clients() .. ' clients')
  assert(#vim.diagnostic.get(0) == 0)
end)

step('the server ends when it is told to', function()
  for _, client in ipairs(clients()) do
    if vim.fn.has('nvim-0.11') == 1 then
      client:stop()
    else
      client.stop()
    end
  end
  wait('the end of the server', function()
    return #clients() == 0
  end)
end)
io.stdout:write(('%d passed, %d failed\n'):format(passed, failures))
vim.cmd('cquit ' .. failures)
