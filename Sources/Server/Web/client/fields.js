/**
 * The fields of a pattern document: where they stand, what they take, what the catalogue gives
 * them. `Protocol/merge.md#fields`.
 * @module
 */

/** @typedef {import("./json.js").JSONValue} JSONValue */

/**
 * What this version of the catalogue says of each instrument, in its order: enabled, volume in
 * hundredths, active program, number of programs; for those with a pitch, its default, least and
 * greatest. A test compares it with `Protocol/catalogue.json`.
 */
const machines = {
  Salsa: {
    bpm: [180, 80, 250], keyNote: [0, 0, 11],
    instruments: {
      clave: [true, 100, 0, 2], cowbell: [true, 100, 0, 5], congas: [true, 100, 2, 12],
      piano: [true, 40, 1, 21, 60, 48, 72], instructor: [true, 100, 1, 10],
      bass: [true, 100, 0, 21, 36, 24, 48], timbales: [true, 100, 0, 4],
      guiro: [true, 100, 0, 3], bongos: [false, 100, 0, 4], maracas: [false, 20, 0, 4],
    },
  },
  Merengue: {
    bpm: [160, 80, 250], keyNote: [8, 0, 11],
    instruments: {
      cowbell: [true, 53, 1, 2], congas: [true, 90, 0, 1], piano: [true, 50, 1, 3, 60, 48, 72],
      instructor: [true, 100, 1, 2], bass: [true, 52, 0, 1, 36, 24, 48],
      guira: [true, 44, 0, 5], tambora: [true, 100, 0, 1], kickdrum: [true, 100, 0, 1],
    },
  },
};
const aliases = new Map([["bongo", "bongos"], ["conga", "congas"]]);

const titleCharactersMax = 200;
const descriptionCharactersMax = 5000;
const unknownFieldBytesMax = 256;

export const flavors = Object.freeze(Object.keys(machines));
export const instrumentFields = Object.freeze(
  ["enabled", "activeProgram", "volume", "pitchOffset"]);

/** @param {string} flavor @returns {string[]} in the catalogue's order */
export const instrumentsOf = (flavor) => Object.keys(machines[flavor].instruments);

/** What was not taken, and why: the errors of `Protocol/wire.md#errors`. */
export class FieldError extends Error {
  /** @param {string} code @param {string} path @param {string} [allowed] */
  constructor(code, path, allowed) {
    super(`${path}: ${code}`);
    Object.assign(this, { code, path, allowed });
  }
}

/**
 * @typedef {object} Path
 * @property {string} pointer the one that answers use
 * @property {string} [flavor]
 * @property {string} [instrument]
 * @property {string} [name] of a field; missing when an instrument is meant
 */

/**
 * @param {string} pointer a JSON pointer (RFC 6901)
 * @returns {Path}
 */
export function readPath(pointer) {
  const refuse = (allowed) => { throw new FieldError("unknownPath", pointer, allowed); };
  const parts = pointer.split("/");
  if (parts.shift() !== "") refuse("a JSON pointer that starts with /");
  const field = (name) =>
    /^[A-Za-z][A-Za-z0-9]{0,63}$/.test(name) ? name : refuse("a field name of letters and digits");
  if (parts[0] !== "machines") {
    if (parts.length > 1) refuse("/<field>, /machines/...");
    return { pointer, name: field(parts[0]) };
  }
  const [, flavor, third, id] = parts;
  if (parts.length < 3) refuse("/machines/<flavor>/...");
  if (!flavors.includes(flavor)) refuse(flavors.join(", "));
  if (third !== "instruments") {
    if (parts.length > 3) refuse("/machines/<flavor>/<field>");
    return { pointer, flavor, name: field(third) };
  }
  if (parts.length !== 4 && parts.length !== 5) refuse("/machines/<flavor>/instruments/<id>");
  const instrument = aliases.get(id) ?? id;
  const known = instrumentsOf(flavor);
  if (!known.includes(instrument)) refuse(known.join(", "));
  const whole = instrumentPointer(flavor, instrument);
  if (parts.length === 4) return { pointer: whole, flavor, instrument };
  const name = field(parts[4]);
  return { pointer: `${whole}/${name}`, flavor, instrument, name };
}

/** @param {string} flavor @param {string} instrument */
export const instrumentPointer = (flavor, instrument) =>
  `/machines/${flavor}/instruments/${instrument}`;

/**
 * @typedef {object} Rule
 * @property {"text" | "flavor" | "integer" | "hundredths" | "bool" | "unknown"} kind
 * @property {number} [min]
 * @property {number} [max]
 * @property {boolean} [multiline]
 * @property {JSONValue} [fallback] as it is kept; none for unknown fields
 */

