/**
 * A client of the SalsaNor live protocol for browsers, without dependencies.
 * `Protocol/clients.md` shows how to use it, also from another site.
 * @module
 */
import { ClockEstimate } from "./client/clock.js";
import { Connection, uuid } from "./client/connection.js";
import { ServerError, passingCodes } from "./client/errors.js";
import { LiveFeed, LiveInbox } from "./client/listed.js";
import { LiveRoom } from "./client/live-room.js";
import { LiveStream } from "./client/stream.js";

export { canonical, mergePatch, stateHash } from "./client/json.js";
export { LiveFeed, LiveInbox, LiveRoom, LiveStream, ServerError, uuid };

/** @typedef {import("./client/json.js").JSONValue} JSONValue */
/** @typedef {import("./client/json.js").JSONObject} JSONObject */

const roomsPerOpenMax = 32;
/** `Protocol/playing.md#clock`: asked quickly at first, seldom then. */
const clockQuickCount = 32;
const clockQuickMs = 100;
const clockMs = 2_000;
/** How often a dead socket is looked for, at least. */
const probeEveryMs = 10_000;
/** How long refusals gather before they are confirmed. */
const confirmationMs = 500;

/**
 * One connection that comes back by itself, with its rooms, streams and open calls.
 *
 * Events: `state` (detail: ConnectionState), `signin` (detail: ServerError), `clock`.
 */
export class SalsaClient extends Connection {
  /**
   * @param {object} [options]
   * @param {string} [options.server] its public URL; by default where this file came from
   * @param {string | null} [options.token] of a session; null for a guest
   */
  constructor({ server = new URL(import.meta.url).origin, token = null } = {}) {
    super(server, token);
    /** @type {{id: string, displayName: string} | null} */
    this.user = null;
    /** `limits` of the server's hello. @type {JSONObject} */
    this.limits = {};
    this.clock = new ClockEstimate();
    /** @type {Map<string, LiveRoom>} */
    this.rooms = new Map();
    /** @type {Map<string, LiveStream>} */
    this.streams = new Map();
  }

  /** The server's clock now, in milliseconds since 1970; undefined before it was first heard. */
  get serverTimeMs() { return this.clock.serverTimeMs(performance.now()); }

  // What a page asks

  setToken(token) {
    // What is the user's own goes on from the beginning: it may be another's now.
    for (const stream of this.streams.values()) if (stream.isOwn) stream.cursor = null;
    super.setToken(token);
  }

  /**
   * Signs in with a password and goes on as that user.
   * @returns {Promise<any>} `account.signIn`'s result, with the token to keep
   */
  async signIn(email, password, params = {}) {
    const { token: former } = this;
    this.token = null;
    try {
      const result = await this.request("account.signIn", { ...params, email, password });
      this.setToken(result.token);
      return result;
    } catch (error) {
      this.token = former;
      throw error;
    }
  }

  /**
   * Joins a room and stays in it, over any number of sockets.
   * @param {string} room the pattern's id
   * @param {{stamps?: boolean}} [options] `stamps` for a full replica
   * @returns {LiveRoom}
   */
  join(room, options) {
    let live = this.rooms.get(room);
    if (!live) {
      live = new LiveRoom(this, room, options);
      this.rooms.set(room, live);
      if (this.isOpen) this.sendJoin(live);
    }
    return live;
  }

  /** @param {LiveRoom} live */
  leave(live) {
    if (this.rooms.get(live.id) !== live) return;
    this.rooms.delete(live.id);
    this.stopTimer(live.id);
    live.replica.disconnected();
    if (this.isOpen) this.ask("room.leave", { room: live.id }, () => {});
  }

  /**
   * Opens a stream and keeps it open, without a gap, over any number of sockets.
   * @param {string} name `inbox`, `feed` or `pattern:<id>`
   * @param {{cursor?: {epoch: number, number: number} | null}} [options] from where on
   * @returns {LiveStream}
   */
  stream(name, options) {
    let stream = this.streams.get(name);
    if (!stream) {
      stream = new LiveStream(this, name, options);
      this.streams.set(name, stream);
      if (this.isOpen) this.sendStream(stream);
    }
    return stream;
  }

