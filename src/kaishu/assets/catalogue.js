// The catalogue's page: what is asked for, in the address; what is found, in the list.
// Without this file the page shows the newest entries and the ways to lists of all of them.

const form = document.getElementById("catalogue");
const words = form.dataset;
const place = (id) => document.getElementById(id);
const [list, count, chips, empty, pages, panel] =
  ["results", "count", "chosen", "empty", "pages", "facets"].map(place);
const template = place("result");
const ON_A_PAGE = 20;
const SHOWN_OF_A_FACET = 7;
const WAIT = 250;
const NUMBER = new Intl.NumberFormat("en");
const address = new URL(words.index, location.href).href;
let engine;
let table;
let search;
let corrections;

// ---------- state and address ----------

const usual = (state) => (state.q ? "relevance" : "date");

const read = () => {
  const given = new URLSearchParams(location.search);
  const chosen = {};
  for (const { name, values } of table.facets) {
    const known = values.map(([id]) => id);
    chosen[name] = [...new Set(given.getAll(name))].filter((id) => known.includes(id));
  }
  const state = { q: (given.get("q") || "").trim(), chosen };
  state.sort = ["relevance", "date", "title"].includes(given.get("sort")) ? given.get("sort") : usual(state);
  state.page = Math.max(1, Number.parseInt(given.get("page"), 10) || 1);
  return state;
};

const query = ({ q, chosen, sort, page }) => {
  const given = new URLSearchParams();
  if (q) given.set("q", q);
  for (const [name, ids] of Object.entries(chosen)) for (const id of ids) given.append(name, id);
  if (sort !== usual({ q })) given.set("sort", sort);
  if (page > 1) given.set("page", page);
  const text = given.toString();
  return text ? `?${text}` : location.pathname;
};

let state;
let turn = 0;

const go = (change, how = "pushState") => {
  const q = change.q ?? state.q;
  // Where the words change, so does what is usual; what was chosen on purpose stays while it can.
  const isUsual = state.sort === usual(state) || (state.sort === "relevance" && !q);
  const sort = change.sort ?? (isUsual ? usual({ q }) : state.sort);
  state = { ...state, page: 1, ...change, sort };
  history[how](null, "", query(state));
  return show();
};

// ---------- what is shown ----------

const say = (key, n) => (n === 1 ? words[`${key}One`] : words[`${key}Many`]).replace("{n}", NUMBER.format(n));

const marked = (text) => {
  const terms = state.q.split(/\s+/u).map(engine.plain).filter(Boolean);
  const where = engine.plain(text).length === text.length ? engine.plain(text) : "";
  const found = terms.map((term) => [where.indexOf(term), term.length]).filter(([at]) => at >= 0).sort((a, b) => a[0] - b[0]);
  const parts = [];
  let end = 0;
  for (const [at, length] of found) {
    if (at < end) continue;
    const mark = document.createElement("mark");
    mark.textContent = text.slice(at, at + length);
    parts.push(text.slice(end, at), mark);
    end = at + length;
  }
  return [...parts, text.slice(end)];
};

const long = (days) => {
  const date = new Date(days * 86400000);
  return document.documentElement.lang.startsWith("zh")
    ? `${date.getUTCFullYear()}年${date.getUTCMonth() + 1}月${date.getUTCDate()}日`
    : new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" }).format(date);
};

const item = (row, { path, title, text }) => {
  const node = template.content.firstElementChild.cloneNode(true);
  const part = (name) => node.querySelector(`.ks-result__${name}`);
  const [[openness, label]] = table.labels("openness", row);
  const link = node.querySelector("a");
  link.href = new URL(`../${path}`, address).href;
  link.append(...marked(title));
  part("chip").textContent = label;
  part("chip").classList.add(`ks-chip--${{ unconditional: "open", "on-request": "request", closed: "closed" }[openness]}`);
  if (text) part("text").append(...marked(text));
  else part("text").remove();
  const facts = ["department", "theme"].map((name) => table.labels(name, row)[0][1]);
  if (table.updated[row]) facts.push(words.updated.replace("{date}", long(table.updated[row])));
  const formats = table.labels("format", row).map(([, name]) => name).join(" · ");
  if (formats) facts.push(formats);
  part("meta").append(...facts.map((fact) => Object.assign(document.createElement("li"), { textContent: fact })));
  if (table.labels("freshness", row).some(([id]) => id === "late")) {
    part("meta").append(Object.assign(document.createElement("li"), { className: "ks-late", textContent: words.late }));
  }
  return node;
};

