"use strict";
/* Makes the switches and the rounds live. Everything it shows stands in the page already or is counted from the inlined data. */
(() => {
  const live = JSON.parse(document.getElementById("live").textContent);
  const all = (root, what) => Array.from(root.querySelectorAll(what));
  const told = new Intl.NumberFormat("en-US");
  const show = (root, what) => all(root, what).forEach((node) => { node.hidden = false; });

  function decoded(word) {
    try { return decodeURIComponent(word); } catch { return word; }
  }

  /* Copies a node's text and says so; where no way is open, selects it for the reader to copy. */
  async function copy(node, told) {
    const done = await copied(node.textContent);
    if (!done) getSelection().selectAllChildren(node);
    told.textContent = done ? "Copied." : "Selected: copy it with your keyboard.";
  }

  const WAIT = 150; // ms after which old numbers turn grey
  const CANNOT = "This browser cannot count here; the command does.";
  const ones = (bits) => bits.toString(2).replaceAll("0", "").length;

  function board(root) {
    const data = live[root.dataset.board];
    if (!data) return;
    const { tables, proof, issues } = data, ids = tables.constraints;
    const by = (what, name) => new Map(all(root, what).map((node) => [name(node), node]));
    const switches = by(".switch", (node) => node.value), alone = by("[data-alone]", (node) => node.dataset.alone);
    const out = Object.fromEntries(all(root, "[data-out]").map((node) => [node.dataset.out, node]));
    const result = root.querySelector(".result");
    const off = () => ids.filter((id) => !switches.get(id).checked);
    const bits = (members) => members.reduce((found, id) => found | 1 << ids.indexOf(id), 0);
    const given = all(root, "output, .result-side dd, [data-alone]").map((node) => [node, node.textContent]);
    const open = result.classList.contains("open");
    let ask = null, sound = null, busy = false, stale = false, locked = false;

    /* No number is shown that was not counted by an engine which finds what the program had found. */
    async function tested() {
      ask = countingWorker(tables, () => lock(CANNOT));
      const same = agrees(await ask("why", {}), proof, tables.constants.tolerance);
      if (same) out.proof.textContent = "Your browser counted this zone again, and each switch alone, as the program had: no difference.";
      else lock("This browser counts differently; use the command.");
      return same;
    }

    /* Back to what the program counted, all switches on: no number stands beside switches that it was not counted for. */
    function lock(said) {
      locked = true;
      for (const node of all(root, "input, button:not([data-copy])")) node.disabled = true;
      for (const node of switches.values()) node.checked = true;
      for (const [node, text] of given) node.textContent = text;
      for (const node of all(root, "[data-conflict]")) node.classList.remove("off");
      for (const node of all(root, ".gone, [data-out=one], [data-out=edge]")) node.hidden = true;
      result.classList.toggle("open", open);
      refresh();
      out.proof.textContent = out.copied.textContent = said;
      clearTimeout(busy);
      root.classList.remove("waiting");
      result.setAttribute("aria-busy", "false");
    }

    /* What is asked for while something is being counted is counted next, the newest alone. */
    async function count() {
      if (locked) return;
      stale = true;
      if (busy) return;
      busy = setTimeout(() => root.classList.add("waiting"), WAIT);
      result.setAttribute("aria-busy", "true");
      sound ??= tested().catch(() => { lock(CANNOT); return false; });
      if (!await sound) return;
      let found;
      while (stale) {
        stale = false;
        found = await ask("why", { without: off() });
      }
      if (locked) return;
      clearTimeout(busy);
      busy = false;
      root.classList.remove("waiting");
      tell(found);
      result.setAttribute("aria-busy", "false");
    }

    function tell({ sizes, flipped, ceasefire, settlement, nearest, edge }) {
      const held = bits(ids) & ~bits(off());
      out.ceasefire.textContent = told.format(sizes.ceasefire);
      out.noun.textContent = sizes.ceasefire === 1 ? 'package' : 'packages';
      if (out.settlement) out.settlement.textContent = told.format(sizes.settlement);
      const stands = (set) => [ceasefire, settlement].some((zone) => (zone.complete ? zone.conflicts.includes(set) : (set & held) === set));
      let listed = 0;
      for (const node of all(root, "[data-conflict]")) {
        const gone = !stands(bits(node.dataset.conflict.split(" ")));
        node.classList.toggle("off", gone);
        node.querySelector(".gone").hidden = !gone;
        listed += Number(!gone);
      }
      out.conflicts.textContent = ceasefire.complete ? told.format(ceasefire.conflicts.length) : `${listed} or more`;
      const least = sizes.ceasefire ? 0 : ceasefire.relaxations[0];
      out.fewest.textContent = least === undefined ? "–" : String(ones(least));
      result.classList.toggle("open", sizes.ceasefire > 0);
      for (const [id, node] of alone) node.textContent = told.format(flipped[ids.indexOf(id)]);
      out.edge.hidden = !edge;
      out.edge.textContent = `${told.format(edge)} values lie on the edge of what a party asks: browsers may round otherwise; the command decides.`;
      example(nearest);
    }

    /* What follows from a switch at once; what has to be counted comes a little later. */
    function refresh() {
      for (const node of switches.values()) node.closest(".switch-row").classList.toggle("off", !node.checked);
      const lines = off().filter((id) => !id.startsWith("reservation:"));
      out.note.hidden = lines.length === off().length;
      out.command.textContent = data.command + lines.map((id) => ` --without ${quoted(id)}`).join("");
      out.copied.textContent = "";
      count();
    }

    /* One package of the zone in words: the nearest to how things stand. */
    function example(nearest) {
      out.one.hidden = !nearest;
      if (!nearest) return;
      const open = tables.issues.map((issue, n) => ({ ...issue, ...issues[n], now: nearest[n] })).filter((issue) => issue.room.length > 1);
      const moved = open.filter((issue) => issue.now !== issue.stands);
      out.package.replaceChildren(...moved.map((issue) => {
        const entry = document.createElement("div");
        for (const [kind, words] of [["dt", issue.name], ["dd", issue.labels[issue.now]]]) {
          entry.appendChild(document.createElement(kind)).textContent = words;
        }
        return entry;
      }));
      const rest = open.length - moved.length;
      out.rest.textContent = !rest ? "" : moved.length
        ? `All else stays as it stands now (${rest} ${rest === 1 ? "issue" : "issues"}). An example, not advice.`
        : "Everything stays as it stands now. An example, not advice.";
    }

    /* The switches that are off stand in the address, so that a link opens the page as it is. */
    const mine = `${root.dataset.board}without`;

    function remember() {
      refresh();
      const without = off(), rest = location.hash.slice(1).split("&").filter((part) => part.includes("=") && !part.startsWith(`${mine}=`));
      if (without.length) rest.push(`${mine}=${without.map(encodeURIComponent).join(",")}`);
      if (rest.length || location.hash.includes("without=")) {
        history.replaceState(null, "", `${location.pathname}${location.search}${rest.length ? `#${rest.join("&")}` : ""}`);
      }
    }

    function restore() {
      const part = location.hash.slice(1).split("&").find((held) => held.startsWith(`${mine}=`));
      if (locked || part === undefined) return false;
      const said = new Set(part.slice(mine.length + 1).split(",").map(decoded));
      for (const [id, node] of switches) node.checked = !said.has(id);
      refresh();
      return true;
    }

    function turn(choose) {
      for (const [id, node] of switches) node.checked = choose(id);
      remember();
    }

    root.addEventListener("change", remember);
    root.querySelector("[data-copy]").addEventListener("click", () => copy(out.command, out.copied));
    for (const node of all(root, "[data-all]")) {
      const on = node.dataset.all === "on";
      node.addEventListener("click", () => turn((id) => on || id.startsWith("reservation:")));
    }
    for (const node of all(root, "[data-off]")) {
      const given = new Set(node.dataset.off.split(" "));
      node.addEventListener("click", () => turn((id) => !given.has(id)));
    }
    show(root, ".switch, .live-only:not([data-out=one]), .preset"); // an example is shown once it is counted
    if (restore()) {
      unfold(root);
      root.scrollIntoView();
    }
    new IntersectionObserver((seen, watch) => { // nothing is counted for a board that nobody looks at
      if (!seen.some((entry) => entry.isIntersecting)) return;
      watch.disconnect();
      if (!sound) count();
    }, { rootMargin: "50% 0px" }).observe(root);
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