  /** @param {LiveStream} stream */
  closeStream(stream) {
    if (this.streams.get(stream.name) !== stream) return;
    this.streams.delete(stream.name);
    this.stopTimer(stream.name);
    if (this.isOpen) this.ask("stream.close", { stream: stream.name }, () => {});
  }

  // What goes out

  /** The socket is gone, and with it what the server knew of it. */
  lost() {
    for (const live of this.rooms.values()) {
      live.replica.disconnected();
      live.tell();
    }
    for (const stream of this.streams.values()) stream.isOpen = false;
  }

  sendJoin(live) {
    this.stopTimer(live.id);
    this.ask("room.join", live.replica.joinRequest(), (result) => this.entered(live, result),
      (error) => this.turnedAway(live, error));
  }

  sendStream(stream) {
    this.stopTimer(stream.name);
    stream.isOpen = false;
    const params = { stream: stream.name, ...(stream.cursor && { cursor: stream.cursor }) };
    this.ask("stream.open", params, (result) => stream.opened(result),
      (error) => this.streamClosed(stream, error));
  }

  streamClosed(stream, { code, reason, message = reason, retryAfterMs }) {
    if (this.streams.get(stream.name) !== stream) return;
    stream.isOpen = false;
    if (passingCodes.has(code)) {
      this.startTimer(stream.name, retryAfterMs ?? this.backoff.next(),
        () => this.isOpen && this.sendStream(stream));
    } else {
      this.streams.delete(stream.name);
      stream.tell("closed", { code, reason: message });
    }
  }

  joinLater(live, waitMs = this.backoff.next()) {
    this.startTimer(live.id, waitMs, () => this.isOpen && this.sendJoin(live));
  }

  /** A heartbeat: it keeps the connection, confirms verdicts and measures the clock. */
  probe() {
    if (!this.isOpen) return;
    const rooms = {};
    for (const [id, { replica }] of this.rooms) {
      if (!replica.cursor) continue;
      replica.owesConfirmation = false;
      rooms[id] = { number: replica.cursor.number, confirmed: replica.settledThrough };
    }
    const open = [...this.streams.values()].filter(({ isOpen, isOwn }) => isOpen && isOwn);
    const streams = Object.fromEntries(open.map(({ name, cursor }) => [name, cursor.number]));
    const sentMs = performance.now();
    this.ask("heartbeat", { rooms, ...(open.length && { streams }) }, (result) => {
      this.measure(sentMs, result);
      for (const stream of open) {
        if (stream.isOpen && result.streams?.[stream.name] > stream.cursor.number) {
          this.sendStream(stream);
        }
      }
    });
    const nextMs = Math.min(probeEveryMs, this.heartbeatMs);
    this.startTimer("heartbeat", nextMs, () => this.probe());
  }

  /** Measures the clock from now on: for who plays, or is about to. */
  wantClock() {
    if (this.wantsClock) return;
    this.wantsClock = true;
    if (this.isOpen) this.probeClock(0);
  }

  probeClock(count) {
    if (!this.wantsClock || !this.isOpen) return;
    const sentMs = performance.now();
    this.ask("clock", {}, (result) => this.measure(sentMs, result));
    this.startTimer("clock", count < clockQuickCount ? clockQuickMs : clockMs,
      () => this.probeClock(count + 1));
  }

  measure(sentMs, { timeMs, receivedMs = timeMs, answeredMs = timeMs }) {
    this.clock.add(sentMs, receivedMs, answeredMs, performance.now());
    this.dispatchEvent(new Event("clock"));
  }

  // What the server says

