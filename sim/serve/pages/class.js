// Keeps an open page up to date and says what a package is worth while it is built. Everything works without it.
"use strict";
document.documentElement.classList.add("js");

const seat = document.body.dataset.seat;
if (location.search) history.replaceState(null, "", location.pathname + location.hash); // a note is told once
addEventListener("offline", () => lost(true));
let version = document.body.dataset.version;

// Clocks run on in place: a part in which nothing else is new stands still under a hand that reaches for it.
const clocks = (part) => [...part.querySelectorAll(".clock")];
const timeless = (part) => {
  const copy = part.cloneNode(true);
  for (const clock of clocks(copy)) clock.remove();
  return copy.outerHTML;
};

const put = (now, then) => {
  if (!now || !then || now.outerHTML === then.outerHTML) return;
  if (clocks(now).length === clocks(then).length && timeless(now) === timeless(then)) {
    const next = clocks(then);
    clocks(now).forEach((clock, n) => Object.assign(clock.dataset, { ...next[n].dataset }));
    return;
  }
  const open = [...now.querySelectorAll("details[id]")].filter((one) => one.open).map((one) => one.id);
  now.replaceWith(then);
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
};

const told = async (address) => {
  const answer = await fetch(address, { cache: "no-store" });
  if (!answer.ok) throw new Error(answer.status);
  return answer.text();
};

// Whether the class can be reached: a page that cannot says so, and sends nothing into the void.
const unkept = new Set(); // forms whose text could not be kept
const lost = (gone) => {
  document.getElementById("lost").hidden = !gone;
  if (!gone) for (const form of unkept) weigh(form).catch(unreached);
};
const unreached = (error) => lost(error instanceof TypeError);

const refresh = async () => {
  const next = new DOMParser().parseFromString(await told(`${seat}/board`), "text/html");
  const now = (id) => document.getElementById(id);
  const stage = next.getElementById("status").dataset.stage;
  if (stage === "revealed" || stage !== now("status").dataset.stage) return location.reload();
  put(now("status"), next.getElementById("status"));
  put(now("news"), next.getElementById("news"));
  put(now("said"), next.getElementById("said"));
  put(now("path"), next.getElementById("path"));
  if (now("build").dataset.key !== next.getElementById("build").dataset.key) {
    put(now("build"), next.getElementById("build"));
    now("note")?.remove(); // it was about another moment
  } else put(now("worth"), next.getElementById("worth"));
  document.title = now("status").dataset.title;
  started = Date.now();
};

let waking = null;
const changed = (said) => {
  if (said === "moved" || said.split("-")[0] !== version.split("-")[0]) {
    const again = () => location.reload();
    return Promise.all([...unkept].map(weigh)).then(again, again);
  }
  if (said === version) return;
  version = said;
  clearTimeout(waking);
  waking = setTimeout(() => refresh().catch(() => { version = `${version.split("-")[0]}-`; }), 60);
};

const poll = async () => {
  try {
    changed(await told(`${seat}/version`));
    lost(false);
  } catch (error) {
    if (error.message === "404") location.reload();
    unreached(error);
  }
};

if (seat) {
  const source = new EventSource(`${seat}/stream`);
  let heard = Date.now();
  source.onmessage = (event) => { heard = Date.now(); lost(false); changed(event.data); };
  source.onerror = poll;
  addEventListener("online", poll);
  setInterval(() => { if (source.readyState !== 1 || Date.now() - heard > 20000) poll(); }, 3000);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) poll(); });
}

// What is typed is kept on the server, which answers with what the package is worth.
const weigh = async (form) => {
  if (!form) return;
  const body = new URLSearchParams(new FormData(form));
  body.set("page", "part");
  for (const name of ["deed", "key", "nonce"]) body.delete(name);
  unkept.add(form);
  const answer = await fetch(form.dataset.draft, { method: "POST", body });
  unkept.delete(form);
  const place = document.getElementById("worth");
  if (answer.ok && place && form.classList.contains("build")) place.innerHTML = await answer.text();
};
let typing = null;
document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-draft]");
  if (!form) return;
  clearTimeout(typing);
  typing = setTimeout(() => weigh(form).catch(unreached), form.classList.contains("build") ? 60 : 600);
});
document.addEventListener("submit", (event) => {
  if (!document.getElementById("lost").hidden) return event.preventDefault();
  clearTimeout(typing);
  const form = event.target;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
  setTimeout(() => delete form.dataset.sent, 3000);
});

// Clocks run on by themselves between two looks at the server.
let started = Date.now();
setInterval(() => {
  for (const clock of document.querySelectorAll(".clock[data-left]")) {
    if (clock.dataset.still === "1") continue;
    const left = Math.max(0, Math.round(Number(clock.dataset.left) - (Date.now() - started) / 1000));
    clock.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    clock.classList.toggle("short", left <= 15);
  }
}, 1000);

// The teacher's pages look again every two seconds; a key in the address is posted and never asked for.
// A part that somebody is in, or presses on, waits; a choice that was made stays.
const watched = () => document.querySelector("[data-watch]");
let pressing = false;
for (const [type, on] of [["pointerdown", true], ["pointerup", false], ["pointercancel", false]])
  document.addEventListener(type, () => setTimeout(() => { pressing = on; }), true);
if (watched()) {
  setInterval(async () => {
    if (document.hidden || !watched()) return;
    try {
      const next = new DOMParser().parseFromString(await told(watched().dataset.watch), "text/html");
      if (pressing) return;
      for (const now of document.querySelectorAll("[data-live]")) {
        const then = next.getElementById(now.id);
        if (now.contains(document.activeElement)) continue;
        const chosen = now.value;
        put(now, then);
        if (chosen && then?.querySelector(`option[value="${CSS.escape(chosen)}"]`)) then.value = chosen;
      }
      started = Date.now();
      lost(false);
    } catch (error) { unreached(error); } // the next look may do
  }, 2000);
}
const login = document.getElementById("login");
if (login && location.hash.length > 1) {
  login.elements.key.value = location.hash.slice(1);
  history.replaceState(null, "", location.pathname);
  login.submit();
}
