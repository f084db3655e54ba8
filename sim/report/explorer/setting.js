/* The setting that a reader has made, and the address and the command that say it. */
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
  for (const slider of sliders) {
    if (slider.path in found.values && left(slider, found.values) < found.values[slider.path]) {
      out.push(`${slider.path}=${found.values[slider.path]}`);
      delete found.values[slider.path];
    }
  }
  if (lines.length && Object.hasOwn(lines[0].when, said.get('reading'))) found.reading = said.get('reading');
  else if (said.get('reading')) out.push(`reading ${said.get('reading')}`);
  if (POINTS[said.get('point')]) found.point = said.get('point');
  if (out.length) notice(`Unknown here, and left out: ${lists(out)}.`);
  return found;
}

const valid = (slider, value) => Number.isFinite(value) && value >= (slider.least ?? -Infinity) && value <= (slider.most ?? Infinity);

function notice(text) { $('notices').append(make('p', { class: 'notice' }, text)); }
