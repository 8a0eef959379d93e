-- SPDX-License-Identifier: GPL-2.0-only

-- Related places of a diagnostic: where the reference was acquired, which branches were taken. Neovim
-- keeps them but before 0.12 shows them nowhere. Here they are drawn at their own lines, appended
-- to the text of diagnostic floats, and put into the location list.

local M = {}

local style = 'virtual_text'
local source = 'bpf-lsp'

--- The related places of a diagnostic of Neovim: { file, lnum, col, text } in path order, 1-based.
function M.places(diagnostic)
  local lsp = (diagnostic.user_data or {}).lsp or {}
  local places = {}
  for _, information in ipairs(lsp.relatedInformation or {}) do
    local start = information.location.range.start
    table.insert(places, {
      file = vim.uri_to_fname(information.location.uri),
      lnum = start.line + 1,
      col = start.character + 1,
      text = information.message,
    })
  end
  return places
end

--- The text of a diagnostic with a numbered line for each related place.
function M.format(diagnostic)
  local lines = { diagnostic.message }
  for step, place in ipairs(M.places(diagnostic)) do
    local name = vim.fn.fnamemodify(place.file, ':t')
    table.insert(lines, ('  %d. %s:%d: %s'):format(step, name, place.lnum, place.text))
  end
  return table.concat(lines, '\n')
end

local function draw(namespace, place, step)
  local bufnr = vim.fn.bufnr(place.file)
  if bufnr == -1 or not vim.api.nvim_buf_is_loaded(bufnr) or place.lnum > vim.api.nvim_buf_line_count(bufnr) then
    return
  end
  local chunk = { ('%d. %s'):format(step, place.text), 'DiagnosticVirtualTextInfo' }
  local mark = { hl_mode = 'combine' }
  if style == 'virtual_lines' then
    local line = vim.api.nvim_buf_get_lines(bufnr, place.lnum - 1, place.lnum, false)[1] or ''
    local indent = line:match('^%s*'):gsub('\t', (' '):rep(vim.bo[bufnr].tabstop))
    mark.virt_lines = { { { indent .. '└ ', 'DiagnosticVirtualTextInfo' }, chunk } }
  else
    mark.virt_text = { { '  ', 'None' }, chunk }
  end
  vim.api.nvim_buf_set_extmark(bufnr, namespace, place.lnum - 1, 0, mark)
end

-- One namespace for each client and buffer with diagnostics: the places of one file's diagnostics may
-- lie in other files, and hiding them must leave alone what those files' own diagnostics drew.
local function marks_of(namespace, bufnr)
  return vim.api.nvim_create_namespace(('bpf_lsp/related/%d/%d'):format(namespace, bufnr))
end

local function clear(namespace)
  for _, bufnr in ipairs(vim.api.nvim_list_bufs()) do
    if vim.api.nvim_buf_is_loaded(bufnr) then
      vim.api.nvim_buf_clear_namespace(bufnr, namespace, 0, -1)
    end
  end
end

-- Handlers of vim.diagnostic see every change of the shown diagnostics, from any client.
local handler = {}

function handler.show(namespace, bufnr, diagnostics)
  handler.hide(namespace, bufnr)
  if not style then
    return
  end
  for _, diagnostic in ipairs(diagnostics) do
    if diagnostic.source == source then
      for step, place in ipairs(M.places(diagnostic)) do
        draw(marks_of(namespace, bufnr), place, step)
      end
    end
  end
end

function handler.hide(namespace, bufnr)
  clear(marks_of(namespace, bufnr))
end

-- open_float reads only the global options, so the format there is wrapped: other sources keep theirs.
local function extend_float()
  local float = vim.diagnostic.config().float
  local options = type(float) == 'table' and vim.deepcopy(float) or {}
  local before = options.format
  options.format = function(diagnostic)
    if diagnostic.source == source then
      return M.format(diagnostic)
    end
    return before and before(diagnostic) or diagnostic.message
  end
  vim.diagnostic.config({ float = options })
end

local ready = false

--- Starts drawing. where is 'virtual_text', 'virtual_lines' or false for floats only.
function M.setup(where)
  style = where
  if ready then
    return
  end
  ready = true
  vim.diagnostic.handlers['bpf_lsp/related'] = handler
  -- From 0.12 on floats list related places by themselves.
  if vim.fn.has('nvim-0.12') == 0 then
    extend_float()
  end
end

--- Puts the diagnostic of the cursor's line and its places into the location list and opens it.
function M.to_location_list()
  local bufnr = vim.api.nvim_get_current_buf()
  local lnum = vim.api.nvim_win_get_cursor(0)[1] - 1
  local items = {}
  for _, diagnostic in ipairs(vim.diagnostic.get(bufnr, { lnum = lnum })) do
    if diagnostic.source == source then
      local text = vim.split(diagnostic.message, '\n')[1]
      table.insert(items, { bufnr = bufnr, lnum = diagnostic.lnum + 1, col = diagnostic.col + 1, text = text, type = 'E' })
      for step, place in ipairs(M.places(diagnostic)) do
        table.insert(items, {
          filename = place.file,
          lnum = place.lnum,
          col = place.col,
          text = ('%d. %s'):format(step, place.text),
          type = 'I',
        })
      end
    end
  end
  if #items == 0 then
    vim.notify('bpf-lsp: no diagnostic on this line', vim.log.levels.INFO)
    return
  end
  vim.fn.setloclist(0, {}, ' ', { title = 'bpf-lsp', items = items })
  vim.cmd('lopen')
end

return M
