/**
 * A list that a stream keeps up to date: the inbox and the feed of who is signed in.
 * `Protocol/notifications.md#streams-and-delivery`.
 * @module
 */

/** @typedef {import("./json.js").JSONObject} JSONObject */

/** Events that may come while a list is on its way. */
const waitingMax = 1_000;
const listAgainMs = 1_000;

/** Events: `change`, `event` (detail: its params), `closed` (detail: `code`, `reason`). */
class Listed extends EventTarget {
  /** @param {import("../client.js").SalsaClient} client */
  constructor(client, name, method, member) {
    super();
    Object.assign(this, { client, method, member });
    /** By number. @type {Map<number, JSONObject>} */
    this.rows = new Map();
    this.number = 0;
    /** Whether it was listed at all. */
    this.isKnown = false;
    this.isListing = true;
    this.waiting = [];
    this.stream = client.stream(name);
    this.listeners = {
      opened: ({ detail: { recovered } }) => { if (!recovered) this.list(); },
      event: ({ detail }) => this.receive(detail),
      closed: ({ detail }) => this.dispatchEvent(new CustomEvent("closed", { detail })) };
    for (const [type, listener] of Object.entries(this.listeners)) {
      this.stream.addEventListener(type, listener);
    }
    if (this.stream.isOpen) this.list();
  }

  /** Newest first. @returns {JSONObject[]} */
  get all() { return [...this.rows.values()].sort((one, other) => other.number - one.number); }

  /** Whether there are older ones that `more` gets. */
  get hasMore() { return this.next !== undefined; }

  async list() {
    this.isListing = true;
    this.waiting = [];
    const asked = {};
    this.asked = asked;
    try {
      const page = await this.client.call(this.method);
      if (this.asked !== asked) return;
      this.rows.clear();
      this.begin(page);
      this.isKnown = true;
      this.isListing = false;
      for (const event of this.waiting.splice(0)) this.apply(event);
      this.dispatchEvent(new Event("change"));
    } catch ({ retryable, retryAfterMs = listAgainMs }) {
      if (retryable && this.asked === asked) {
        setTimeout(() => this.asked === asked && this.list(), retryAfterMs);
      }
    }
  }

  begin(page) {
    Object.assign(this, { epoch: page.epoch, number: page.number });
    this.add(page);
  }

  add(page) {
    for (const row of page[this.member]) this.rows.set(row.number, row);
    this.next = page.next;
  }

  /** The next page of older ones; nothing when there are none. */
  async more() {
    if (!this.hasMore || this.isListing || this.isPaging) return;
    this.isPaging = true;
    const { asked } = this;
    try {
      const page = await this.client.call(this.method, { cursor: this.next });
      // One that was listed anew goes on from its own place; one that is older than what was
      // applied is asked for again by whoever wants more.
      if (this.asked !== asked || page.epoch !== this.epoch || page.number < this.number) return;
      this.add(page);
      this.dispatchEvent(new Event("change"));
    } finally {
      this.isPaging = false;
    }
  }

  receive(event) {
    if (this.isListing) {
      if (this.waiting.push(event) > waitingMax) this.list();
    } else if (this.apply(event)) {
      this.dispatchEvent(new CustomEvent("event", { detail: event }));
      this.dispatchEvent(new Event("change"));
    }
  }

  /** The stream sees to it that none is missing; what a list had already is left out. */
  apply({ t: type, n: number, d: data }) {
    if (number <= this.number) return false;
    this.number = number;
    this.change(type, data);
    return true;
  }

  close() {
    this.asked = null;
    for (const [type, listener] of Object.entries(this.listeners)) {
      this.stream.removeEventListener(type, listener);
    }
    this.stream.close();
  }
}

/** `Protocol/notifications.md#inbox`: `all` are its notices. */
export class LiveInbox extends Listed {
  constructor(client) {
    super(client, "inbox", "inbox.list", "notices");
    /** How many are not read, exactly. */
    this.unread = 0;
  }

  begin(page) {
    super.begin(page);
    this.unread = page.unread;
  }

  change(type, { notice, numbers = [], through = 0, unread }) {
    if (type === "notice") {
      if (notice.isRetracted) this.rows.delete(notice.number);
      else this.rows.set(notice.number, notice);
    }
    for (const [number, row] of this.rows) {
      if (number > through && !numbers.includes(number)) continue;
      if (type === "read") this.rows.set(number, { ...row, isRead: true });
      else if (type === "retracted" || type === "expired") this.rows.delete(number);
    }
    this.unread = unread ?? this.unread;
  }

  /** @param {{through?: number, kind?: string, pattern?: string, numbers?: number[]}} which */
  markRead(which) { return this.client.write("inbox.markRead", which); }
}

/** `Protocol/notifications.md#feed`: `all` are its activities. */
export class LiveFeed extends Listed {
  constructor(client) { super(client, "feed", "feed.list", "activities"); }

  change(type, activity) {
    if (type === "activity") this.rows.set(activity.number, activity);
  }
}
