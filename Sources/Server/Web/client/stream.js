/**
 * A stream other than a room: `inbox`, `feed`, `pattern:<id>`.
 * `Protocol/notifications.md#streams-and-delivery`.
 * @module
 */

/** @typedef {import("./json.js").JSONObject} JSONObject */

/**
 * Events: `opened` (detail: `recovered`; false means list again what the stream is about), `event`
 * (detail: its params, each durable one once and in order), `closed` (detail: `code`, `reason`; for
 * good).
 */
export class LiveStream extends EventTarget {
  /**
   * @param {import("../client.js").SalsaClient} client
   * @param {string} name
   * @param {{cursor?: {epoch: number, number: number} | null}} [options] the last that was applied
   */
  constructor(client, name, { cursor = null } = {}) {
    super();
    Object.assign(this, { client, name, cursor });
    this.isOpen = false;
  }

  /** Whether it is of who is signed in. */
  get isOwn() { return !this.name.startsWith("pattern:"); }

  close() { this.client.closeStream(this); }

  tell(type, detail) { this.dispatchEvent(new CustomEvent(type, { detail })); }

  /** @param {JSONObject} result of `stream.open` */
  opened({ recovered, epoch, number }) {
    this.isOpen = true;
    this.cursor = { epoch, number };
    this.tell("opened", { recovered });
  }

  /** @param {JSONObject} params of an event @returns {boolean} whether nothing is missing */
  receive(params) {
    const { e: epoch, p: from, n: number } = params;
    if (number !== undefined) {
      if (!this.isOpen || number <= this.cursor.number && epoch === this.cursor.epoch) return true;
      if (epoch !== this.cursor.epoch || from > this.cursor.number) return false;
      this.cursor = { epoch, number };
    }
    this.tell("event", params);
    return true;
  }
}
