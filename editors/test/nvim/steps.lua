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

function M.wait(what, probe)
  if not vim.wait(20000, probe, 20) then
    error('gave up waiting: ' .. what, 2)
  end
end

function M.wait_for_count(n)
  M.wait(n .. ' diagnostics', function()
    return #vim.diagnostic.get(0) == n
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
