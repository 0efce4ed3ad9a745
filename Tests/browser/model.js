/**
 * A server's side of a room, written from the pages alone: the slow twin that judges client.js, and
 * is itself judged by the vectors.
 * @module
 */
import { FieldError, accept, instrumentPointer, normalise, readPath, ruleFor }
  from "/client/fields.js";
import { isPresent, join, union, view } from "/client/merge.js";
import { stateHash } from "/client/json.js";

const tagsPerInstrumentMax = 32;
const pathsPerEditMax = 64;
const unknownFieldsMax = 64;

/** `Protocol/merge.md#seen`. */
const covers = (seen, replica, number) => number <= seen.through || replica === seen.replica;

/**
 * The stamp that an edit gets, once, from whoever orders the edits.
 * `Protocol/merge.md#giving-the-stamp`.
 */
export function stampFor({ wallMs, claimedMs, last, fields }) {
  const physicalMs = Math.min(claimedMs ?? wallMs, wallMs);
  let stamp = BigInt(Math.min(Math.max(physicalMs, 0), 2 ** 48 - 1)) << 16n;
  for (const seen of [last, ...fields.filter((field) => field.seen).map((field) => field.stamp)]) {
    const next = BigInt(`0x${seen}`) + 1n;
    if (next > stamp) stamp = next;
  }
  return stamp.toString(16).padStart(16, "0");
}

/**
 * The first instrument that an edit sets although it is absent, and its author knew that.
 * Both are understood already.
 */
export function absentInstrument(state, { set = {}, add = [] }, seen) {
  return Object.keys(set).find((pointer) => {
    const { flavor, instrument } = readPath(pointer);
    if (!instrument) return false;
    const path = instrumentPointer(flavor, instrument);
    if (isPresent(state, path) || add.includes(path)) return false;
    const removed = state.instruments[path]?.removed;
    return !removed || covers(seen, removed[1], removed[0]);
  });
}

/**
 * What joining an accepted edit changes. `Protocol/merge.md#instruments`.
 */
export function deltaFor(state, content, { replica, seq, stamp, number, seen }) {
  const delta = { number, fields: {}, instruments: {} };
  const context = (path, keep) => {
    const tags = state.instruments[path]?.tags ?? [];
    const unseen = tags.filter((tag) => !covers(seen, tag[1], tag[0]));
    const gone = [
      ...tags.filter((tag) => !unseen.includes(tag)),
      ...unseen.slice(0, Math.max(0, unseen.length - keep))];
    return union([[number, number], ...gone.map((tag) => [tag[0], tag[0]])]);
  };
  for (const path of content.remove ?? []) {
    delta.instruments[path] = {
      tags: [], context: context(path, Infinity), removed: [number, replica], since: 0 };
  }
  const tag = (path) => {
    delta.instruments[path] ??= {
      tags: [[number, replica, seq]], context: context(path, tagsPerInstrumentMax - 1),
      since: isPresent(state, path) ? state.instruments[path].since : number };
  };
  for (const path of content.add ?? []) tag(path);
  for (const [pointer, value] of Object.entries(content.set ?? {})) {
    delta.fields[pointer] = [value, stamp, replica, seq, number];
    const { flavor, instrument } = readPath(pointer);
    if (instrument) tag(instrumentPointer(flavor, instrument));
  }
  return delta;
}

/**
 * The joined delta since a number, as an RFC 7396 merge patch. `Protocol/rooms.md#deltas`.
 */
export function patchSince(state, since) {
  const whole = view(state);
  const patch = {};
  const put = (value, ...keys) => {
    let place = patch;
    for (const key of keys.slice(0, -1)) place = place[key] ??= {};
    place[keys[keys.length - 1]] = value;
  };
  for (const [pointer, presence] of Object.entries(state.instruments)) {
    const { flavor, instrument } = readPath(pointer);
    const shown = whole.machines[flavor].instruments[instrument];
    if (shown && presence.since > since) put(shown, "machines", flavor, "instruments", instrument);
    if (!shown && (presence.removed?.[0] ?? -1) > since) {
      put(null, "machines", flavor, "instruments", instrument);
    }
  }
  for (const [pointer, register] of Object.entries(state.fields)) {
    if (register[4] <= since) continue;
    const { flavor, instrument, name } = readPath(pointer);
    if (!flavor) put(whole[name], name);
    else if (!instrument) put(whole.machines[flavor][name], "machines", flavor, name);
    else {
      const shown = whole.machines[flavor].instruments[instrument];
      if (shown) put(shown[name], "machines", flavor, "instruments", instrument, name);
    }
  }
  return patch;
}

/** A refusal, final unless it is one of `passing`. */
class Refusal extends Error {
  constructor(code, data = {}) {
    super(code);
    Object.assign(this, { code, ...data });
  }
}

