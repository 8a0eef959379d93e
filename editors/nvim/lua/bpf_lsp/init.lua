-- SPDX-License-Identifier: GPL-2.0-only

-- Starts bpf-lsp for BPF C files and keeps one client for each project folder.
-- Works from Neovim 0.7.2 on; newer interfaces are used where they exist.

local heat = require('bpf_lsp.heat')
local lens = require('bpf_lsp.lens')
local related = require('bpf_lsp.related')

local M = {}

--- Name of the client; the commands find it by this.
M.name = 'bpf_lsp'

M.config = {
  -- Command line of the server.
  cmd = { 'bpf-lsp', 'serve' },
  -- Settings of the server; doc/bpf-lsp.txt lists them.
  settings = {},
  -- Whether projects may name the compiler to run.
  trusted = false,
  -- Directories here and their paths where the server runs, if that is a container.
  path_mappings = nil,
  -- The nearest folder upwards that holds one of these is the project.
  root_markers = { 'bpf-lsp.yaml', 'compile_commands.json', 'go.mod', '.git' },
  -- Where related places are drawn: 'virtual_text', 'virtual_lines' or false.
  related = 'virtual_text',
  -- Whether code lenses are drawn at programs, and inlay hints where Neovim can, from 0.10 on.
  code_lens = true,
  inlay_hints = true,
  -- Called as on_attach(client, bufnr).
  on_attach = nil,
  -- Client capabilities; nil takes those of Neovim.
  capabilities = nil,
}

--- Last bpf-lsp/status of each buffer: { state, message }.
local statuses = {}

--- Options to override; call it before the first C file is opened.
function M.setup(options)
  M.config = vim.tbl_deep_extend('force', M.config, options or {})
end

--- Whether a buffer holds BPF C: by its name, or by what it includes and declares at its top.
function M.is_bpf(bufnr)
  local name = vim.api.nvim_buf_get_name(bufnr)
  if name:match('%.bpf%.[ch]$') then
    return true
  end
  if not name:match('%.c$') then
    return false
  end
  for _, line in ipairs(vim.api.nvim_buf_get_lines(bufnr, 0, 200, false)) do
    if line:match('#%s*include%s*[<"]bpf/') or line:match('#%s*include%s*[<"].*bpf_helpers%.h') or line:match('^SEC%("') then
      return true
    end
  end
  return false
end

--- Whether a buffer holds a header, which Neovim takes for C++. Only the programs that include it say whether it is BPF.
local function is_header(bufnr)
  return vim.bo[bufnr].buftype == '' and vim.api.nvim_buf_get_name(bufnr):match('%.h$') ~= nil
end

--- The project folder of a buffer.
function M.root(bufnr)
  local file = vim.api.nvim_buf_get_name(bufnr)
  local start = vim.fn.fnamemodify(file, ':p:h')
  for _, marker in ipairs(M.config.root_markers) do
    local dir = start
    while true do
      if vim.loop.fs_stat(dir .. '/' .. marker) then
        return dir
      end
      local parent = vim.fn.fnamemodify(dir, ':h')
      if parent == dir then
        break
      end
      dir = parent
    end
  end
  return start
end

local function on_status(_, status)
  local bufnr = vim.uri_to_bufnr(status.uri)
  statuses[bufnr] = { state = status.state, message = status.message }
  vim.schedule(function()
    local client = M.client(bufnr)
    if client and status.state ~= 'checking' then
      if M.config.code_lens then
        lens.refresh(client, bufnr)
      end
      if M.config.inlay_hints then
        lens.hints(client, bufnr)
      end
    end
    vim.cmd('silent! doautocmd <nomodeline> User BpfLspStatus')
    vim.cmd('redrawstatus!')
  end)
end

--- What the server last said of a buffer, for a status line: "checking", "ok", "rejected", …; '' if nothing.
function M.status(bufnr)
  local status = statuses[bufnr or vim.api.nvim_get_current_buf()]
  return status and status.state or ''
end

-- Neovim clears what an ended server said of attached buffers; a check of the workspace says more.
local function on_exit(_, _, client_id)
  vim.schedule(function()
    vim.diagnostic.reset(vim.lsp.diagnostic.get_namespace(client_id))
  end)
end

--- The configuration of a client for one project folder.
function M.client_config(root)
  local options = vim.deepcopy(M.config.settings)
  options.trusted = M.config.trusted
  options.pathMappings = M.config.path_mappings
  options.showsAnswers = true
  return {
    name = M.name,
    cmd = M.config.cmd,
    root_dir = root,
    workspace_folders = { { uri = vim.uri_from_fname(root), name = vim.fn.fnamemodify(root, ':t') } },
    settings = { bpfLsp = M.config.settings },
    init_options = options,
    capabilities = M.config.capabilities,
    handlers = { ['bpf-lsp/status'] = on_status },
    on_attach = M.config.on_attach,
    on_exit = on_exit,
  }
