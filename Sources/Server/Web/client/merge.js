/**
 * The merge itself, for full replicas: a state is what `stamps: true` brings
 * (`Protocol/merge.md#full-replicas`), and a delta is a small state. Nothing here changes its
 * arguments.
 * @module
 */
import { instrumentFields, instrumentPointer, instrumentsOf, flavors, normalise, readPath }
  from "./fields.js";

/** @typedef {import("./json.js").JSONValue} JSONValue */
/** @typedef {import("./json.js").JSONObject} JSONObject */
/**
 * Value as it is kept, stamp, replica, seq, log number. Hexadecimal digits of one length compare
 * like the numbers they write.
 * @typedef {[JSONValue, string, string, number, number]} Register
 */
/**
 * @typedef {object} Presence
 * @property {[number, string, number][]} tags log number, replica, seq; by number
 * @property {[number, number][]} context ranges, sorted and apart
 * @property {[number, string]} [removed] log number and replica of the latest removal
 * @property {number} since
 */
/**
 * @typedef {object} State
 * @property {number} number
 * @property {{[pointer: string]: Register}} fields
 * @property {{[pointer: string]: Presence}} instruments
 */
/** @typedef {{set?: JSONObject, add?: string[], remove?: string[]}} Content */

const absent = { tags: [], context: [], since: 0 };

/** (stamp, replica, seq): total, so no tie is decided by who came first. */
function loses(ours, theirs) {
  for (const index of [1, 2, 3]) {
    if (ours[index] !== theirs[index]) return ours[index] < theirs[index];
  }
  return false;
}

const contains = (ranges, number) => ranges.some(([from, to]) => from <= number && number <= to);

export function union(...ranges) {
  const result = [];
  for (const [from, to] of ranges.flat().sort((a, b) => a[0] - b[0])) {
    const last = result[result.length - 1];
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else result.push([from, to]);
  }
  return result;
}

function joinPresence(ours, theirs) {
  const same = (tags, tag) => tags.some(([number, replica, seq]) =>
    number === tag[0] && replica === tag[1] && seq === tag[2]);
  const kept = ours.tags.filter(
    (tag) => same(theirs.tags, tag) || !contains(theirs.context, tag[0]));
  const gained = theirs.tags.filter(
    (tag) => !same(ours.tags, tag) && !contains(ours.context, tag[0]));
  const joined = {
    tags: [...kept, ...gained].sort((a, b) => a[0] - b[0]),
    context: union(ours.context, theirs.context),
    since: Math.max(ours.since, theirs.since),
  };
  const removed = (theirs.removed?.[0] ?? -1) > (ours.removed?.[0] ?? -1)
    ? theirs.removed : ours.removed;
  return removed ? { ...joined, removed } : joined;
}

/**
 * Commutative, associative, idempotent. `Protocol/merge.md#join`.
 * @param {State} ours
 * @param {State} theirs
 * @returns {State}
 */
export function join(ours, theirs) {
  const fields = { ...ours.fields };
  for (const [path, register] of Object.entries(theirs.fields)) {
    if (!fields[path] || loses(fields[path], register)) fields[path] = register;
  }
  const instruments = { ...ours.instruments };
  for (const [path, presence] of Object.entries(theirs.instruments)) {
    instruments[path] = joinPresence(instruments[path] ?? absent, presence);
  }
  return { number: Math.max(ours.number, theirs.number), fields, instruments };
}

export const isPresent = (state, path) => (state.instruments[path]?.tags.length ?? 0) > 0;

/**
 * What a state shows: the normalised document.
 * @param {State} state
 * @returns {JSONObject}
 */
export function view(state) {
  const unknown = Object.keys(state.fields).map(readPath);
  const show = (names, at, place) => {
    const others = unknown.filter(
      (path) => path.flavor === place.flavor && path.instrument === place.instrument)
      .map((path) => path.name);
    const entries = [...new Set([...names, ...others])].map((name) => {
      const pointer = `${at}/${name}`;
      return [name, normalise({ ...place, pointer, name }, state.fields[pointer]?.[0])];
    });
    return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  };
  const machines = flavors.map((flavor) => {
    const present = instrumentsOf(flavor).filter(
      (instrument) => isPresent(state, instrumentPointer(flavor, instrument)));
    return [flavor, {
      ...show(["bpm", "keyNote"], `/machines/${flavor}`, { flavor }),
      instruments: Object.fromEntries(present.map((instrument) => [instrument, show(
        instrumentFields, instrumentPointer(flavor, instrument), { flavor, instrument })])),
    }];
  });
  return {
    ...show(["title", "description", "flavor"], "", {}), machines: Object.fromEntries(machines) };
}
