/**
 * A room as a page uses it.
 * @module
 */
import { ServerError } from "./errors.js";
import { PatternReplica } from "./room.js";

/** @typedef {import("./json.js").JSONValue} JSONValue */
/** @typedef {import("./json.js").JSONObject} JSONObject */
/** @typedef {import("./merge.js").Content} Content */
/** @typedef {import("./room.js").WireError} WireError */

/**
 * Events: `change` (the document that is shown may differ), `members`, `playing`, `pending` (how
 * many edits wait, or whether the room is live), `refused` (detail: WireError with the `paths` of
 * the edit), `skipped` (detail: `paths` that an undoing left to somebody else's newer value),
 * `left` (detail: `code`, `reason`; for good).
 */
export class LiveRoom extends EventTarget {
  /** @param {import("../client.js").SalsaClient} client @param {string} id */
  constructor(client, id, options) {
    super();
    this.client = client;
    this.id = id;
    this.replica = new PatternReplica(id, options);
    this.waiting = new Map();
    this.hasLeft = false;
    this.touching = null;
    /** Settles with the first `joined`, or the refusal. @type {Promise<LiveRoom>} */
    this.joined = new Promise((resolve, reject) => Object.assign(this, { resolve, reject }));
    this.joined.catch(() => {});
  }

  /** What is to be shown, one's own unsaved edits included. Not to be changed. */
  get document() { return this.replica.shown; }

  /** The same without what is not saved. */
  get confirmed() { return this.replica.confirmed; }

  get role() { return this.replica.role; }

  get mayEdit() { return this.replica.role === "owner" || this.replica.role === "editor"; }

  /** Who is here: one entry for each place, one's own has the number `member`. */
  get members() { return [...this.replica.members.values()]; }

  get memberCount() { return this.replica.memberCount; }

  get member() { return this.replica.member; }

  /** Edits that are not on the server's disk yet. */
  get pendingCount() { return this.replica.pendingCount; }

  get isLive() { return this.replica.isLive; }

  /**
   * Makes an edit: shown at once, sent now or when there is a connection again.
   * @param {Content} content `set` maps JSON pointers to values; `add`, `remove` list instruments
   * @returns {Promise<void>} when it is on the server's disk; rejects with the refusal
   */
  edit(content) {
    const { replica } = this;
    const ticket = this.hasLeft ? null
      : replica.edit(content, this.claimedMs, performance.now());
    return this.settled(ticket);
  }

  get canUndo() { return this.replica.canReverse(false); }

  get canRedo() { return this.replica.canReverse(true); }

  /**
   * Takes back one's own last edit, but for what somebody else wrote since.
   * @returns {{changed: string[], skipped: string[], settled?: Promise<void>} | null}
   */
  undo() { return this.reverse(false); }

  /** Does again what was undone last. */
  redo() { return this.reverse(true); }

  reverse(isRedo) {
    const done = this.hasLeft ? null : this.replica.reverse(isRedo, this.claimedMs);
    if (!done) return null;
    const { ticket, changed, skipped } = done;
    return { changed, skipped, ...(ticket !== null && { settled: this.settled(ticket) }) };
  }

  /** What the room plays, and who leads: `Protocol/playing.md#state`. */
  get playing() { return this.replica.playing; }

  get claimedMs() {
    const ms = this.client.serverTimeMs;
    return ms === undefined ? undefined : Math.round(ms);
  }

  settled(ticket) {
    const settled = new Promise((resolve, reject) => {
      if (ticket === null) {
        reject(new ServerError({ code: "busy", message: "too many edits wait, or no room" }));
      } else this.waiting.set(ticket, { resolve, reject });
    });
    // Who does not wait for it hears of it by `refused`.
    settled.catch(() => {});
    this.isEdited = true;
    this.client.attend(this);
    return settled;
  }

  /** Shows to the others what one's hand is on: a pointer, or null. */
  touch(pointer) {
    if (!this.isLive || pointer === this.touching) return;
    this.touching = pointer;
    this.client.notify("room.presence", { room: this.id, touching: pointer });
  }

  leave() {
    this.client.leave(this);
    this.end({ code: "left", message: "the room was left" });
  }

  end(error) {
    this.hasLeft = true;
    this.reject(new ServerError(error));
    for (const { reject } of this.waiting.values()) reject(new ServerError(error));
    this.waiting.clear();
  }

  /** Passes on what changed. */
  tell() {
    let isChanged = this.isEdited;
    this.isEdited = false;
    let hasMembers = false;
    let hasBeat = false;
    for (const { type, ticket, error, paths, code, reason } of this.replica.takeChanges()) {
      if (type === "joined") {
        const { touching } = this;
        this.touching = null;
        if (touching) this.touch(touching);
        hasMembers = true;
        hasBeat = true;
        this.resolve(this);
      }
      if (type === "members") hasMembers = true;
      else if (type === "playing") hasBeat = true;
      else isChanged = true;
      if (type === "settled") this.waiting.get(ticket)?.resolve();
      if (type === "refused") {
        this.waiting.get(ticket)?.reject(new ServerError(error));
        this.dispatchEvent(new CustomEvent("refused", { detail: { ...error, paths } }));
      }
      if (type === "skipped") {
        this.dispatchEvent(new CustomEvent("skipped", { detail: { paths } }));
      } else if (ticket !== undefined) this.waiting.delete(ticket);
      if (type === "left") {
        this.end({ code, message: reason });
        this.dispatchEvent(new CustomEvent("left", { detail: { code, reason } }));
      }
    }
    if (hasMembers) this.dispatchEvent(new Event("members"));
    if (hasBeat) this.dispatchEvent(new Event("playing"));
    if (isChanged) this.dispatchEvent(new Event("change"));
    const pending = `${this.isLive} ${this.pendingCount}`;
    if (pending !== this.told) this.dispatchEvent(new Event("pending"));
    this.told = pending;
  }
}
