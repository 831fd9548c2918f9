// What was typed survives a reload and a lost connection: it is kept in this tab until it is sent.
// The form's key is kept with it, so that sending once more after a timeout makes no second case.
// Without scripts the form works as it is.
(() => {
  const form = document.querySelector("form[data-draft]");
  if (!form) return;
  const { pathname, search } = new URL(form.action);
  const place = `kaishu-draft:${pathname}${search}#${form.dataset.draft}`;
  const skipped = ["submit", "file", "password", "button"];
  const kept = () => [...form.elements].filter(
    (e) => e.name && !["csrfmiddlewaretoken", "proof"].includes(e.name) && !skipped.includes(e.type));
  const choice = (e) => e.type === "radio" || e.type === "checkbox";
  const read = () => {
    try { return JSON.parse(sessionStorage.getItem(place)) || {}; } catch { return {}; }
  };
  const write = () => {
    const draft = {};
    for (const e of kept()) {
      draft[e.name] ??= [];
      if (!choice(e) || e.checked) draft[e.name].push(e.value);
    }
    try { sessionStorage.setItem(place, JSON.stringify(draft)); } catch { /* full or switched off */ }
  };
  // A form sent back with errors, or one that corrects a case, already holds what is right.
  if (!document.querySelector(".ks-alert--error, .ks-alert[role=alert]") && !("amended" in form.dataset)) {
    const draft = read();
    for (const e of kept()) {
      const values = draft[e.name];
      if (!Array.isArray(values)) continue;
      if (choice(e)) e.checked = values.includes(e.value);
      else if (e.type === "hidden" || !e.value) e.value = values[0] ?? e.value;
    }
  }
  form.addEventListener("input", write);
  form.addEventListener("submit", write);
})();
// The receipt means that it has arrived: drafts are no longer needed.
if (document.querySelector(".cases-receipt")) {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith("kaishu-draft:")) sessionStorage.removeItem(key);
  }
}
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
document.querySelector("[role=alert][tabindex]")?.focus();
