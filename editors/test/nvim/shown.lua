-- SPDX-License-Identifier: GPL-2.0-only

-- What Neovim shows of programs through the plugin, at the places of hovers.tsv, and that each kind of quick fix of
-- fixes.tsv makes its diagnostic go. Run by run.sh, which has the programs in the working directory.

local here = vim.fn.fnamemodify(debug.getinfo(1, 'S').source:sub(2), ':p:h')
local steps = dofile(here .. '/steps.lua')
local bpf_lsp = require('bpf_lsp')
local step, wait = steps.step, steps.wait

local function rows(name)
  local out = {}
  for _, line in ipairs(vim.fn.readfile(here .. '/../' .. name)) do
    table.insert(out, vim.split(line, '\t'))
  end
  return out
end

-- Opens a program and waits for its check.
local function open(name)
  if vim.fn.expand('%:t') ~= name then
    vim.cmd('silent edit ' .. vim.fn.fnameescape(name))
  end
  wait('the check of ' .. name, function()
    local status = bpf_lsp.status()
    return status ~= '' and status ~= 'checking'
  end)
end

local function errors()
  return vim.tbl_filter(function(diagnostic)
    return diagnostic.severity == vim.diagnostic.severity.ERROR
  end, vim.diagnostic.get(0))
end

local function floats()
  return vim.tbl_filter(function(window)
    return vim.api.nvim_win_get_config(window).relative ~= ''
  end, vim.api.nvim_list_wins())
end

-- The text of the window that a hover at the cursor opens.
local function shown_hover(what)
  for _, window in ipairs(floats()) do
    vim.api.nvim_win_close(window, true)
  end
  local asked = 0
  wait('the hover on ' .. what, function()
    -- While a check runs there may be no answer, which Neovim only says in a message.
    if vim.loop.now() - asked > 2000 then
      asked = vim.loop.now()
      vim.lsp.buf.hover()
    end
    return #floats() == 1
  end)
  local lines = vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(floats()[1]), 0, -1, false)
  vim.api.nvim_win_close(floats()[1], true)
  return table.concat(lines, '\n')
end

for _, row in ipairs(rows('hovers.tsv')) do
  local file, text, token, want = unpack(row)
  step(('%s: hovering over %s in "%s" shows "%s"'):format(file, token, text, want), function()
    open(file)
    local line, whole = steps.line_of(text)
    local at = whole:find(text, 1, true) - 1
    repeat
      at = assert(whole:find(token, at + 1, true), 'the line lacks ' .. token)
    until not whole:sub(at - 1, at - 1):match('[%w_]') and not whole:sub(at + #token, at + #token):match('[%w_]')
    vim.api.nvim_win_set_cursor(0, { line + 1, at + #token - 2 })
    local shown = shown_hover(token)
    assert(shown:find(want, 1, true), shown)
  end)
end

-- Runs the first code action at the first error that a function accepts, by its title and kind, as a user chooses it.
local function choose(accepts)
  local diagnostic = errors()[1]
  vim.api.nvim_win_set_cursor(0, { diagnostic.lnum + 1, diagnostic.col })
  local chosen, offered
  local select = vim.ui.select
  vim.ui.select = function(items, _, done)
    offered = {}
    for _, item in ipairs(items) do
      local action = item.action or item[2]
      table.insert(offered, action.title)
      if not chosen and accepts(action) then
        chosen = action.title
        done(item)
      end
    end
  end
  vim.lsp.buf.code_action()
  local ok = pcall(wait, 'the code actions', function()
    return offered ~= nil
  end)
  vim.ui.select = select
  assert(ok, 'gave up waiting: the code actions')
  assert(chosen, 'offered are: ' .. vim.inspect(offered))
  return chosen
end

for _, row in ipairs(rows('fixes.tsv')) do
  local kind, _, program, want = unpack(row)
  step(('the quick fix of kind %s for %s mends it'):format(kind, program), function()
    open(kind .. '.bpf.c')
    wait('a diagnostic', function()
      return #errors() > 0
    end)
    choose(function(action)
      return action.kind == 'quickfix'
    end)
    wait('the edit ' .. want, function()
      local text = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
      return vim.bo.modified and text:find(want, 1, true)
    end)
    vim.cmd('silent write')
    wait('no error', function()
      return #errors() == 0 and bpf_lsp.status() == 'ok'
    end)
  end)
end

step('the action at an error opens the verifier log where it says it', function()
  open('leak.bpf.c')
  local source = vim.api.nvim_get_current_buf()
  wait('a diagnostic', function()
    return #errors() == 1
  end)
  choose(function(action)
    return action.title == 'Show the verifier log at this error'
  end)
  wait('the log', function()
    return vim.api.nvim_get_current_buf() ~= source
  end)
  assert(vim.api.nvim_get_current_line():find('^Unreleased reference id='), vim.api.nvim_get_current_line())
  vim.cmd('close')
end)

step('the command that opens a setting shows its help', function()
  vim.lsp.commands['bpf-lsp.openSetting']({ arguments = { vim.uri_from_bufnr(0), 'kernelBTF' } }, {})
  assert(vim.api.nvim_get_current_line():find('^  kernelBTF  '), vim.api.nvim_get_current_line())
  vim.cmd('close')
end)

steps.finish()
