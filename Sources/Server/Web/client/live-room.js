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
 * Events: `change` (the document that is shown may differ), `members`, `pending` (how many edits
 * wait, or whether the room is live), `refused` (detail: WireError with the `paths` of the edit),
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
    const claimedMs = this.client.serverTimeMs;
    const ticket = this.hasLeft ? null
      : replica.edit(content, claimedMs === undefined ? undefined : Math.round(claimedMs));
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
    for (const { type, ticket, error, paths, code, reason } of this.replica.takeChanges()) {
      if (type === "joined") {
        const { touching } = this;
        this.touching = null;
        if (touching) this.touch(touching);
        hasMembers = true;
        this.resolve(this);
      }
      if (type === "members") hasMembers = true;
      else isChanged = true;
      if (type === "settled") this.waiting.get(ticket)?.resolve();
      if (type === "refused") {
        this.waiting.get(ticket)?.reject(new ServerError(error));
        this.dispatchEvent(new CustomEvent("refused", { detail: { ...error, paths } }));
      }
      if (ticket !== undefined) this.waiting.delete(ticket);
      if (type === "left") {
        this.end({ code, message: reason });
        this.dispatchEvent(new CustomEvent("left", { detail: { code, reason } }));
      }
    }
    if (hasMembers) this.dispatchEvent(new Event("members"));
    if (isChanged) this.dispatchEvent(new Event("change"));
    const pending = `${this.isLive} ${this.pendingCount}`;
    if (pending !== this.told) this.dispatchEvent(new Event("pending"));
    this.told = pending;
  }
}