end

--- The running clients of this plugin, by project folder.
local clients = {}

--- Attaches a header to the server that runs for a folder around it, if there is one. Returns the client's id.
local function attach_header(bufnr)
  local name = vim.api.nvim_buf_get_name(bufnr)
  for root, id in pairs(clients) do
    if vim.lsp.get_client_by_id(id) and vim.startswith(name, root .. '/') then
      vim.lsp.buf_attach_client(bufnr, id)
      return id
    end
  end
  return nil
end

--- Attaches a buffer to the server of its project, starting it if need be; headers do not start one. Returns the
--- client's id, or nil for files that are not BPF and where no server can be run.
function M.attach(bufnr)
  if bufnr == nil or bufnr == 0 then
    bufnr = vim.api.nvim_get_current_buf()
  end
  if is_header(bufnr) and not M.is_bpf(bufnr) and not M.client(bufnr) then
    return attach_header(bufnr)
  end
  if vim.bo[bufnr].buftype ~= '' or not M.is_bpf(bufnr) or M.client(bufnr) then
    return nil
  end
  related.setup(M.config.related)
  local root = M.root(bufnr)
  local id = clients[root]
  if not id or not vim.lsp.get_client_by_id(id) then
    if vim.fn.executable(M.config.cmd[1]) ~= 1 then
      vim.notify_once(
        ('bpf-lsp: %s cannot be run. Install it with "go install github.com/bpf-lsp/bpf-lsp/cmd/bpf-lsp@latest", or set cmd.'):format(
          M.config.cmd[1]
        ),
        vim.log.levels.WARN
      )
      return nil
    end
    local config = M.client_config(root)
    if vim.lsp.start then
      id = vim.lsp.start(config, { bufnr = bufnr })
    else
      id = vim.lsp.start_client(config)
    end
    clients[root] = id
    -- Headers that were opened before.
    for _, header in ipairs(vim.api.nvim_list_bufs()) do
      if id and vim.api.nvim_buf_is_loaded(header) and is_header(header) and not M.client(header) then
        attach_header(header)
      end
    end
  end
  if id then
    vim.lsp.buf_attach_client(bufnr, id)
  end
  return id
end

--- The client of this server that a buffer is attached to, however it was started.
function M.client(bufnr)
  if bufnr == nil or bufnr == 0 then
    bufnr = vim.api.nvim_get_current_buf()
  end
  if vim.lsp.get_clients then
    return vim.lsp.get_clients({ bufnr = bufnr, name = M.name })[1]
  end
  for _, client in pairs(vim.lsp.buf_get_clients(bufnr)) do
    if client.name == M.name then
      return client
    end
  end
  return nil
end

--- Runs a command of the server on a buffer's file; handler(result) gets the answer. A program's name limits it to that.
local function execute(command, bufnr, handler, program)
  local client = M.client(bufnr)
  if not client then
    vim.notify('bpf-lsp: no server is attached to this buffer', vim.log.levels.WARN)
    return
  end
  local params = { command = command, arguments = { vim.uri_from_bufnr(bufnr), program } }
  local function answer(err, result)
    if err then
      vim.notify('bpf-lsp: ' .. (err.message or tostring(err)), vim.log.levels.ERROR)
      return
    end
    handler(result)
  end
  if vim.fn.has('nvim-0.11') == 1 then
    client:request('workspace/executeCommand', params, answer, bufnr)
  else
    client.request('workspace/executeCommand', params, answer, bufnr)
  end
end

--- Checks the file on disk again.
function M.check(bufnr)
  execute('bpf-lsp.checkNow', bufnr or vim.api.nvim_get_current_buf(), function() end)
end

--- Checks all BPF programs of the project in the background; the server tells how it went.
function M.check_workspace(bufnr)
  execute('bpf-lsp.checkWorkspace', bufnr or vim.api.nvim_get_current_buf(), function() end)
end

local function nothing()
  vim.notify('bpf-lsp: nothing to show, this file has not been checked', vim.log.levels.INFO)
end

local function is_empty(answer)
  return answer == nil or answer == vim.NIL or answer == ''
end

-- The commands that answer with a text, and the schemes of the buffers that show it.
local schemes = {
  ['bpf-lsp.showVerifierLog'] = 'bpf-verifier-log',
  ['bpf-lsp.showCommandLine'] = 'bpf-compiler-command',
  ['bpf-lsp.showDoctor'] = 'bpf-doctor',
  ['bpf-lsp.showReport'] = 'bpf-report',
  ['bpf-lsp.showBudget'] = 'bpf-budget',
}

