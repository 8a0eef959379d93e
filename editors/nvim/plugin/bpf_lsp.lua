-- SPDX-License-Identifier: GPL-2.0-only

if vim.g.loaded_bpf_lsp then
  return
end
vim.g.loaded_bpf_lsp = true

if vim.fn.has('nvim-0.7.2') == 0 then
  vim.notify_once('bpf-lsp needs Neovim 0.7.2 or later', vim.log.levels.WARN)
  return
end

local function command(name, description, run)
  vim.api.nvim_create_user_command(name, function()
    run(require('bpf_lsp'))
  end, { desc = description })
end

command('BpfLspCheck', 'Check this BPF file now', function(bpf_lsp)
  bpf_lsp.check()
end)
command('BpfLspCheckWorkspace', 'Check all BPF programs of the project in the background', function(bpf_lsp)
  bpf_lsp.check_workspace()
end)
command('BpfLspLog', 'Show the verifier log of this BPF file', function(bpf_lsp)
  bpf_lsp.log()
end)
command('BpfLspReport', 'Show the report on this BPF file', function(bpf_lsp)
  bpf_lsp.report()
end)
command('BpfLspBudget', 'Show where the verification of this BPF file spent what', function(bpf_lsp)
  bpf_lsp.budget()
end)
command('BpfLspHeat', 'Draw or remove what each line of this BPF file took to verify', function(bpf_lsp)
  bpf_lsp.heat()
end)
command('BpfLspCommand', 'Show how this BPF file is compiled', function(bpf_lsp)
  bpf_lsp.command_line()
end)
command('BpfLspDoctor', 'Show what a check of this BPF file depends on', function(bpf_lsp)
  bpf_lsp.doctor()
end)
command('BpfLspRestart', 'Restart the BPF language server', function(bpf_lsp)
  bpf_lsp.restart()
end)
command('BpfLspRelated', 'List the path that leads to the BPF diagnostic on this line', function(bpf_lsp)
  bpf_lsp.related()
end)

vim.api.nvim_create_autocmd('FileType', {
  group = vim.api.nvim_create_augroup('bpf_lsp', { clear = true }),
  pattern = { 'c', 'cpp' },
  desc = 'Start bpf-lsp for BPF C files and attach their headers',
  callback = function(event)
    if vim.g.bpf_lsp_autostart == false then
      return
    end
    require('bpf_lsp').attach(event.buf)
  end,
})
