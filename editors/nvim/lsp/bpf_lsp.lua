-- SPDX-License-Identifier: GPL-2.0-only

-- For vim.lsp.enable('bpf_lsp') of Neovim 0.11 and later, instead of the automatic start:
-- set vim.g.bpf_lsp_autostart = false first.

local bpf_lsp = require('bpf_lsp')
local config = bpf_lsp.client_config(vim.fn.getcwd())

return {
  cmd = config.cmd,
  filetypes = { 'c', 'cpp' },
  settings = config.settings,
  init_options = config.init_options,
  handlers = config.handlers,
  on_exit = config.on_exit,
  -- Never calling back leaves a file alone: a C file that is not BPF, and a header while no server runs.
  root_dir = function(bufnr, on_dir)
    local header = vim.api.nvim_buf_get_name(bufnr):match('%.h$') and vim.lsp.get_clients({ name = bpf_lsp.name })[1]
    if bpf_lsp.is_bpf(bufnr) or header then
      require('bpf_lsp.related').setup(bpf_lsp.config.related)
      on_dir(bpf_lsp.root(bufnr))
    end
  end,
}