/** What an edit asks for, or a refusal, by all that does not depend on the state. */
function understand({ set = {}, add = [], remove = [] }) {
  const count = Object.keys(set).length + add.length + remove.length;
  if (count > pathsPerEditMax) throw new Refusal("limit");
  const instrument = (pointer) => {
    const path = readPath(pointer);
    if (path.name || !path.instrument) throw new Refusal("unknownPath", { path: pointer });
    return path.pointer;
  };
  const content = { remove: remove.map(instrument), add: add.map(instrument), set: {} };
  for (const [pointer, value] of Object.entries(set)) {
    const path = readPath(pointer);
    if (!path.name) throw new Refusal("unknownPath", { path: pointer });
    const kept = accept(path, value);
    if (path.pointer in content.set) throw new Refusal("conflict", { path: path.pointer });
    content.set[path.pointer] = kept;
  }
  if (!count) throw new Refusal("empty");
  const back = [...content.add, ...Object.keys(content.set)];
  const torn = content.remove.find(
    (path) => back.some((pointer) => pointer === path || pointer.startsWith(`${path}/`)));
  if (torn) throw new Refusal("conflict", { path: torn });
  return content;
}

/** A room whose members are told of each commit at once. */
export class ModelRoom {
  constructor({ epoch, state }) {
    this.epoch = epoch;
    this.state = state;
    this.replicas = new Map();
    /** By number, what each edit changed. */
    this.deltas = [];
  }

  get document() { return view(this.state); }

  get hash() { return stateHash(this.document); }

  replica(id) {
    if (!this.replicas.has(id)) {
      this.replicas.set(id, { lastSeq: 0, lastStamp: "0".repeat(16), verdicts: new Map() });
    }
    return this.replicas.get(id);
  }

  /** `{accepted}`, `{refused}`, `{retry}` or `{repeated}`, as in edits.json. */
  edit(request, wallMs, sentThrough = this.state.number) {
    const { replica: id, seq, base, claimedMs } = request;
    const replica = this.replica(id);
    if (seq <= replica.lastSeq) return { repeated: replica.verdicts.get(seq) ?? null };
    if (seq > replica.lastSeq + 1) return { retry: "gap" };
    if (base && (base.epoch !== this.epoch || base.number > this.state.number)) {
      return { retry: "epoch" };
    }
    replica.lastSeq = seq;
    const seen = { replica: id, through: Math.min(base?.number ?? 0, sentThrough) };
    try {
      if (request.void) throw new Refusal("voided");
      const content = understand(request);
      const absent = absentInstrument(this.state, content, seen);
      if (absent) throw new Refusal("absent", { path: absent });
      const isUnknown = (pointer) => ruleFor(readPath(pointer)).kind === "unknown";
      const known = Object.keys(this.state.fields);
      const added = Object.keys(content.set).filter(
        (pointer) => isUnknown(pointer) && !known.includes(pointer));
      if (added.length && known.filter(isUnknown).length + added.length > unknownFieldsMax) {
        throw new Refusal("limit", { path: added[0] });
      }
      const fields = Object.keys(content.set).map((pointer) => this.state.fields[pointer])
        .filter(Boolean).map(([, stamp, author, , number]) => (
          { stamp, seen: covers(seen, author, number) }));
      const stamp = stampFor({ wallMs, claimedMs, last: replica.lastStamp, fields });
      const number = this.state.number + 1;
      const delta = deltaFor(this.state, content, { replica: id, seq, stamp, number, seen });
      this.state = join(this.state, delta);
      for (const path of Object.keys(delta.instruments)) {
        // All numbers up to this one are known: the context is one range.
        this.state.instruments[path] = {
          ...this.state.instruments[path], context: [[0, number]] };
      }
      this.deltas.push(delta);
      replica.lastStamp = stamp;
      return { accepted: { number, stamp } };
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof FieldError)) throw error;
      const refused = { seq, ...error, message: error.message };
      if (typeof error.path === "string") {
        const value = this.standing(error.path);
        if (value !== undefined && error.code !== "absent") refused.value = value;
      }
      replica.verdicts.set(seq, refused);
      return { refused };
    }
  }

  standing(pointer) {
    try {
      const path = readPath(pointer);
      return path.name && normalise(path, this.state.fields[path.pointer]?.[0]);
    } catch {
      return undefined;
    }
  }

  /** What `room.join` gives. */
  join(cursor) {
    const head = { epoch: this.epoch, number: this.state.number, hash: this.hash };
    const isGood = cursor && cursor.epoch === this.epoch && cursor.number <= this.state.number;
    if (!isGood) return { ...head, recovered: false, document: this.document };
    return {
      ...head, recovered: true, from: cursor.number, patch: patchSince(this.state, cursor.number) };
  }
}
