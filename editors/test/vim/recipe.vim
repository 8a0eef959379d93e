" SPDX-License-Identifier: GPL-2.0-only

" From save to diagnostic in Vim, without a terminal, with a recipe of docs/editors.md as vimrc. Run by run.sh,
" which opens the program. Writes a line a step to $RECIPE_RESULTS and quits with an error if one failed.

let s:results = []
let s:failed = 0

function! s:Step(name, Body) abort
  try
    call a:Body()
    call add(s:results, 'ok   - ' . a:name)
  catch
    let s:failed += 1
    call extend(s:results, ['FAIL - ' . a:name, '       ' . v:exception])
  endtry
endfunction

function! s:Wait(what, Probe) abort
  let l:start = reltime()
  while !a:Probe()
    if reltimefloat(reltime(l:start)) > str2nr($BPF_LSP_PATIENCE)
      throw 'gave up waiting: ' . a:what
    endif
    sleep 20m
  endwhile
endfunction

function! s:Expect(text, part) abort
  if stridx(a:text, a:part) < 0
    throw printf('lacks "%s": %s', a:part, a:text)
  endif
endfunction

" The diagnostics of the buffer: { line, code, text }.
function! s:Found() abort
  let l:found = []
  if exists('*lsp#internal#diagnostics#state#_get_all_diagnostics_grouped_by_server_for_uri')
    let l:uri = lsp#utils#get_buffer_uri(bufnr('%'))
    for l:answer in values(lsp#internal#diagnostics#state#_get_all_diagnostics_grouped_by_server_for_uri(l:uri))
      for l:item in l:answer.params.diagnostics
        call add(l:found, {'line': l:item.range.start.line + 1, 'code': l:item.code, 'text': l:item.message})
      endfor
    endfor
    return l:found
  endif
  for l:item in get(get(g:ale_buffer_info, bufnr('%'), {}), 'loclist', [])
    call add(l:found, {'line': l:item.lnum, 'code': get(l:item, 'code', ''), 'text': l:item.text})
  endfor
  return l:found
endfunction

function! s:OpenShowsLeak() abort
  call s:Wait('a diagnostic', {-> len(s:Found()) == 1})
  let l:first = s:Found()[0]
  let s:leak = search('return bpf_redirect(', 'wn')
  if l:first.line != s:leak
    throw 'in line ' . l:first.line
  endif
  call s:Expect(l:first.code, 'resource-lifetime/unreleased-reference')
  call s:Expect(l:first.text, 'Unreleased resource: `sk`')
endfunction

function! s:FixClears() abort
  let l:text = getline(s:leak)
  call setline(s:leak, "\t{")
  call append(s:leak, ["\t\tbpf_sk_release(sk);", l:text, "\t}"])
  silent write
  call s:Wait('no diagnostics', {-> empty(s:Found())})
  silent undo
  silent write
  call s:Wait('the diagnostic', {-> len(s:Found()) == 1})
endfunction

" The text of the hover at some text, as ALE shows it.
function! s:VariableIsTold() abort
  call search('tcp + 1)', 'w')
  call s:Expect(s:HoverHere(), 'packet + 34')
endfunction

" What is drawn of the line with the program, lenses included.
function! s:Lenses() abort
  call search('^int proxy_unless_local', 'w')
  redraw
  let l:row = screenpos(win_getid(), line('.'), 1).row
  return join(map(range(1, &columns), 'screenstring(l:row, v:val)'), '')
endfunction

function! s:LensTellsVerdict() abort
  call s:Wait('a lens: rejected', {-> stridx(s:Lenses(), 'rejected') >= 0})
endfunction

" ALE asks for the number of an action. This answers for the user, in a file of the name that Vim wants.
function! s:AnswerAll(number) abort
  let l:dir = tempname() . '/autoload/ale'
  call mkdir(l:dir, 'p')
  call writefile(['function! ale#util#Input(message, value, ...) abort', '  return ' . string(a:number), 'endfunction'], l:dir . '/util.vim')
  runtime autoload/ale/util.vim
  execute 'source' l:dir . '/util.vim'
endfunction

function! s:FirstActionClears() abort
  call s:AnswerAll('1')
  call cursor(s:leak, stridx(getline(s:leak), 'bpf_redirect') + 1)
  ALECodeAction
  call s:Wait('the change', {-> count(join(getline(1, '$')), 'bpf_sk_release(sk);') == 2})
  silent write
  call s:Wait('no diagnostics', {-> empty(s:Found())})
  call s:Wait('a lens: accepted', {-> stridx(s:Lenses(), 'accepted') >= 0})
  silent undo
  silent write
  call s:Wait('the diagnostic', {-> len(s:Found()) == 1})
endfunction

function! s:Edit(name) abort
  execute 'silent edit' fnamemodify(bufname('%'), ':p:h') . '/' . a:name
endfunction

function! s:HeaderShowsItsFault() abort
  call s:Edit('count.bpf.c')
  call s:Edit('count.h')
  call s:Expect(&filetype, 'cpp')
  call s:Wait('a diagnostic', {-> len(s:Found()) == 1})
  let l:first = s:Found()[0]
  if l:first.line != search('\*value += 1', 'wn')
    throw 'in line ' . l:first.line
  endif
endfunction

" The text of a hover in a line. ALE shows it in the preview window, after it has sent what was typed.
function! s:Hover(line) abort
  call cursor(a:line, 2)
  return s:HoverHere()
endfunction

function! s:HoverHere() abort
  let g:ale_hover_to_preview = 1
  pclose
  ALEHover
  call s:Wait('a hover', {-> !empty(filter(range(1, winnr('$')), 'getwinvar(v:val, "&previewwindow")'))})
  let l:window = filter(range(1, winnr('$')), 'getwinvar(v:val, "&previewwindow")')[0]
  let l:text = join(getbufline(winbufnr(l:window), 1, '$'), "\n")
  pclose
  return l:text
endfunction

function! s:HeaderAnswersHovers() abort
  let l:fault = search('\*value += 1', 'wn')
  call s:Expect(s:Hover(l:fault), 'NULL')
  call append(1, '/* above */')
  call s:Expect(s:Hover(l:fault + 1), 'NULL')
  silent undo
endfunction

function! s:TypedHeaderIsChecked() abort
  let l:fault = search('\*value += 1', 'wn')
  for l:connection in keys(ale#lsp_linter#GetLSPLinterMap())
    call ale#lsp#Send(l:connection, [1, 'workspace/didChangeConfiguration', {'settings': {'bpfLsp': {'checkOn': 'type'}}}])
  endfor
  call append(l:fault - 1, "\tif (value)")
  ALELint
  call s:Wait('no diagnostics', {-> empty(s:Found())})
  silent undo
  ALELint
  call s:Wait('the diagnostic', {-> len(s:Found()) == 1})
  silent write
endfunction

function! s:SavedHeaderIsChecked() abort
  let l:fault = search('\*value += 1', 'wn')
  call append(l:fault - 1, "\tif (value)")
  silent write
  call s:Wait('no diagnostics', {-> empty(s:Found())})
  silent undo
  silent write
  call s:Wait('the diagnostic', {-> len(s:Found()) == 1})
endfunction

function! s:OthersAreLeftAlone() abort
  call s:Edit('plain.c')
  sleep 500m
  if !empty(s:Found())
    throw string(s:Found())
  endif
endfunction

function! s:Run(timer) abort
  call s:Step('opening a BPF program shows the leak at its return', function('s:OpenShowsLeak'))
  if exists(':ALEHover')
    call s:Step('the hover on a variable tells its value', function('s:VariableIsTold'))
    call s:Step('a lens tells that the program is rejected', function('s:LensTellsVerdict'))
    call s:Step('the first action at the leak, once saved, clears the diagnostic and turns the lens', function('s:FirstActionClears'))
  endif
  call s:Step('saving a fix clears the diagnostic, undoing it brings it back', function('s:FixClears'))
  call s:Step('a fault in a header is shown there', function('s:HeaderShowsItsFault'))
  call s:Step('saving the mended header clears the diagnostic, undoing it brings it back', function('s:SavedHeaderIsChecked'))
  if exists(':ALEHover')
    call s:Step('hovers in a header answer, and follow lines that are not saved', function('s:HeaderAnswersHovers'))
    call s:Step('with checkOn "type" a mended header is checked before it is saved', function('s:TypedHeaderIsChecked'))
  endif
  call s:Step('a C file that is not BPF shows nothing', function('s:OthersAreLeftAlone'))
  call add(s:results, printf('%d passed, %d failed', len(filter(copy(s:results), 'v:val =~# "^ok"')), s:failed))
  call writefile(s:results, $RECIPE_RESULTS)
  execute s:failed ? 'cquit' : 'qall!'
endfunction

" Plugins start their servers from the command loop, so let that run first.
call timer_start(100, function('s:Run'))
