// Finds entries of the catalogue: their words by Pagefind, their facets by a table of all entries.
// Pieces are made as `kaishu.site.search.pieces` makes them; the table is `kaishu.site.search.facets`'s.

const HAN = "\\u3005\\u3007\\u3400-\\u4dbf\\u4e00-\\u9fff\\u{20000}-\\u{3ffff}";
const RUN = new RegExp(`[${HAN}]+|(?:(?![${HAN}])[\\p{L}\\p{N}])+`, "gu");
const IS_HAN = new RegExp(`^[${HAN}]`, "u");
const END = "\ua78f";
const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";
// As many digits of a result's identifier tell nearly all of them apart; `longer` has the others.
const ID = 5;
const DAY = 86400000;
// What holds for a whole phrase outweighs any score for its pieces.
const PHRASE = 10000;

export const plain = (text) => text.normalize("NFKC").toLowerCase();

// Overlapping pairs of Chinese characters; any other word whole, with the sign of its end.
export const pieces = (text) => (plain(text).match(RUN) || []).flatMap((run) => {
  if (!IS_HAN.test(run)) return [run + END];
  const letters = [...run];
  return letters.length === 1 ? letters : letters.slice(1).map((letter, i) => letters[i] + letter);
});

// A word of letters may be typed in part; a number is meant whole.
const wanted = (text) => pieces(text).map((piece) =>
  piece.endsWith(END) && /\p{L}/u.test(piece.slice(0, -1)) ? piece.slice(0, -1) : piece);
const isWhole = (piece) => piece.endsWith(END) || IS_HAN.test(piece);

const numbers = ({ width, rows }) => {
  const values = new Map([...DIGITS].map((digit, value) => [digit, value]));
  const found = new Array(rows.length / width);
  for (let row = 0; row < found.length; row += 1) {
    let number = 0;
    for (let place = 0; place < width; place += 1) {
      number = number * DIGITS.length + values.get(rows[row * width + place]);
    }
    found[row] = number;
  }
  return found;
};

// Dates are plain days of Shanghai, held at noon UTC so that no zone or summer time moves them.
export const today = () => Math.floor(new Date(`${document.documentElement.dataset.now
  || new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai" }).format(new Date())}T12:00:00Z`) / DAY);

// The day by which the next update is due, as `kaishu.catalog.upkeep` has it; 0 where none is.
const MONTHS = { monthly: 1, quarterly: 3, "half-yearly": 6, yearly: 12 };
export const nextUpdate = (updated, cycle) => {
  if (!updated) return 0;
  if (cycle === "daily") return updated + 1;
  if (cycle === "weekly") return updated + 7;
  if (!MONTHS[cycle]) return 0;
  const day = new Date(updated * DAY);
  const last = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + MONTHS[cycle] + 1, 0));
  last.setUTCDate(Math.min(day.getUTCDate(), last.getUTCDate()));
  return last / DAY;
};

// How fresh an entry is today. The table names these values; only a browser can tell which hold.
const fresh = (updated, late, now) => {
  const values = [];
  if (updated) values.push(now - updated <= 30 ? "month" : now - updated <= 366 ? "year" : "older");
  if (late) values.push("late");
  return values;
};

// All entries of the catalogue, a row each, in the order of their titles.
export class Table {
  constructor(document) {
    this.count = document.count;
    this.version = document.version;
    this.updated = numbers(document.updated);
    this.facets = document.facets.map((facet) => ({ ...facet, numbers: facet.rows && numbers(facet) }));
    this.rows = new Map();
    for (let row = 0; row < this.count; row += 1) {
      this.rows.set(document.longer[row] || document.results.slice(row * ID, row * ID + ID), row);
    }
    const [cycle, format] = ["cycle", "format"].map((name) => this.facets.find((one) => one.name === name));
    const now = today();
    const freshness = this.facets.find((one) => one.name === "freshness");
    freshness.numbers = this.updated.map((updated, row) => {
      const due = nextUpdate(updated, cycle.values[cycle.numbers[row]][0]);
      // Only data that are open here can be late here.
      const late = due > 0 && due < now && format.numbers[row] > 0;
      return fresh(updated, late, now).reduce((sum, value) =>
        sum + (1 << freshness.values.findIndex(([id]) => id === value)), 0);
    });
  }

  has(facet, row, place) {
    return facet.several ? (facet.numbers[row] >> place) & 1 : facet.numbers[row] === place;
  }

  // The labels of one row's values.
  labels(name, row) {
    const facet = this.facets.find((one) => one.name === name);
    return facet.values.filter((_value, place) => this.has(facet, row, place));
  }

