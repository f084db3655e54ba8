/* From start to end: workers that count, what happens when something moves, the guess, the self-test. */
// Workers: one for what stands on the screen, one to look why, one for what can wait
function startWorker() {
  const failed = () => off('This browser cannot count here; the command does.');
  try { return countingWorker(tables, failed); } catch { return failed(); }
}

const asGiven = $('board').innerHTML; // what the program had counted, for a browser that cannot
let over = false, quick, slow, look = null, looking = false, busy = false, stale = false, quiet = 0, found = null, deeper = null, turn = 0;

function changed() { // by the reader: from now on the address says it
  if (over) return;
  history.replaceState(null, '', address());
  anew();
}

function anew() {
  if (over) return;
  turn += 1;
  deeper = null;
  if (looking) { // at what is no longer asked: the processor is needed for what is
    look.stop();
    look = null;
    looking = false;
  }
  $('command').textContent = command();
  showControls();
  count();
  clearTimeout(quiet);
  quiet = setTimeout(settled, QUIET, turn);
}

async function count() {
  if (busy) { stale = true; return; }
  busy = true;
  const grey = setTimeout(() => $('board').classList.toggle('waiting', !over), WAIT);
  do {
    stale = false;
    found = await quick('answer', setting());
  } while (stale);
  if (over) return;
  busy = false;
  clearTimeout(grey);
  $('board').classList.remove('waiting');
  showFound();
}

async function settled(mine) {
  look ??= startWorker();
  if (over) return;
  looking = true;
  const why = await look('why', setting());
  looking = false;
  if (mine !== turn || !found) return;
  deeper = why;
  showDeeper();
  $('said').textContent = `${$('yes').textContent} ${$('size').textContent} package${$('size').textContent === '1' ? '' : 's'}. ${$('gives').textContent}`;
}

/* Back to the page as it is without a script, with why: no number stands beside a setting that it was not counted for. */
function off(said) {
  if (over) return;
  over = true;
  turn += 1; // what is still being counted is told no more
  clearTimeout(quiet);
  $('board').innerHTML = asGiven;
  $('board').classList.remove('waiting', 'open');
  $('bar').hidden = true;
  document.documentElement.classList.add('static');
  for (const node of document.querySelectorAll('#board input, #board button, #board select')) node.disabled = true;
  notice(said);
  $('self-test').textContent = said;
}

async function selfTest() {
  for (const told of proof) {
    if (!agrees(await slow('answer', told.setting), told, constants.tolerance)) {
      off('This browser counts differently; use the command.');
      return;
    }
  }
  if (!over) $('self-test').textContent = `This page counted ${plural(proof.length, 'setting')} again as the program had: no difference.`;
}

function reveal(guess) {
  $('guess').hidden = true;
  $('board').hidden = false;
  $('bar').hidden = over;
  if (guess) {
    $('guessed').hidden = false;
    $('guessed').textContent = guess;
  }
  $('finding').focus({ preventScroll: Boolean(!guess) });
}

function start() {
  document.documentElement.classList.remove('static', 'guessing');
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
  const copies = { 'copy-command': () => command(), 'copy-link': () => location.href.replace(/#.*$/, '') + address() };
  for (const [id, text] of Object.entries(copies)) {
    $(id).addEventListener('click', async () => { $('copied').textContent = await copied(text()) ? 'Copied.' : 'This browser does not let a page copy.'; });
  }
  $('reset').addEventListener('click', () => { state = fresh(); changed(); });
  $('try-ends').addEventListener('click', tryEnds);
  for (const radio of document.querySelectorAll('[name=reading]')) radio.addEventListener('change', () => { state.reading = radio.value; changed(); });
  addEventListener('hashchange', () => { state = restored(location.hash); anew(); });
  quick = startWorker();
  slow = startWorker();
  if (over) return;
  if (location.hash) state = restored(location.hash);
  anew();
  selfTest();
}

globalThis.explorer = { ask: (...asked) => slow(...asked), state: () => ({ found, deeper, busy }), command };
if (document.hidden) start(); else requestAnimationFrame(() => setTimeout(start)); // what stands in the file is painted first
