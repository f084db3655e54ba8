/* The engine in a worker of its own, made from this page's text, and whether it counts as the program did: for every page
   that counts. It asks nothing of the page it stands in. */
function countingWorker(tables, failed) {
  const source = `'use strict';${zoneEngine}
    let engine;
    onmessage = ({ data: { tables, id, ask, args } }) => {
      if (tables) engine = zoneEngine(tables); else postMessage({ id, found: engine[ask](...args) });
    };`;
  const place = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  const worker = new Worker(place), waiting = new Map();
  let last = 0;
  worker.onmessage = ({ data: { id, found } }) => { waiting.get(id)(found); waiting.delete(id); };
  worker.onerror = failed;
  worker.postMessage({ tables });
  const asking = (ask, ...args) => new Promise((resolve) => {
    last += 1;
    waiting.set(last, resolve);
    worker.postMessage({ id: last, ask, args });
  });
  return Object.assign(asking, { stop: () => { worker.terminate(); URL.revokeObjectURL(place); } });
}

// Whether what was counted here is what the program had counted, which the page was given.
function agrees(now, told, tolerance) {
  return now.reservation.every((value, p) => Math.abs(value - told.reservation[p]) < tolerance)
    && Object.entries(told.sizes).every(([zone, size]) => now.sizes[zone] === size)
    && (told.flipped ?? []).every((size, n) => now.flipped[n] === size);
}
