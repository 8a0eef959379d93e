-- SPDX-License-Identifier: GPL-2.0-only

-- What the tests in headless Neovim share: steps that are told a line each, and waiting.

local M = { passed = 0, failures = 0 }

function M.step(name, body)
  local ok, problem = pcall(body)
  if ok then
    M.passed = M.passed + 1
    io.stdout:write('ok   - ', name, '\n')
  else
    M.failures = M.failures + 1
    io.stdout:write('FAIL - ', name, '\n       ', (tostring(problem):gsub('\n', '\n       ')), '\n')
  end
end

-- How long a step may take, in milliseconds.
M.patience = tonumber(vim.env.BPF_LSP_PATIENCE) * 1000

function M.wait(what, probe)
  if not vim.wait(M.patience, probe, 20) then
    error('gave up waiting: ' .. what, 2)
  end
end

function M.wait_for_count(n)
  M.wait(n .. ' diagnostics', function()
    return #vim.diagnostic.get(0) == n
  end)
end

-- Every answer to a hover at a 0-based place of the buffer, as text.
function M.hover(line, character)
  local params = {
    textDocument = vim.lsp.util.make_text_document_params(0),
    position = { line = line, character = character },
  }
  local text = ''
  for _, answer in pairs(vim.lsp.buf_request_sync(0, 'textDocument/hover', params, M.patience) or {}) do
    text = text .. vim.inspect(answer.result)
  end
  return text
end

-- header_steps opens a program whose fault is in its header, and the header, which Neovim takes for C++.
function M.header_steps()
  local folder = vim.fn.expand('%:p:h')
  local fault

  M.step('a fault in a header is shown there, and hovers answer', function()
    vim.cmd('silent edit ' .. folder .. '/count.bpf.c')
    vim.cmd('silent edit ' .. folder .. '/count.h')
    assert(vim.bo.filetype == 'cpp', vim.bo.filetype)
    M.wait_for_count(1)
    fault = M.line_of('*value += 1')
    assert(vim.diagnostic.get(0)[1].lnum == fault, vim.diagnostic.get(0)[1].lnum)
    M.wait('a hover on the fault', function()
      return M.hover(fault, 2):find('NULL', 1, true)
    end)
  end)

  M.step('places in a header follow lines that are not saved', function()
    vim.api.nvim_buf_set_lines(0, 1, 1, false, { '/* above */' })
    M.wait('a hover on the moved line', function()
      return M.hover(fault + 1, 2):find('NULL', 1, true)
    end)
    assert(not M.hover(fault, 2):find('NULL', 1, true), 'the line before answers too')
  end)

  M.step('saving the mended header clears the diagnostic, saving the fault brings it back', function()
    local line = vim.api.nvim_buf_get_lines(0, fault + 1, fault + 2, false)[1]
    vim.api.nvim_buf_set_lines(0, fault + 1, fault + 2, false, { '	if (value)', line })
    vim.cmd('silent write')
    M.wait_for_count(0)
    vim.api.nvim_buf_set_lines(0, fault + 1, fault + 3, false, { line })
    vim.cmd('silent write')
    M.wait_for_count(1)
    assert(vim.diagnostic.get(0)[1].lnum == fault + 1, vim.diagnostic.get(0)[1].lnum)
  end)

  M.step('with checkOn "type" a mended header is checked before it is saved', function()
    for _, client in ipairs(M.clients()) do
      local settings = { settings = { bpfLsp = { checkOn = 'type' } } }
      if vim.fn.has('nvim-0.11') == 1 then
        client:notify('workspace/didChangeConfiguration', settings)
      else
        client.notify('workspace/didChangeConfiguration', settings)
      end
    end
    vim.api.nvim_buf_set_lines(0, fault + 1, fault + 1, false, { '	if (value)' })
    M.wait_for_count(0)
    vim.cmd('silent undo')
    M.wait_for_count(1)
    vim.cmd('silent edit!')
    vim.cmd('silent edit ' .. folder .. '/leak.bpf.c')
  end)
end

function M.clients()
  return vim.lsp.get_clients and vim.lsp.get_clients() or vim.lsp.get_active_clients()
end

-- 0-based line of the first occurrence of a text in the buffer.
function M.line_of(text)
  for i, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
    if line:find(text, 1, true) then
      return i - 1, line
    end
  end
  error('the program lacks ' .. text, 2)
end

-- finish ends the servers and Neovim, with the number of failures as exit status.
function M.finish()
  M.step('the server ends when it is told to', function()
    for _, client in ipairs(M.clients()) do
      if vim.fn.has('nvim-0.11') == 1 then
        client:stop()
      else
        client.stop()
      end
    end
    M.wait('the end of the server', function()
      return #M.clients() == 0
    end)
  end)
  io.stdout:write(('%d passed, %d failed\n'):format(M.passed, M.failures))
  vim.cmd('cquit ' .. math.min(M.failures, 100))
end

return M