-- Shows a text about a buffer in a read-only window, with the cursor on a line of it.
local function show_text(scheme, bufnr, text, line)
  local shown = vim.fn.bufadd(scheme .. '://' .. vim.api.nvim_buf_get_name(bufnr))
  vim.bo[shown].buftype = 'nofile'
  vim.bo[shown].bufhidden = 'wipe'
  vim.bo[shown].swapfile = false
  vim.cmd('sbuffer ' .. shown)
  vim.bo[shown].modifiable = true
  vim.api.nvim_buf_set_lines(shown, 0, -1, false, vim.split(text, '\n'))
  vim.bo[shown].modifiable = false
  vim.bo[shown].modified = false
  if line then
    vim.api.nvim_win_set_cursor(0, { math.min(line + 1, vim.api.nvim_buf_line_count(shown)), 0 })
  end
end

-- Runs a command that answers with a text, and shows that.
local function show(command, bufnr, program)
  bufnr = bufnr or vim.api.nvim_get_current_buf()
  execute(command, bufnr, function(text)
    if is_empty(text) then
      nothing()
      return
    end
    show_text(schemes[command], bufnr, text)
  end, program)
end

local function show_heat(bufnr, program)
  execute('bpf-lsp.showHeat', bufnr, function(answer)
    if is_empty(answer) then
      nothing()
      return
    end
    heat.show(bufnr, answer)
  end, program)
end

-- Opens the help at a setting.
local function open_setting(name)
  local file = vim.api.nvim_get_runtime_file('doc/bpf-lsp.txt', false)[1]
  if not file then
    vim.notify('bpf-lsp: the setting is ' .. name, vim.log.levels.INFO)
    return
  end
  vim.cmd('split ' .. vim.fn.fnameescape(file))
  vim.bo.filetype = 'help'
  vim.bo.readonly = true
  vim.bo.modifiable = false
  vim.api.nvim_win_set_cursor(0, { 1, 0 })
  vim.fn.search('^  \\V' .. name .. '\\m\\s', 'cW')
end

-- Code lenses and code actions run these.
for command in pairs(schemes) do
  vim.lsp.commands[command] = function(lens_command, context)
    show(command, context.bufnr, lens_command.arguments[2])
  end
end
vim.lsp.commands['bpf-lsp.showLogAtError'] = function(action_command, context)
  execute('bpf-lsp.showLogAtError', context.bufnr, function(answer)
    if is_empty(answer) then
      nothing()
      return
    end
    show_text(schemes['bpf-lsp.showVerifierLog'], context.bufnr, answer.text, answer.line)
  end, action_command.arguments[2])
end
vim.lsp.commands['bpf-lsp.openSetting'] = function(action_command)
  open_setting(action_command.arguments[2])
end
vim.lsp.commands['bpf-lsp.showHeat'] = function(lens_command, context)
  show_heat(context.bufnr, lens_command.arguments[2])
end

--- Opens the verifier log of a file.
function M.log(bufnr)
  show('bpf-lsp.showVerifierLog', bufnr)
end

--- Opens the command that compiles a file.
function M.command_line(bufnr)
  show('bpf-lsp.showCommandLine', bufnr)
end

--- Opens what `bpf-lsp check` prints about a file.
function M.report(bufnr)
  show('bpf-lsp.showReport', bufnr)
end

--- Opens where the verification of a file's programs spent its instructions, states and stack.
function M.budget(bufnr)
  show('bpf-lsp.showBudget', bufnr)
end

--- Draws at the lines of a file what the verifier's walk took there, or removes that.
function M.heat(bufnr)
  bufnr = bufnr or vim.api.nvim_get_current_buf()
  if not heat.clear(bufnr) then
    show_heat(bufnr)
  end
end

--- Opens what a check of a file depends on: clang, flags, headers, types, cache.
function M.doctor(bufnr)
  show('bpf-lsp.showDoctor', bufnr)
end

local function stop(client, force)
  if vim.fn.has('nvim-0.11') == 1 then
    client:stop(force)
  else
    client.stop(force)
  end
end

--- Stops the servers of all projects and starts them again for the buffers that were attached.
function M.restart()
  local buffers, old = {}, {}
  for _, bufnr in ipairs(vim.api.nvim_list_bufs()) do
    local client = M.client(bufnr)
    if client then
      table.insert(buffers, bufnr)
      old[client.id] = client
    end
  end
  if #buffers == 0 then
    M.attach()
    return
  end
  for _, client in pairs(old) do
    stop(client)
  end
  -- A client is gone only when its process has ended; attaching earlier would find the old one.
  local deadline = vim.loop.now() + 5000
  local function again()
    for id, client in pairs(old) do
      if vim.lsp.get_client_by_id(id) then
        if vim.loop.now() > deadline then
          stop(client, true)
        end
        vim.defer_fn(again, 50)
        return
      end
    end
    clients = {}
    for _, bufnr in ipairs(buffers) do
      if vim.api.nvim_buf_is_valid(bufnr) then
        M.attach(bufnr)
      end
    end
  end
  again()
end

--- Lists the diagnostic under the cursor and its related places in the location list.
function M.related()
  related.to_location_list()
end

return M
