/**
 * A client's side of one room: what the server confirmed, and one's own pending edits over it.
 * `Protocol/rooms.md`. Pure: messages and time in, requests and changes out.
 * @module
 */
import { canonical, has, isObject, mergePatch, stateHash } from "./json.js";
import { acceptedView, instrumentFields, normalise, readPath } from "./fields.js";
import { join, view } from "./merge.js";
import { UndoStack } from "./undo.js";

/** @typedef {import("./json.js").JSONValue} JSONValue */
/** @typedef {import("./json.js").JSONObject} JSONObject */
/** @typedef {import("./merge.js").Content} Content */
/** @typedef {{epoch: number, number: number}} Cursor */
/** @typedef {{member: number, name: string, role: string, touching?: string | null}} Member */
/**
 * @typedef {object} WireError as `data` of an error, with the message
 * @property {string} code
 * @property {string} [message]
 * @property {string} [path]
 * @property {string} [allowed]
 * @property {JSONValue} [value]
 */
/**
 * @typedef {object} Change
 * @property {"joined" | "delta" | "members" | "playing" | "settled" | "refused" | "skipped"
 *   | "left"} type
 * @property {JSONObject} [patch] of a delta
 * @property {number} [ticket] of what was settled or refused
 * @property {string[]} [paths] that a refused edit meant to change
 * @property {WireError} [error]
 * @property {string} [code] of `left`
 * @property {string} [reason]
 */

/** Sent and unsettled at one time; what is made beyond it waits, and is merged. */
const inFlightEditsMax = 128;
/** Made and unsettled; what is made beyond it is refused, so that memory is bounded. */
const pendingEditsMax = 10_000;
/** Of the content on the wire; the rest of a message is far smaller than what is left. */
const contentBytesMax = 65_536 - 4_096;
const pathsPerEditMax = 64;
/** Edits that one may stand for. */
const ticketsMax = 4_096;

const paths = ({ set, add, remove }) => [...Object.keys(set), ...add, ...remove];
const byteCount = (content) => new TextEncoder().encode(JSON.stringify(content)).length;

/** Half of a surrogate pair cannot be sent: the whole message would be refused. */
const wellFormed = (value) => typeof value === "string"
  ? value.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
    "\ufffd")
  : value;

/**
 * Lays an edit over a document, the way the server would apply it alone; what the server would
 * refuse of it shows nothing.
 * @param {JSONObject} document
 * @param {Content} content
 * @returns {JSONObject}
 */
export function overlay(document, { set = {}, add = [], remove = [] }) {
  let shown = document;
  const read = (pointer) => {
    try {
      return readPath(pointer);
    } catch {
      return {};
    }
  };
  const merge = ({ flavor, instrument }, value) => {
    let patch = value;
    if (instrument) patch = { instruments: { [instrument]: patch } };
    if (flavor) patch = { machines: { [flavor]: patch } };
    shown = mergePatch(shown, patch);
  };
  const isPresent = ({ flavor, instrument }) =>
    has(shown.machines?.[flavor]?.instruments ?? {}, instrument);
  for (const path of remove.map(read)) {
    if (path.instrument && !path.name) merge(path, null);
  }
  for (const path of add.map(read)) {
    if (!path.instrument || path.name || isPresent(path)) continue;
    merge(path, Object.fromEntries(
      instrumentFields.map((name) => [name, normalise({ ...path, name }, undefined)])));
  }
  for (const [pointer, value] of Object.entries(set)) {
    const path = read(pointer);
    if (!path.name || (path.instrument && !isPresent(path))) continue;
    try {
      merge(path, { [path.name]: acceptedView(path, value) });
    } catch {
      // Shown as it stands until the server says why not.
    }
  }
  return shown;
}

/** `Protocol/rooms.md`, without a socket. */
export class PatternReplica {
  /** @param {string} room @param {{stamps?: boolean}} [options] */
  constructor(room, { stamps = false } = {}) {
    this.room = room;
    this.stamps = stamps;
    /** @type {JSONObject} */
    this.confirmed = {};
    /** The merge's own state, with `stamps`. @type {import("./merge.js").State | null} */
    this.state = null;
    /** @type {Cursor | null} */
    this.cursor = null;
    /** @type {string | null} */
    this.role = null;
    /** @type {string | null} */
    this.replica = null;
    /** @type {Map<number, Member>} */
    this.members = new Map();
    this.memberCount = 0;
    /** @type {number | null} */
    this.member = null;
    /** Verdicts up to this `seq` were taken note of. */
    this.settledThrough = 0;
    this.isLive = false;
    this.isJoining = false;
    /** The state differs from the server's, or something is missing: join again. */
    this.needsJoin = false;
    /** The server repeats verdicts until it is told that they were taken note of. */
    this.owesConfirmation = false;
    this.pending = [];
    this.nextSeq = 1;
    this.nextTicket = 1;
    this.sendAtMs = 0;
    this.mismatch = null;
    /** @type {Change[]} */
    this.changes = [];
    this.laid = null;
    this.undoStack = new UndoStack();
    /** @type {import("./beat.js").Playing} */
    this.playing = { segments: [] };
  }

