-- SPDX-License-Identifier: GPL-2.0-only

-- Where the verifier's walk went, at the ends of the lines of a program, until its text changes.

local M = {}

local namespace = vim.api.nvim_create_namespace('bpf_lsp/heat')

-- Shares of all instructions from which on a line has a highlight, strongest first.
local levels = {
  { 0.25, 'DiagnosticVirtualTextError' },
  { 0.10, 'DiagnosticVirtualTextWarn' },
  { 0.02, 'DiagnosticVirtualTextInfo' },
  { 0, 'DiagnosticVirtualTextHint' },
}

local function highlight(share)
  for _, level in ipairs(levels) do
    if share >= level[1] then
      return level[2]
    end
  end
end

--- Removes the heat of a buffer; false if there is none.
function M.clear(bufnr)
  local had = #vim.api.nvim_buf_get_extmarks(bufnr, namespace, 0, -1, {}) > 0
  vim.api.nvim_buf_clear_namespace(bufnr, namespace, 0, -1)
  return had
end

--- Draws the server's answer to bpf-lsp.showHeat.
function M.show(bufnr, heat)
  M.clear(bufnr)
  for _, line in ipairs(heat.lines) do
    if line.line < vim.api.nvim_buf_line_count(bufnr) then
      vim.api.nvim_buf_set_extmark(bufnr, namespace, line.line, 0, {
        virt_text = { { '  ', 'None' }, { line.label, highlight(line.share) } },
        hl_mode = 'combine',
      })
    end
  end
  vim.api.nvim_create_autocmd({ 'TextChanged', 'TextChangedI' }, {
    buffer = bufnr,
    once = true,
    desc = 'Heat is of the text that was checked',
    callback = function()
      M.clear(bufnr)
    end,
  })
end

return M
