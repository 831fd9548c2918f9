// A chart of one table, drawn by ECharts from the published CSV; its figures as a table beside it.
(() => {
  "use strict";
  const { element, fetched } = self.ksParts;
  const LISTED = 500;
  const COLOURS = ["--ks-plot-1", "--ks-plot-2", "--ks-plot-3", "--ks-plot-4", "--ks-plot-5", "--ks-plot-6", "--ks-plot-7", "--ks-plot-8"];
  // 2025年10月 comes after 2025年9月; plain comparison is right for ISO dates, and fast.
  const numeric = new Intl.Collator("zh-CN", { numeric: true }).compare;
  const inOrder = (a, b) => (a.includes("年") ? numeric(a, b) : a < b ? -1 : a > b ? 1 : 0);
  const number = (text) => (text === "" || text === undefined || Number.isNaN(Number(text)) ? null : Number(text));

  // What is drawn: labels along the axis, and lines or bars as { name, values }.
  const shape = (rows, columns, measure, labels, words) => {
    const body = rows.slice(1);
    const { kind, x, series } = columns;
    if (kind === "count") {
      const counts = new Map();
      for (const row of body) counts.set(row[x], (counts.get(row[x]) || 0) + 1);
      const sorted = [...counts].sort((a, b) => b[1] - a[1]);
      return { axis: sorted.map((one) => one[0]), lines: [{ name: words.rows, values: sorted.map((one) => one[1]) }] };
    }
    if (series === null) {
      const ordered = kind === "line" ? [...body].sort((a, b) => inOrder(a[x], b[x])) : body;
      return { axis: ordered.map((row) => row[x]), lines: [{ name: labels[measure], values: ordered.map((row) => number(row[measure])) }] };
    }
    const axis = [...new Set(body.map((row) => row[x]))].sort(inOrder);
    const at = new Map(axis.map((value, n) => [value, n]));
    const lines = new Map();
    for (const row of body) {
      if (!lines.has(row[series])) lines.set(row[series], axis.map(() => null));
      lines.get(row[series])[at.get(row[x])] = number(row[measure]);
    }
    return { axis, lines: [...lines].map(([name, values]) => ({ name, values })) };
  };

  const option = (drawn, kind, area) => {
    const tokens = getComputedStyle(area);
    const token = (name) => tokens.getPropertyValue(name).trim();
    const size = parseFloat(tokens.fontSize) * 0.875;
    const text = { color: token("--ks-ink-soft"), fontSize: size, fontFamily: tokens.fontFamily };
    const flat = kind !== "line";
    const names = { type: "category", data: drawn.axis, axisLabel: { ...text, hideOverlap: !flat, ...(flat ? { interval: 0, width: Math.min(160, area.clientWidth / 3), overflow: "truncate" } : {}) }, inverse: flat, axisTick: { show: false }, axisLine: { lineStyle: { color: token("--ks-line-strong") } } };
    const values = { type: "value", scale: !flat, axisLabel: { ...text, hideOverlap: true }, splitLine: { lineStyle: { color: token("--ks-line") } } };
    return {
      animation: false,
      color: COLOURS.map(token),
      textStyle: text,
      aria: { enabled: false },
      grid: { left: 8, right: 24, top: drawn.lines.length > 1 ? size * 4 : 24, bottom: 8, containLabel: true },
      legend: { show: drawn.lines.length > 1, type: "scroll", textStyle: { ...text, color: token("--ks-ink") } },
      // Text drawn on the canvas: markup would need inline styles, which the page does not allow.
      tooltip: { trigger: "axis", renderMode: "richText", confine: true, backgroundColor: token("--ks-paper"), borderColor: token("--ks-line-strong"), textStyle: { ...text, color: token("--ks-ink") } },
      xAxis: flat ? values : names,
      yAxis: flat ? names : values,
      series: drawn.lines.map((line) => (flat
        ? { type: "bar", name: line.name, data: line.values, barMaxWidth: 28, label: { show: drawn.axis.length <= 20, position: "right", ...text } }
        : { type: "line", name: line.name, data: line.values, sampling: "lttb", showSymbol: drawn.axis.length <= 60, connectNulls: false })),
    };
  };

  const listed = (drawn, label) => {
    const head = element("tr", {}, ...[label, ...drawn.lines.map((line) => line.name)].map((words) => element("th", { scope: "col" }, words)));
    const body = element("tbody");
    drawn.axis.slice(0, LISTED).forEach((value, n) => {
      const cells = drawn.lines.map((line) => element("td", { className: "ks-table__number" }, line.values[n] === null ? "" : String(line.values[n])));
      body.append(element("tr", {}, element("th", { scope: "row" }, value), ...cells));
    });
    return element("table", { className: "ks-table" }, element("thead", {}, head), body);
  };

  self.ksParts.chart = async (figure) => {
    const { dataset } = figure;
    const columns = JSON.parse(dataset.columns);
    const labels = JSON.parse(dataset.labels);
    const caption = figure.querySelector("figcaption");
    const rows = self.ksCsv.parse(await fetched(dataset.file, "text"));
    figure.classList.remove("ks-waiting");
    const area = element("div", { className: "ks-plot__area" });
    area.setAttribute("role", "img");
    area.setAttribute("aria-label", caption.textContent.trim());
    const table = element("div", { className: "ks-table-wrap", tabIndex: 0 });
    table.setAttribute("role", "region");
    table.setAttribute("aria-label", dataset.table);
    const details = element("details", { className: "ks-profile" }, element("summary", {}, dataset.table), table);
    let measure = columns.measures[0];
    const parts = [area, details];
    if (columns.measures.length > 1) {
      const select = element("select", {}, ...columns.measures.map((n) => element("option", { value: n }, labels[n])));
      select.addEventListener("change", () => { measure = Number(select.value); draw(); });
      parts.unshift(element("label", { className: "ks-plot__measure" }, `${dataset.measure} `, select));
    }
    figure.append(...parts);
    let chart;
    const draw = () => {
      const drawn = shape(rows, columns, measure, labels, dataset);
      const size = parseFloat(getComputedStyle(area).fontSize);
      area.style.height = columns.kind === "line" ? "24em" : `${drawn.axis.length * 2.2 + 4}em`;
      chart?.dispose();
      chart = self.echarts.init(area, null, { renderer: "canvas" });
      chart.setOption(option(drawn, columns.kind, area));
      figure.dataset.drawn = `${columns.kind} ${drawn.axis.length}×${drawn.lines.length} ${Math.round(size)}`;
      table.replaceChildren(listed(drawn, labels[columns.x]));
    };
    draw();
    let width = area.clientWidth;
    new ResizeObserver(() => { if (area.clientWidth !== width) { width = area.clientWidth; draw(); } }).observe(area);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
    new MutationObserver(draw).observe(document.documentElement, { attributeFilter: ["data-elder"] });
  };
})();