  notified(method, params) {
    if (method === "hello") this.greeted(params);
    else if (method === "bye") this.bye = params;
    else if (method === "refused" && params.method === "room.edit") {
      // Which room it was is not said: those that wait for an answer ask where they stand.
      for (const live of this.rooms.values()) {
        if (live.replica.sentCount && !live.replica.isJoining) this.joinLater(live);
      }
    } else if (method === "event") {
      const live = params.s?.startsWith("room:") && this.rooms.get(params.s.slice(5));
      if (!live) this.streamEvent(params);
      else if (params.t === "left") this.turnedAway(live, params.d);
      else {
        live.replica.receive(params, performance.now());
        this.attend(live);
      }
    }
  }

  streamEvent(params) {
    const stream = this.streams.get(params.s);
    if (!stream) return;
    if (params.t === "opened") stream.opened(params.d);
    else if (params.t === "closed") this.streamClosed(stream, params.d);
    else if (!stream.receive(params)) this.sendStream(stream);
  }

  greeted({ heartbeatSeconds = 25, limits = {} }) {
    this.heartbeatMs = Math.max(1, heartbeatSeconds) * 1_000;
    this.limits = limits;
    const rooms = [...this.rooms.values()];
    const resumed = rooms.slice(0, roomsPerOpenMax);
    const params = {
      ...(this.token !== null && { token: this.token }),
      ...(rooms.length && { resume: resumed.map((live) => live.replica.joinRequest()) }),
      ...(this.streams.size && { streams: Object.fromEntries(
        [...this.streams.values()].map(({ name, cursor }) => [name, cursor])) }) };
    const opened = new Set(this.streams.keys());
    const sentMs = performance.now();
    this.ask("session.open", params, (result) => {
      this.isOpen = true;
      this.user = result.user ?? null;
      this.backoff.attempt = 0;
      this.measure(sentMs, result);
      this.probe();
      this.probeClock(0);
      this.enter("online");
      for (const [id, call] of this.calls) {
        if (call.isKept) this.send({ id, method: call.method, params: call.params });
      }
      for (const live of this.rooms.values()) {
        if (live.replica.isLive) this.attend(live);
        else if (!live.replica.isJoining) this.sendJoin(live);
      }
      for (const stream of this.streams.values()) {
        if (!opened.has(stream.name)) this.sendStream(stream);
      }
    }, (error) => {
      if (!error.retryable) return this.signInNeeded(error);
      this.letGo(1000);
      return this.closed(1006, error.message);
    });
  }

  entered(live, result) {
    if (this.rooms.get(live.id) !== live) return;
    live.replica.joined(result);
    this.attend(live);
  }

  /** Not in a room, or not any more: to come back, or for good. */
  turnedAway(live, { code, reason, message = reason }) {
    if (this.rooms.get(live.id) !== live) return;
    const { replica } = live;
    replica.disconnected();
    if (code === "foreignReplica" && replica.replica !== null) {
      replica.dropReplica({ code, message });
      this.sendJoin(live);
    } else if (passingCodes.has(code)) {
      this.joinLater(live, code === "access" ? 0 : undefined);
    } else {
      this.rooms.delete(live.id);
      replica.changes.push({ type: "left", code, reason: message });
    }
    live.tell();
  }

  /** After each word of a room, and of its user: pass on what changed, see to what it needs. */
  attend(live) {
    live.tell();
    if (!this.isOpen) return;
    const { replica } = live;
    if (replica.needsJoin) this.sendJoin(live);
    if (replica.owesConfirmation) {
      replica.owesConfirmation = false;
      this.startTimer("heartbeat", confirmationMs, () => this.probe());
    }
    const mismatch = replica.takeMismatch();
    if (mismatch) {
      this.ask("room.heal", { room: live.id, ...mismatch }, (result) => this.entered(live, result));
    }
    const nowMs = performance.now();
    for (const params of replica.takeRequests(nowMs)) this.notify("room.edit", params);
    const dueMs = replica.nextDeadlineMs;
    if (dueMs < Infinity) this.startTimer(live.id, dueMs - nowMs, () => this.attend(live));
  }
}
