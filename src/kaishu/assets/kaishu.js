// What depends on today. Every page is whole without this file.
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
    mark.textContent = words.replace("{n}", late);
    place.append(" ", mark);
  }
})();
