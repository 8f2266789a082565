// Search: the words of every section are in search-index.js; all that are asked for must be there.
const q = document.getElementById('q'), hits = document.getElementById('hits');
const texts = SEARCH.map(s => [s.t.toLowerCase(), s.b.toLowerCase()]);
function score([title, body], words) {
  return words.every(w => title.includes(w) || body.includes(w))
    ? words.reduce((n, w) => n + (title.includes(w) ? 10 : 0) + body.split(w).length - 1, 0) : 0;
}
q.addEventListener('input', () => {
  const words = q.value.toLowerCase().split(/\s+/).filter(w => w.length > 1);
  const found = words.length ? SEARCH.map((s, i) => [score(texts[i], words), s]).filter(x => x[0]) : [];
  hits.replaceChildren(...found.sort((a, b) => b[0] - a[0]).slice(0, 12).map(([, s]) => {
    const li = document.createElement('li'), a = document.createElement('a');
    a.href = s.u;
    a.textContent = s.t;
    li.append(a);
    return li;
  }));
});
addEventListener('keydown', e => {
  if (e.key === '/' && e.target !== q) { e.preventDefault(); q.focus(); }
  if (e.key === 'Enter' && e.target === q && hits.firstChild) location = hits.querySelector('a').href;
});
// On a narrow screen the contents wait until they are asked for.
if (matchMedia('(max-width: 60rem)').matches) document.querySelector('nav details').open = false;
