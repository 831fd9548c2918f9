// What was typed survives a reload and a lost connection: it is kept in this tab until it is sent.
// Without scripts the form works as it is.
(() => {
  const form = document.querySelector("form.cases-form");
  if (!form || form.enctype === "multipart/form-data") return;
  const place = `kaishu-draft:${location.pathname}${location.search}`;
  const kept = () => [...form.elements].filter((e) => e.name && !["hidden", "submit"].includes(e.type));
  const read = () => {
    try { return JSON.parse(sessionStorage.getItem(place)) || {}; } catch { return {}; }
  };
  // A form sent back with errors already holds what was typed.
  if (!document.querySelector(".ks-alert--error")) {
    const draft = read();
    for (const e of kept()) {
      if (!(e.name in draft)) continue;
      if (e.type === "radio") e.checked = e.value === draft[e.name];
      else if (e.type === "checkbox") e.checked = draft[e.name];
      else if (!e.value) e.value = draft[e.name];
    }
  }
  form.addEventListener("input", () => {
    const draft = {};
    for (const e of kept()) {
      if (e.type === "radio") { if (e.checked) draft[e.name] = e.value; }
      else draft[e.name] = e.type === "checkbox" ? e.checked : e.value;
    }
    sessionStorage.setItem(place, JSON.stringify(draft));
  });
})();
// The receipt means that the application has arrived: drafts are no longer needed.
if (document.querySelector(".cases-receipt")) {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith("kaishu-draft:")) sessionStorage.removeItem(key);
  }
}
document.querySelector("[role=alert][tabindex]")?.focus();
