// CSV as the portal publishes it (RFC 4180, UTF-8, one header row); for pages and for workers.
(() => {
  "use strict";

  // All rows of `text`, the header first; an empty line at the end is none. Calls `row` for each
  // and stops where that returns false.
  const each = (text, row) => {
    let cells = [];
    let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
    while (at < text.length) {
      let cell;
      if (text[at] === '"') {
        let end = text.indexOf('"', at + 1);
        while (end >= 0 && text[end + 1] === '"') end = text.indexOf('"', end + 2);
        if (end < 0) end = text.length;
        cell = text.slice(at + 1, end).replaceAll('""', '"');
        at = end + 1;
      } else {
        let end = at;
        for (let code; end < text.length; end += 1) {
          code = text.charCodeAt(end);
          if (code === 44 || code === 10 || code === 13) break;
        }
        cell = text.slice(at, end);
        at = end;
      }
      cells.push(cell);
      if (text[at] === ",") {
        at += 1;
        if (at < text.length) continue;
        cells.push("");
      }
      if (text[at] === "\r") at += 1;
      if (text[at] === "\n") at += 1;
      if (row(cells) === false) return;
      cells = [];
    }
  };

  const parse = (text) => {
    const rows = [];
    each(text, (cells) => { rows.push(cells); });
    return rows;
  };

  const quote = (value) => {
    const text = value === null || value === undefined ? "" : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const write = (rows) => rows.map((row) => row.map(quote).join(",")).join("\r\n") + "\r\n";

  self.ksCsv = { each, parse, write };
})();
