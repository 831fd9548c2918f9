// Set before the page is painted, so that it does not change under the reader's eyes: the elder
// mode (large text, high contrast), remembered on this device.
(() => {
  "use strict";
  const root = document.documentElement;
  const remembered = () => {
    try { return localStorage.getItem("ks-elder") === "1"; } catch { return false; }
  };
  const apply = (on) => {
    if (on) root.dataset.elder = "";
    else delete root.dataset.elder;
    for (const button of document.querySelectorAll("[data-elder-switch]")) {
      button.setAttribute("aria-pressed", String(on));
    }
  };
  apply(remembered());

  // Read aloud, block by block: a long utterance is cut off by some browsers.
  const NAMES = ["h1", "h2", "h3", "p", "li", "dt", "dd", "figcaption", "caption", "summary", "blockquote", "th", "td"];
  const BLOCKS = NAMES.join(", ");
  const blocks = () => {
    const chosen = String(getSelection() || "").trim();
    if (chosen) return [{ text: chosen }];
    const found = [];
    for (const element of document.querySelectorAll(NAMES.map((name) => `#main ${name}`).join(", "))) {
      const hidden = !element.offsetParent || element.closest("nav, .ks-table-wrap, pre, [aria-hidden=true]");
      // What holds other blocks is read through them.
      if (hidden || element.querySelector(BLOCKS)) continue;
      const text = element.textContent.replace(/\s+/g, " ").trim();
      if (text) found.push({ element, text });
    }
    return found;
  };
  const readAloud = (button) => {
    const speech = window.speechSynthesis;
    let waiting = [];
    let marked = null;
    const mark = (element) => {
      marked?.classList.remove("ks-reading");
      marked = element || null;
      marked?.classList.add("ks-reading");
    };
    const stop = () => {
      waiting = [];
      speech.cancel();
      mark(null);
      button.setAttribute("aria-pressed", "false");
    };
    const next = () => {
      const one = waiting.shift();
      if (!one) { stop(); return; }
      const spoken = new SpeechSynthesisUtterance(one.text);
      spoken.lang = root.lang;
      spoken.onend = () => { if (button.getAttribute("aria-pressed") === "true") next(); };
      spoken.onerror = stop;
      mark(one.element);
      one.element?.scrollIntoView({ block: "nearest" });
      speech.speak(spoken);
    };
    button.addEventListener("click", () => {
      if (button.getAttribute("aria-pressed") === "true") { stop(); return; }
      waiting = blocks();
      button.setAttribute("aria-pressed", "true");
      next();
    });
    addEventListener("pagehide", () => speech.cancel());
  };

  document.addEventListener("DOMContentLoaded", () => {
    for (const button of document.querySelectorAll("[data-elder-switch]")) {
      button.hidden = false;
      button.addEventListener("click", () => {
        const on = !("elder" in root.dataset);
        try { localStorage.setItem("ks-elder", on ? "1" : "0"); } catch { /* it lasts for this page */ }
        apply(on);
      });
    }
    apply("elder" in root.dataset);
    if (!("speechSynthesis" in window) || !("SpeechSynthesisUtterance" in window)) return;
    for (const button of document.querySelectorAll("[data-read-aloud]")) {
      button.hidden = false;
      readAloud(button);
    }
  });
  addEventListener("storage", (event) => { if (event.key === "ks-elder") apply(remembered()); });
})();
