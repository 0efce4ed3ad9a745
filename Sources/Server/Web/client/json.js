/**
 * JSON as the protocol uses it: merge patches (RFC 7396), the canonical form (RFC 8785), and the
 * state hash. `Protocol/merge.md#canonical-form-and-hash`.
 * @module
 */

/** @typedef {null | boolean | number | string | JSONArray | JSONObject} JSONValue */
/** @typedef {JSONValue[]} JSONArray */
/** @typedef {{[key: string]: JSONValue}} JSONObject */

/** @param {unknown} value @returns {value is JSONObject} */
export const isObject = (value) =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** @param {object} object @param {string} key */
export const has = (object, key) => Object.prototype.hasOwnProperty.call(object, key);

/** Own members only: `__proto__` is a key like any other. */
const assign = (object, key, value) =>
  Object.defineProperty(
    object, key, { value, enumerable: true, configurable: true, writable: true });

/**
 * RFC 7396 §2. What did not change is shared with `target`; neither argument is changed.
 * @param {JSONValue | undefined} target
 * @param {JSONValue} patch
 * @returns {JSONValue}
 */
export function mergePatch(target, patch) {
  if (!isObject(patch)) return patch;
  const result = isObject(target) ? { ...target } : {};
  for (const key of Object.keys(patch)) {
    if (patch[key] === null) delete result[key];
    else assign(result, key, mergePatch(has(result, key) ? result[key] : undefined, patch[key]));
  }
  return result;
}

/**
 * The RFC 8785 form: ECMAScript is where its numbers and its order by UTF-16 units come from.
 * @param {JSONValue} value
 * @returns {string}
 */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.keys(value).sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
  return `{${members.join(",")}}`;
}

/**
 * The first 16 bytes of the SHA-256 of the canonical form, as 32 hexadecimal digits.
 * @param {JSONValue} value
 */
export const stateHash = (value) =>
  sha256(new TextEncoder().encode(canonical(value))).slice(0, 32);

// FIPS 180-4 §4.2.2: the fractions of the cube roots of the first 64 primes; §5.3.3: of the
// square roots of the first 8.
const [roundConstants, initialHash] = (() => {
  const primes = [];
  for (let number = 2; primes.length < 64; number += 1) {
    if (primes.every((prime) => number % prime)) primes.push(number);
  }
  const fraction = (root) => ((root - Math.floor(root)) * 2 ** 32) | 0;
  return [primes.map((prime) => fraction(Math.cbrt(prime))),
    primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)))];
})();

/**
 * Synchronous, unlike `crypto.subtle`, which also is not there on plain HTTP: a delta is checked
 * before the next one is applied.
 * @param {Uint8Array} bytes
 * @returns {string} 64 hexadecimal digits
 */
export function sha256(bytes) {
  const padded = new Uint8Array(((bytes.length + 72) >> 6) << 6);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(bytes.length / 2 ** 29));
  view.setUint32(padded.length - 4, bytes.length << 3);
  const hash = Int32Array.from(initialHash);
  const words = new Int32Array(64);
  const turn = (word, count) => (word >>> count) | (word << (32 - count));
  for (let block = 0; block < padded.length; block += 64) {
    for (let index = 0; index < 16; index += 1) words[index] = view.getInt32(block + index * 4);
    for (let index = 16; index < 64; index += 1) {
      const [early, late] = [words[index - 15], words[index - 2]];
      words[index] = words[index - 16] + words[index - 7]
        + (turn(early, 7) ^ turn(early, 18) ^ (early >>> 3))
        + (turn(late, 17) ^ turn(late, 19) ^ (late >>> 10));
    }
    let [a, b, c, d, e, f, g, h] = hash;
    for (let index = 0; index < 64; index += 1) {
      const first = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g))
        + roundConstants[index] + words[index];
      const second = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
    }
    for (const [index, word] of [a, b, c, d, e, f, g, h].entries()) hash[index] += word;
  }
  return Array.from(hash, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}