  // Those of `rows` that have a chosen value in every facet with a choice, and the number of rows
  // a value has when all choices but those of its own facet are kept.
  narrow(rows, chosen) {
    const choices = this.facets.map((facet) => {
      const places = facet.values.flatMap(([id], place) => (chosen[facet.name] || []).includes(id) ? [place] : []);
      return { facet, places, counts: new Array(facet.values.length).fill(0) };
    });
    const kept = [];
    for (const row of rows) {
      let missed = null;
      let misses = 0;
      for (const choice of choices) {
        if (choice.places.length && !choice.places.some((place) => this.has(choice.facet, row, place))) {
          missed = choice;
          misses += 1;
        }
      }
      if (misses === 0) kept.push(row);
      for (const choice of misses === 0 ? choices : misses === 1 ? [missed] : []) {
        if (!choice.facet.several) choice.counts[choice.facet.numbers[row]] += 1;
        else choice.facet.values.forEach((_value, place) => { choice.counts[place] += this.has(choice.facet, row, place); });
      }
    }
    return { rows: kept, counts: Object.fromEntries(choices.map(({ facet, counts }) => [facet.name, counts])) };
  }

  // Rows by the day of their last change, the newest first; by title where that is the same.
  byDate(rows) {
    return [...rows].sort((a, b) => this.updated[b] - this.updated[a] || a - b);
  }
}

// Pagefind over the folder at `address`, which ends in a slash. It is fetched at the first search.
export class Search {
  constructor(address, table) {
    this.address = address;
    this.table = table;
  }

  async engine() {
    this.loading ||= import(`${this.address}pagefind.js`).then(async (pagefind) => {
      await pagefind.options({
        ranking: { pageLength: 0, termSaturation: 2, termSimilarity: 1, metaWeights: { title: 0, text: 0 } },
      });
      // It would split Chinese anew by the page's language; our pieces are to stay as they are.
      const { lang } = document.documentElement;
      document.documentElement.lang = "x";
      const ready = pagefind.init();
      document.documentElement.lang = lang;
      await ready;
      return pagefind;
    });
    return this.loading;
  }

  // Whether the index is still the one that this page began with; a new release brings its own.
  async isCurrent() {
    const answer = await fetch(`${this.address}pagefind-entry.json`, { cache: "no-store" });
    if (!answer.ok) return true;
    const { languages } = await answer.json();
    return Object.values(languages).map(({ hash }) => hash).join("") === this.table.version;
  }

  // How many entries have `query`, in Pagefind's own form; none of them is fetched.
  async count(query) {
    const found = await (await this.engine()).search(query, { filters: { nothing: "" } });
    return found.unfilteredResultCount;
  }

  // Rows that have all of `text`, those with its very words first, then by relevance.
  async find(text) {
    const words = text.split(/\s+/u).map(wanted).filter((word) => word.length);
    const all = [...new Set(words.flat())];
    if (!all.length) return null;
    const pagefind = await this.engine();
    const phrases = await Promise.all(words
      .filter((word) => word.length > 1 && word.every(isWhole))
      .map(async (word) => new Set((await pagefind.search(`"${word.join(" ")}"`)).results.map(({ id }) => id))));
    const isCertain = words.length === phrases.length && phrases.every((phrase) => phrase.size);
    if (!isCertain) {
      // A piece that no entry has would be left out or cut short, instead of finding nothing.
      const counts = await Promise.all(all.map((piece) => this.count(isWhole(piece) ? `"${piece}"` : piece)));
      if (counts.includes(0)) return [];
    }
    const { results } = await pagefind.search(all.join(" "));
    this.remember(results);
    return results
      .map(({ id, score }) => ({
        row: this.row(id),
        score: score + PHRASE * phrases.filter((phrase) => phrase.has(id)).length,
      }))
      .filter(({ row }) => row !== undefined)
      .sort((a, b) => b.score - a.score || a.row - b.row)
      .map(({ row }) => row);
  }

  row(id) {
    const own = id.slice(2);
    return this.table.rows.get(own) ?? this.table.rows.get(own.slice(0, ID));
  }

  remember(results) {
    this.known ||= new Map();
    for (const result of results) this.known.set(this.row(result.id), result);
  }

  // What is shown of a row: the path of its page, its title and first sentence.
  async entry(row) {
    if (!this.known?.has(row)) this.remember((await (await this.engine()).search(null)).results);
    const { raw_url: path, meta } = await this.known.get(row).data();
    return { path, title: meta.title, text: meta.text };
  }
}