/**
 * @param {Path} path of a field
 * @returns {Rule}
 */
export function ruleFor({ flavor, instrument, name }) {
  const integer = ([fallback, min, max]) => ({ kind: "integer", fallback, min, max });
  if (!flavor) {
    if (name === "title") {
      return { kind: "text", min: 1, max: titleCharactersMax, fallback: "Untitled" };
    }
    if (name === "description") {
      return {
        kind: "text", min: 0, max: descriptionCharactersMax, multiline: true, fallback: "" };
    }
    return name === "flavor" ? { kind: "flavor", fallback: flavors[0] } : { kind: "unknown" };
  }
  const machine = machines[flavor];
  if (!instrument) {
    return name === "bpm" || name === "keyNote" ? integer(machine[name]) : { kind: "unknown" };
  }
  const [enabled, volume, program, count, pitch = 0, low = 0, high = 0]
    = machine.instruments[instrument];
  switch (name) {
    case "enabled": return { kind: "bool", fallback: enabled };
    case "activeProgram": return integer([program, 0, count - 1]);
    case "volume": return { kind: "hundredths", fallback: volume };
    case "pitchOffset": return integer([pitch, low, high]);
    default: return { kind: "unknown" };
  }
}

/** In words, for people. @param {Rule} rule */
export function allowedBy({ kind, min, max }) {
  switch (kind) {
    case "text": return `${min} to ${max} characters, without control characters`;
    case "flavor": return flavors.join(", ");
    case "integer": return `integer ${min}..${max}`;
    case "hundredths": return "number 0..1";
    case "bool": return "true, false";
    default: return `text up to ${unknownFieldBytesMax} bytes, a finite number, or a boolean`;
  }
}

const controls = { false: /[\u0000-\u001f\u007f-\u009f]/,
  true: /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/ };

/** The nearest integer, of two the even one. */
const roundEven = (number) => {
  const rounded = Math.round(number);
  return rounded - number === 0.5 && rounded % 2 ? rounded - 1 : rounded;
};

/**
 * What a field would keep: volumes in hundredths, everything else as it is.
 * @param {Path} path of a field
 * @param {JSONValue} value
 * @returns {JSONValue}
 * @throws {FieldError}
 */
export function accept(path, value) {
  const rule = ruleFor(path);
  const expect = (condition, code) => {
    if (!condition) throw new FieldError(code, path.pointer, allowedBy(rule));
  };
  switch (rule.kind) {
    case "text": {
      expect(typeof value === "string", "wrongType");
      const count = [...value].length;
      expect(count >= rule.min && count <= rule.max
        && !controls[rule.multiline === true].test(value), "length");
      return value;
    }
    case "flavor":
      expect(typeof value === "string", "wrongType");
      expect(flavors.includes(value), "outOfRange");
      return value;
    case "integer":
      expect(Number.isInteger(value), "wrongType");
      expect(value >= rule.min && value <= rule.max, "outOfRange");
      return value;
    case "hundredths":
      expect(typeof value === "number", "wrongType");
      expect(value >= 0 && value <= 1, "outOfRange");
      return roundEven(value * 100);
    case "bool":
      expect(typeof value === "boolean", "wrongType");
      return value;
    default:
      expect(["string", "boolean"].includes(typeof value) || Number.isFinite(value), "wrongType");
      expect(typeof value !== "string"
        || new TextEncoder().encode(value).length <= unknownFieldBytesMax, "length");
      return value;
  }
}

/**
 * What is shown of a kept value: total and idempotent. `Protocol/merge.md#normalise`.
 * @param {Path} path of a field
 * @param {JSONValue | undefined} kept
 * @returns {JSONValue | undefined} undefined for an unknown field that nobody has set
 */
export function normalise(path, kept) {
  const rule = ruleFor(path);
  let value = kept;
  if (rule.kind === "integer") {
    if (!Number.isInteger(kept)) value = rule.fallback;
    else if (kept < rule.min || kept > rule.max) {
      // Another program is another rhythm: the nearest number means nothing.
      value = path.name === "activeProgram"
        ? rule.fallback : Math.min(Math.max(kept, rule.min), rule.max);
    }
  } else if (rule.kind === "hundredths") {
    value = Number.isInteger(kept) ? Math.min(Math.max(kept, 0), 100) : rule.fallback;
    return value / 100;
  } else if (rule.kind !== "unknown") {
    try {
      value = accept(path, kept);
    } catch {
      value = rule.fallback;
    }
  }
  return value;
}

/** The value that is shown of a new one. @param {Path} path @param {JSONValue} value */
export const acceptedView = (path, value) => normalise(path, accept(path, value));
