/**
 * What one's own edits changed, so that they can be undone and done again.
 * `Protocol/rooms.md#undo`.
 * @module
 */
import { canonical, has } from "./json.js";
import { readPath } from "./fields.js";

const entriesMax = 100;
const gestureGapMs = 1_000;

/** @typedef {{pointer: string, isInstrument: boolean, before?: any, after?: any}} Place */
/** @typedef {{tickets: number[], places: Place[], atMs: number}} Entry */

const valueAt = (document, pointer) => pointer.slice(1).split("/").reduce(
  (value, key) => value && has(value, key) ? value[key] : undefined, document);
const same = (one, other) => one === other
  || (one !== undefined && other !== undefined && canonical(one) === canonical(other));
const reversed = (entry) => ({
  ...entry, places: entry.places.map((place) => (
    { ...place, before: place.after, after: place.before })) });

/** Whether what was made of a place still stands. */
const stands = ({ pointer, isInstrument, after }, document) => {
  const value = valueAt(document, pointer);
  return isInstrument ? (value === undefined) === (after === undefined) : same(value, after);
};

export class UndoStack {
  /** @type {Entry[]} */
  undoable = [];

  /** @type {Entry[]} */
  redoable = [];

  /** After an edit that is no undoing. */
  made({ set, add, remove }, ticket, before, after, nowMs) {
    this.redoable = [];
    const places = [];
    const note = (pointer, isInstrument) => {
      const [old, now] = [valueAt(before, pointer), valueAt(after, pointer)];
      if (same(old, now) || places.some((place) => place.pointer === pointer)) return;
      places.push({ pointer, isInstrument, before: old, after: now });
    };
    const read = (pointer) => {
      try {
        return readPath(pointer);
      } catch {
        return null;
      }
    };
    for (const path of [...remove, ...add].map(read)) {
      if (!path || path.name) continue;
      const [was, is] = [before, after].map((document) => valueAt(document, path.pointer));
      if ((was === undefined) !== (is === undefined)) note(path.pointer, true);
    }
    for (const path of Object.keys(set).map(read)) {
      if (!path?.name) continue;
      // What comes with its instrument goes with it.
      const isInside = path.instrument && places.some(({ pointer, isInstrument }) =>
        isInstrument && path.pointer.startsWith(`${pointer}/`));
      if (!isInside) note(path.pointer, false);
    }
    if (!places.length) return;
    places.sort((one, other) => one.pointer < other.pointer ? -1 : 1);
    const last = this.undoable[this.undoable.length - 1];
    if (last && nowMs - last.atMs <= gestureGapMs && last.places.length === places.length
      && places.every((place, index) =>
        !place.isInstrument && place.pointer === last.places[index].pointer)) {
      for (const [index, place] of places.entries()) last.places[index].after = place.after;
      last.tickets.push(ticket);
      last.atMs = nowMs;
      return;
    }
    this.undoable.push({ tickets: [ticket], places, atMs: nowMs });
    if (this.undoable.length > entriesMax) this.undoable.shift();
  }

  canReverse(isRedo, document) {
    const stack = isRedo ? this.redoable.map(reversed) : this.undoable;
    return stack[stack.length - 1]?.places.some((place) => stands(place, document)) ?? false;
  }

  /**
   * Takes what is next, and what takes it back.
   * @returns {{entry: Entry, content: object, skipped: string[]} | null}
   */
  take(isRedo, document) {
    const taken = isRedo ? this.redoable.pop() : this.undoable.pop();
    if (!taken) return null;
    const entry = isRedo ? reversed(taken) : taken;
    const content = { set: {}, add: [], remove: [] };
    const skipped = [];
    const places = entry.places.filter((place) => {
      const { pointer, isInstrument, before } = place;
      // A field that nobody had set cannot be unset.
      if (!stands(place, document) || (!isInstrument && before === undefined)) {
        skipped.push(pointer);
        return false;
      }
      if (!isInstrument) content.set[pointer] = before;
      else if (before === undefined) content.remove.push(pointer);
      else {
        content.add.push(pointer);
        for (const name of Object.keys(before)) content.set[`${pointer}/${name}`] = before[name];
      }
      return true;
    // What an instrument came back with was not known when it was made.
    }).map((place) => ({ ...place, after: valueAt(document, place.pointer) }));
    return { entry: { ...entry, places }, content, skipped };
  }

  /** What was undone can be done again, and the other way round. */
  put(entry, isRedo) {
    if (isRedo) this.undoable.push(reversed(entry));
    else this.redoable.push(entry);
  }

  /** Somebody else's newer value stands there: the edit leaves it out. */
  leaveOut(pointer, ticket) {
    for (const entry of [...this.undoable, ...this.redoable]) {
      if (entry.tickets.includes(ticket)) {
        entry.places = entry.places.filter((place) => place.pointer !== pointer);
      }
    }
    this.keep((entry) => entry.places.length);
  }

  /** The server did not take an edit. */
  refused(ticket) {
    for (const entry of [...this.undoable, ...this.redoable]) {
      entry.tickets = entry.tickets.filter((other) => other !== ticket);
    }
    this.keep((entry) => entry.tickets.length);
  }

  keep(isKept) {
    this.undoable = this.undoable.filter(isKept);
    this.redoable = this.redoable.filter(isKept);
  }

  clear() { this.keep(() => false); }
}