const chip = (name, id) => {
  const label = table.facets.find((one) => one.name === name).values.find(([value]) => value === id)[1];
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: label });
  button.setAttribute("aria-label", words.remove.replace("{name}", label));
  button.addEventListener("click", () => {
    go({ chosen: { ...state.chosen, [name]: state.chosen[name].filter((one) => one !== id) } });
    count.focus();
  });
  const node = document.createElement("li");
  node.append(button);
  return node;
};

const showChips = () => {
  const all = Object.entries(state.chosen).flatMap(([name, ids]) => ids.map((id) => chip(name, id)));
  if (all.length > 1) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: words.clear, className: "ks-tags__all" });
    button.addEventListener("click", () => { go({ chosen: none() }); count.focus(); });
    all.push(Object.assign(document.createElement("li"), {}));
    all[all.length - 1].append(button);
  }
  chips.replaceChildren(...all);
  chips.hidden = !all.length;
  place("narrowed").textContent = Object.values(state.chosen).flat().length || "";
};

const none = () => Object.fromEntries(table.facets.map(({ name }) => [name, []]));

const showPages = (total) => {
  const last = Math.max(1, Math.ceil(total / ON_A_PAGE));
  pages.hidden = last === 1;
  pages.querySelector(".ks-pages__place").textContent =
    words.place.replace("{page}", NUMBER.format(state.page)).replace("{pages}", NUMBER.format(last));
  for (const [name, page] of [["previous", state.page - 1], ["next", state.page + 1]]) {
    const link = pages.querySelector(`.ks-pages__${name}`);
    const there = page >= 1 && page <= last;
    link.hidden = !there;
    if (there) link.href = query({ ...state, page });
    link.dataset.page = page;
  }
};

const show = async () => {
  turn += 1;
  const mine = turn;
  form.elements.q.value = state.q;
  form.elements.sort.value = state.sort;
  form.elements.sort.querySelector("[value=relevance]").disabled = !state.q;
  list.setAttribute("aria-busy", "true");
  const waiting = setTimeout(() => { count.textContent = words.searching; }, WAIT);
  try {
    const every = Array.from({ length: table.count }, (_none, row) => row);
    const found = state.q ? await search.find(state.q) || [] : every;
    if (mine !== turn) return;
    if (!found.length && await renewed()) return;
    const { rows, counts } = table.narrow(found, state.chosen);
    const sorted = state.sort === "date" ? table.byDate(rows)
      : state.sort === "title" ? [...rows].sort((a, b) => a - b) : rows;
    state.page = Math.min(state.page, Math.max(1, Math.ceil(rows.length / ON_A_PAGE)));
    const some = sorted.slice((state.page - 1) * ON_A_PAGE, state.page * ON_A_PAGE);
    const entries = await Promise.all(some.map((row) => search.entry(row)));
    if (mine !== turn) return;
    list.replaceChildren(...some.map((row, i) => item(row, entries[i])));
    count.textContent = say("found", rows.length);
    showCounts(counts);
    showChips();
    showPages(rows.length);
    showNothing(found.length, rows.length);
  } catch (error) {
    if (mine !== turn || await renewed()) return;
    count.textContent = words.failed;
    throw error;
  } finally {
    clearTimeout(waiting);
    if (mine === turn) list.removeAttribute("aria-busy");
  }
};

// A release that came after this page took the files of its index away: begin anew with the new one.
const renewed = async () => {
  if (!table.count || await search.isCurrent()) return false;
  if (sessionStorage.getItem("renewed") === table.version) return false;
  sessionStorage.setItem("renewed", table.version);
  location.reload();
  return true;
};

const showNothing = (found, kept) => {
  empty.hidden = kept > 0;
  if (kept) return;
  const excluded = place("excluded");
  excluded.hidden = !found;
  excluded.querySelector("p").textContent = found ? say("excluded", found) : "";
  place("asking").hidden = found > 0;
  place("meant").hidden = true;
  if (!found && state.q) showMeant();
  const ask = place("ask");
  const target = new URL(ask.dataset.address, location.href);
  if (state.q) target.searchParams.set("q", state.q);
  ask.href = target.href;
};

// What could have been meant, each a link that can be followed.
const showMeant = async () => {
  const mine = turn;
  corrections ||= Promise.all([
    import(new URL(words.corrections, location.href).href),
    fetch(`${address}words.json`, { cache: "no-cache" }).then((answer) => answer.json()),
  ]).then(([{ Corrections }, vocabulary]) => new Corrections(vocabulary));
  const offered = await (await corrections).offered(engine.plain(state.q), search);
  if (mine !== turn || !offered.length) return;
  place("meant").querySelector("ul").replaceChildren(...offered.map(({ text, count: n }) => {
    const link = Object.assign(document.createElement("a"), { textContent: text, href: query({ ...state, q: text, page: 1 }) });
    link.addEventListener("click", (event) => {
      event.preventDefault();
      go({ q: text });
      count.focus();
    });
    const node = document.createElement("li");
    node.append(link, ` ${say("found", n)}`);
    return node;
  }));
  place("meant").hidden = false;
};

