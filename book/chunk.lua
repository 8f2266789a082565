-- chunk.lua: the web pages, one a chapter, in one pandoc run.  After book.lua and
-- --citeproc, with -M site=DIR --template book/page.html: what pandoc itself writes is
-- DIR/index.html, and the others go beside it through the same template.
local stringify = pandoc.utils.stringify
local function esc(s) return (s:gsub('&', '&amp;'):gsub('<', '&lt;'):gsub('>', '&gt;')) end
local function js(s) return '"' .. s:gsub('[\\"]', '\\%0'):gsub('%s+', ' '):gsub('</', '<\\/') .. '"' end
local function die(s) io.stderr:write('book: ', s, '\n'); os.exit(1) end

-- pandoc lets every pair of brackets grow, where TeX wants \left for that, and browsers
-- put wide space around an operator in the middle of a row: say what is what.
local function mathml(page)
  return (page:gsub('<math.-</math>', function(m)
    if not m:match '\\left[^%a]' and not m:match '\\begin{%a*matrix}' and not m:match '\\begin{cases}' then m = m:gsub('stretchy="true"', 'stretchy="false"') end
    m = m:gsub('()<mo>(%a%a+)</mo>()', function(from, name, to)    -- a function: TeX's thin spaces
      local before, after = m:sub(1, from - 1):match '</(%a+)>$', m:sub(to, to + 60)
      return ('<mo lspace="%s" rspace="%s">%s</mo>'):format(before and before ~= 'mo' and '0.167em' or '0',
        (after:match '^<mo[^>]*>[(%[]' or after:match '^<mrow><mo[^>]*>[(%[]' or after:match '^</') and '0' or '0.167em', name)
    end)
    return m:gsub('<mo stretchy="false"[^>]*>([(%[{])</mo>', '<mo stretchy="false" form="prefix">%1</mo>')
            :gsub('<mo stretchy="false"[^>]*>([)%]}])</mo>', '<mo stretchy="false" form="postfix">%1</mo>')
            :gsub('(<mo[^>]*>[^<)%]}|]*</mo>)<mo>−</mo>', '%1<mo form="prefix">−</mo>')
            :gsub('<mo stretchy="false"[^>]*>|</mo>', '<mo stretchy="false" lspace="0" rspace="0">|</mo>')
  end))
end

local function split(blocks)                 -- a page begins at each heading of level 1
  local pages = {}
  for _, b in ipairs(blocks) do
    if b.t == 'Header' and b.level == 1 then
      pages[#pages + 1] = { file = b.attributes.page .. '.html', title = stringify(b), blocks = pandoc.Blocks {}, sections = {} }
      b.attributes.page = nil
    end
    pages[#pages].blocks:insert(b)
  end
  return pages
end

local function link(page, section)
  local title = pandoc.write(pandoc.Pandoc { pandoc.Plain(section and section.content or page.blocks[1].content) }, 'html5')
  return ('<a href="%s">%s</a>'):format(page.file .. (section and '#' .. section.identifier or ''), title:gsub('%s+$', ''))
end

local function contents(pages, here)         -- with the sections of this page, or of all
  local toc = { '<ul>' }
  for _, p in ipairs(pages) do
    toc[#toc + 1] = '<li' .. (p == here and ' class="here" aria-current="page"' or '') .. '>' .. link(p)
    if (p == here or not here) and #p.sections > 0 then
      toc[#toc + 1] = '<ul>'
      for _, s in ipairs(p.sections) do toc[#toc + 1] = '<li>' .. link(p, s) .. '</li>' end
      toc[#toc + 1] = '</ul>'
    end
    toc[#toc + 1] = '</li>'
  end
  toc[#toc + 1] = '</ul>'
  return pandoc.RawBlock('html', table.concat(toc, '\n'))
end

local function search_index(pages)           -- the words of each section
  local out = { 'const SEARCH=[\n' }
  local function add(url, title, words) out[#out + 1] = ('{u:%s,t:%s,b:%s},\n'):format(js(url), js(title), js(table.concat(words, ' '))) end
  for _, p in ipairs(pages) do
    local url, title, words = p.file, p.title, {}
    for _, b in ipairs(p.blocks) do
      if b.t == 'Header' and b.level == 2 then
        add(url, title, words)
        url, title, words = p.file .. '#' .. b.identifier, stringify(b), {}
      else
        words[#words + 1] = stringify(b)
        pandoc.walk_block(pandoc.Div { b }, { CodeBlock = function(c) words[#words + 1] = c.text end })
      end
    end
    add(url, title, words)
  end
  out[#out + 1] = '];\n'
  return table.concat(out)
end

local function save(path, text)
  local f = io.open(path, 'w') or die('cannot write ' .. path)
  f:write(text)
  f:close()
end

function Pandoc(doc)
  local site, pages, home = stringify(doc.meta.site), split(doc.blocks), {}
  for _, p in ipairs(pages) do
    for _, b in ipairs(p.blocks) do if b.t == 'Header' and b.level == 2 then p.sections[#p.sections + 1] = b end end
    local note = function(e) if e.identifier ~= '' then home[e.identifier] = p.file end end
    pandoc.walk_block(pandoc.Div(p.blocks), { Header = note, Div = note, Span = note, Image = note, Table = note })
  end
  local function page_meta(title)
    return { booktitle = doc.meta.title, lang = doc.meta.lang, subtitle = doc.meta.subtitle, version = doc.meta.version, date = doc.meta.date, pagetitle = title }
  end
  for i, p in ipairs(pages) do
    local body = pandoc.walk_block(pandoc.Div(p.blocks), { Link = function(l)
      local id = l.target:match '^#(.+)'
      if id then
        if not home[id] then die('a link to #' .. id .. ', which no page has') end
        if home[id] ~= p.file then l.target = home[id] .. '#' .. id end
        return l
      end
    end })
    local m = page_meta(p.title)
    m.booktoc = pandoc.MetaBlocks { contents(pages, p) }
    for k, q in pairs { prev = pages[i - 1], next = pages[i + 1] } do m[k] = q.file; m[k .. 'title'] = q.title end
    save(site .. '/' .. p.file, mathml(pandoc.write(pandoc.Pandoc(body.content, pandoc.Meta(m)), 'html5', PANDOC_WRITER_OPTIONS)))
  end
  save(site .. '/search-index.js', search_index(pages))
  local m = page_meta(doc.meta.subtitle)
  m.home, m.booktoc = true, pandoc.MetaBlocks { contents(pages, {}) }
  m.next, m.nexttitle = pages[1].file, pages[1].title
  return pandoc.Pandoc({ pandoc.Div({ contents(pages) }, { class = 'contents' }) }, pandoc.Meta(m))
end
