// Solves an ALTCHA challenge: the first counter whose SHA-256 begins with the prefix that was asked.
const bytes = (hex) => Uint8Array.from(hex.match(/../g) || [], (pair) => parseInt(pair, 16));
const hex = (found) => Array.from(found, (byte) => byte.toString(16).padStart(2, "0")).join("");
const BATCH = 512;

onmessage = async ({ data: challenge }) => {
  const { salt, nonce, keyPrefix, keyLength } = challenge.parameters;
  const head = [...bytes(salt), ...bytes(nonce)];
  const prefix = bytes(keyPrefix);
  const begun = performance.now();
  const derived = (counter) => {
    const message = new Uint8Array(head.length + 4);
    message.set(head);
    new DataView(message.buffer).setUint32(head.length, counter);
    return crypto.subtle.digest("SHA-256", message);
  };
  for (let from = 0; ; from += BATCH) {
    const keys = await Promise.all(Array.from({ length: BATCH }, (_, n) => derived(from + n)));
    for (let n = 0; n < BATCH; n++) {
      const key = new Uint8Array(keys[n]);
      if (!prefix.every((byte, at) => key[at] === byte)) continue;
      postMessage({ counter: from + n, derivedKey: hex(key.subarray(0, keyLength)), time: Math.round(performance.now() - begun) });
      return;
    }
  }
};
