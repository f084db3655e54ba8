"use strict";
/* Makes the switches and the rounds live. Everything it shows stands in the page already or follows from the inlined data. */
(() => {
  const live = JSON.parse(document.getElementById("live").textContent);
  const all = (root, what) => Array.from(root.querySelectorAll(what));
  const told = new Intl.NumberFormat("en-US");
  const show = (root, what) => all(root, what).forEach((node) => { node.hidden = false; });

  /* Bits of a set of places, in words of as many bits as the data says. */
  function bits(places, words, word) {
    const found = new Array(words).fill(0);
    for (const place of places) found[Math.floor(place / word)] |= 1 << place % word;
    return found;
  }

  function decoded(word) {
    try { return decodeURIComponent(word); } catch { return word; }
  }

  /* Copies a node's text and says so; where no way is open, selects it for the reader to copy. */
  async function copy(node, told) {
    const done = await copied(node.textContent);
    if (!done) getSelection().selectAllChildren(node);
    told.textContent = done ? "Copied." : "Selected: copy it with your keyboard.";
  }

  function board(root) {
    const data = live[root.dataset.board];
    if (!data) return;
    const switches = new Map(all(root, "[data-place]").map((node) => [Number(node.dataset.place), node]));
    const alone = new Map(all(root, "[data-alone]").map((node) => [Number(node.dataset.alone), node]));
    const out = Object.fromEntries(all(root, "[data-out]").map((node) => [node.dataset.out, node]));
    const masks = data.masks, words = masks.length, counting = zoneCounting({ alone: true });
    const counts = data.zones.ceasefire.counts;

    function refresh() {
      const on = [...switches].filter(([, node]) => node.checked).map(([place]) => place);
      const held = bits(on, words, data.word);
      const size = counting.under(masks, counts, held), fewest = counting.fewest(masks, held);
      out.ceasefire.textContent = told.format(size);
      if (out.settlement) out.settlement.textContent = told.format(counting.under(masks, data.zones.settlement.counts, held));
      const set = new Set(on);
      const left = (places) => places.every((place) => set.has(place));
      const open = data.zones.ceasefire.conflicts.filter(left).length;
      out.conflicts.textContent = told.format(open) + (data.zones.ceasefire.complete ? "" : " or more");
      out.fewest.textContent = Number.isFinite(fewest) ? String(fewest) : "–";
      root.querySelector(".result").classList.toggle("open", size > 0);
      for (const [place, node] of switches) {
        const other = counting.flipped(masks, counts, held, Math.floor(place / data.word), place % data.word);
        alone.get(place).textContent = told.format(other);
        node.closest(".switch-row").classList.toggle("off", !node.checked);
      }
      for (const node of all(root, "[data-conflict]")) {
        const gone = !left(node.dataset.conflict.split(" ").map(Number));
        node.classList.toggle("off", gone);
        node.querySelector(".gone").hidden = !gone;
      }
      const off = data.ids.filter((_, place) => !set.has(place));
      const lines = off.filter((id) => !id.startsWith("reservation:"));
      out.note.hidden = lines.length === off.length;
      out.command.textContent = data.command + lines.map((id) => ` --without ${quoted(id)}`).join("");
      out.copied.textContent = "";
      example(held);
      return off;
    }

    /* The nearest package of the zone, in words: masks stand in that order, so it is that of the first mask inside. */
    function example(held) {
      const place = counting.first(masks, held);
      out.one.hidden = place < 0 || data.nearest === null;
      if (out.one.hidden) return;
      const width = data.issues.length;
      const chosen = data.issues.map((issue, n) => [issue, data.nearest.charCodeAt(place * width + n) - data.first]);
      const moved = chosen.filter(([issue, option]) => option !== issue.now);
      out.package.replaceChildren(...moved.map(([issue, option]) => {
        const entry = document.createElement("div");
        for (const [kind, words] of [["dt", issue.name], ["dd", issue.options[option]]]) {
          entry.appendChild(document.createElement(kind)).textContent = words;
        }
        return entry;
      }));
      const rest = chosen.length - moved.length;
      out.rest.textContent = !rest ? "" : moved.length
        ? `All else stays as it stands now (${rest} ${rest === 1 ? "issue" : "issues"}). An example, not advice.`
        : "Everything stays as it stands now. An example, not advice.";
    }

    /* The switches that are off stand in the address, so that a link opens the page as it is. */
    const mine = `${root.dataset.board}without`;

    function remember() {
      const off = refresh();
      const rest = location.hash.slice(1).split("&").filter((part) => part.includes("=") && !part.startsWith(`${mine}=`));
      if (off.length) rest.push(`${mine}=${off.map(encodeURIComponent).join(",")}`);
      if (rest.length || location.hash.includes("without=")) {
        history.replaceState(null, "", `${location.pathname}${location.search}${rest.length ? `#${rest.join("&")}` : ""}`);
      }
    }

    function restore() {
      const part = location.hash.slice(1).split("&").find((held) => held.startsWith(`${mine}=`));
      if (part === undefined) return false;
      const off = new Set(part.slice(mine.length + 1).split(",").map(decoded));
      for (const [place, node] of switches) node.checked = !off.has(data.ids[place]);
      refresh();
      return true;
    }

    function turn(choose) {
      for (const [place, node] of switches) node.checked = choose(data.ids[place], place);
      remember();
    }

    root.addEventListener("change", remember);
    root.querySelector("[data-copy]").addEventListener("click", () => copy(out.command, out.copied));
    for (const node of all(root, "[data-all]")) {
      const on = node.dataset.all === "on";
      node.addEventListener("click", () => turn((id) => on || id.startsWith("reservation:")));
    }
    for (const node of all(root, "[data-off]")) {
      const off = new Set(node.dataset.off.split(" "));
      node.addEventListener("click", () => turn((id) => !off.has(id)));
    }
    show(root, ".switch, .live-only, .preset");
    refresh();
    if (restore()) {
      unfold(root);
      root.scrollIntoView();
    }
    addEventListener("hashchange", restore);
  }

  function player(root) {
    const rounds = all(root, ".round");
    if (!rounds.length) return;
    const slider = root.querySelector("[data-slider]");
    const where = root.querySelector("[data-where]");
    const play = root.querySelector("[data-play]");
    const list = root.querySelector("[data-list]");
    const cursors = all(root.closest("main"), `.cursor`);
    const spans = rounds.map((node) => node.querySelector(".when").textContent.split("–").map(Number));
    const last = spans[spans.length - 1].at(-1);
    let timer = 0, listed = false;

    function at(place) {
      const now = Math.min(Math.max(place, 0), rounds.length - 1);
      slider.value = String(now);
      const said = spans[now].length > 1 ? `Rounds ${spans[now].join("–")} of ${last}` : `Round ${spans[now][0]} of ${last}`;
      where.textContent = said;
      slider.setAttribute("aria-valuetext", said);
      rounds.forEach((node, n) => {
        node.hidden = !listed && n !== now;
        if (!listed) node.querySelector("details").open = n === now;
      });
      const round = spans[now][0] / 2 + spans[now].at(-1) / 2;
      for (const line of cursors) {
        const left = Number(line.dataset.left), right = Number(line.dataset.right);
        const x = left + (right - left) * (round - 0.5) / last;
        line.setAttribute("x1", x);
        line.setAttribute("x2", x);
      }
      return now;
    }

    function stop() {
      clearInterval(timer);
      timer = 0;
      play.textContent = "Play";
      play.setAttribute("aria-pressed", "false");
    }

    slider.addEventListener("input", () => { stop(); at(Number(slider.value)); });
    for (const node of all(root, "[data-step]")) {
      node.addEventListener("click", () => { stop(); at(Number(slider.value) + Number(node.dataset.step)); });
    }
    play.addEventListener("click", () => {
      if (timer) { stop(); return; }
      play.textContent = "Pause";
      play.setAttribute("aria-pressed", "true");
      if (Number(slider.value) >= rounds.length - 1) at(0);
      timer = setInterval(() => { if (at(Number(slider.value) + 1) >= rounds.length - 1) stop(); }, 1200);
    });
    list.addEventListener("click", () => {
      listed = !listed;
      list.setAttribute("aria-pressed", String(listed));
      at(Number(slider.value));
      if (listed) rounds.forEach((node) => { node.querySelector("details").open = false; });
    });
    show(root, ".live-only");
    at(rounds.length - 1);
  }

  /* Opens what is folded around a node, and the chapter that a link leads to. */
  function unfold(node) {
    for (let at = node; at; at = at.parentElement) if (at.localName === "details") at.open = true;
  }

  function follow() {
    const target = document.getElementById(location.hash.slice(1));
    if (!target) return;
    unfold(target);
    const chapter = target.querySelector(":scope > details.chapter");
    if (chapter) chapter.open = true;
  }

  /* Which section of the page is being read, marked in the list of sections. */
  function contents() {
    const links = new Map(all(document, ".contents a").map((node) => [node.hash.slice(1), node]));
    const watch = new IntersectionObserver((seen) => {
      for (const entry of seen) {
        const link = links.get(entry.target.id);
        if (!link || !entry.isIntersecting) continue;
        for (const other of links.values()) { other.classList.remove("here"); other.removeAttribute("aria-current"); }
        link.classList.add("here");
        link.setAttribute("aria-current", "true");
      }
    }, { rootMargin: "-20% 0px -70% 0px" });
    for (const section of all(document, "main > section[id]")) watch.observe(section);
  }

  all(document, ".switchboard").forEach(board);
  all(document, ".player").forEach(player);
  contents();
  addEventListener("hashchange", follow);
  follow();
  addEventListener("beforeprint", () => all(document, "details.chapter").forEach((node) => { node.open = true; }));
})();
