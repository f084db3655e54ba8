/* A class's cases: an id picks one, ticks become an answer, and the answer leaves as a file. Nothing is judged here. */
(() => {
  'use strict';
  const data = JSON.parse(document.getElementById('data').textContent);
  const $ = (id) => document.getElementById(id);
  let student = '', open = null;

  function make(tag, attributes, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  }

  function digest(text) { // FNV-1a, as where the page is made
    let found = 2166136261;
    for (const byte of new TextEncoder().encode(`${data.salt}/${text}`)) found = Math.imul(found ^ byte, 16777619) >>> 0;
    return found;
  }

  const known = (text) => text.normalize('NFC').trim().toLowerCase();

  function packages(name, issues) { // a grid where there are two issues, else a list
    const tick = (chosen) => make('input', { type: 'checkbox', name, value: JSON.stringify(chosen.map(([, option]) => option[0])),
      'aria-label': chosen.map(([issue, option]) => `${issue.name}: ${option[1]}`).join('; ') });
    const every = issues.reduce((rows, issue) => rows.flatMap((row) => issue.options.map((option) => [...row, [issue, option]])), [[]]);
    if (issues.length !== 2) {
      return make('ul', { class: 'ticks' }, ...every.map((chosen) => {
        const box = tick(chosen);
        return make('li', {}, make('label', {}, box, make('span', {}, box.getAttribute('aria-label'))));
      }));
    }
    const [down, across] = issues, cell = (option, other) => make('td', {}, make('label', {}, tick([[down, option], [across, other]])));
    return make('table', { class: 'grid' },
      make('thead', {}, make('tr', {}, make('td', {}, `${down.name} ↓ ${across.name} →`), ...across.options.map((other) => make('th', { scope: 'col' }, other[1])))),
      make('tbody', {}, ...down.options.map((option) => make('tr', {}, make('th', { scope: 'row' }, option[1]), ...across.options.map((other) => cell(option, other))))));
  }

  const text = (name, label) => make('p', {}, make('label', {}, `${label} `, make('input', { type: 'text', name, maxlength: 200, autocomplete: 'off' })));

  const FORMS = { // how each kind of question is asked
    line: ({ field }) => make('ul', { class: 'ticks' }, ...open.lines.map((line) => make('li', {}, make('label', {},
      make('input', { type: 'radio', name: field, value: line.id }), make('span', {}, make('b', {}, line.party), ` ${line.wording} `, make('code', {}, line.id)))))),
    packages: ({ field }) => make('div', { class: 'scroll' }, packages(field, open.issues)),
    package: ({ field }) => make('div', {}, ...open.issues.map((issue) => make('p', {}, make('label', {}, `${issue.name} `,
      make('select', { name: `${field}.${issue.id}` }, ...(issue.options.length > 1 ? [make('option', { value: '' }, 'choose')] : []), ...issue.options.map(([id, label]) => make('option', { value: id }, label))))))),
    fields: ({ field, fields }) => make('div', {}, ...fields.map((name) => text(`${field}.${name}`, name))),
    tactic: ({ field, fields }) => make('div', {}, ...fields.map(({ name, means, usual, least, most, whole }) => make('p', {}, make('label', {}, make('b', {}, name), ` ${means} `,
      make('input', { type: 'number', name: `${field}.${name}`, min: least, max: most, step: whole ? 1 : 'any', placeholder: usual ?? '' }), ` ${least} to ${most}${usual === null ? '' : `; usually ${usual}`}`)))),
    words: ({ field }) => text(field, 'Your answer'),
  };

  const READ = { // and what of a filled form is the answer
    line: (said, { field }) => said.get(field) ?? '',
    packages: (said, { field }) => said.getAll(field).map((chosen) => Object.fromEntries(JSON.parse(chosen).map((option, n) => [open.issues[n].id, option]))),
    package: (said, { field }) => Object.fromEntries(open.issues.map(({ id }) => [id, said.get(`${field}.${id}`)])),
    fields: (said, { field, fields }) => Object.fromEntries(fields.map((name) => [name, said.get(`${field}.${name}`)])),
    tactic: (said, { field, fields }) => Object.fromEntries(fields.map(({ name }) => [name, said.get(`${field}.${name}`)])
      .filter(([, value]) => value !== '').map(([name, value]) => [name, Number(value)])),
    words: (said, { field }) => said.get(field),
  };

  function show(place) {
    open = { ...data.alike, ...data.cases[place] };
    for (const sheet of document.querySelectorAll('.sheet')) sheet.hidden = Number(sheet.dataset.case) !== place;
    $('questions').replaceChildren(...open.questions.map((question) =>
      make('fieldset', {}, make('legend', {}, `${question.asks} (${question.points} point${question.points === 1 ? '' : 's'})`), FORMS[question.kind](question))));
    $('answer').hidden = false;
    $('saved').textContent = '';
  }

  $('who').addEventListener('submit', (event) => {
    event.preventDefault();
    student = $('student').value.trim();
    const place = data.places[digest(known(student))];
    $('told').textContent = place === undefined ? 'This id is not on the list that the page was made from; type it as it stands there.' : `The case of ${student}.`;
    if (place === undefined) {
      $('answer').hidden = true;
      for (const sheet of document.querySelectorAll('.sheet')) sheet.hidden = true;
    } else show(place);
  });

  $('form').addEventListener('submit', (event) => {
    event.preventDefault();
    const said = new FormData($('form'));
    const answers = Object.fromEntries(open.questions.map((question) => [question.field, READ[question.kind](said, question)]));
    const answer = { exercise: data.exercise, names: data.names, student, answer: answers };
    const name = `${data.stem}-${known(student).replace(/[^a-z0-9-]+/g, '-')}.answer.yaml`;
    const link = make('a', { download: name, href: URL.createObjectURL(new Blob([`${JSON.stringify(answer, null, 1)}\n`], { type: 'application/yaml' })) });
    document.body.append(link);
    link.click();
    link.remove();
    const bare = (value) => (value && typeof value === 'object' ? !Object.keys(value).length || Object.values(value).some(bare) : value === '');
    const empty = open.questions.filter(({ field, kind }) => kind !== 'tactic' && bare(answers[field])).map(({ asks }) => asks.split(':')[0]);
    $('saved').textContent = `Saved as ${name}. Hand that file in.${empty.length ? ` Not all is answered: ${empty.join(', ')}.` : ''}`;
  });
})();
