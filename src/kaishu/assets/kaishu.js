// What depends on today, and the catalogue's search. Every page is whole without this file.
(() => {
  "use strict";
  const chinese = document.documentElement.lang.startsWith("zh");

  // Dates are plain days of Shanghai, held at noon UTC so that no zone or summer time moves them.
  const day = (text) => new Date(`${text}T12:00:00Z`);
  const iso = (date) => date.toISOString().slice(0, 10);
  const next = (date, n = 1) => new Date(date.getTime() + n * 86400000);
  const today = () =>
    day(document.documentElement.dataset.now
      || new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai" }).format(new Date()));
  const long = (date) => chinese
    ? `${date.getUTCFullYear()}年${date.getUTCMonth() + 1}月${date.getUTCDate()}日`
    : new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" }).format(date);

  // The last day of a term in working days: the day of receipt does not count (民法典 第二百零一条).
  // Returns null where the published table does not reach.
  const due = (received, amount, table) => {
    const makeUp = new Set(table.make_up);
    const works = (text, date) =>
      makeUp.has(text) || (date.getUTCDay() % 6 !== 0 && !(text in table.holidays));
    let date = received;
    let text = iso(date);
    let provisional = false;
    if (text < table.start) return null;
    for (let counted = 0; counted < amount; ) {
      date = next(date);
      text = iso(date);
      if (text > table.end) return null;
      if (works(text, date)) counted += 1;
      if (table.provisional.some(([first, last]) => first <= text && text <= last)) provisional = true;
    }
    return { date, provisional };
  };

  const replies = [...document.querySelectorAll(".ks-reply[data-amount]")]
    .filter((reply) => reply.dataset.unit === "working-day");
  if (replies.length) {
    fetch(replies[0].dataset.table).then((answer) => answer.json()).then((table) => {
      for (const reply of replies) {
        const found = due(today(), Number(reply.dataset.amount), table);
        if (!found) continue;
        const place = reply.querySelector(".ks-reply__today");
        const [before, after] = reply.dataset.today.split("{date}");
        const strong = document.createElement("strong");
        strong.textContent = long(found.date);
        strong.dataset.due = iso(found.date);
        place.append(before, strong, after);
        if (found.provisional) {
          const open = chinese ? "（" : " (";
          place.append(`${open}${reply.dataset.provisional}${chinese ? "）" : ")"}`);
        }
        place.hidden = false;
      }
    }).catch(() => {}); // The sentence that needs no script stands beside it.
  }

  for (const place of document.querySelectorAll("[data-late-one]")) {
    const late = Math.round((today() - day(place.dataset.due)) / 86400000);
    if (late <= 0) continue;
    const words = late === 1 ? place.dataset.lateOne : place.dataset.lateMany;
    const mark = document.createElement("strong");
    mark.className = "ks-late";
    mark.textContent = ` ${words.replace("{n}", late)}`;
    place.append(mark);
  }

  const form = document.getElementById("catalogue");
  const list = document.getElementById("results");
  if (!form || !list) return;
  const items = [...list.children];
  const facets = ["openness", "theme", "department"];
  const boxes = [...form.querySelectorAll('.ks-facet input[type="checkbox"]')];
  const input = form.elements.q;
  const sort = form.elements.sort;
  const count = document.getElementById("count");
  const chosen = document.getElementById("chosen");
  const empty = document.getElementById("empty");
  document.getElementById("facets").hidden = false;
  document.getElementById("sort").hidden = false;
  if (matchMedia("(min-width: 60em)").matches) document.getElementById("facets").open = true;

  const read = () => {
    const state = new URLSearchParams(location.search);
    input.value = state.get("q") || "";
    sort.value = state.get("sort") || "";
    for (const box of boxes) box.checked = state.getAll(box.name).includes(box.value);
  };
  const write = (how) => {
    const state = new URLSearchParams();
    if (input.value.trim()) state.set("q", input.value.trim());
    for (const box of boxes) if (box.checked) state.append(box.name, box.value);
    if (sort.value) state.set("sort", sort.value);
    const query = state.toString();
    history[how](null, "", query ? `?${query}` : location.pathname);
  };
  const show = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = Object.fromEntries(facets.map((name) =>
      [name, boxes.filter((box) => box.name === name && box.checked).map((box) => box.value)]));
    const fits = (item, except) =>
      words.every((word) => item.dataset.search.includes(word)) &&
      facets.every((name) => name === except || !wanted[name].length
        || wanted[name].includes(item.dataset[name]));
    let shown = 0;
    for (const item of items) {
      item.hidden = !fits(item);
      shown += item.hidden ? 0 : 1;
    }
    // A facet's counts leave its own choice out, so that another value can be added.
    for (const box of boxes) {
      const n = items.filter((item) => fits(item, box.name) && item.dataset[box.name] === box.value).length;
      const label = box.closest("label");
      label.querySelector(".ks-facet__count").textContent = n;
      label.hidden = n === 0 && !box.checked;
    }
    const order = sort.value === "updated"
      ? [...items].sort((a, b) => b.dataset.updated.localeCompare(a.dataset.updated)) : items;
    list.append(...order);
    count.textContent = (shown === 1 ? count.dataset.one : count.dataset.many).replace("{n}", shown);
    empty.hidden = shown > 0;
    chosen.replaceChildren(...boxes.filter((box) => box.checked).map((box) => {
      const name = box.closest("label").querySelector("span").firstChild.textContent.trim();
      const button = document.createElement("button");
      button.type = "button";
      button.className = "ks-chip";
      button.textContent = `${name} ×`;
      button.setAttribute("aria-label", chosen.dataset.remove.replace("{name}", name));
      button.addEventListener("click", () => { box.checked = false; write("pushState"); show(); });
      const entry = document.createElement("li");
      entry.append(button);
      return entry;
    }));
    chosen.hidden = !chosen.children.length;
  };
  form.addEventListener("submit", (event) => { event.preventDefault(); write("pushState"); show(); });
  form.addEventListener("change", (event) => {
    if (event.target !== input) { write("pushState"); show(); }
  });
  let waiting;
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { write("replaceState"); show(); }, 200);
  });
  addEventListener("popstate", () => { read(); show(); });
  read();
  show();
})();
