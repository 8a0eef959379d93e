-- SPDX-License-Identifier: GPL-2.0-only

-- From save to diagnostic in headless Neovim, through the plugin as a user installs it. Run by run.sh,
-- which opens the program and has the plugin and the server on the paths. Prints a line a step and
-- ends with the number of failures as exit status.

local bpf_lsp = require('bpf_lsp')

local steps = dofile(vim.fn.fnamemodify(debug.getinfo(1, 'S').source:sub(2), ':p:h') .. '/steps.lua')
local step, wait_for_count, line_of = steps.step, steps.wait_for_count, steps.line_of
local wait = steps.wait

local function equal(got, want, what)
  if not vim.deep_equal(got, want) then
    error(('%s is %s, want %s'):format(what, vim.inspect(got), vim.inspect(want)), 2)
  end
end

local function contains(text, part, what)
  if not text:lower():find(part, 1, true) then
    error(('%s lacks %q: %s'):format(what, part, text), 2)
  end
end

-- Every drawn text of related places: { { line, text }, … } in line order.
local function drawn()
  local texts = {}
  for name, namespace in pairs(vim.api.nvim_get_namespaces()) do
    if name:match('^bpf_lsp/related/') then
      for _, mark in ipairs(vim.api.nvim_buf_get_extmarks(0, namespace, 0, -1, { details = true })) do
        for _, chunk in ipairs(mark[4].virt_text or {}) do
          if chunk[1]:match('%S') then
            table.insert(texts, { mark[2], chunk[1] })
          end
        end
      end
    end
  end
  return texts
end

local acquire, acquire_text = line_of('= bpf_skc_lookup_tcp(')
local leak, leak_text = line_of('return bpf_redirect(')
local source_buffer = vim.api.nvim_get_current_buf()

step('opening a BPF program starts the server and shows the leak at its return', function()
  equal(vim.bo.filetype, 'c', 'filetype')
  wait('the client', function()
    return bpf_lsp.client() ~= nil
  end)
  wait_for_count(1)
  local diagnostic = vim.diagnostic.get(0)[1]
  equal(diagnostic.severity, vim.diagnostic.severity.ERROR, 'severity')
  equal(diagnostic.source, 'bpf-lsp', 'source')
  equal(diagnostic.user_data.lsp.code, 'resource-lifetime/unreleased-reference', 'code')
  equal(diagnostic.lnum, leak, 'line')
  contains(diagnostic.message, 'unreleased', 'message')
end)

step('the status tells the verdict', function()
  wait('the status', function()
    return bpf_lsp.status() == 'rejected'
  end)
end)