// ---------- facets ----------

const boxes = {};

const facet = ({ name, legend, values }) => {
  const set = document.createElement("fieldset");
  set.className = "ks-facet";
  set.append(Object.assign(document.createElement("legend"), { textContent: legend }));
  boxes[name] = values.map(([id, text], at) => {
    const label = document.createElement("label");
    label.className = "ks-choice";
    const box = Object.assign(document.createElement("input"), { type: "checkbox", name, value: id });
    const number = Object.assign(document.createElement("span"), { className: "ks-facet__count ks-number" });
    label.append(box, Object.assign(document.createElement("span"), { className: "ks-facet__label", textContent: text }), number);
    set.append(label);
    return { at, id, label, box, number };
  });
  const more = Object.assign(document.createElement("button"), { type: "button", className: "ks-facet__more" });
  more.setAttribute("aria-expanded", "false");
  more.addEventListener("click", () => {
    more.setAttribute("aria-expanded", String(more.getAttribute("aria-expanded") === "false"));
    fold(name);
  });
  set.append(more);
  boxes[name].more = more;
  return set;
};

// Values with entries, the first few of them; the others when they are asked for.
const fold = (name) => {
  const { more } = boxes[name];
  const isOpen = more.getAttribute("aria-expanded") === "true";
  const possible = boxes[name].filter(({ box, number }) => box.checked || number.textContent !== "0");
  const first = new Set(possible.slice(0, SHOWN_OF_A_FACET + (possible.length === SHOWN_OF_A_FACET + 1)));
  for (const one of boxes[name]) one.label.hidden = !(first.has(one) || one.box.checked || (isOpen && possible.includes(one)));
  const rest = possible.filter((one) => !first.has(one) && !one.box.checked).length;
  more.hidden = rest === 0;
  more.textContent = isOpen ? words.fewer : say("more", rest);
  boxes[name][0].box.closest("fieldset").hidden = !possible.length;
};

const showCounts = (counts) => {
  for (const { name, ranked } of table.facets) {
    if (!boxes[name]) continue;
    for (const { at, id, box, number } of boxes[name]) {
      number.textContent = NUMBER.format(counts[name][at]);
      box.checked = state.chosen[name].includes(id);
    }
    // Under the reader's finger nothing moves.
    const { more } = boxes[name];
    if (ranked && !more.parentElement.contains(document.activeElement)) {
      boxes[name].sort((a, b) => counts[name][b.at] - counts[name][a.at]);
      more.before(...boxes[name].map(({ label }) => label));
    }
    fold(name);
  }
};

// ---------- the page ----------

const start = async () => {
  engine = await import(new URL(words.search, location.href).href);
  const answer = await fetch(`${address}facets.json`, { cache: "no-cache" });
  if (!answer.ok) throw new Error(`${answer.status}`);
  table = new engine.Table(await answer.json());
  search = new engine.Search(address, table);
  const every = Array.from({ length: table.count }, (_none, row) => row);
  const { counts } = table.narrow(every, {});
  place("choices").append(...table.facets.filter(({ values }) => values.length).map(facet));
  state = read();
  showCounts(counts);
  panel.hidden = place("sort").hidden = false;
  panel.open = matchMedia("(min-width: 60em)").matches;
  // The page as it came shows what is there to see without a question.
  if (query(state) === location.pathname) showPages(table.count);
  else await show();
};

form.addEventListener("submit", (event) => {
  event.preventDefault();
  go({ q: form.elements.q.value.trim() });
});
panel.addEventListener("change", ({ target }) => {
  const others = state.chosen[target.name].filter((id) => id !== target.value);
  go({ chosen: { ...state.chosen, [target.name]: target.checked ? [...others, target.value] : others } });
});
form.elements.sort.addEventListener("change", ({ target }) => go({ sort: target.value }));
let typing;
form.elements.q.addEventListener("input", (event) => {
  clearTimeout(typing);
  // Letters that still become a character are no question yet.
  if (event.isComposing) return;
  typing = setTimeout(() => go({ q: form.elements.q.value.trim() }, "replaceState"), WAIT);
});
form.elements.q.addEventListener("compositionend", ({ target }) => target.dispatchEvent(new Event("input")));
pages.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  go({ page: Number(link.dataset.page) }).then(() => { count.focus(); form.scrollIntoView(); });
});
place("unfiltered").addEventListener("click", () => { go({ chosen: none() }); count.focus(); });
addEventListener("popstate", () => { state = read(); show(); });
start().catch((error) => {
  if (location.search) count.textContent = words.failed;
  throw error;
});
