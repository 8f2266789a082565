-- book.lua: the one filter of the book, for pandoc 2.17 and later (PDF, web, EPUB).
--
-- Run by book/build.sh from the top folder.  Whatever is wrong stops the build with
-- one sentence.  A chapter's number is that of its file: book/06-mlp.md is chapter 6.
--
--   ```{.c file="06-mlp/mlp.c" fn="relu_forward" caption=".." #lst:relu}
--       Quotes from solutions/ (00-kit/ from chapters/, data/ as it is) a function,
--       struct, enum, #define or several, with the comment above.  .stub quotes what
--       stub.awk makes of it, and .signature and .nocomment less than the whole.
--   ::: {.exercise number="6.3"}   holds the .stub of that exercise; @ex:6.3
--   ::: {.question #q:x title=".."}  and .bughunt, with ::: answer inside, which the
--       students' edition moves to the back.  Also .pitfall, .note, .checkpoint.
--   ::: solution, ::: instructor, ::: student   by -M edition=student|instructor
--   [06-mlp:epoch=10,seed=1:loss]{.value digits=3 scale=100}
--       A cell of plots/results/06-mlp.tsv, whose first line "# epoch\tloss" names the
--       columns.  Rows by col=value, first, last, min(col), max(col): one must be left.
--       sci=2, format="%g"; [A / B]{.value}, also - and +, of two cells.
--   ```{.results run="06-mlp" rows="1-3 .. last" where="seed=1" cols="epoch, loss: Loss"
--       digits="0,3" scale="1,1" caption=".." #tbl:x}     a table from a run;
--       with .screen as it stands on the screen.
--   ![caption](06-mlp-loss){#fig:x width=80% alt=".."}    build/plots/06-mlp-loss.*
--   ::: {#fig:x .figures caption=".."}                    several beside each other
--   $$..$$ {#eq:x}    : caption {#tbl:x}    #sec:x        labels; @eq:x refers to one
--   [term]{.index}, [..]{.index term="loss!squared"}, []{.index term=".."}
local stringify = pandoc.utils.stringify
local TEX = FORMAT:match 'latex' ~= nil
local WIDTH = 88                             -- columns of code that fit the page
local HEAVY = 300000                         -- bytes: a larger SVG is shown as PNG
local WORD = { fig = 'Figure', tbl = 'Table', eq = 'Equation', lst = 'Listing', ex = 'Exercise',
               sec = 'Section', ch = 'Chapter', q = 'Question', bug = 'Bug hunt' }
local BOX = { exercise = 'Exercise', question = 'Question', bughunt = 'Bug hunt', pitfall = 'Pitfall',
              note = 'Note', checkpoint = 'Checkpoint', solution = 'Solution', instructor = 'For the instructor' }
local edition, site, partial = 'student', nil, false

local labels, num = {}, {}                   -- what @label refers to; the last number of each kind
local chapter, chapters, section = nil, {}, 0
local inanswer = false

local file                                   -- the one being read
local function die(fmt, ...)
  io.stderr:write('book: ', file and file .. '.md: ' or '', string.format(fmt, ...), '\n')
  os.exit(1)
end
local function tex(s) return pandoc.RawInline('latex', s) end
local function texb(s) return pandoc.RawBlock('latex', s) end
local function html(s) return pandoc.RawBlock('html', s) end
local function anchor(id) return (id:gsub(':', '-')) end
local function kind(id) return id:match '^(%a+):' end
local function has(x, class) return x.classes:includes(class) end
local function split(s, sep)
  local t = {}
  for part in (s .. sep):gmatch('(.-)' .. sep:gsub('%p', '%%%0')) do t[#t + 1] = part:match '^%s*(.-)%s*$' end
  return t
end
local function texescape(s)
  return (s:gsub('[\\{}$&#%%_^~]', { ['\\'] = '\\textbackslash{}', ['^'] = '\\^{}', ['~'] = '\\~{}' , ['{'] = '\\{', ['}'] = '\\}',
    ['$'] = '\\$', ['&'] = '\\&', ['#'] = '\\#', ['%'] = '\\%', ['_'] = '\\_' }))
end
local function read(path)
  local f = io.open(path)
  if not f then return nil end
  local s = f:read 'a'
  f:close()
  return s
end
local function lines(text)
  local t = {}
  for l in (text:gsub('\n$', '') .. '\n'):gmatch '(.-)\n' do t[#t + 1] = l end
  return t
end
local function output(command)
  local p = io.popen(command)
  local s = p:read 'a'
  p:close()
  return s
end
local function inlines(markdown)             -- of a caption or title in an attribute
  local b = pandoc.read(markdown or '', 'markdown').blocks[1]
  return b and b.content or pandoc.Inlines {}
end

local function label(id, k, n)
  if id == '' then return end
  if inanswer then die('label %s is inside an answer, which has no numbers of its own', id) end
  if labels[id] then die('label %s is defined twice', id) end
  labels[id] = { kind = k, n = n }
end
local function number(id, k)                 -- the next number of its kind in this chapter
  if not chapter then die('%s %s stands before the first chapter', WORD[k], id) end
  num[k] = (num[k] or 0) + 1
  local n = chapter.n .. '.' .. num[k]
  label(id, k, n)
  return n
end

---------------------------------------------------------------- sources
local sources, stubs, exercises = {}, {}, {}  -- exercises: number -> {fn, star, path}

local function path_of(file)
  if not file:match '^data/' then file = (file:match '^00%-' and 'chapters/' or 'solutions/') .. file end
  return file
end
local function source(path)
  if not sources[path] then
    sources[path] = lines(read(path) or die('no file %s to quote from', path))
    local n, star
    for _, l in ipairs(sources[path]) do
      if l:match '^/%*' then n, star = l:match '^/%* Exercise ([%d.]+)(%*?):' end
      local fn = n and l:match '^%a.-([%w_]+)%s*%('
      if fn then exercises[n] = { fn = fn, star = star, path = path }; n = nil end
    end
  end
  return sources[path]
end
local function stub(path)
  if not stubs[path] then stubs[path] = lines(output('awk -f solutions/stub.awk ' .. path)) end
  return stubs[path]
end
local function exercise_of(path, fn)
  for n, e in pairs(exercises) do if e.path == path and e.fn == fn then return n, e end end
end

-- The lines of the definition of a name: where its comment, itself and its body begin,
-- and where it ends.  Definitions begin in column 0, bodies end with a brace there.
local function definition(t, name)
  local word, at, last = '%f[%w_]' .. name .. '%f[^%w_]', nil, nil
  for i, l in ipairs(t) do
    if l:match('^#%s*define%s+' .. name .. '%f[^%w_]') then
      at, last = i, i
      while t[last]:match '\\$' do last = last + 1 end
      break
    end
    if l:match('^%a[%w%s]*' .. word .. '%s*{') or l:match('^enum.*{.*' .. word) or l:match('^%a[^()]*' .. word .. '[%[%]%d%w_ ]*=')
       or l:match('^[%a_].*' .. word .. '%s*%(') and not l:match '^_' then
      local j = i
      while t[j] and not t[j]:match '[{;]' do j = j + 1 end
      if t[j] and t[j]:match '^[^;]*{' then at, last = i, j; break end
    end
  end
  if not at then return end
  local body = last
  if not t[at]:match '^#' and not t[last]:match '}%s*;?%s*$' and not t[last]:match '}%s*;%s*//' then
    repeat last = last + 1 until not t[last] or t[last]:match '^}'
  end
  if not t[last] then return end
  local first = at
  while first > 1 and t[first - 1]:match '^__attribute__' do first = first - 1 end
  at = first
  if first > 1 and t[first - 1]:match '%*/%s*$' then
    repeat first = first - 1 until first == 1 or t[first]:match '^/%*'
  else
    while first > 1 and t[first - 1]:match '^//' do first = first - 1 end
  end
  return first, at, body, last
end

local function quote(cb)                     -- the text of a quoting block
  local a, out = cb.attributes, {}
  local path = path_of(a.file)
  if not a.fn then die('%s: name what to quote: fn=".."', a.file) end
  source(path)
  for name in a.fn:gmatch '%S+' do
    local t = has(cb, 'stub') and stub(path) or source(path)
    local first, at, body, last = definition(t, name)
    local n, e = exercise_of(path, name)
    if not first then die('%s has no function, struct, enum or #define %s', path, name) end
    if has(cb, 'stub') then
      if not n then die('%s in %s is no exercise; quote it without .stub', name, path) end
      e.quoted = true
    elseif n and edition == 'student' and not has(cb, 'signature') then
      die('%s is exercise %s, and its code would spoil it: quote it with .stub', name, n)
    end
    if has(cb, 'signature') then
      last = body
      if t[last]:match '^{' then last = last - 1 end
    end
    if #out > 0 then out[#out + 1] = '' end
    for i = has(cb, 'nocomment') and at or first, last do out[#out + 1] = t[i] end
  end
  return table.concat(out, '\n'), path
end

local function solution(cb)                   -- of a .stub block
  local text = quote(pandoc.CodeBlock('', pandoc.Attr('', { 'c', 'nocomment' }, { file = cb.attributes.file, fn = cb.attributes.fn })))
  return (text:gsub('#ifdef BUGGY\n.-#else\n', ''):gsub('#endif\n', ''))  -- of a bug hunt, the right version
end

local function fits(text, where)
  for _, l in ipairs(lines(text)) do
    local width = utf8.len(l) or #l
    if width > WIDTH then die('%s: %d columns, %d fit: %s', where, width, WIDTH, l) end
  end
end

---------------------------------------------------------------- results of runs
local runs = {}

local function results(run)
  if runs[run] then return runs[run] end
  local path = 'plots/results/' .. run .. '.tsv'
  local text = read(path) or die('no results %s', path)
  local t = { path = path, text = lines(text), cols = {}, rows = {} }
  for i, l in ipairs(t.text) do
    local cells = split(l:gsub('^# *', ''), '\t')
    if i == 1 then
      if not l:match '^#' then die('%s: the first line must be "# " and the names of the columns', path) end
      for c, name in ipairs(cells) do t.cols[name] = c; t.cols[c] = name end
    elseif not l:match '^#' and l:match '%S' then
      cells.line = i
      t.rows[#t.rows + 1] = cells
    end
  end
  runs[run] = t
  return t
end
local function column(t, name)
  return t.cols[name] or die('%s has no column %s; it has %s', t.path, name, table.concat(t.cols, ', '))
end
local function cell(t, row, c) return tonumber(row[c]) or die('%s:%d: %s is no number', t.path, row.line, row[c] or 'nothing') end

-- The rows that fit "epoch=10,seed=1", "last", "max(accuracy)", one condition after the other.
local function select_rows(t, conditions)
  local rows = t.rows
  for _, cond in ipairs(split(conditions, ',')) do
    local left, name, value = {}, cond:match '^([^=]+)=(.*)$'
    local best, of = cond:match '^(m[axin]+)%((.+)%)$'
    if cond == 'last' then left = { rows[#rows] }
    elseif cond == 'first' then left = { rows[1] }
    elseif best then
      local c = column(t, of)
      for _, r in ipairs(rows) do
        if not left[1] or best == 'max' and cell(t, r, c) > cell(t, left[1], c)
           or best == 'min' and cell(t, r, c) < cell(t, left[1], c) then left[1] = r end
      end
    elseif name then
      local c = column(t, name)
      for _, r in ipairs(rows) do
        if r[c] == value or tonumber(value) and tonumber(r[c]) == tonumber(value) then left[#left + 1] = r end
      end
    elseif cond ~= '' then die('%s: the row "%s" is not of the form column=value, first, last, min(column), max(column)', t.path, cond)
    else left = rows end
    if #left == 0 then die('%s has no row %s', t.path, conditions) end
    rows = left
  end
  return rows
end

local function show(value, a)                -- a cell as the attributes want it
  local x = tonumber(value)
  if not x then return value end
  if a.scale then x = x * tonumber(a.scale) end
  if a.format then return string.format(a.format, x) end
  local s = a.digits and string.format('%.' .. a.digits .. 'f', x) or a.scale and string.format('%.10g', x) or tostring(value)
  local sign, whole, rest = s:match '^(-?)(%d+)(.*)$'
  if not whole then return s end
  if #whole > (a.most or 4) then whole = whole:reverse():gsub('(%d%d%d)', '%1,'):reverse():gsub('^,', '') end
  return (sign ~= '' and '\u{2212}' or '') .. whole .. rest
end

local function value(s)
  local a, text = s.attributes, stringify(s)
  local x
  local one, op, two = text:match '^(%S+) ([-+/]) (%S+)$'
  local function look(ref)
    local run, row, name = ref:match '^([^:]+):(.+):([^:]+)$'
    if not run then die('[%s]{.value} is not of the form run:row:column', text) end
    local t = results(run)
    local rows, c = select_rows(t, row), column(t, name)
    if #rows > 1 then die('%s: %d rows fit %s; say which', t.path, #rows, row) end
    return rows[1][c], op and cell(t, rows[1], c)
  end
  if op then
    local _, p = look(one)
    local _, q = look(two)
    x = op == '/' and p / q or op == '-' and p - q or p + q
    if not (a.digits or a.format or a.sci) then die('[%s]{.value} needs digits=', text) end
  else x = look(text) end
  if a.sci then
    local m, e = string.format('%.' .. a.sci .. 'e', tonumber(x) * (tonumber(a.scale) or 1)):match '^(.*)e(.*)$'
    return pandoc.Math('InlineMath', m .. ' \\times 10^{' .. tonumber(e) .. '}')
  end
  return pandoc.Str(show(x, a))
end

local function chosen(t, a)                  -- the rows of a block, '..' among them
  local from, out = select_rows(t, a.where or ''), {}
  for item in (a.rows or '1-' .. #from):gmatch '%S+' do
    local i, j = item:match '^(%d+)%-?(%d*)$'
    if item == '..' then out[#out + 1] = '..'
    elseif item == 'first' then out[#out + 1] = from[1]
    elseif item == 'last' then out[#out + 1] = from[#from]
    elseif i then
      for k = tonumber(i), tonumber(j) or tonumber(i) do
        out[#out + 1] = from[k] or die('%s has only %d rows, not %d', t.path, #from, k)
      end
    else die('%s: rows="%s" are numbers, ranges, first, last and ..', t.path, a.rows) end
  end
  return out
end

local function results_screen(t, rows)       -- tabs made wide enough to stand in columns
  local wide, out = {}, {}
  local all = { split(t.text[1], '\t') }
  for _, r in ipairs(rows) do all[#all + 1] = r == '..' and { '...' } or split(t.text[r.line], '\t') end
  for _, r in ipairs(all) do for c, s in ipairs(r) do wide[c] = math.max(wide[c] or 0, #s) end end
  for i, r in ipairs(all) do
    out[i] = ''
    for c, s in ipairs(r) do out[i] = out[i] .. (c < #r and s .. (' '):rep(wide[c] + 2 - #s) or s) end
  end
  return table.concat(out, '\n')
end

local function results_table(t, rows, a)
  local names, heads, aligns = {}, {}, {}
  for i, c in ipairs(a.cols and split(a.cols, ',') or t.cols) do
    local name, head = c:match '^([^:]-)%s*:%s*(.+)$'
    names[i] = column(t, name or c)
    heads[i] = { pandoc.Plain(inlines(head or name or c)) }
  end
  local digits, scale, body, most = split(a.digits or '', ','), split(a.scale or '', ','), {}, {}
  for c, from in ipairs(names) do            -- beside 10,000 stands 1,000
    for _, r in ipairs(rows) do if math.abs(tonumber(r[from]) or 0) * (tonumber(scale[c]) or 1) >= 1e4 then most[c] = 3 end end
  end
  for i, r in ipairs(rows) do
    body[i] = {}
    for c, from in ipairs(names) do
      local d, s = digits[c], scale[c]
      local text = r == '..' and '' or show(r[from] or '', { most = most[c], digits = d ~= '' and d or nil, scale = s ~= '' and s ~= '1' and s or nil })
      if r ~= '..' then aligns[c] = tonumber(r[from]) and (aligns[c] or 'AlignRight') or 'AlignLeft' end
      body[i][c] = { pandoc.Plain { r == '..' and pandoc.Math('InlineMath', '\\vdots') or pandoc.Str(text) } }
    end
  end
  local widths = {}
  for i = 1, #names do widths[i] = 0 end
  return pandoc.utils.from_simple_table(pandoc.SimpleTable(inlines(a.caption), aligns, widths, heads, body))
end

---------------------------------------------------------------- code
local Table

local function innerhead(text)               -- within a box
  return TEX and pandoc.Plain { tex('\\innerhead{' .. text .. '}') } or pandoc.Div(pandoc.Plain { pandoc.Str(text) }, { class = 'innerhead' })
end

local function listing(cb, caption, id, where)
  local n = #lines(cb.text)
  if not caption then
    if id ~= '' then die('%s: a listing without caption has no number', id) end
    if not TEX then return pandoc.Div { cb } end
    if n > 10 then return pandoc.Div { texb(('\\keep{%d}'):format(math.min(n, 24))), cb, texb '\\nextflush' } end
    return pandoc.Div { texb '\\begin{together}', cb, texb '\\end{together}' }
  end
  local number = number(id, 'lst')
  if TEX then
    local head = pandoc.Inlines { tex(('\\keep{%d}\\begin{codelisting}{%s}{%s}{%s}{'):format(math.min(n, 24) + 2, number, id ~= '' and '\\label{' .. id .. '}' or '', texescape(where))) }
    head:extend(inlines(caption))
    head:insert(tex '}')
    return pandoc.Div { pandoc.Plain(head), cb, texb '\\end{codelisting}' }
  end
  local head = pandoc.Inlines { pandoc.Strong('Listing ' .. number), pandoc.Space(), pandoc.Span(inlines(caption)) }
  if where ~= '' then head:insert(pandoc.Span(pandoc.Code(where), { class = 'where' })) end
  return pandoc.Div({ pandoc.Div(pandoc.Plain(head), { class = 'caption' }), cb }, { id = anchor(id), class = 'listing' })
end

local function CodeBlock(cb)
  local a, id, where = cb.attributes, cb.identifier, ''
  local caption, classes = a.caption, cb.classes
  if has(cb, 'results') then
    local t = results(a.run or die('a .results block needs run=".."'))
    local rows = chosen(t, a)
    if not has(cb, 'screen') then
      local tb = results_table(t, rows, a)
      if id ~= '' then
        local inl = tb.caption.long[1].content
        inl:extend { pandoc.Space(), pandoc.Str('{#' .. id .. '}') }
        tb.caption.long = { pandoc.Plain(inl) }
      end
      return Table(tb), false
    end
    cb = pandoc.CodeBlock(results_screen(t, rows), { class = 'screen' })
    where = a.run .. '.tsv'
  elseif a.file then
    local path
    cb.text, path = quote(cb)
    where = a.file
    fits(cb.text, path)
    if has(cb, 'stub') and edition == 'instructor' then
      local whole = solution(cb)
      fits(whole, path)
      return pandoc.Div { listing(pandoc.CodeBlock(cb.text, pandoc.Attr('', { 'c' })), caption, id, where),
        innerhead 'Solution', pandoc.CodeBlock(whole, pandoc.Attr('', { 'c' })) }, false
    end
    cb = pandoc.CodeBlock(cb.text, pandoc.Attr('', { 'c' }))
  else
    fits(cb.text, 'code in the text')
    cb = pandoc.CodeBlock(cb.text, pandoc.Attr('', classes))
  end
  return listing(cb, caption, id, where), false
end

---------------------------------------------------------------- figures
local function picture(src)                  -- the file of a figure, copied to where the page finds it
  if src:match '[/.]' then die('figure %s: give a name that plots/NN-name.gp declares, no folder and no suffix', src) end
  local base = 'build/plots/' .. src
  local want = base .. (TEX and '.pdf' or '.svg')
  local data = read(want)
  if data and not TEX and #data > HEAVY then want = base .. '.png'; data = read(want) end
  if not data then die('no figure %s: does a script in plots/ declare "# figure %s"?', want, src) end
  if not site then return want end
  local f = assert(io.open(site .. '/' .. want:match '[^/]+$', 'wb'))
  f:write(data)
  f:close()
  return want:match '[^/]+$'
end

local function figure(id, caption, images)
  local n = number(id, 'fig')
  for i, img in ipairs(images) do
    if #images > 1 and img.identifier ~= '' then
      label(img.identifier, 'fig', n .. '(' .. string.char(96 + i) .. ')')
      labels[img.identifier].of, labels[img.identifier].part = id, string.char(96 + i)
    end
  end
  local function width(img) return img.attributes.width or (#images > 1 and math.floor(98 / #images) or 100) .. '%' end
  if TEX then
    local s = { '\\begin{figure}[htbp]\\centering' }
    for i, img in ipairs(images) do
      local w = width(img):match '^([%d.]+)%%$'
      s[#s + 1] = ('\\includegraphics[width=%s]{%s}%s'):format(w and w / 100 .. '\\linewidth' or width(img), picture(img.src), i < #images and '\\hfill' or '')
    end
    local inl = pandoc.Inlines { tex(table.concat(s, '%\n') .. '\n\\caption{') }
    inl:extend(caption)
    inl:insert(tex('}' .. (id ~= '' and '\\label{' .. id .. '}' or '') .. '\\end{figure}'))
    return pandoc.Plain(inl)
  end
  local imgs = pandoc.Inlines {}
  for _, img in ipairs(images) do
    local alt = img.attributes.alt or stringify(img.caption)
    imgs:insert(pandoc.Image(alt ~= '' and alt or stringify(caption), picture(img.src), '',
      { id = #images > 1 and anchor(img.identifier) or '', style = 'width:' .. width(img) }))
  end
  local cap = pandoc.Inlines { pandoc.Strong('Figure ' .. n), pandoc.Space() }
  cap:extend(caption)
  return pandoc.Div({ html '<figure>', pandoc.Plain(imgs), html '<figcaption>', pandoc.Plain(cap), html '</figcaption></figure>' },
    { id = anchor(id), class = 'fig' })
end

local function Figure(f)                     -- pandoc 3: a lone image is a block of its own
  local img
  f:walk { Image = function(i) img = i end }
  if not img then return end
  local cap = f.caption.long[1]
  return figure(f.identifier, cap and cap.content or {}, { img }), false
end

---------------------------------------------------------------- paragraphs, tables
local function Para(p)
  local c = p.content
  if #c == 1 and c[1].t == 'Image' then return figure(c[1].identifier, c[1].caption, { c[1] }), false end
  local out, i, changed = pandoc.Inlines {}, 1, false
  while i <= #c do
    local x, y, z = c[i], c[i + 1], c[i + 2]
    local s = y and y.t == 'Str' and y or y and (y.t == 'Space' or y.t == 'SoftBreak') and z and z.t == 'Str' and z
    local id, rest
    if s and x.t == 'Math' and x.mathtype == 'DisplayMath' then id, rest = s.text:match '^{#(eq:[%w_.-]+)}(.*)$' end
    if id then
      changed = true
      local n = number(id, 'eq')
      if TEX then out:insert(tex('\\begin{equation}\\label{' .. id .. '}' .. x.text .. '\\end{equation}'))
      else out:insert(pandoc.Span({ x, pandoc.Span('(' .. n .. ')', { class = 'eqno' }) }, { id = anchor(id), class = 'equation' })) end
      i = i + (s == y and 1 or 2)
      if rest ~= '' then out:insert(pandoc.Str(rest)) end
    else out:insert(x) end
    i = i + 1
  end
  if changed then return pandoc.Para(out) end
end

function Table(t)
  local last = t.caption.long[#t.caption.long]
  if not last or #last.content == 0 then
    return TEX and pandoc.Div { texb '\\begingroup\\def\\LTcaptype{none}', t, texb '\\endgroup' } or t, false
  end
  local inl = last.content
  local own = t.attr.identifier:match '^tbl:.+'          -- pandoc 3 has read it already
  local id = own or inl[#inl].t == 'Str' and inl[#inl].text:match '^{#(tbl:[%w_.-]+)}$'
  if own then t.attr = pandoc.Attr('', t.attr.classes, t.attr.attributes)
  elseif id then
    inl:remove(#inl)
    if #inl > 0 and inl[#inl].t == 'Space' then inl:remove(#inl) end
  end
  local n = number(id or '', 'tbl')
  if TEX then
    if id then inl:insert(tex('\\label{' .. id .. '}')) end
    last.content = inl
    t.caption.long = { last }
    return pandoc.Div { texb(('\\keep{%d}'):format(math.min(#t.bodies[1].body, 24) * 1.4 // 1 + 7)), t }, false
  else
    inl:insert(1, pandoc.Space())
    inl:insert(1, pandoc.Strong('Table ' .. n))
    t.attr = pandoc.Attr(id and anchor(id) or '', t.attr.classes, t.attr.attributes)
  end
  last.content = inl
  t.caption.long = { last }
  return t
end

---------------------------------------------------------------- boxes
local function height(blocks)                -- about, in lines of code, to keep a box on one page
  local n = 4
  for _, b in ipairs(blocks) do
    if b.t == 'Div' then if not (edition == 'student' and (has(b, 'solution') or has(b, 'instructor'))) then n = n + height(b.content) - 2 end
    elseif b.t == 'CodeBlock' then
      local code = b.attributes.file and quote(b) or b.text
      n = n + #lines(code) + 1
      if has(b, 'stub') and edition == 'instructor' then n = n + #lines(solution(b)) + 3 end
    elseif b.content and b.t:match 'List$' then for _, item in ipairs(b.content) do n = n + height(item) - 3.5 end
    elseif b.content then
      n = n + math.ceil(#stringify(b) / 84) * 1.18 + 0.5
      b:walk { Math = function(m) if m.mathtype == 'DisplayMath' then n = n + 2 + 2 * select(2, m.text:gsub('\\\\', '')) end end }
    else n = n + 8 end
  end
  return n
end

local function Div(d)
  if d.identifier == 'refs' then return nil end
  if has(d, 'figures') then
    local images = {}
    d:walk { Image = function(i) images[#images + 1] = i end }
    return figure(d.identifier, inlines(d.attributes.caption), images), false
  end
  local only = (has(d, 'instructor') or has(d, 'solution')) and 'instructor' or has(d, 'student') and 'student'
  if only and only ~= edition then return {}, false end
  if has(d, 'answerentry') then inanswer = true; return nil end
  local k
  for _, c in ipairs(d.classes) do if BOX[c] then k = c end end
  if not k then return nil end

  local a, head, n, id, where = d.attributes, BOX[k], nil, d.identifier, ''
  if k == 'exercise' then
    local found
    n = (a.number or die('an exercise box needs number="%s.1"', chapter.n)):match '^[%d.]+'
    d:walk { CodeBlock = function(cb)
      if has(cb, 'stub') and cb.attributes.file then
        where = cb.attributes.file
        local path = path_of(where)
        source(path)
        for fn in (cb.attributes.fn or ''):gmatch '%S+' do if exercise_of(path, fn) == n then found = true end end
      end
    end }
    if not found then die('the box of exercise %s does not quote its function with .stub', n) end
    id = 'ex:' .. n
    label(id, 'ex', n)
    n = n .. (exercises[n].star == '*' and '*' or '')
  elseif k == 'question' or k == 'bughunt' then
    n = a.number
    if id ~= '' then label(id, k == 'question' and 'q' or 'bug', n) end
  end
  local title, note = inlines(a.title), a.answer or ''
  if TEX then
    local h = pandoc.Inlines { tex(('\\begin{%sbox}{%s}{'):format(k, n or '')) }
    h:extend(title)
    if note ~= '' then where = ('\\hyperref[%s]{answer: page~\\pageref*{%s}}'):format(note, note)
    elseif where ~= '' then where = '\\texttt{' .. texescape(where) .. '}' end
    h:insert(tex('}{' .. where .. '}' .. (id ~= '' and '\\phantomsection\\label{' .. id .. '}' or '')))
    local tall = height(d.content)
    local b = pandoc.Blocks { texb(tall < (edition == 'student' and 32 or 36) and ('\\keep{%d}'):format(tall // 1) or '\\keep{9}'), pandoc.Plain(h) }
    b:extend(d.content)
    b:insert(texb('\\end{' .. k .. 'box}\\nextflush'))
    return pandoc.Div(b)                     -- a Div, so that the walk goes on inside
  end
  local h = pandoc.Inlines { pandoc.Strong(head .. (n and ' ' .. n or '')) }
  if #title > 0 then h:extend { pandoc.Space(), pandoc.Span(title) } end
  if note ~= '' then h:insert(pandoc.Span(pandoc.Link('answer', '#' .. anchor(note)), { class = 'where' }))
  elseif where ~= '' then h:insert(pandoc.Span(pandoc.Code(where), { class = 'where' })) end
  local body = pandoc.Blocks { pandoc.Div(pandoc.Plain(h), { class = 'boxtitle' }) }
  body:extend(d.content)
  return pandoc.Div(body, { id = anchor(id), class = 'box ' .. k })
end

---------------------------------------------------------------- first: files, chapters, questions and answers
local function file_of(i)
  local path = PANDOC_STATE.input_files[i] or die('a file has more than one heading of level 1, or begins without one')
  local name = path:match '([^/]+)%.md$' or path
  local nn = tonumber(name:match '^(%d%d)%-') or 0
  return { name = name, n = nn > 0 and tostring(nn) or nil, nn = name:match '^%d%d' }
end

local function question(d, ch, count, answers)
  local n = ch.n .. '.' .. count
  local answer
  local content = d.content:walk { Div = function(x)
    if not has(x, 'answer') then return end
    answer = x.content
    if edition == 'student' then return {} end
    x.content:insert(1, innerhead 'Answer')
    return pandoc.Div(x.content)
  end }
  if not answer then die('question %s "%s" has no ::: answer', n, d.attributes.title or '') end
  d.content = content
  d.attributes.number = n
  if d.identifier == '' then d.identifier = 'q:' .. n end
  if edition == 'student' then
    d.attributes.answer = 'answer:' .. n
    local title = inlines(d.attributes.title)
    local head = pandoc.Inlines {}
    if TEX then
      head:insert(tex(('\\answerhead{%s}{%s}{%s}{'):format(d.identifier, n, 'answer:' .. n)))
      head:extend(title)
      head:insert(tex '}')
    else
      head:insert(pandoc.Strong(pandoc.Link(n, '#' .. anchor(d.identifier))))
      head:insert(pandoc.Space())
      head:extend(title)
    end
    local entry = pandoc.Blocks { TEX and pandoc.Plain(head) or pandoc.Div(pandoc.Plain(head), { class = 'answerhead' }) }
    entry:extend(answer)
    answers:insert(pandoc.Div(entry, { id = anchor('answer:' .. n), class = 'answerentry' }))
  end
  return d
end

local function prepare(doc)
  local blocks, answers, i = pandoc.Blocks {}, pandoc.Blocks {}, 0
  local ch, count
  local inputs = PANDOC_STATE.input_files
  for at, b in ipairs(doc.blocks) do
    local below = doc.blocks[at + 1]
    if TEX and b.t == 'Header' and b.level > 1 and below and below.t == 'Div' then
      blocks:insert(texb(('\\keep{%d}'):format(math.min(height { below } + 6, 36) // 1)))
    end
    if b.t == 'Header' and b.level == 1 then
      i = i + 1
      ch, count = file_of(i), 0
      b.attributes.page = ch.name
      if ch.n then
        chapters[#chapters + 1] = ch
        b.attributes.number = ch.n
        ch.title = b.content
      else b.classes:insert 'unnumbered' end
    elseif not ch then die('%s does not begin with a heading of level 1', inputs[1])
    elseif b.t == 'Div' then
      b = pandoc.Div({ b }):walk { Div = function(d)
        if has(d, 'question') or has(d, 'bughunt') then
          count = count + 1
          if count == 1 and edition == 'student' then
            answers:insert(pandoc.Header(2, { pandoc.Str('Chapter ' .. ch.n .. ':'), pandoc.Space(), pandoc.Span(ch.title) }, { id = 'answers-' .. ch.n, class = 'unnumbered' }))
          end
          return question(d, ch, count, answers)
        end
      end }.content[1]
    end
    blocks:insert(b)
  end
  if i ~= #inputs then die('%d files have %d headings of level 1; each must begin with one', #inputs, i) end
  if #answers > 0 then
    blocks:insert(pandoc.Header(1, 'Answers', { id = 'sec:answers', class = 'unnumbered', page = 'answers' }))
    blocks:insert(pandoc.Para(inlines 'Read an answer when you have written down your own. Where they differ, run the program again: it is right.'))
    blocks:extend(answers)
  end
  blocks:insert(pandoc.Header(1, 'References', { id = 'sec:references', class = 'unnumbered', page = 'references' }))
  blocks:insert(pandoc.Div({}, { id = 'refs' }))
  doc.blocks = blocks
  return doc
end

---------------------------------------------------------------- headings
local started, ended = false, false

local function Header(h)
  local numbered = not has(h, 'unnumbered')
  local before = {}
  if h.level == 1 then
    file, inanswer = h.attributes.page, false
    if h.attributes.number then
      chapter, num, section = { n = h.attributes.number }, {}, 0
      if TEX then
        if not started then before[1] = '\\mainmatter' end
        before[#before + 1] = '\\setcounter{chapter}{' .. math.floor(chapter.n - 1) .. '}'
      end
      started = true
    elseif TEX and started and not ended then ended = true; before[1] = '\\backmatter' end
  elseif h.level == 2 and numbered and chapter and not ended then section = section + 1 end
  local n
  if h.level == 1 then n = h.attributes.number
  elseif h.level == 2 and numbered and chapter and not ended then n = chapter.n .. '.' .. section end
  if n and kind(h.identifier) == 'sec' then label(h.identifier, h.level == 1 and 'ch' or 'sec', n) end
  if n then labels['#' .. n] = true end
  if not n and kind(h.identifier) == 'sec' then labels[h.identifier] = { kind = 'sec', name = stringify(h) } end
  if TEX then
    h.attributes = {}
    if n or h.level > 2 then
      return #before > 0 and { texb(table.concat(before, '\n')), h } or h, false
    end
    local inl = pandoc.Inlines { tex(table.concat(before, '\n') .. (h.level == 1 and '\\addchap{' or '\\section*{')) }
    inl:extend(h.content)
    if h.level == 1 then
      local title = texescape(stringify(h))
      inl:insert(tex(('}\\markboth{%s}{%s}{'):format(title, title)))
    end
    inl:insert(tex('}' .. (h.identifier ~= '' and '\\phantomsection\\label{' .. h.identifier .. '}' or '')))
    return pandoc.Plain(inl), false
  end
  h.identifier = anchor(h.identifier)
  if not site then h.attributes.page = nil end
  if n then
    h.attributes.number = n
    h.content:insert(1, pandoc.Span(n .. '\u{2002}', { class = 'secno' }))
  end
  return h, false
end

---------------------------------------------------------------- then: what refers to all this
local index, here = {}, ''

local function where_am_i(h)
  if TEX then return end
  here = h.attributes.number or h.level == 1 and stringify(h) or here
end

local function Span(s)
  if has(s, 'value') then return value(s) end
  if not has(s, 'index') then return end
  local term = s.attributes.term or stringify(s)
  local shown = pandoc.Inlines(#s.content > 0 and { pandoc.Emph(s.content) } or {})
  if TEX then
    shown:insert(tex('\\index{' .. texescape(term):gsub('["@|]', '"%0') .. '}'))
    return shown
  end
  local id = 'ix-' .. #index + 1
  index[#index + 1] = { term = term, id = id, where = here }
  return pandoc.Span(shown, { id = id })
end

local bibliography                           -- the keys of references.bib

local function Cite(c)
  local out, i = pandoc.Inlines {}, 0
  for _, ci in ipairs(c.citations) do
    local k, l = kind(ci.id), labels[ci.id]
    if not (k and WORD[k]) then
      if not bibliography['@' .. ci.id] then die('references.bib has no entry %s', ci.id) end
      if i > 0 then die('[@%s] cites and refers at once', ci.id) end
    else
      if not l then
        if not partial then die('no label %s', ci.id) end
        io.stderr:write('book: no label ', ci.id, ' in these chapters\n')
        return pandoc.Strong(ci.id)
      end
      i = i + 1
      if i > 1 then out:extend { pandoc.Str(','), pandoc.Space() } end
      local word, n = WORD[l.kind] .. '\u{a0}', l.n
      if l.name then word, n = '“' .. l.name .. '”', '' end
      if l.kind == 'eq' then n = '(' .. n .. ')' end
      if TEX then
        if l.kind == 'eq' then n = '(\\ref*{' .. ci.id .. '})'
        elseif l.of or (l.kind == 'fig' or l.kind == 'tbl') then n = '\\ref*{' .. (l.of or ci.id) .. '}' .. (l.part and '(' .. l.part .. ')' or '') end
        out:insert(tex(('{\\hyperref[%s]{%s%s}}'):format(l.of or ci.id, word:gsub('\u{a0}', '~'), n)))
      else out:insert(pandoc.Link(word .. n, '#' .. anchor(ci.id), '', { class = 'ref' })) end
    end
  end
  if i > 0 then return out end
end

local CALLS = {}                             -- the functions that the sources have or call

local function Code(c)
  local name = c.text:match '^([%a_][%w_]*)%(%)$'
  if name and not CALLS[name] then die('the text mentions %s, which no source has', c.text) end
  if not TEX then return pandoc.Code(c.text) end
  local s = texescape(c.text):gsub("'", '\\textquotesingle{}'):gsub('"', '\\textquotedbl{}'):gsub('%-', '{-}')
  if #c.text > 12 then s = s:gsub('\\_', '%0\\cb{}'):gsub('[,/=.)]', '%0\\cb{}'):gsub('\\cb{}$', ''):gsub(' ', '\\ ')
  else s = '\\mbox{' .. s .. '}' end       -- a long one may be broken, without a hyphen
  return tex('\\texttt{' .. s .. '}')
end

local function Inlines(all)                  -- browsers would break a line between a formula and its comma
  if TEX then return end
  for i = #all - 1, 1, -1 do
    local m, s = all[i], all[i + 1]
    local comma, rest
    if m.t == 'Math' and m.mathtype == 'InlineMath' and s.t == 'Str' then comma, rest = s.text:match '^([,.;:)!?]+)(.*)$' end
    if comma then
      all[i] = pandoc.Span({ m, pandoc.Str(comma) }, { class = 'nobreak' })
      all[i + 1] = pandoc.Str(rest)
    end
  end
  return all
end

local function index_page()
  table.sort(index, function(a, b) return a.term:lower() < b.term:lower() end)
  local items, above, last = pandoc.Blocks {}, nil, nil
  for _, e in ipairs(index) do
    local main, sub = e.term:match '^(.-)!(.*)$'
    if main and main ~= above then items:insert(pandoc.Plain { pandoc.Str(main) }) end
    above = main or e.term
    local link = pandoc.Link(e.where, '#' .. e.id)
    if last == e.term then items[#items].content:extend { pandoc.Str(', '), link }
    else
      local line = pandoc.Plain { pandoc.Span({ pandoc.Str(sub or e.term), pandoc.Str(', ') }, sub and { class = 'sub' } or {}), link }
      items:insert(line)
    end
    last = e.term
  end
  local list = {}
  for i, b in ipairs(items) do list[i] = { b } end
  return list
end

---------------------------------------------------------------- last: is all there?
local function complete(doc)
  if #chapters == 0 then return nil end
  local missing = {}
  for n, e in pairs(exercises) do if not e.quoted and e.wanted then missing[#missing + 1] = n .. ' ' .. e.fn end end
  table.sort(missing)
  if #missing > 0 then die('exercises that the book quotes nowhere with .stub: %s', table.concat(missing, ', ')) end
  if not TEX and #index > 0 then
    doc.blocks:insert(pandoc.Header(1, 'Index', { id = 'sec-index', class = 'unnumbered', page = 'terms' }))
    doc.blocks:insert(pandoc.Div(pandoc.BulletList(index_page()), { class = 'indexlist' }))
  end
  return doc
end

-- The section that a named mistake points at must be there to be read.
local function mistakes_point_here()
  for _, ch in ipairs(chapters) do
    for test in output('ls tests/' .. ch.nn .. '-*.c 2>/dev/null'):gmatch '%S+' do
      for to in read(test):gmatch '"(%d+%.%d+)"%s*}' do
        if to:match '^(%d+)%.' == ch.n and not labels['#' .. to] then die('%s points at section %s, which the book does not have', test, to) end
      end
    end
  end
end

local function before_all(doc)
  local m = doc.meta
  edition = m.edition and stringify(m.edition) or edition
  site = m.site and stringify(m.site)
  partial = m.partial ~= nil               -- some chapters only, to try them
  if edition ~= 'student' and edition ~= 'instructor' then die('edition %s: it is student or instructor', edition) end
  bibliography = {}
  for path in output 'ls solutions/*/*.c chapters/00-kit/*.h data/*.h tests/*.h 2>/dev/null':gmatch '%S+' do
    for name in read(path):gmatch '([%a_][%w_]*)%s*%(' do CALLS[name] = true end
  end
  for key in (read 'book/references.bib' or ''):gmatch '@%a+%s*{%s*([^,%s]+)' do bibliography['@' .. key] = true end
  doc = prepare(doc)
  for _, ch in ipairs(chapters) do
    for path in output('ls solutions/' .. ch.nn .. '-*/*.c 2>/dev/null'):gmatch '%S+' do
      source(path)
      for _, e in pairs(exercises) do if e.path == path then e.wanted = true end end
    end
  end
  return doc
end

return {
  { Pandoc = before_all },
  { traverse = 'topdown', Header = Header, Para = Para, Figure = Figure, CodeBlock = CodeBlock, Table = Table, Div = Div },
  { Pandoc = function() file = nil end },
  { traverse = 'topdown', Header = where_am_i, Span = Span, Cite = Cite, Code = Code },
  { Inlines = Inlines },
  { Pandoc = function(doc) mistakes_point_here(); return complete(doc) end },
}