  get pendingCount() { return this.pending.length; }

  get sentCount() { return this.pending.filter((edit) => edit.isSent).length; }

  /** When `takeRequests` has something again, if it is waiting for that. */
  get nextDeadlineMs() {
    return this.isLive && !this.isJoining && this.replica !== null
      && this.pending.some((edit) => !edit.isSent) && this.sentCount < inFlightEditsMax
      ? this.sendAtMs : Infinity;
  }

  takeChanges() {
    const changes = this.changes;
    this.changes = [];
    return changes;
  }

  /** The confirmed document with one's pending edits laid over it: do not change it. */
  get shown() {
    this.laid ??= this.pending.reduce(
      (document, edit) => overlay(document, edit.content), this.confirmed);
    return this.laid;
  }

  // Making edits

  /**
   * @param {Content} made
   * @param {number} [claimedMs] server time now; sent only if the edit turns out to be late
   * @param {number} [nowMs] of a monotonic clock: what is one movement of a hand
   * @returns {number | null} names the edit in `settled` and `refused`; null: too many wait
   */
  edit({ set = {}, add = [], remove = [] }, claimedMs, nowMs = 0) {
    if (this.pending.length >= pendingEditsMax) return null;
    const ticket = this.nextTicket;
    this.nextTicket += 1;
    const content = {
      set: Object.fromEntries(Object.entries(set).map(
        ([pointer, value]) => [pointer, wellFormed(value)])),
      add: [...add], remove: [...remove] };
    const edit = {
      tickets: [ticket], content, base: this.cursor, claimedMs, isLate: !this.isLive,
      seq: null, isSent: false };
    const refusal = this.localRefusal(content);
    if (refusal) {
      this.refuse([edit], refusal);
      return ticket;
    }
    const before = this.shown;
    this.append(edit);
    this.undoStack.made(content, ticket, before, this.shown, nowMs);
    return ticket;
  }

  append(edit) {
    this.laid = overlay(this.shown, edit.content);
    const last = this.pending[this.pending.length - 1];
    if (!last || !absorb(last, edit)) this.pending.push(edit);
  }

  canReverse(isRedo) { return this.undoStack.canReverse(isRedo, this.shown); }

  /**
   * Takes back one's last edit, or does it again; where somebody else wrote since, it changes
   * nothing. `Protocol/rooms.md#undo`.
   * @param {boolean} isRedo
   * @param {number} [claimedMs]
   * @returns {{ticket: number | null, changed: string[], skipped: string[]} | null} null: there is
   *   nothing, or too many edits wait; a ticket of null: nothing is left of it
   */
  reverse(isRedo, claimedMs) {
    if (this.pending.length >= pendingEditsMax) return null;
    const taken = this.undoStack.take(isRedo, this.shown);
    if (!taken) return null;
    const { entry, content, skipped } = taken;
    if (!entry.places.length) return { ticket: null, changed: [], skipped };
    const ticket = this.nextTicket;
    this.nextTicket += 1;
    entry.tickets = [ticket];
    this.undoStack.put(entry, isRedo);
    this.append({
      tickets: [ticket], content, base: this.cursor, claimedMs, isLate: !this.isLive, isOwn: true,
      seq: null, isSent: false });
    return { ticket, changed: entry.places.map(({ pointer }) => pointer), skipped };
  }

  /** Somebody else wrote a part of it since: the rest is sent anew, if any is left. */
  resendWithout(path, edit) {
    const [ticket] = edit.tickets;
    const isInside = (pointer, place) => pointer === place || pointer.startsWith(`${place}/`);
    const { set, add, remove } = edit.content;
    const place = [...remove, ...add].find((instrument) => isInside(path, instrument))
      ?? (has(set, path) ? path : undefined);
    if (place === undefined) return false;
    this.undoStack.leaveOut(place, ticket);
    this.changes.push({ type: "skipped", ticket, paths: [place] });
    const content = {
      set: Object.fromEntries(Object.entries(set).filter(([pointer]) => !isInside(pointer, place))),
      add: add.filter((pointer) => pointer !== place),
      remove: remove.filter((pointer) => pointer !== place) };
    if (!paths(content).length) return false;
    this.append({ ...edit, content, base: this.cursor, seq: null, isSent: false });
    return true;
  }

