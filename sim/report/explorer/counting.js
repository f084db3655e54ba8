/* How many packages are left, from the distinct sets of constraints that they violate: the one count of the explorer's
   engine and of a report's switches. Masks stand in columns, a word of at most 30 bits a column; `held` is a word each. */
function zoneCounting({ alone, asked, quorum, vetoes, doers, holders, owned, doerBit }) {
  const ones = (bits) => { let n = 0; for (let b = bits; b; b &= b - 1) n += 1; return n; };

  // Whether enough accept, and whoever has to act among them; where all must, whether nothing held is violated.
  function kept(held, mask) {
    if (alone) return (mask & held) === 0;
    const accepts = (party) => (mask & held & (owned[holders.indexOf(party)] ?? 0)) === 0;
    return asked.filter(accepts).length >= quorum && vetoes.every(accepts)
      && doers.every((party, n) => !(mask >> (doerBit + n) & 1) || accepts(party));
  }

  const inside = (columns, held, n) => held.every((word, w) => kept(word, columns[w][n]));

  function under(columns, counts, held) {
    let packages = 0;
    for (let n = 0; n < counts.length; n += 1) if (inside(columns, held, n)) packages += counts[n];
    return packages;
  }

  const flipped = (columns, counts, held, word, bit) => under(columns, counts, held.map((bits, w) => (w === word ? bits ^ 1 << bit : bits)));

  const fewest = (columns, held) => columns[0].reduce((least, _, n) => // constraints that some package violates at least
    Math.min(least, held.reduce((total, word, w) => total + ones(columns[w][n] & word), 0)), Infinity);

  const first = (columns, held) => columns[0].findIndex((_, n) => inside(columns, held, n));

  return { ones, kept, under, flipped, fewest, first };
}
