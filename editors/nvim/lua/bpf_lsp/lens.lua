-- SPDX-License-Identifier: GPL-2.0-only

-- Code lenses at programs, and inlay hints. From 0.12 on Neovim keeps lenses itself; before, it requests
-- them only when told to, and until 0.10 leaves the last ones where there are none any more.

local M = {}

local method = 'textDocument/codeLens'

-- Whether a client's server has a feature, such as codeLensProvider.
local function offers(client, feature)
  local capabilities = client.server_capabilities or client.resolved_capabilities or {}
  return capabilities[feature] and true or false
end

local function clear(bufnr, client_id)
  for name, namespace in pairs(vim.api.nvim_get_namespaces()) do
    if name:match('lsp[._]codelens:' .. client_id .. '$') then
      vim.api.nvim_buf_clear_namespace(bufnr, namespace, 0, -1)
    end
  end
end

local function request(client, bufnr)
  local params = { textDocument = { uri = vim.uri_from_bufnr(bufnr) } }
  local function answer(err, result, context)
    if err or not vim.api.nvim_buf_is_loaded(bufnr) then
      return
    end
    clear(bufnr, client.id)
    vim.lsp.codelens.save(result or {}, bufnr, client.id)
    vim.lsp.codelens.display(result or {}, bufnr, client.id)
    return context
  end
  if vim.fn.has('nvim-0.11') == 1 then
    client:request(method, params, answer, bufnr)
  else
    client.request(method, params, answer, bufnr)
  end
end

-- The buffers whose edits request lenses again.
local watched = {}

--- Shows the lenses of a buffer as they are now.
function M.refresh(client, bufnr)
  if not vim.api.nvim_buf_is_loaded(bufnr) or not offers(client, 'codeLensProvider') then
    return
  end
  if vim.lsp.codelens.enable then
    vim.lsp.codelens.enable(true, { bufnr = bufnr })
    return
  end
  if not watched[bufnr] then
    watched[bufnr] = true
    vim.api.nvim_create_autocmd({ 'InsertLeave', 'TextChanged' }, {
      buffer = bufnr,
      desc = 'Request the code lenses of a BPF file again',
      callback = function()
        local now = require('bpf_lsp').client(bufnr)
        if now then
          request(now, bufnr)
        end
      end,
    })
    vim.api.nvim_create_autocmd('BufWipeout', {
      buffer = bufnr,
      callback = function()
        watched[bufnr] = nil
      end,
    })
  end
  request(client, bufnr)
end

--- Shows inlay hints in a buffer, where Neovim can.
function M.hints(client, bufnr)
  if vim.lsp.inlay_hint and vim.lsp.inlay_hint.enable and offers(client, 'inlayHintProvider') then
    vim.lsp.inlay_hint.enable(true, { bufnr = bufnr })
  end
end

return M
