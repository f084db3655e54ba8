/* Switches, steppers and sliders: made once, shown as the setting stands, and both ends of each number tried. */
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

function left(slider, values) { // what the chances of a war's other end leave for this one
  if (!slider.path.includes('.win.')) return Infinity;
  const stem = slider.path.replace(/[^.]+$/, '');
  const taken = sliders.reduce((sum, other) => sum + (other !== slider && other.path.startsWith(stem) ? values[other.path] ?? other.value : 0), 0);
  return Math.floor((1 - taken) * 1e6) / 1e6;
}

function put(slider, wanted) {
  const value = Math.min(wanted, left(slider, state.values));
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
    for (const button of item.querySelectorAll('button')) button.setAttribute('aria-disabled', !line.levels[n + Number(button.dataset.by)]); // and keeps the focus
  }
  for (const slider of sliders) {
    const value = state.values[slider.path] ?? slider.value, range = $(idOf(slider, 'range')), field = $(idOf(slider, 'field'));
    range.value = value;
    range.setAttribute('aria-valuetext', `${value} ${value === 1 ? slider.one : slider.unit}`);
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
