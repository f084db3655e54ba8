/* What the page was given, and how it says numbers and names. All files of the page share these names; nothing here
   counts, and what comes from the address is only ever text. */
const { tables, digest, proof, words, moving } = JSON.parse(document.getElementById('data').textContent);
const sliders = moving.rows.map((row) => Object.fromEntries(moving.fields.map((field, n) => [field, row[n]])));
const { constants, issues, parties, holders, lines } = tables;
const $ = (id) => document.getElementById(id);
const named = (entries) => Object.assign(Object.create(null), Object.fromEntries(entries)); // knows no name but these
const lineOf = named(lines.map((line) => [line.id, line]));
const sliderOf = named(sliders.map((slider) => [slider.path, slider]));
const WAIT = 150; // ms after which old numbers turn grey
const QUIET = 600; // ms without a move before the page speaks and looks further
const POINTS = named(Object.entries({ egalitarian: 'egalitarian', nash: 'Nash', kalai_smorodinsky: 'Kalai–Smorodinsky', utilitarian: 'utilitarian' }));
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
