/* What was counted, said on the page: the finding and why, what is in the zone, what each expects. */
function showFound() {
  const size = found.sizes.ceasefire;
  $('yes').textContent = size ? 'Yes.' : 'No.';
  $('size').textContent = many(size);
  $('suit').textContent = size === 1 ? 'suits' : 'suit';
  $('board').classList.toggle('open', size > 0);
  $('bar').classList.toggle('open', size > 0);
  $('bar-size').textContent = plural(size, 'package');
  $('bar-rest').textContent = words.twoZones ? `in the zone, ${many(found.sizes.settlement)} of them settlements` : 'in the zone';
  $('why').classList.toggle('old', !deeper);
  $('gives').classList.toggle('old', !deeper);
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

function withoutClash(conflicts) { // why a zone is empty although no red lines exclude each other
  const off = lines.every((line) => state.without.has(line.id)), bits = conflicts.reduce((all, one) => all | one);
  const lead = lines.length && off ? 'Every red line is switched off' : off ? 'No party has a red line here' : 'No red lines exclude each other';
  const names = holders.filter((_, n) => bits >> (lines.length + n) & 1).map((p) => parties[p].name);
  if (members(bits).length || !names.length) return `${lead}; together with what each expects without a deal they leave nothing.`;
  const last = names.pop();
  return `${lead}; what ${names.length ? `${lists(names)} and ${last} expect` : `${last} expects`} without a deal leaves nothing.`;
}

function showDeeper() {
  const why = clashes().flatMap(([no, sets, shared]) => [
    make('p', {}, make('strong', {}, `No ${no}`), `: ${sets.length === 1 && members(sets[0]).length === 1 ? 'this red line leaves none' : 'these red lines exclude each other'}`),
    make('ul', { class: 'dots' }, ...sets.slice(0, 8).map((bits) => make('li', {}, short(bits))),
      ...(sets.length > 8 ? [make('li', {}, `and ${many(sets.length - 8)} more`)] : [])),
    ...(shared ? [make('p', {}, make('strong', {}, 'No ceasefire without a settlement'), `: ${members(shared).map((id) => {
      const line = wordsOf(id);
      return `${line.party} requires ${line.wording} ${line.cite}${line.note && ` ${line.note}`}`;
    }).join(' and ')}`)] : []),
  ]);
  if (deeper.ceasefire.conflicts.length && !why.length) why.push(make('p', {}, withoutClash(deeper.ceasefire.conflicts)));
  $('why').replaceChildren(...why);
  for (const id of ['why', 'gives']) $(id).classList.remove('old');
  const ways = words.twoZones ? ['ceasefire', 'settlement'] : ['ceasefire'];
  const gives = [...new Set(ways.map(fewest))].filter(Boolean);
  $('gives').replaceChildren(...gives.map((said) => make('p', {}, said)));
  for (const [n, line] of lines.entries()) {
    const out = document.querySelector(`[data-line="${CSS.escape(line.id)}"] .alone`), alone = Math.abs(deeper.flipped[n] - deeper.sizes.ceasefire);
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
  const chosen = issues.map((issue, j) => `${issue.id}=${issue.options[point.package[j]]}`).join();
  where.replaceChildren(make('div', { class: 'card' },
    make('p', {}, make('label', { for: 'point' }, 'One package, the zone’s '), pick, ` point${point.ties > 1 ? `, one of ${many(point.ties)}` : ''}; it describes the zone and is no recommendation.`),
    make('dl', {}, ...issues.flatMap((_, j) => [make('dt', {}, words.issues[j].name), make('dd', {}, words.issues[j].labels[point.package[j]])])),
    table(['', 'this package', 'needed to sign'], point.group.map((p, g) => [parties[p].name, few(point.values[g]), few(found.floors[p])]), words.unit), ...held,
    make('p', { class: 'soft' }, 'Would anybody leave it, and what deters them? ', make('code', { id: 'stable' }, command('stable', ['--package', chosen])))));
}

function table(heads, rows, caption) {
  return make('table', {}, ...(caption ? [make('caption', { class: 'soft' }, caption)] : []),
    make('thead', {}, make('tr', {}, ...heads.map((head, n) => make(head ? 'th' : 'td', { ...(head ? { scope: 'col' } : {}), class: n ? 'n' : '' }, head)))),
    make('tbody', {}, ...rows.map((row) => make('tr', { class: row.flips ? 'flips' : '' }, ...row.map((cell, n) => make(n ? 'td' : 'th', n ? { class: 'n' } : { scope: 'row' }, cell))))));
}

function showParts() {
  if (!found.parts) { $('expectation').hidden = true; return; }
  const [first, second] = tables.belligerents.map((p) => `the war ends on ${parties[p].name}’s terms`);
  $('parts').replaceChildren(make('div', { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': 'What each expects' }, table(
    ['', 'what it holds meanwhile', first, second, 'cost of war', 'without a deal'],
    found.parts.flatMap((parts, p) => (parts ? [[parties[p].name, few(parts.holding), few(parts.first), few(parts.second), few(parts.cost), few(found.reservation[p])]] : [])), words.unit)));
}