step('related places are drawn, first where the socket was looked up', function()
  local places = require('bpf_lsp.related').places(vim.diagnostic.get(0)[1])
  equal(places[1].lnum, acquire + 1, 'line of the first place')
  contains(places[1].text, '`sk` is looked up here', 'first place')
  local texts = drawn()
  equal(#texts, #places, 'number of drawn places')
  equal(texts[1][1], acquire, 'line of the first drawn place')
  contains(texts[1][2], '1. ', 'first drawn place')
end)

step('the float lists the path', function()
  vim.api.nvim_win_set_cursor(0, { leak + 1, 2 })
  local float = vim.diagnostic.open_float()
  local text = table.concat(vim.api.nvim_buf_get_lines(float, 0, -1, false), '\n')
  contains(text, 'unreleased', 'float')
  contains(text, ('leak.bpf.c:%d:'):format(acquire + 1), 'float')
end)

step('the location list holds the diagnostic and the path', function()
  vim.api.nvim_win_set_cursor(0, { leak + 1, 2 })
  vim.cmd('BpfLspRelated')
  vim.cmd('wincmd p')
  local list = vim.fn.getloclist(0)
  vim.cmd('lclose')
  equal(list[1].lnum, leak + 1, 'line of the first entry')
  equal(list[2].lnum, acquire + 1, 'line of the second entry')
end)

step('the hover on the acquiring call tells the life of the reference', function()
  local text = steps.hover(acquire, acquire_text:find('bpf_skc', 1, true) - 1)
  contains(text, '`sk` is looked up here', 'hover')
  contains(text, 'not released here', 'hover')
end)

-- Runs a command that opens a window, and returns the text in there.
local function shown_by(command)
  vim.cmd(command)
  wait('the window of ' .. command, function()
    return vim.api.nvim_get_current_buf() ~= source_buffer
  end)
  local text = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
  vim.cmd('close')
  return text
end

step(':BpfLspLog shows the verifier log, :BpfLspCommand how the file is compiled, :BpfLspDoctor what it needs', function()
  contains(shown_by('BpfLspLog'), 'unreleased reference id=', 'log')
  contains(shown_by('BpfLspCommand'), 'leak.bpf.c', 'command line')
  contains(shown_by('BpfLspDoctor'), 'kernel types', 'doctor')
end)

-- The texts of the lenses drawn in the buffer, with their lines.
local function lenses()
  local texts = {}
  for name, namespace in pairs(vim.api.nvim_get_namespaces()) do
    if name:match('lsp[._]codelens') then
      for _, mark in ipairs(vim.api.nvim_buf_get_extmarks(source_buffer, namespace, 0, -1, { details = true })) do
        local text = ''
        for _, line in ipairs(mark[4].virt_lines or { mark[4].virt_text or {} }) do
          for _, chunk in ipairs(line) do
            text = text .. chunk[1]
          end
        end
        table.insert(texts, { mark[2], vim.trim(text) })
      end
    end
  end
  return texts
end

local function wait_for_lens(text)
  wait('the lens ' .. text, function()
    local found = lenses()
    return #found == 1 and found[1][2]:find(text, 1, true) and found[1][1] == line_of('int proxy_unless_local(')
  end)
end

step('a code lens at the program tells the verdict', function()
  wait_for_lens('rejected · Resource Lifetime Safety: unreleased resource')
end)

step('running a lens opens the report', function()
  vim.api.nvim_win_set_cursor(0, { line_of('int proxy_unless_local(') + 1, 0 })
  local select = vim.ui.select
  vim.ui.select = function(items, _, choose)
    choose(items[1])
  end
  local text = shown_by('lua vim.lsp.codelens.run()')
  vim.ui.select = select
  contains(text, 'error[resource-lifetime/unreleased-reference]', 'report')
end)

step(':BpfLspBudget tells where the instructions went', function()
  contains(shown_by('BpfLspBudget'), 'proxy_unless_local: 47 of 1000000 instructions', 'budget')
end)

-- The texts of the heat drawn in the buffer.
local function hot()
  local namespace = vim.api.nvim_get_namespaces()['bpf_lsp/heat']
  return vim.api.nvim_buf_get_extmarks(0, namespace, 0, -1, { details = true })
end

step(':BpfLspHeat draws heat at the lines, and removes it', function()
  vim.cmd('BpfLspHeat')
  wait('heat', function()
    return #hot() > 3
  end)
  contains(hot()[1][4].virt_text[2][1], ' insns · ', 'heat')
  vim.cmd('BpfLspHeat')
  equal(#hot(), 0, 'heat after the second command')
end)

step('an unsaved fix changes nothing yet; saving it clears diagnostic and drawing', function()
  vim.api.nvim_buf_set_lines(0, leak, leak + 1, false, { '\t{', '\t\tbpf_sk_release(sk);', leak_text, '\t}' })
  equal(#vim.diagnostic.get(0), 1, 'diagnostics while unsaved')
  vim.cmd('silent write')
  wait_for_count(0)
  equal(#drawn(), 0, 'number of drawn places')
  wait('the status', function()
    return bpf_lsp.status() == 'ok'
  end)
  wait_for_lens('accepted · ')
end)

step('bringing the fault back shows it again, and :BpfLspCheck keeps it', function()
  vim.api.nvim_buf_set_lines(0, leak, leak + 4, false, { leak_text })
  vim.cmd('silent write')
  wait_for_count(1)
  vim.cmd('BpfLspCheck')
  wait_for_count(1)
  equal(vim.diagnostic.get(0)[1].lnum, leak, 'line')
end)

step(':BpfLspCheckWorkspace finds the leak in a file that is not open', function()
  vim.cmd('BpfLspCheckWorkspace')
  wait('a diagnostic elsewhere', function()
    local elsewhere = vim.fn.bufnr('unopened.bpf.c')
    return elsewhere > 0 and #vim.diagnostic.get(elsewhere) == 1
  end)
  equal(#vim.diagnostic.get(source_buffer), 1, 'diagnostics of the open file')
end)

step(':BpfLspRestart starts another server that finds the same', function()
  local before = bpf_lsp.client().id
  vim.cmd('BpfLspRestart')
  wait('another client', function()
    local client = bpf_lsp.client()
    return client and client.id ~= before
  end)
  wait_for_count(1)
  equal(#vim.diagnostic.get(vim.fn.bufnr('unopened.bpf.c')), 0, 'diagnostics of a file that the other server was asked for')
end)

steps.header_steps()

step('a C file that is not BPF is left alone', function()
  vim.cmd('silent write')
  vim.cmd('edit ' .. vim.fn.expand('%:p:h') .. '/plain.c')
  equal(vim.bo.filetype, 'c', 'filetype')
  equal(bpf_lsp.client(), nil, 'client')
end)

steps.finish()
