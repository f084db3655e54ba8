/* The page around the engine: it keeps a setting, asks a worker for numbers, and says them. It counts nothing itself,
   and what comes from the address is only ever text. */
(() => {
  'use strict';
  const { tables, digest, proof, words, sliders } = JSON.parse(document.getElementById('data').textContent);
  const { constants, issues, parties, holders, lines } = tables;
  const $ = (id) => document.getElementById(id);
  const lineOf = Object.fromEntries(lines.map((line) => [line.id, line]));
  const sliderOf = Object.fromEntries(sliders.map((slider) => [slider.path, slider]));
  const WAIT = 150; // ms after which old numbers turn grey
  const QUIET = 600; // ms without a move before the page speaks and looks further
  const POINTS = { egalitarian: 'egalitarian', nash: 'Nash', kalai_smorodinsky: 'Kalai–Smorodinsky', utilitarian: 'utilitarian' };
  const few = (number, digits = 1) => number.toFixed(digits).replace('-', '−');
  const many = (number) => number.toLocaleString('en-US');
  const plural = (number, word) => `${many(number)} ${word}${number === 1 ? '' : 's'}`;
  const lists = (names) => names.join(', ');

  function make(tag, attributes = {}, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
      else if (value !== false) node.setAttribute(name, value === true ? '' : value);
    }
    node.append(...children);
    return node;
  }

  // ---- the setting, and the address and command that say it
  const fresh = () => ({ without: new Set(), moved: {}, values: {}, reading: tables.reading || '', point: 'egalitarian' });
  let state = fresh();

  function setting() {
    const moved = Object.fromEntries(Object.entries(state.moved).map(([id, n]) => [id, lineOf[id].levels[n]]));
    return { values: state.values, without: [...state.without], moved, reading: state.reading };
  }

  const level = (id) => lineOf[id].levels.findIndex((options) => String(options) === String(lineOf[id].allowed));

  function requires(id) {
    const allowed = lineOf[id].levels[state.moved[id]], issue = issues[lineOf[id].on];
    const bound = allowed[0] === 0 ? `at_most: ${issue.options[allowed.at(-1)]}` : `at_least: ${issue.options[allowed[0]]}`;
    return `{${issue.id}: {${bound}}}`;
  }

  function command() {
    const changes = new Map(words.changes);
    for (const [path, value] of Object.entries(state.values)) changes.set(path, String(value));
    for (const id of Object.keys(state.moved)) changes.set(`red_lines.${id}.requires`, requires(id));
    if (state.reading !== (tables.reading || '')) changes.set('reading', state.reading);
    const quoted = (word) => (/^[\w+=:./-]+$/.test(word) ? word : `"${word.replace(/["$`\\]/g, '\\$&')}"`);
    const options = [...changes].flatMap(([path, value]) => ['--set', `${path}=${value}`]);
    const left = [...words.without, ...state.without].flatMap((id) => ['--without', id]);
    return ['ceasefire', ...words.command, ...options, ...left].map(quoted).join(' ');
  }

  function address() {
    const said = new URLSearchParams({ v: tables.format, t: digest });
    if (state.without.size) said.set('without', [...state.without].join());
    const moved = Object.entries(state.moved).map(([id, n]) => `${id}:${n}`);
    if (moved.length) said.set('moved', moved.join());
    for (const [path, value] of Object.entries(state.values)) said.append('set', `${path}=${value}`);
    if (state.reading !== (tables.reading || '')) said.set('reading', state.reading);
    if (state.point !== 'egalitarian') said.set('point', state.point);
    said.set('skip', '1');
    return `#${said}`;
  }

  function restored(hash) { // what an address says that this page knows; the rest is named and left out
    const said = new URLSearchParams(hash.replace(/^#/, '')), found = fresh(), out = [];
    if (said.get('t') && (said.get('t') !== digest || said.get('v') !== String(tables.format))) {
      notice('This link was made by another version of this page: numbers may differ.');
    }
    const each = (name) => (said.get(name) || '').split(',').filter(Boolean);
    for (const id of each('without')) { if (lineOf[id]) found.without.add(id); else out.push(id); }
    for (const entry of each('moved')) {
      const [id, n] = entry.split(':');
      if (lineOf[id]?.levels[n]) found.moved[id] = Number(n); else out.push(entry);
    }
    for (const entry of said.getAll('set')) {
      const [path, text] = entry.split('='), value = Number(text), slider = sliderOf[path];
      if (slider && text?.trim() && valid(slider, value)) found.values[path] = value; else out.push(entry);
    }
    if (lines[0]?.when[said.get('reading')]) found.reading = said.get('reading');
    else if (said.get('reading')) out.push(`reading ${said.get('reading')}`);
    if (POINTS[said.get('point')]) found.point = said.get('point');
    if (out.length) notice(`Unknown here, and left out: ${lists(out)}.`);
    return found;
  }

  const valid = (slider, value) => Number.isFinite(value) && value >= (slider.least ?? -Infinity) && value <= (slider.most ?? Infinity);

  function notice(text) { $('notices').append(make('p', { class: 'notice' }, text)); }

  // ---- two workers: one for what stands on the screen, one for what needs every package
  function startWorker() {
    const source = `${zoneEngine}
      let engine;
      onmessage = ({ data: { tables, id, ask, args } }) => {
        if (tables) engine = zoneEngine(tables); else postMessage({ id, found: engine[ask](...args) });
      };`;
    const worker = new Worker(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })));
    const waiting = new Map();
    let last = 0;
    worker.onmessage = ({ data: { id, found } }) => { waiting.get(id)(found); waiting.delete(id); };
    worker.onerror = () => off('This browser cannot count here; the command does.');
    worker.postMessage({ tables });
    return (ask, ...args) => new Promise((resolve) => {
      last += 1;
      waiting.set(last, resolve);
      worker.postMessage({ id: last, ask, args });
    });
  }

  let quick, slow, busy = false, stale = false, quiet = 0, found = null, deeper = null, turn = 0;

  function changed() {
    turn += 1;
    deeper = null;
    $('command').textContent = command();
    history.replaceState(null, '', address());
    showControls();
    count();
    clearTimeout(quiet);
    quiet = setTimeout(settled, QUIET, turn);
  }

  async function count() {
    if (busy) { stale = true; return; }
    busy = true;
    const grey = setTimeout(() => $('board').classList.add('waiting'), WAIT);
    do {
      stale = false;
      found = await quick('answer', setting());
    } while (stale);
    busy = false;
    clearTimeout(grey);
    $('board').classList.remove('waiting');
    showFound();
  }

  async function settled(mine) {
    const asked = setting(), counted = await slow('masks', asked);
    if (mine !== turn) return;
    const why = await slow('diagnose', asked, counted.masks);
    if (mine !== turn || !found) return;
    deeper = { ...why, edge: counted.edge };
    showDeeper();
    $('said').textContent = `${$('yes').textContent} ${$('size').textContent} packages. ${$('gives').textContent}`;
  }

  // ---- saying it
  function showFound() {
    const size = found.sizes.ceasefire;
    $('yes').textContent = size ? 'Yes.' : 'No.';
    $('size').textContent = many(size);
    $('board').classList.toggle('open', size > 0);
    $('bar').classList.toggle('open', size > 0);
    $('bar-size').textContent = plural(size, 'package');
    $('bar-rest').textContent = words.twoZones ? `in the zone, ${many(found.sizes.settlement)} of them settlements` : 'in the zone';
    if (!deeper) $('why').replaceChildren(make('p', { class: 'soft' }, 'Looking why …'));
    $('edge').hidden = !found.edge;
    $('edge').textContent = `${plural(found.edge, 'value')} on the edge of what a party asks: browsers may round otherwise; the command decides.`;
    showStrips();
    showPackage();
    showParts();
  }

  const wordsOf = (id) => {
    const item = document.querySelector(`[data-line="${CSS.escape(id)}"]`), text = (part) => item.querySelector(part)?.textContent ?? '';
    return { party: parties[lineOf[id].party].name, issue: words.issues[lineOf[id].on].name, wording: text('.wording'), cite: text('.cite'), note: text('.note') };
  };
  const members = (bits) => lines.filter((_, n) => bits >> n & 1).map((line) => line.id);
  const ofLines = (bits) => bits < 1 << lines.length;

  function short(bits) { // as the terminal's first screen says it
    const said = members(bits).map((id) => ({ id, ...wordsOf(id) })), names = [...new Set(said.map((line) => line.issue))];
    const sides = [...new Set(said.map((line) => line.party))].sort().map((party) => {
      const where = new Set(said.filter((line) => line.party === party).map((line) => line.cite.replace(/^\[|\]$/g, '')));
      return `${party} [${[...where].join('; ')}]`;
    });
    const notes = said.filter((line) => line.note).map((line) => ` ${line.note}`).join('');
    return `${lists(names)}${names.length ? ': ' : ''}${sides.join(' against ')}${notes}`;
  }

  function clashes() {
    const [ceasefire, settlement] = ['ceasefire', 'settlement'].map((name) => deeper[name].conflicts.filter(ofLines));
    if (!words.twoZones) return ceasefire.length ? [['zone', ceasefire, 0]] : [];
    const shared = ceasefire.length ? ceasefire.reduce((bits, one) => bits & one) : 0;
    const sorted = (sets) => String([...sets].sort((a, b) => a - b));
    if (ceasefire.length && sorted(ceasefire.map((one) => one & ~shared)) === sorted(settlement)) return [['settlement', settlement, shared]];
    return [['ceasefire', ceasefire, 0], ['settlement', settlement, 0]].filter(([, sets]) => sets.length);
  }

  function fewest(name) {
    const sets = deeper[name].relaxations;
    if (!sets.length) return '';
    const least = Math.min(...sets.map((one) => one.toString(2).replaceAll('0', '').length));
    const names = sets.filter((one) => one.toString(2).replaceAll('0', '').length === least).slice(0, 3).map((one) => lists([
      ...members(one), ...holders.filter((_, n) => one >> (lines.length + n) & 1).map((p) => `what ${parties[p].name} expects without a deal`)]));
    const zone = words.twoZones ? `a ${name} zone` : 'one';
    return `For ${zone}: give up ${least} of the constraints at least${least < 3 ? ` (${names.join(' or ')})` : ''}.`;
  }

  function showDeeper() {
    const why = clashes().flatMap(([no, sets, shared]) => [
      make('p', {}, make('strong', {}, `No ${no}`), ': these red lines exclude each other'),
      make('ul', { class: 'dots' }, ...sets.slice(0, 8).map((bits) => make('li', {}, short(bits))),
        ...(sets.length > 8 ? [make('li', {}, `and ${many(sets.length - 8)} more`)] : [])),
      ...(shared ? [make('p', {}, make('strong', {}, 'No ceasefire short of one'), `: ${members(shared).map((id) => {
        const line = wordsOf(id);
        return `${line.party} requires ${line.wording} ${line.cite}${line.note && ` ${line.note}`}`;
      }).join(' and ')}`)] : []),
    ]);
    const closed = ['ceasefire', 'settlement'].map((name) => deeper[name].conflicts);
    if (closed[0].length && !clashes().length) why.push(make('p', {}, 'No pair of demands excludes each other; together with what each expects without a deal they leave nothing.'));
    $('why').replaceChildren(...why);
    const ways = words.twoZones ? ['ceasefire', 'settlement'] : ['ceasefire'];
    const gives = [...new Set(ways.map(fewest))].filter(Boolean);
    $('gives').replaceChildren(...gives.map((said) => make('p', {}, said)));
    for (const [n, line] of lines.entries()) {
      const out = document.querySelector(`[data-line="${CSS.escape(line.id)}"] .alone`), alone = deeper.alone[n];
      out.textContent = alone ? `${state.without.has(line.id) ? '−' : '+'}${many(alone)} alone` : '';
    }
  }

  function showStrips() {
    const size = found.sizes.ceasefire;
    $('strips').replaceChildren(...issues.flatMap((issue, j) => (issue.left.length < 2 ? [] : [
      make('dl', { class: 'strip' }, make('dt', {}, words.issues[j].name), ...issue.left.flatMap((k) => {
        const share = size ? (100 * found.options[j][k]) / size : 0;
        return [make('dd', {}, words.issues[j].labels[k]),
          make('dd', { class: 'share', 'aria-hidden': 'true' }, make('span', { style: `inline-size:${share.toFixed(1)}%` })),
          make('dd', { class: 'n' }, `${many(found.options[j][k])}`)];
      }))])));
  }

  function showPackage() {
    const points = found.points.filter((point) => point.name === state.point), where = $('package');
    if (!found.points.length) {
      where.replaceChildren(make('p', {}, 'Nothing: no package suits all who must agree.'));
      return;
    }
    const known = [...new Set(found.points.map((point) => point.name))], point = points[0] ?? found.points[0];
    const pick = make('select', { id: 'point', onchange: (event) => { state.point = event.target.value; history.replaceState(null, '', address()); showPackage(); $('point').focus(); } },
      ...Object.entries(POINTS).filter(([name]) => known.includes(name)).map(([name, said]) => make('option', { value: name, selected: name === point.name }, said)));
    const held = point.holds === null ? [] : [make('p', { class: 'soft' }, `Chance that it holds a year under these assumptions: ${few(100 * point.holds, 0)} %; five years: ${few(100 * point.holds ** 5, 0)} %.`)];
    where.replaceChildren(make('div', { class: 'card' },
      make('p', {}, make('label', { for: 'point' }, 'One package, the zone’s '), pick, ` point${point.ties > 1 ? `, one of ${many(point.ties)}` : ''}; it describes the zone and is no recommendation.`),
      make('dl', {}, ...issues.flatMap((_, j) => [make('dt', {}, words.issues[j].name), make('dd', {}, words.issues[j].labels[point.package[j]])])),
      table(['', 'this package', 'needed to sign'], point.group.map((p, g) => [parties[p].name, few(point.values[g]), few(found.floors[p])]), words.unit), ...held));
  }

  function table(heads, rows, caption) {
    return make('table', {}, ...(caption ? [make('caption', { class: 'soft' }, caption)] : []),
      make('thead', {}, make('tr', {}, ...heads.map((head, n) => make(head ? 'th' : 'td', { ...(head ? { scope: 'col' } : {}), class: n ? 'n' : '' }, head)))),
      make('tbody', {}, ...rows.map((row) => make('tr', { class: row.flips ? 'flips' : '' }, ...row.map((cell, n) => make(n ? 'td' : 'th', n ? { class: 'n' } : { scope: 'row' }, cell))))));
  }

  function showParts() {
    if (!found.parts) { $('expectation').hidden = true; return; }
    const [first, second] = tables.belligerents.map((p) => `the war ends on ${parties[p].name}’s terms`);
    $('parts').replaceChildren(make('div', { class: 'scroll' }, table(
      ['', 'what it holds meanwhile', first, second, 'cost of war', 'without a deal'],
      found.parts.flatMap((parts, p) => (parts ? [[parties[p].name, few(parts.holding), few(parts.first), few(parts.second), few(parts.cost), few(found.reservation[p])]] : [])), words.unit)));
  }

  // ---- controls
  function buildLines() {
    for (const item of document.querySelectorAll('[data-line]')) {
      const id = item.dataset.line, line = lineOf[id], box = item.querySelector('.switch'), place = item.querySelector('.level');
      if (!line) { box.remove(); place.textContent = 'This party is not asked, so the demand does not count.'; place.hidden = false; continue; }
      box.addEventListener('change', () => { if (box.checked) state.without.delete(id); else state.without.add(id); changed(); });
      const step = (by, sign, said) => make('button', { type: 'button', 'data-by': by, 'aria-label': `${said}: ${wordsOf(id).wording}`, onclick: () => move(id, by) }, sign);
      const own = line.levels.length > 1 ? [step(-1, '−', 'Demand more'), make('span', { class: 'at' }), step(1, '+', 'Demand less')] : [];
      place.append(...own, make('span', { class: 'alone' }));
    }
  }

  function move(id, by) {
    const now = state.moved[id] ?? level(id), next = Math.min(Math.max(now + by, 0), lineOf[id].levels.length - 1);
    if (next === level(id)) delete state.moved[id]; else state.moved[id] = next;
    changed();
  }

  function buildSliders() {
    const groups = new Map();
    for (const slider of sliders) {
      const name = slider.party === null ? 'The war, as all see it' : parties.find((party) => party.id === slider.party).name;
      const group = slider.kind === 'weight' ? `${name}: what matters to it` : slider.party === null ? name : `${name}: what it expects`;
      groups.set(group, [...(groups.get(group) ?? []), slider]);
    }
    $('sliders').append(...[...groups].map(([name, held]) => make('details', {}, make('summary', {}, name), ...held.map(sliderRow))));
  }

  const idOf = (slider, what) => `${what}-${sliders.indexOf(slider)}`;

  function sliderRow(slider) {
    const label = `${slider.label}${slider.unit && `, ${slider.unit}`}`;
    const range = make('input', { type: 'range', id: idOf(slider, 'range'), min: slider.low, max: slider.high, step: 'any', oninput: () => put(slider, Number((Math.round(range.value / slider.step) * slider.step).toFixed(9))) });
    const field = make('input', { type: 'number', id: idOf(slider, 'field'), step: 'any', 'aria-label': label, onchange: () => put(slider, field.value === '' ? NaN : Number(field.value)), ...(slider.least === null ? {} : { min: slider.least }), ...(slider.most === null ? {} : { max: slider.most }) });
    range.addEventListener('keydown', (event) => { // "any" has no step of its own for the keys
      const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
      if (!by) return;
      event.preventDefault();
      const next = Number(((state.values[slider.path] ?? slider.value) + by * slider.step).toFixed(9));
      put(slider, Math.min(Math.max(next, slider.low), slider.high));
    });
    return make('div', { class: 'slider', 'data-path': slider.path },
      make('label', { for: range.id }, label), range, field,
      make('button', { type: 'button', 'aria-label': `Reset ${label}`, onclick: () => { delete state.values[slider.path]; changed(); field.focus(); } }, '↺'),
      make('span', { class: 'ground' }, `${slider.stated ? `◆ ${slider.low} to ${slider.high}; ` : ''}as given ${slider.value}; rests on: ${slider.ground}`));
  }

  function put(slider, wanted) {
    let value = wanted;
    const pair = slider.path.includes('.win.') ? sliders.filter((other) => other !== slider && other.path.replace(/[^.]+$/, '') === slider.path.replace(/[^.]+$/, '')) : [];
    if (pair.length) value = Math.min(value, Math.floor((1 - pair.reduce((sum, other) => sum + (state.values[other.path] ?? other.value), 0)) * 1e6) / 1e6); // chances of all ends
    if (valid(slider, value)) { if (value === slider.value) delete state.values[slider.path]; else state.values[slider.path] = value; }
    changed();
  }

  function showControls() {
    for (const line of lines) {
      const item = document.querySelector(`[data-line="${CSS.escape(line.id)}"]`), at = item.querySelector('.at');
      item.classList.toggle('off', state.without.has(line.id));
      item.querySelector('.switch').checked = !state.without.has(line.id);
      if (!at) continue;
      const n = state.moved[line.id] ?? level(line.id), allowed = line.levels[n], labels = words.issues[line.on].labels;
      at.textContent = allowed[0] === 0 ? `up to ${labels[allowed.at(-1)]}` : `from ${labels[allowed[0]]}`;
      at.classList.toggle('moved', line.id in state.moved);
      for (const button of item.querySelectorAll('button')) button.disabled = !line.levels[n + Number(button.dataset.by)];
    }
    for (const slider of sliders) {
      const value = state.values[slider.path] ?? slider.value, range = $(idOf(slider, 'range')), field = $(idOf(slider, 'field'));
      range.value = value;
      range.setAttribute('aria-valuetext', `${value} ${slider.unit}`);
      field.value = value;
      range.parentNode.querySelector('label').classList.toggle('moved', slider.path in state.values);
    }
    for (const radio of document.querySelectorAll('[name=reading]')) radio.checked = radio.value === state.reading;
  }

  async function tryEnds() {
    const stated = sliders.filter((slider) => slider.stated), rows = [], mine = turn, now = found.sizes.ceasefire, base = setting();
    for (const slider of stated) {
      const sizes = [];
      for (const end of [slider.low, slider.high]) {
        sizes.push((await slow('answer', { ...base, values: { ...base.values, [slider.path]: end } })).sizes.ceasefire);
      }
      const who = slider.party === null ? '' : `${parties.find((party) => party.id === slider.party).name}: `;
      rows.push(Object.assign([`${who}${slider.label}`, `${slider.low}`, many(sizes[0]), `${slider.high}`, many(sizes[1])], { flips: sizes.some((size) => (size > 0) !== (now > 0)), spread: Math.abs(sizes[0] - sizes[1]) }));
      $('trying').textContent = `${rows.length} of ${stated.length}`;
      if (mine !== turn) { $('trying').textContent = 'Something moved meanwhile; try again.'; return; }
    }
    rows.sort((a, b) => b.flips - a.flips || b.spread - a.spread);
    const flips = rows.filter((row) => row.flips).length;
    $('trying').textContent = stated.length ? `${flips ? `${plural(flips, 'number')} alone would change the answer` : 'No number alone changes the answer'}.` : 'The scenario states no ends.';
    $('tried').replaceChildren(table(['number', 'from', 'packages', 'to', 'packages'], rows));
  }

  async function copy(text, said) {
    try { await navigator.clipboard.writeText(text); } catch {
      const area = make('textarea', {}, text);
      document.body.append(area);
      area.select();
      document.execCommand('copy');
      area.remove();
    }
    $('copied').textContent = said;
  }

  // ---- from start to end
  function off(said) {
    for (const node of document.querySelectorAll('#board input, #board button, #board select')) node.disabled = true;
    notice(said);
    $('self-test').textContent = said;
  }

  async function selfTest() {
    for (const { setting: asked, sizes, reservation } of proof) {
      const now = await slow('answer', asked);
      const near = now.reservation.every((value, p) => Math.abs(value - reservation[p]) < constants.tolerance);
      if (!near || now.sizes.ceasefire !== sizes.ceasefire || now.sizes.settlement !== sizes.settlement) {
        off('This browser counts differently; use the command.');
        return;
      }
    }
    $('self-test').textContent = `This page counted ${plural(proof.length, 'setting')} again as the program had: no difference.`;
  }

  function reveal(guess) {
    $('guess').hidden = true;
    $('board').hidden = $('bar').hidden = false;
    if (guess) {
      $('guessed').hidden = false;
      $('guessed').textContent = guess;
    }
    $('finding').focus({ preventScroll: Boolean(!guess) });
  }

  function start() {
    document.documentElement.classList.remove('static');
    for (const node of document.querySelectorAll('.live')) node.hidden = false;
    buildLines();
    buildSliders();
    const skip = new URLSearchParams(location.hash.slice(1)).has('skip');
    $('guess').hidden = skip;
    $('board').hidden = $('bar').hidden = !skip;
    $('guess-form').addEventListener('submit', (event) => {
      event.preventDefault();
      const said = new FormData($('guess-form')), ways = said.getAll('way').map((id) => (lineOf[id] ? wordsOf(id).wording : id));
      reveal(`You guessed: ${said.get('guess') ?? 'neither yes nor no'}${ways.length ? `; in the way: ${ways.join('; ')}` : ''}.`);
    });
    $('show').addEventListener('click', () => reveal(''));
    $('copy-command').addEventListener('click', () => copy(command(), 'Command copied.'));
    $('copy-link').addEventListener('click', () => copy(location.href.replace(/#.*$/, '') + address(), 'Link copied.'));
    $('reset').addEventListener('click', () => { state = fresh(); changed(); });
    $('try-ends').addEventListener('click', tryEnds);
    for (const radio of document.querySelectorAll('[name=reading]')) radio.addEventListener('change', () => { state.reading = radio.value; changed(); });
    addEventListener('hashchange', () => { state = restored(location.hash); changed(); });
    quick = startWorker();
    slow = startWorker();
    if (location.hash) state = restored(location.hash);
    globalThis.explorer = { ask: (...asked) => slow(...asked), state: () => ({ found, deeper, busy }), command };
    const keep = location.hash;
    changed();
    if (!keep) history.replaceState(null, '', ' ');
    selfTest();
  }

  start();
})();