  /** Why an edit is not even kept: it would wait for ever. */
  localRefusal(content) {
    if (this.isLive && this.replica === null) {
      return {
        code: "forbidden", message: `a ${this.role} may not edit this pattern`,
        allowed: "owner, editor" };
    }
    const bytes = byteCount(content);
    return bytes > contentBytesMax ? {
      code: "tooLarge", message: `an edit of ${bytes} bytes`,
      allowed: `${contentBytesMax} bytes` } : null;
  }

  /**
   * What is to be sent now, as params of `room.edit`; numbers what had no dot yet.
   * @param {number} nowMs of a monotonic clock
   * @returns {JSONObject[]}
   */
  takeRequests(nowMs) {
    if (!this.isLive || this.isJoining || this.replica === null || nowMs < this.sendAtMs) return [];
    let free = inFlightEditsMax - this.sentCount;
    const requests = [];
    for (const edit of this.pending) {
      if (edit.isSent || free <= 0) continue;
      if (edit.seq === null) {
        edit.seq = this.nextSeq;
        this.nextSeq += 1;
      }
      edit.isSent = true;
      free -= 1;
      const { set, add, remove } = edit.content;
      requests.push({
        room: this.room, replica: this.replica, seq: edit.seq,
        ...(edit.base && { base: { ...edit.base } }),
        ...(edit.isLate && edit.claimedMs !== undefined && { claimedMs: edit.claimedMs }),
        ...(Object.keys(set).length && { set }), ...(add.length && { add }),
        ...(remove.length && { remove }), ...(edit.isOwn && { own: true }) });
    }
    return requests;
  }

  // The server's word

  /** Params of `room.join`, to come in or to come back. */
  joinRequest() {
    this.needsJoin = false;
    this.isJoining = true;
    return {
      room: this.room,
      ...(this.cursor && { cursor: { ...this.cursor } }),
      ...(this.replica !== null && { replica: this.replica, confirmed: this.settledThrough }),
      ...(this.stamps && { stamps: true }) };
  }

  disconnected() {
    this.isLive = false;
    this.isJoining = false;
    this.members = new Map();
    this.memberCount = 0;
    for (const edit of this.pending) {
      edit.isSent = false;
      edit.isLate = true;
    }
  }

  /** The replica belongs to somebody else, and with it what was sent under it. */
  dropReplica(error) {
    this.refuse(this.pending.filter((edit) => edit.seq !== null), error);
    this.pending = this.pending.filter((edit) => edit.seq === null);
    this.laid = null;
    this.replica = null;
    this.settledThrough = 0;
    this.nextSeq = 1;
  }

  /** @param {JSONObject} result of `room.join` */
  joined(result) {
    if (!has(result, "document")) {
      this.confirmed = mergePatch(this.confirmed, result.patch ?? {});
      if (this.state && result.state) this.state = join(this.state, result.state);
    } else {
      this.confirmed = result.document;
      this.state = result.state ?? null;
    }
    this.laid = null;
    this.cursor = { epoch: result.epoch, number: result.number };
    this.role = result.role;
    this.playing = result.playing ?? { segments: [] };
    this.member = result.member ?? null;
    this.members = new Map((result.members ?? []).map((member) => [member.member, member]));
    this.memberCount = result.count ?? this.members.size;
    this.isLive = true;
    this.isJoining = false;
    this.sendAtMs = 0;
    for (const edit of this.pending) {
      // What was seen of a history that was rewound is not there to be seen.
      if (edit.base && (edit.base.epoch !== result.epoch || edit.base.number > result.number)) {
        edit.base = null;
      }
    }
    this.takeUp(result.replica);
    this.checkHash(result.hash);
    this.changes.push({ type: "joined" });
  }

  /** @param {JSONObject} event the params of an `event` @param {number} nowMs */
  receive(event, nowMs) {
    const data = event.d ?? {};
    switch (event.t) {
      case "delta": this.receiveDelta(event, data); break;
      case "settled": this.settle(data, nowMs); break;
      case "presence": this.receivePresence(data); break;
      case "joined": this.joined(data); break;
      case "left":
        this.disconnected();
        this.changes.push({ type: "left", code: data.code ?? "", reason: data.reason ?? "" });
        break;
      case "playing":
        this.playing = data;
        this.changes.push({ type: "playing" });
        break;
      default: break;
    }
  }

  receiveDelta({ e: epoch, p: from, n: number }, { patch, state, hash }) {
    if (!this.isLive || !this.cursor || !isObject(patch ?? {})) return;
    if (epoch !== this.cursor.epoch || from > this.cursor.number) {
      this.needsJoin = !this.isJoining;
      return;
    }
    if (number <= this.cursor.number) return;
    this.confirmed = mergePatch(this.confirmed, patch ?? {});
    if (this.state && state) this.state = join(this.state, state);
    this.laid = null;
    this.cursor = { epoch, number };
    this.checkHash(hash);
    this.changes.push({ type: "delta", patch: patch ?? {} });
  }

