/* The zone a second time, for a browser: what stands in sim/stakes and sim/zone, and no talks. Pure: tables and a
   setting in, numbers out; no page, no clock, no draw. Every constant comes with the tables. Tests hold it to the Python.
   A setting is {values: {path: number}, without: [ids of constraints], moved: {line id: [options allowed]}, reading: name
   or ""}; whatever it leaves out stays as the scenario has it. */
function zoneEngine(tables) {
  const { tolerance, ideal, year, rounded, kinds, noWayOut } = tables.constants;
  const { issues, war, endings, alone, holders, doers } = tables;
  const count = issues.length, parties = tables.parties.length;
  const lineCount = tables.lines.length, doerBit = lineCount + holders.length;
  const NEAR = 1e-11; // a value as near to its floor as browsers and NumPy may differ
  const SURE = 1e-6; // points by which a bound must miss before exact numbers are left out
  const MOST_SETS = 2000;
  const all = (issue) => issue.options.map((_, k) => k);
  const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

  // Of each option the bits of the boxes it lies in; a package lies in the boxes whose bits all its options share.
  function bitTables(boxes) {
    return issues.map((issue, axis) => all(issue).map((k) =>
      boxes.reduce((bits, box, n) => bits | (box[axis] && !box[axis].includes(k) ? 0 : 1 << n), 0)));
  }

  const owned = holders.map((party, n) =>
    tables.lines.reduce((bits, line, l) => bits | (line.party === party ? 1 << l : 0), 1 << (lineCount + n)));
  const ones = (bits) => { let n = 0; for (let b = bits; b; b &= b - 1) n += 1; return n; };

  // Whether enough accept, and whoever has to act among them; where all must, whether nothing held is violated.
  function kept(held, mask) {
    if (alone) return (mask & held) === 0;
    const accepts = (party) => (mask & held & (owned[holders.indexOf(party)] ?? 0)) === 0;
    return tables.asked.filter(accepts).length >= tables.quorum && tables.vetoes.every(accepts)
      && doers.every((party, n) => !(mask >> (doerBit + n) & 1) || accepts(party));
  }

  function forbidden(line, allowed, reading) {
    const box = { ...line.when[reading] };
    box[line.on] = (box[line.on] ?? all(issues[line.on])).filter((k) => !allowed.includes(k));
    return box;
  }

  function utilityOf(c, p, options) {
    let total = 0;
    for (let j = 0; j < count; j += 1) total += c.weights[p][j] * tables.values[p][j][options[j]];
    for (const { party, points, box } of tables.interactions) {
      if (party === p && Object.entries(box).every(([axis, inside]) => inside.includes(options[axis]))) total += points;
    }
    return total;
  }

  // ---- the war: a sum over months, g(x) the monthly utility of what stands with the line at x
  function places(share, standing) {
    return war.shares.map((at) => (at >= war.shares[standing] ? share + (at - war.shares[standing]) : Math.min(at, share)));
  }

  function terrain(c, p) {
    const stands = issues[war.line].stands, where = places(c.share, stands), knots = new Map();
    const rising = all(issues[war.line]).sort((a, b) => war.shares[a] - war.shares[b] || a - b);
    for (const k of rising) knots.set(war.shares[k], k);
    knots.set(war.shares[stands], stands);
    const chosen = [...knots.values()], last = chosen.at(-1);
    const standing = issues.map((issue) => issue.stands);
    const heights = chosen.map((k) => utilityOf(c, p, standing.with(war.line, k)));
    const now = heights[chosen.indexOf(stands)];
    const step = c.weights[p][war.line] * (war.beyondValue[p] - tables.values[p][war.line][last]);
    const xs = chosen.map((k) => where[k]), top = heights.at(-1) + step;
    const ys = heights.map((height, n) => (xs[n] === where[stands] ? now : height));
    return { xs: [...xs, Math.max(war.beyondShare[p], xs.at(-1))], ys: [...ys, top] };
  }

  function heightAt({ xs, ys }, x) {
    let n = 0;
    while (n < xs.length && xs[n] <= x) n += 1;
    if (n === 0) return ys[0];
    if (n === xs.length) return ys[n - 1];
    return ys[n - 1] + ((ys[n] - ys[n - 1]) / (xs[n] - xs[n - 1])) * (x - xs[n - 1]);
  }

  function odds(win, shift, mirror) {
    const clip = (chance) => Math.min(Math.max(chance, 0), 1);
    const first = clip(win[0] + shift), second = clip(win[1] - shift * mirror), whole = Math.max(first + second, 1);
    return [first / whole, second / whole];
  }

  function prospects(c, p) {
    const n = c.number, d = n(war.discount[p]), h = n(war.hazard), keep = d * (1 - h), ground = terrain(c, p);
    const pushed = sum(war.leverBase.map((base, v) => (n(war.leverIndex[v]) - base) * war.leverDrift[v]));
    const drift = n(war.drift[p]) + pushed, win = war.win[p].map(n);
    const months = (1 - keep ** war.horizon) / (1 - keep);
    const flows = places(c.share, issues[war.line].stands).map((share) => {
      let total = 0, kept = 1;
      for (let k = 0; k < war.horizon; k += 1, kept *= keep) total += kept * heightAt(ground, share + drift * k);
      return total;
    });
    const terms = war.terms.map((imposed) => utilityOf(c, p, imposed));
    const cost = -months * (1 - d) * n(war.cost[p]);
    const going = (option, shift, costShare) => { // W from an option of the line, with the first's odds shifted
      const [first, second] = odds(win, shift, n(war.mirror));
      const drawn = 1 - d + d * h * (1 - (first + second)), won = months * d * h;
      return { holding: drawn * flows[option], first: won * first * terms[0], second: won * second * terms[1], cost: costShare * cost };
    };
    return { d, going };
  }

  const worthOf = (parts) => parts.holding + (parts.first + parts.second) + parts.cost;
  function fixedValue(c, p) {
    const own = tables.fixed[p];
    return 'win' in own ? ideal * (c.number(own.win) - c.number(own.cost)) : c.number(own.value);
  }

  // W' hangs on the line agreed and on what the terms add to the odds: a place for each choice of the options that bear.
  const bearing = (() => {
    const stride = new Array(count).fill(0), shifts = [0], lines = [0];
    if (!endings) return { stride, shifts, lines };
    let wide = 1;
    for (let j = count - 1; j >= 0; j -= 1) {
      if (j !== endings.line && endings.resume[j].every((shift) => shift === 0)) continue;
      stride[j] = wide;
      wide *= issues[j].options.length;
    }
    for (let at = 0; at < wide; at += 1) {
      const chosen = issues.map((issue, j) => (stride[j] ? Math.floor(at / stride[j]) % issue.options.length : 0));
      shifts[at] = sum(chosen.map((k, j) => (stride[j] ? endings.resume[j][k] : 0)));
      lines[at] = chosen[endings.line];
    }
    return { stride, shifts, lines };
  })();

  const room = new Float64Array(bearing.shifts.length * parties); // of the case compiled last, which is the one in use

  function resumed(c, at) { // worked out when first asked for, and kept
    if (Number.isNaN(c.after[at * parties])) {
      for (let p = 0; p < parties; p += 1) {
        c.after[at * parties + p] = war.fights[p] ? worthOf(c.prospects[p].going(bearing.lines[at], c.scale * bearing.shifts[at], 1)) : c.war[p];
      }
    }
    return c.after;
  }

  function compile(setting) {
    const values = { ...tables.numbers, ...setting.values }, c = {};
    c.number = (cell) => (typeof cell === 'string' ? values[cell] : cell);
    c.weights = tables.weights.map((row) => {
      const raw = row.map(c.number), total = sum(raw);
      return raw.map((weight) => (total > 0 ? (weight * ideal) / total : 0));
    });
    const reading = setting.reading || tables.reading || '';
    c.boxes = tables.lines.map((line) => forbidden(line, setting.moved?.[line.id] ?? line.allowed, reading));
    c.off = tables.constraints.reduce((bits, id, n) => bits | (setting.without?.includes(id) ? 1 << n : 0), 0);
    c.held = ((1 << doerBit) - 1) & ~c.off;
    if (war) {
      c.share = c.number(war.share);
      c.prospects = tables.parties.map((_, p) => prospects(c, p));
      const going = (p, share) => (war.fights[p] ? worthOf(c.parts[p] = c.prospects[p].going(issues[war.line].stands, 0, share)) : fixedValue(c, p));
      c.parts = [];
      c.limited = tables.parties.map((_, p) => going(p, endings.limitedCost));
      c.war = tables.parties.map((_, p) => going(p, 1));
      c.after = room.fill(NaN);
      c.scale = c.number(endings.resumeScale);
      c.start = c.number(endings.start);
      c.slope = c.number(endings.slope);
      c.hold = endings.hold.map((chance) => Math.log(c.number(chance)));
      c.attacked = war.attacked.map((row) => row.map(c.number));
    }
    c.reservation = tables.parties.map((_, p) => (war ? c.war[p] : fixedValue(c, p)));
    c.floors = c.reservation.map((r, p) => {
      const home = tables.home[p];
      return r + (home ? Math.max(0, c.number(home.spread) * (2 * c.number(home.quorum) - 1)) : 0);
    });
    c.public = tables.audience.map((cost) => tables.public * c.number(cost));
    c.ways = c.public.map((share, p) => (share > 0 ? waysOut(c, p) : []));
    return c;
  }

  // Steps out of each of a party's declared lines, issue by issue: what stepping back in public is counted in.
  function waysOut(c, p) {
    return tables.lines.flatMap((line, n) => {
      if (line.party !== p || c.off >> n & 1) return [];
      const steps = issues.map((issue, axis) => {
        const inside = c.boxes[n][axis] ?? all(issue), out = issue.room.filter((k) => !inside.includes(k));
        return all(issue).map((k) => Math.min(noWayOut, ...out.map((o) => (issue.ordered ? Math.abs(o - k) : Number(o !== k)))));
      });
      return [{ weight: c.weights[p][line.on], span: issues[line.on].span, steps }];
    });
  }

  // ---- what packages are worth
  function valuer(c, state) {
    const { u, k } = state, calm = new Float64Array(2), fighters = tables.belligerents;
    const logistic = (x) => -(x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x)));
    let base = 0, kind = kinds.NONE, after = null;
    function begin() {
      if (!endings) return;
      after = resumed(c, state.after);
      base = state.after * parties;
      kind = endings.kinds[k[endings.axis]];
      if (kind >= kinds.ARMISTICE) {
        for (let b = 0; b < 2; b += 1) {
          const who = fighters[b];
          calm[b] = logistic(-(u[who] - after[base + who] + c.start) / c.slope);
        }
      }
    }
    function private_(p) {
      if (!endings) return u[p];
      if (kind < kinds.TRUCE) return kind === kinds.LIMITED ? c.limited[p] : c.war[p];
      const d = c.prospects[p].d, w = after[base + p];
      if (kind === kinds.TRUCE) return (1 - d) * u[p] + d * w;
      let log = c.hold[kind], blow = 0;
      for (let b = 0; b < 2; b += 1) {
        if (fighters[b] !== p) { log += calm[b]; blow += c.attacked[p][b] * calm[b]; }
      }
      const stays = Math.exp(log / year), loss = log < 0 ? blow / log : 0, whole = 1 - d * stays, share = (1 - d) / whole;
      return share * u[p] + (1 - share) * w - (d * (1 - stays) * loss) / whole;
    }
    function of(p) {
      let lost = 0;
      for (const { weight, span, steps } of c.ways[p]) {
        let fewest = noWayOut;
        for (let j = 0; j < count; j += 1) fewest = Math.min(fewest, steps[j][k[j]]);
        lost += (weight * fewest) / span;
      }
      return private_(p) - c.public[p] * lost;
    }
    // A deal that lasts lies between U and W': where both are too little, so is it, and nothing else need be known.
    function hopeless(p) {
      return endings !== null && kind >= kinds.ARMISTICE && Math.max(u[p], after[base + p]) < c.floors[p] - SURE;
    }
    const holds = () => (endings && kind >= kinds.ARMISTICE ? Math.exp(c.hold[kind] + calm[0] + calm[1]) : null); // a year
    return { begin, of, hopeless, holds };
  }

  // ---- who could sign
  // Every coherent ceasefire package, issue by issue; what is sure to fail `worthwhile` whatever follows is cut off.
  function walk(c, worthwhile, leaf) {
    const order = issues.map((_, j) => j).sort((a, b) => (issues[a].left.length > 1) - (issues[b].left.length > 1) || a - b);
    const lines = bitTables(c.boxes), rules = bitTables(tables.validity);
    const marks = bitTables([tables.settlement, ...tables.interactions.map((effect) => effect.box)]);
    const acts = issues.map((issue, j) => all(issue).map((k) => tables.deeds.reduce((bits, deed, n) => bits | (deed[j].includes(k) ? 1 << n : 0), 0)));
    const points = issues.map((issue, j) => all(issue).map((k) => tables.parties.map((_, p) => c.weights[p][j] * tables.values[p][j][k])));
    const sure = (table) => order.reduceRight((rest, j, at) => { // bits that all options still to come have
      rest[at] = issues[j].left.reduce((bits, k) => bits & table[j][k], -1) & (rest[at + 1] ?? -1);
      return rest;
    }, []);
    const sureLines = [...sure(lines), -1], sureRules = [...sure(rules), -1];
    const everyLine = (1 << lineCount) - 1, everyRule = 2 ** tables.validity.length - 1;
    const rows = order.map(() => new Float64Array(parties));
    const state = { u: new Float64Array(parties), k: new Array(count).fill(0), after: 0, lines: 0, deeds: 0, settled: false };
    const { stride } = bearing;
    function go(at, line, rule, mark, deed, after) {
      if (rule & sureRules[at] & everyRule || !worthwhile((line & sureLines[at] & everyLine) | deed << doerBit)) return;
      const before = at ? rows[at - 1] : null;
      if (at === count) {
        for (let p = 0; p < parties; p += 1) state.u[p] = before[p];
        for (let m = 0; m < tables.interactions.length; m += 1) {
          if (mark >> (m + 1) & 1) state.u[tables.interactions[m].party] += tables.interactions[m].points;
        }
        state.lines = line & everyLine; state.deeds = deed; state.after = after; state.settled = (mark & 1) === 1;
        leaf(state);
        return;
      }
      const j = order[at], row = rows[at];
      for (const k of issues[j].left) {
        const own = points[j][k];
        for (let p = 0; p < parties; p += 1) row[p] = (before ? before[p] : 0) + own[p];
        state.k[j] = k;
        go(at + 1, line & lines[j][k], rule & rules[j][k], mark & marks[j][k], deed | acts[j][k], after + stride[j] * k);
      }
    }
    if (issues.every((issue) => issue.left.length)) go(0, -1, -1, -1, 0, 0);
    return state;
  }

  function shortBits(c, value, tally, stopEarly) {
    let bits = 0;
    for (let n = 0; n < holders.length; n += 1) {
      if (stopEarly && c.off >> (lineCount + n) & 1) continue;
      const p = holders[n], bar = c.floors[p] - tolerance;
      let short = value.hopeless(p);
      const worth = short ? NaN : value.of(p);
      short ||= !(worth >= bar);
      if (Math.abs(worth - bar) < NEAR) tally.edge += 1;
      if (short) bits |= 1 << (lineCount + n);
      if (short && stopEarly) break;
    }
    return bits;
  }

  // The zone as it stands: sizes, how often each option is in it, its packages with their values, how sure the count is.
  function answer(setting) {
    const c = compile(setting), tally = { edge: 0 }, packages = [], values = [], accepting = [], held = [];
    const sizes = { ceasefire: 0, settlement: 0 }, options = issues.map((issue) => all(issue).map(() => 0));
    let value;
    walk(c, (mask) => kept(c.held, mask), (state) => {
      (value ??= valuer(c, state)).begin();
      const mask = state.lines | shortBits(c, value, tally, alone) | state.deeds << doerBit;
      if (!kept(c.held, mask)) return;
      sizes.ceasefire += 1;
      sizes.settlement += Number(state.settled);
      for (let j = 0; j < count; j += 1) { options[j][state.k[j]] += 1; packages.push(state.k[j]); }
      for (const p of tables.signatories) values.push(round(value.of(p)));
      accepting.push(mask);
      held.push(value.holds());
    });
    return { sizes, options, edge: tally.edge, floors: c.floors, reservation: c.reservation, parts: c.parts ?? null,
      points: points(c, packages, values, accepting, held) };
  }

  function round(number) { // to the decimals that ties are told by; halves to the even neighbour, as NumPy does
    const times = 10 ** rounded, scaled = number * times, near = Math.round(scaled);
    return (near - scaled === 0.5 && near % 2 ? near - 1 : near) / times;
  }

  const SCORES = { // of the gains in one row of a table, g columns wide; `most` is the largest gain of each
    nash: (gains, at, most) => most.reduce((total, _, g) => total + (gains[at + g] > tolerance ? Math.log(gains[at + g]) : -Infinity), 0),
    kalai_smorodinsky: (gains, at, most) => most.reduce((least, top, g) => Math.min(least, top > tolerance ? gains[at + g] / top : 1), Infinity),
    egalitarian: (gains, at, most) => most.reduce((least, _, g) => Math.min(least, gains[at + g]), Infinity),
    utilitarian: (gains, at, most) => most.reduce((total, _, g) => total + gains[at + g], 0),
  };

  function points(c, packages, values, accepting, held) {
    const signing = tables.signatories.length, found = [];
    for (const group of tables.groups) {
      const asked = c.held & group.reduce((bits, party) => bits | owned[holders.indexOf(party)], 0), wide = group.length;
      const columns = group.map((party) => tables.signatories.indexOf(party));
      const rows = Array.from(accepting.keys()).filter((n) => (accepting[n] & asked) === 0);
      const gains = new Float64Array(rows.length * wide), most = new Array(wide).fill(-Infinity);
      for (let row = 0; row < rows.length; row += 1) {
        for (let g = 0; g < wide; g += 1) {
          const gain = values[rows[row] * signing + columns[g]] - c.reservation[group[g]];
          gains[row * wide + g] = gain;
          if (gain > most[g]) most[g] = gain;
        }
      }
      for (const [name, score] of Object.entries(SCORES)) {
        const scores = rows.map((_, row) => score(gains, row * wide, most));
        const best = scores.reduce((a, b) => Math.max(a, b), -Infinity);
        if (best === -Infinity) continue;
        const ties = rows.filter((_, row) => scores[row] >= best - tolerance), first = ties[0];
        found.push({ name, group, ties: ties.length, score: best, package: packages.slice(first * count, (first + 1) * count),
          values: columns.map((s) => values[first * signing + s]), holds: held[first] });
      }
    }
    return found;
  }

  // ---- the masks of all packages, and what follows from them
  // Of each mask how many packages have it, and the nearest to how things stand: the first of those that change fewest.
  function masks(setting) {
    const c = compile(setting), tally = { edge: 0 }, found = new Map();
    let value;
    walk(c, () => true, (state) => {
      (value ??= valuer(c, state)).begin();
      const mask = state.lines | shortBits(c, value, tally, false) | state.deeds << doerBit;
      let entry = found.get(mask), changes = 0;
      for (let j = 0; j < count; j += 1) changes += Number(state.k[j] !== issues[j].stands);
      if (!entry) found.set(mask, entry = [mask, 0, 0, Infinity, null]);
      entry[1] += 1;
      entry[2] += Number(state.settled);
      if (changes < entry[3]) { entry[3] = changes; entry[4] = state.k.slice(); }
    });
    return { edge: tally.edge, masks: [...found.values()] };
  }

  // What a group that could sign would have to give up for a package: its own bits, and those of whoever has to act.
  function givenUp(c, mask) {
    if (alone) return [mask & c.held];
    return tables.groups.map((group) => mask & holders.reduce((bits, party, n) => {
      const acts = doers.includes(party) && mask >> (doerBit + doers.indexOf(party)) & 1;
      return group.includes(party) || acts ? bits | owned[n] : bits;
    }, 0) & c.held);
  }

  const bySize = (a, b) => ones(a) - ones(b) || a - b;

  function minimal(sets) {
    const found = [];
    for (const one of [...new Set(sets)].sort(bySize)) {
      if (!found.some((smaller) => (one & smaller) === smaller)) found.push(one);
    }
    return found;
  }

  function hitting(sets) { // minimal sets that share a member with each of these (Berge 1989), growing set by set
    let found = [0];
    for (const one of sets) {
      const grown = found.flatMap((hit) => (hit & one ? [hit] : [...Array(doerBit).keys()].filter((n) => one >> n & 1).map((n) => hit | 1 << n)));
      found = minimal(grown);
      if (found.length > MOST_SETS) return { sets: [], complete: false };
    }
    return { sets: found, complete: true };
  }

  function diagnose(setting, counted) {
    const c = compile(setting), zone = (column) => {
      const there = counted.filter((entry) => entry[column] > 0);
      const sets = minimal(there.flatMap((entry) => givenUp(c, entry[0])));
      const open = !sets.length || sets[0] === 0, hits = open ? { sets: [], complete: true } : hitting(sets);
      const values = ((1 << holders.length) - 1) << lineCount;
      const conflicts = hits.sets.sort((a, b) => ((a & values) !== 0) - ((b & values) !== 0) || bySize(a, b));
      return { relaxations: open ? [] : sets, conflicts, complete: hits.complete };
    };
    const size = (held, column) => counted.reduce((total, entry) => total + (kept(held, entry[0]) ? entry[column] : 0), 0);
    const nearer = (a, b) => a[3] - b[3] || a[4].reduce((apart, k, j) => apart || k - b[4][j], 0);
    const inside = counted.filter((entry) => kept(c.held, entry[0]));
    const first = inside.reduce((best, entry) => (best && nearer(best, entry) <= 0 ? best : entry), null);
    return { ceasefire: zone(1), settlement: zone(2), sizes: { ceasefire: size(c.held, 1), settlement: size(c.held, 2) },
      flipped: tables.constraints.map((_, n) => size(c.held ^ 1 << n, 1)), nearest: first && first[4], reservation: c.reservation };
  }

  let looked = { at: '' }; // the masks found last: which lines are held moves no mask, but what steps back in public cost
  function why(setting) {
    const at = JSON.stringify([setting.values, setting.moved, setting.reading, tables.public > 0 && setting.without]);
    if (at !== looked.at) looked = { at, ...masks(setting) };
    return { ...diagnose(setting, looked.masks), edge: looked.edge };
  }

  return { answer, masks, diagnose, why };
}
