// What could have been meant, where a search found nothing: words near in meaning, in sound, in form.
// The words are `kaishu.site.search.vocabulary`'s.

const SAME_SOUND = 0.4;
const NEAR_SOUND = 0.5;
const SAME_FORM = 0.5;
const SWAPPED = 0.6;
const LEFT_OUT = 1;
const OTHER = 1.1;
const NEAR_WORD = 0.3;
// A word recognised, without the rest of what was typed.
const ALONE = 0.9;
const SHORTER = 0.8;
// A whole sentence is no misspelt word; to compare it with every word would take too long.
const LONGEST = 16;
const TRIED = 40;
const OFFERED = 4;
// What is so much farther than the nearest was hardly meant.
const APART = 0.6;
const IS_HAN = /^[\u3400-\u9fff]+$/u;
// Chinese and letters stand beside each other without a blank: 人均gdp.
const RUNS = /[\u3400-\u9fff]+|[a-z']+/gu;

// Sounds that many speakers do not tell apart.
const blurred = (syllable) => syllable
  .replace(/^([zcs])h/u, "$1").replace(/^n(?=[aeiouv])/u, "l").replace(/^hu(?=[aeoi])/u, "f").replace(/ng$/u, "n");

export class Corrections {
  constructor({ words, near, alike, syllables }) {
    this.words = words;
    this.known = new Set(words);
    this.near = near;
    this.sounds = new Map(Object.entries(syllables)
      .flatMap(([syllable, characters]) => [...characters].map((one) => [one, syllable])));
    this.forms = new Map();
    for (const group of alike) {
      for (const one of group) this.forms.set(one, new Set([...(this.forms.get(one) || []), ...group]));
    }
  }

  sound(word) {
    return [...word].map((one) => this.sounds.get(one) || one);
  }

  // How far two characters are apart, 0 being the same.
  apart(a, b) {
    if (a === b) return 0;
    const [first, second] = [this.sounds.get(a), this.sounds.get(b)];
    if (first && first === second) return SAME_SOUND;
    if (this.forms.get(a)?.has(b)) return SAME_FORM;
    if (first && second && blurred(first) === blurred(second)) return NEAR_SOUND;
    return OTHER;
  }

  // How far two words are apart, given up at `limit`.
  distance(a, b, limit) {
    let before = [];
    let last = Array.from({ length: b.length + 1 }, (_none, i) => i * LEFT_OUT);
    for (let i = 1; i <= a.length; i += 1) {
      const row = [i * LEFT_OUT];
      for (let j = 1; j <= b.length; j += 1) {
        row[j] = Math.min(
          last[j] + LEFT_OUT,
          row[j - 1] + LEFT_OUT,
          last[j - 1] + this.apart(a[i - 1], b[j - 1]),
        );
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] && a[i - 1] !== a[i - 2]) {
          row[j] = Math.min(row[j], before[j - 2] + SWAPPED);
        }
      }
      if (Math.min(...row) > limit) return Infinity;
      [before, last] = [last, row];
    }
    return last[b.length];
  }

  // Texts that could have been meant by `query`, each with its distance, the likeliest first.
  candidates(query) {
    const found = new Map();
    const add = (text, cost) => {
      if (text && text !== query && !(found.get(text) <= cost)) found.set(text, cost);
    };
    for (const group of this.near) {
      for (const word of group.filter((one) => query.includes(one))) {
        for (const other of group) {
          // The longer the word that is recognised, the surer; a word within another is the same one.
          if (other === word) continue;
          add(query.replace(word, other), NEAR_WORD + 0.1 / word.length);
          add(other, NEAR_WORD + ALONE);
        }
      }
    }
    for (const run of (query.match(RUNS) || []).filter((one) => one.length <= LONGEST)) {
      if (IS_HAN.test(run)) this.respell(run, (text, cost) => add(query.replace(run, text), cost));
      else this.unromanise(run, (text, cost) => add(query.replace(run, text), cost));
    }
    this.shorten(query, add);
    return [...found].sort((a, b) => a[1] - b[1]);
  }

  // A word of the catalogue in place of one like it.
  respell(run, add) {
    this.words.forEach((word, rank) => {
      if (!IS_HAN.test(word)) return;
      const limit = word.length === 2 ? 0.5 : word.length === 3 ? 0.85 : OTHER;
      for (let length = Math.max(2, word.length - 1); length <= Math.min(run.length, word.length + 1); length += 1) {
        for (let start = 0; start + length <= run.length; start += 1) {
          const part = run.slice(start, start + length);
          if (part === word) continue;
          const cost = this.distance(part, word, limit);
          if (cost > limit) continue;
          // Longer words are surer, and so are frequent ones.
          const sure = cost - 0.08 * word.length + rank / 1e5;
          add(run.slice(0, start) + word + run.slice(start + length), sure);
          if (part.length === word.length) add(word, sure + ALONE);
        }
      }
    });
  }

  // Pinyin, or its first letters, as the word; or a word of letters like this one.
  unromanise(run, add) {
    const typed = run.replace(/'/gu, "");
    this.words.forEach((word, rank) => {
      if (!IS_HAN.test(word)) {
        const cost = this.distance(run, word, OTHER);
        if (cost <= (run.length > 3 ? OTHER : SWAPPED)) add(word, cost + rank / 1e5);
        return;
      }
      const sound = this.sound(word);
      const whole = sound.join("");
      if (whole === typed) add(word, 0.1 - 0.08 * word.length + rank / 1e5);
      else if (typed.length > 3 && whole.startsWith(typed)) add(word, 0.5 + rank / 1e5);
      else if (word.length > 2 && sound.map((one) => one[0]).join("") === typed) add(word, 0.6 + rank / 1e5);
      else if (typed.startsWith(whole) && word.length > 1) {
        const rest = typed.slice(whole.length);
        const next = this.words.find((other) => IS_HAN.test(other) && this.sound(other).join("") === rest);
        if (next) add(word + next, 0.2 + rank / 1e5);
      }
    });
  }

  // A part of what was typed: all words but one, or a run without its beginning or end.
  shorten(query, add) {
    const runs = query.split(/\s+/u);
    if (query.length > 2 * LONGEST) return;
    if (runs.length > 1) runs.forEach((_run, i) => add(runs.filter((_one, j) => j !== i).join(" "), SHORTER));
    else {
      for (let length = query.length - 1; length > 1; length -= 1) {
        for (let start = 0; start + length <= query.length; start += 1) {
          const part = query.slice(start, start + length);
          add(part, SHORTER + 0.12 * (query.length - length) + (this.known.has(part) ? 0 : ALONE));
        }
      }
    }
  }

  // The likeliest texts for which `search` finds something, with the number of what it finds.
  async offered(query, search) {
    const found = [];
    const seen = new Set();
    let nearest;
    for (const [text, cost] of this.candidates(query).slice(0, TRIED)) {
      if (cost > nearest + APART) break;
      if (found.some((one) => one.text.includes(text))) continue;
      const rows = await search.find(text) || [];
      const same = rows.join();
      if (!rows.length || seen.has(same)) continue;
      seen.add(same);
      nearest ??= cost;
      found.push({ text, count: rows.length });
      if (found.length === OFFERED) break;
    }
    return found;
  }
}