  settle({ replica, through = 0, refused = [], retry }, nowMs) {
    if (replica !== this.replica) return;
    this.dropSettled(through, refused);
    if (!retry) return;
    for (const edit of this.pending) {
      if (edit.seq !== null && edit.seq >= retry.from) edit.isSent = false;
    }
    this.sendAtMs = nowMs + (retry.retryAfterMs ?? 0);
    if (retry.code === "epoch") this.needsJoin = !this.isJoining;
    if (retry.code === "unconfirmed") this.owesConfirmation = true;
  }

  takeUp(attached) {
    for (const edit of this.pending) edit.isSent = false;
    if (!attached) {
      this.refuse(this.pending, {
        code: "forbidden", message: "you may not edit this pattern", allowed: "owner, editor" });
      this.pending = [];
      this.undoStack.clear();
      this.laid = null;
      this.replica = null;
      return;
    }
    const isOther = this.replica !== attached.id;
    if (attached.renumber || (this.replica !== null && isOther)) {
      for (const edit of this.pending) Object.assign(edit, { seq: null, base: null });
    }
    if (isOther) {
      this.settledThrough = 0;
      // Of what another replica wrote, nothing is one's own.
      if (this.replica !== null) this.undoStack.clear();
    }
    this.replica = attached.id;
    this.dropSettled(attached.through ?? 0, attached.refused ?? []);
    this.nextSeq
      = Math.max(attached.through ?? 0, ...this.pending.map((edit) => edit.seq ?? 0)) + 1;
  }

  dropSettled(through, refused) {
    const verdicts = new Map(refused.map((verdict) => [verdict.seq, verdict]));
    const isSettled = (edit) => edit.seq !== null && edit.seq <= through;
    const gone = [];
    for (const edit of this.pending.filter(isSettled)) {
      if (verdicts.has(edit.seq)) gone.push(edit);
      else for (const ticket of edit.tickets) this.changes.push({ type: "settled", ticket });
    }
    this.pending = this.pending.filter((edit) => !isSettled(edit));
    this.laid = null;
    for (const edit of gone) {
      const verdict = verdicts.get(edit.seq);
      const isNewer = edit.isOwn && ["superseded", "absent"].includes(verdict.code)
        && verdict.path !== undefined;
      if (!isNewer || !this.resendWithout(verdict.path, edit)) this.refuse([edit], verdict);
    }
    this.settledThrough = Math.max(this.settledThrough, through);
    if (refused.length) this.owesConfirmation = true;
  }

  refuse(edits, error) {
    for (const edit of edits) {
      for (const ticket of edit.tickets) {
        this.undoStack.refused(ticket);
        this.changes.push({ type: "refused", ticket, error, paths: paths(edit.content) });
      }
    }
  }

  receivePresence({ whole, left = [], joined = [], touching = {}, count }) {
    if (whole) this.members = new Map();
    for (const number of left) this.members.delete(number);
    for (const member of joined) this.members.set(member.member, member);
    for (const [number, pointer] of Object.entries(touching)) {
      const member = this.members.get(Number(number));
      if (member) this.members.set(member.member, { ...member, touching: pointer });
    }
    this.memberCount = count ?? this.members.size;
    this.changes.push({ type: "members" });
  }

  /** `Protocol/rooms.md#healing`. */
  checkHash(hash) {
    if (typeof hash !== "string") return;
    const documents = [this.confirmed, ...(this.state ? [view(this.state)] : [])];
    const wrong = documents.find((document) => stateHash(document) !== hash);
    if (wrong) this.mismatch = { number: this.cursor.number, state: canonical(wrong) };
  }

  takeMismatch() {
    const mismatch = this.mismatch;
    this.mismatch = null;
    return mismatch;
  }
}

/**
 * Later values of edits that were never sent may go along in one, if what they say of their making
 * stays true: the same was seen, and the time counts for every value in it.
 */
function absorb(edit, other) {
  const { content } = edit;
  const isSetOnly = (made) => !made.add.length && !made.remove.length;
  const isSameBase = edit.base?.epoch === other.base?.epoch
    && edit.base?.number === other.base?.number;
  if (edit.seq !== null || edit.isOwn || other.isOwn || !isSameBase
    || !isSetOnly(content) || !isSetOnly(other.content)
    || paths(content).length + paths(other.content).length > pathsPerEditMax
    || edit.tickets.length >= ticketsMax) return false;
  if ((edit.isLate || other.isLate)
    && Object.keys(content.set).some((pointer) => !has(other.content.set, pointer))) return false;
  const merged = { ...content, set: { ...content.set, ...other.content.set } };
  // Each is small enough to be sent; both together need not be.
  if (byteCount(merged) > contentBytesMax) return false;
  edit.content = merged;
  edit.tickets.push(...other.tickets);
  edit.claimedMs = other.claimedMs;
  edit.isLate = other.isLate;
  return true;
}
