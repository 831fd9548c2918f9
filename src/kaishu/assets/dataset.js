// A dataset's page: the preview sorts, code is copied, charts, maps and SQL are loaded on demand.
(() => {
  "use strict";
  const chinese = document.documentElement.lang.startsWith("zh");
  const collator = new Intl.Collator(chinese ? "zh-CN" : "en", { numeric: true });

  const element = (name, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };
  const loaded = new Map();
  const load = (address) => {
    if (!loaded.has(address)) {
      loaded.set(address, new Promise((resolve, reject) => {
        const script = element("script", { src: address, onload: resolve });
        script.onerror = () => { loaded.delete(address); script.remove(); reject(new Error(address)); };
        document.head.append(script);
      }));
    }
    return loaded.get(address);
  };
  const style = (address) => new Promise((resolve) => {
    const link = element("link", { rel: "stylesheet", href: address, onload: resolve, onerror: resolve });
    document.head.append(link);
  });
  const fetched = async (address, kind) => {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`${answer.status} ${address}`);
    return answer[kind]();
  };
  self.ksParts = { element, load, style, fetched };

  // ---------- the preview sorts ----------
  for (const table of document.querySelectorAll("table[data-sort]")) {
    const body = table.tBodies[0];
    const original = [...body.rows];
    if (original.length < 2) continue;
    const status = table.closest(".ks-table-wrap").previousElementSibling?.querySelector("[role=status]");
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, n) => {
      const name = head.textContent.trim();
      const isNumber = head.classList.contains("ks-table__number");
      const button = element("button", { type: "button", className: "ks-sort-button" }, name);
      button.title = table.dataset.sort.replace("{column}", name);
      head.replaceChildren(button);
      head.setAttribute("aria-sort", "none");
      button.addEventListener("click", () => {
        const next = { none: "ascending", ascending: "descending", descending: "none" }[head.getAttribute("aria-sort")];
        for (const other of heads) other.setAttribute("aria-sort", "none");
        head.setAttribute("aria-sort", next);
        let rows = original;
        if (next !== "none") {
          const sign = next === "ascending" ? 1 : -1;
          const value = (row) => row.cells[n].textContent.trim();
          const numeric = (text) => (text === "" ? NaN : Number(text));
          rows = [...original].sort((a, b) => {
            const [x, y] = [value(a), value(b)];
            // Empty cells are last whichever way.
            if (x === "" || y === "") return (x === "") - (y === "");
            if (isNumber) {
              const difference = numeric(x) - numeric(y);
              if (!Number.isNaN(difference)) return sign * difference;
            }
            return sign * collator.compare(x, y);
          });
        }
        body.append(...rows);
        if (status) {
          const words = { ascending: "sorted", descending: "reversed", none: "unsorted" }[next];
          status.textContent = status.dataset[words].replace("{column}", name);
        }
      });
    });
  }

  // ---------- copying ----------
  if (navigator.clipboard) {
    for (const place of document.querySelectorAll("[data-copy]")) {
      const button = element("button", { type: "button", className: "ks-button ks-copy" }, place.dataset.copy);
      const text = place.textContent.trim();
      button.addEventListener("click", () => {
        navigator.clipboard.writeText(text).then(() => {
          button.textContent = place.dataset.copied;
          setTimeout(() => { button.textContent = place.dataset.copy; }, 2000);
        }, () => {});
      });
      place.after(button);
    }
  }

  // ---------- charts and maps: when seen, or when asked for ----------
  const start = async (figure) => {
    const { part, script, library } = figure.dataset;
    figure.setAttribute("aria-busy", "true");
    try {
      await Promise.all([load(library), load(script), ...(figure.dataset.csv ? [load(figure.dataset.csv)] : [])]);
      await self.ksParts[part](figure);
    } catch (error) {
      console.warn(error);
      figure.append(element("p", { className: "ks-quiet" }, figure.dataset.failed));
    }
    figure.removeAttribute("aria-busy");
  };
  const parts = [...document.querySelectorAll("[data-part]")];
  const seen = "IntersectionObserver" in window && new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      seen.unobserve(entry.target);
      start(entry.target);
    }
  }, { rootMargin: "200px" });
  for (const figure of parts) {
    if (figure.dataset.asks || !seen) {
      const words = figure.dataset.asks || figure.querySelector("figcaption").textContent;
      const button = element("button", { type: "button", className: "ks-button" }, words);
      button.addEventListener("click", () => { button.remove(); start(figure); });
      figure.append(button);
    } else {
      figure.classList.add("ks-waiting");
      seen.observe(figure);
    }
  }

  // ---------- the SQL console ----------
  for (const place of document.querySelectorAll(".ks-console")) {
    if (!("WebAssembly" in window) || !("Worker" in window)) continue;
    const button = element("button", { type: "button", className: "ks-button ks-button--primary" }, place.dataset.open);
    button.addEventListener("click", async () => {
      button.disabled = true;
      try {
        await Promise.all([load(place.dataset.csv), load(place.dataset.script)]);
        button.remove();
        self.ksParts.console(place);
      } catch (error) {
        console.warn(error);
        button.disabled = false;
        place.append(element("p", { className: "ks-error" }, place.dataset.failed));
      }
    });
    place.append(button);
  }
})();
