// Proof of work: begun when the visitor begins to write, so that it is done before they are.
// Whatever goes wrong here, the form is sent without it and confirmed by mail instead.
(() => {
  const field = document.querySelector("input[data-challenge]");
  const form = field?.form;
  if (!form || !window.Worker || !window.crypto?.subtle) return;
  const challenge = JSON.parse(field.dataset.challenge);
  // A browser that fills a reloaded form again would bring back the solution of an earlier one.
  field.value = "";
  let begun = false;
  let waiting = null;
  const send = () => {
    if (waiting === null) return;
    const button = waiting;
    waiting = null;
    form.removeAttribute("aria-busy");
    form.requestSubmit(button || undefined);
  };
  const begin = () => {
    if (begun) return;
    begun = true;
    const worker = new Worker(field.dataset.worker);
    worker.onmessage = ({ data: solution }) => {
      field.value = btoa(JSON.stringify({ challenge, solution }));
      send();
    };
    worker.onerror = () => {
      field.value = "none";
      send();
    };
    worker.postMessage(challenge);
  };
  form.addEventListener("input", begin, { once: true });
  form.addEventListener("submit", (event) => {
    if (field.value) return;
    event.preventDefault();
    waiting = event.submitter;
    form.setAttribute("aria-busy", "true");
    begin();
  });
})();
