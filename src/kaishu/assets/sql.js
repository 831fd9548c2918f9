// The SQL console: a query, its result as a table, its download; SQLite runs in a worker.
(() => {
  "use strict";
  const { element } = self.ksParts;
  const SHOWN = 500;
  const absolute = (address) => new URL(address, document.baseURI).href;

  self.ksParts.console = (place) => {
    const words = place.dataset;
    const tables = JSON.parse(words.tables);
    const examples = JSON.parse(words.examples);
    const status = element("p", { className: "ks-console__status" });
    status.setAttribute("role", "status");
    const problem = element("div", { className: "ks-alert ks-alert--error", hidden: true });
    problem.setAttribute("role", "alert");
    const input = element("textarea", { className: "ks-console__input", id: "sql-query", rows: 5, spellcheck: false, value: examples[0] });
    input.setAttribute("autocapitalize", "off");
    input.setAttribute("aria-describedby", "sql-status");
    status.id = "sql-status";
    const run = element("button", { type: "button", className: "ks-button ks-button--primary", disabled: true }, words.run);
    const stop = element("button", { type: "button", className: "ks-button", hidden: true }, words.stop);
    const save = element("button", { type: "button", className: "ks-button", hidden: true }, words.download);
    const result = element("div", { className: "ks-table-wrap ks-console__result", hidden: true, tabIndex: 0 });
    result.setAttribute("role", "region");
    result.setAttribute("aria-label", words.result);
    const schema = element("ul", { className: "ks-console__schema" }, ...tables.map((table) => {
      const columns = table.columns.map(([name, type]) => `${name} ${type}`).join(", ");
      return element("li", {}, element("code", {}, table.name), ` (${columns})`);
    }));
    const offered = element("div", { className: "ks-actions ks-console__examples" }, element("span", { className: "ks-quiet" }, words.example));
    for (const sql of examples) {
      const button = element("button", { type: "button", className: "ks-button ks-console__example" }, sql.replace(/\s+/g, " "));
      button.addEventListener("click", () => { input.value = sql; ask(); });
      offered.append(button);
    }
    place.append(
      element("details", { className: "ks-profile" }, element("summary", {}, words.schema), schema),
      element("label", { className: "ks-label", htmlFor: "sql-query" }, words.query),
      input,
      element("div", { className: "ks-actions" }, run, stop, save),
      offered, status, problem, result,
    );

    let worker;
    let answer;
    const busy = (on) => {
      run.disabled = on;
      stop.hidden = !on;
    };
    const fail = (title, message) => {
      problem.replaceChildren(element("p", {}, element("strong", {}, title)), element("p", {}, element("code", {}, message)));
      problem.hidden = false;
      result.hidden = save.hidden = true;
      status.textContent = "";
    };
    const show = ({ columns, rows, more, kept, ms }) => {
      answer = { columns, rows };
      save.hidden = !columns.length;
      result.hidden = !columns.length;
      if (!columns.length) { status.textContent = words.nothing; result.replaceChildren(); return; }
      const said = (rows.length === 1 ? words.rowsOne : words.rows).replace("{n}", rows.length.toLocaleString()).replace("{ms}", ms);
      const part = rows.length > SHOWN ? ` · ${words.shown.replace("{n}", SHOWN)}` : "";
      const left = more ? ` · ${words.limit.replace("{n}", kept.toLocaleString())}` : "";
      status.textContent = said + part + left;
      const numbers = columns.map((_name, n) => rows.some((row) => typeof row[n] === "number"));
      const head = element("tr", {}, ...columns.map((name, n) => element("th", { scope: "col", className: numbers[n] ? "ks-table__number" : "" }, name)));
      const body = element("tbody", {}, ...rows.slice(0, SHOWN).map((row) => element("tr", {}, ...row.map((value) => element(
        "td", typeof value === "number" ? { className: "ks-table__number" } : {},
        value === null ? element("span", { className: "ks-quiet" }, "NULL") : String(value),
      )))));
      result.replaceChildren(element("table", { className: "ks-table ks-table--data" }, element("thead", {}, head), body));
    };
    const listen = ({ data }) => {
      if (data.kind === "reading") { status.textContent = words.reading.replace("{table}", data.table); return; }
      busy(false);
      if (data.kind === "ready") { status.textContent = words.ready; input.focus(); }
      if (data.kind === "result") show(data);
      if (data.kind === "error") fail(words.error, data.message);
      if (data.kind === "failed") { run.disabled = true; fail(words.failed, data.message); }
    };
    const begin = () => {
      worker?.terminate();
      worker = new Worker(words.worker);
      worker.onmessage = listen;
      worker.onerror = (event) => { busy(false); fail(words.failed, event.message || words.worker); };
      busy(true);
      status.textContent = words.loading;
      worker.postMessage({
        kind: "open",
        engine: absolute(words.engine),
        wasm: absolute(words.wasm),
        csv: absolute(words.csv),
        tables: tables.map((table) => ({ ...table, address: absolute(table.path) })),
      });
    };
    const ask = () => {
      if (run.disabled || !input.value.trim()) return;
      problem.hidden = true;
      busy(true);
      status.textContent = words.running;
      worker.postMessage({ kind: "query", sql: input.value });
    };
    run.addEventListener("click", ask);
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); ask(); }
    });
    stop.addEventListener("click", () => { begin(); status.textContent = words.stopped; });
    save.addEventListener("click", () => {
      // A mark at the beginning tells Excel that this is UTF-8.
      const text = `\ufeff${self.ksCsv.write([answer.columns, ...answer.rows])}`;
      const address = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
      const link = element("a", { href: address, download: "query.csv" });
      document.body.append(link);
      link.click();
      link.remove();
      setTimeout(() => URL.revokeObjectURL(address), 10000);
    });
    begin();
  };
})();
