/**
 * A client of the SalsaNor live protocol for browsers, without dependencies.
 * `Protocol/clients.md` shows how to use it, also from another site.
 * @module
 */
import { ClockEstimate } from "./client/clock.js";
import { ServerError, passingCodes } from "./client/errors.js";
import { LiveFeed, LiveInbox } from "./client/listed.js";
import { LiveRoom } from "./client/live-room.js";
import { LiveStream } from "./client/stream.js";

export { canonical, mergePatch, stateHash } from "./client/json.js";
export { LiveFeed, LiveInbox, LiveRoom, LiveStream, ServerError };

/** @typedef {import("./client/json.js").JSONValue} JSONValue */
/** @typedef {import("./client/json.js").JSONObject} JSONObject */
/**
 * `connecting` also while waiting to try again; `signIn`: the token is not valid (any more), call
 * `setToken`; `stopped`: trying again would not help.
 * @typedef {"closed" | "connecting" | "online" | "signIn" | "stopped"} ConnectionState
 */

const subprotocol = "salsanor.v1.json";
const roomsPerOpenMax = 32;
const callsMax = 1_000;
const backoffFirstMs = 100;
const backoffMaxMs = 5_000;
/** Without any word for so long, with something asked: the socket is dead, and cannot know it. */
const answerMs = 8_000;
/** `Protocol/playing.md#clock`: asked quickly at first, seldom then. */
const clockQuickCount = 32;
const clockQuickMs = 100;
const clockMs = 2_000;
/** How often a dead socket is looked for, at least. */
const probeEveryMs = 10_000;
/** How long refusals gather before they are confirmed. */
const confirmationMs = 500;
/** A client that is sent away to resume at once, and again sooner than this, backs off. */
const resumedSocketMs = 1_000;

/** Of `Math.random`'s kind; full jitter, so that clients do not come back together. */
class Backoff {
  attempt = 0;

  next() {
    const ceiling = Math.min(backoffMaxMs, backoffFirstMs * 2 ** Math.min(this.attempt, 20));
    this.attempt += 1;
    return backoffFirstMs / 2 + Math.random() * (ceiling - backoffFirstMs / 2);
  }
}

/**
 * One connection that comes back by itself, with its rooms, streams and open calls.
 *
 * Events: `state` (detail: ConnectionState), `signin` (detail: ServerError), `clock`.
 */
export class SalsaClient extends EventTarget {
  /**
   * @param {object} [options]
   * @param {string} [options.server] its public URL; by default where this file came from
   * @param {string | null} [options.token] of a session; null for a guest
   */
  constructor({ server = new URL(import.meta.url).origin, token = null } = {}) {
    super();
    this.server = new URL("/", server);
    this.token = token;
    /** @type {ConnectionState} */
    this.state = "closed";
    /** @type {{id: string, displayName: string} | null} */
    this.user = null;
    /** `limits` of the server's hello. @type {JSONObject} */
    this.limits = {};
    this.clock = new ClockEstimate();
    /** @type {Map<string, LiveRoom>} */
    this.rooms = new Map();
    /** @type {Map<string, LiveStream>} */
    this.streams = new Map();
    this.calls = new Map();
    this.nextID = 1;
    this.socket = null;
    this.isOpen = false;
    this.bye = null;
    this.timers = new Map();
    this.backoff = new Backoff();
    this.resumeBackoff = new Backoff();
    this.wasSentToResume = false;
    this.comeBack = () => {
      if (this.state !== "connecting") this.probe();
      else if (!this.socket) this.openSocket();
    };
  }

  /** The server's clock now, in milliseconds since 1970; undefined before it was first heard. */
  get serverTimeMs() { return this.clock.serverTimeMs(performance.now()); }

  // What a page asks

  /** Connects, and stays so until `close`. */
  connect() {
    if (this.state !== "closed" && this.state !== "stopped") return this;
    globalThis.addEventListener?.("online", this.comeBack);
    globalThis.addEventListener?.("offline", this.comeBack);
    this.openSocket();
    return this;
  }

  /** Ends the connection; rooms keep what they show, open calls fail. */
  close() {
    globalThis.removeEventListener?.("online", this.comeBack);
    globalThis.removeEventListener?.("offline", this.comeBack);
    this.letGo(1000);
    for (const { reject } of this.calls.values()) {
      reject(new ServerError({ message: "the client was closed", code: "closed" }));
    }
    this.calls.clear();
    this.enter("closed");
  }

  /** Goes on as somebody else, or as a guest with null: on a new socket, at once. */
  setToken(token) {
    this.token = token;
    // What is the user's own goes on from the beginning: it may be another's now.
    for (const stream of this.streams.values()) if (stream.isOwn) stream.cursor = null;
    if (this.state === "closed") return;
    this.letGo(1000);
    this.openSocket();
  }

  /**
   * Calls a method on the socket. Without a connection it waits for the next one; it is sent again
   * when no answer came: every method may be.
   * @param {string} method
   * @param {JSONObject} [params]
   * @returns {Promise<any>} rejects with a ServerError
   */
  call(method, params = {}) {
    if (this.calls.size >= callsMax || this.state === "closed") {
      const error = { message: "not connected, or too many calls are open", code: "busy" };
      return Promise.reject(new ServerError(error));
    }
    const id = this.nextID;
    this.nextID += 1;
    return new Promise((resolve, reject) => {
      this.calls.set(id, { method, params, resolve, reject, isKept: true });
      if (this.isOpen) this.send({ id, method, params });
    });
  }

  /** The same for a write: it happens once, however often it is sent. */
  write(method, params = {}) {
    return this.call(method, { opId: uuid(), ...params });
  }

  /**
   * A list, page by page, until its end: `for await (const { patterns } of client.pages(
   * "pattern.discover"))`. A page may be empty, and not the last.
   * @param {string} method
   * @param {JSONObject} [params]
   * @returns {AsyncGenerator<any, void, void>} the results
   */
  async* pages(method, params = {}) {
    let cursor;
    do {
      const page = await this.call(method, { ...params, ...(cursor && { cursor }) });
      yield page;
      cursor = page.next;
    } while (cursor);
  }

  /**
   * Calls a method over HTTP, as whoever the token says: for what comes before a session, such as
   * `account.signIn`. Not repeated.
   * @param {string} method
   * @param {JSONObject} [params]
   * @returns {Promise<any>} rejects with a ServerError, or when the network does
   */
  async request(method, params = {}) {
    const response = await fetch(new URL("/v1/rpc", this.server), {
      method: "POST", credentials: "omit", cache: "no-store",
      headers: {
        "Content-Type": "application/json",
        ...(this.token && { Authorization: `Bearer ${this.token}` }) },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }) });
    if (!response.ok) {
      const code = response.status === 401 ? "unauthenticated" : "http";
      throw new ServerError({ message: `${response.status} ${await response.text()}`, code });
    }
    const { result, error } = await response.json();
    if (error) throw new ServerError(error);
    return result;
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

  // The socket

  openSocket() {
    this.stopTimer("reconnect");
    this.enter("connecting");
    const address = new URL("/v1/socket", this.server);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(address, subprotocol);
    this.socket = socket;
    this.openedAtMs = performance.now();
    this.bye = null;
    this.expectAnswer();
    socket.onmessage = ({ data }) => {
      if (socket !== this.socket) return;
      this.stopTimer("answer");
      this.receive(data);
    };
    socket.onclose = ({ code, reason }) => {
      if (socket === this.socket) this.closed(code, reason);
    };
  }

  /** Something is under way: a socket that stays silent now is taken for dead. */
  expectAnswer() {
    if (this.timers.has("answer")) return;
    this.startTimer("answer", answerMs, () => {
      this.letGo();
      this.closed(1006, "no answer");
    });
  }

  /** Forgets the socket without waiting for its end. */
  letGo(code) {
    const { socket } = this;
    this.socket = null;
    this.isOpen = false;
    for (const name of [...this.timers.keys()]) this.stopTimer(name);
    if (socket) socket.close(code);
    for (const live of this.rooms.values()) {
      live.replica.disconnected();
      live.tell();
    }
    for (const stream of this.streams.values()) stream.isOpen = false;
    for (const [id, call] of this.calls) if (!call.isKept) this.calls.delete(id);
  }

  /** `Protocol/close-codes.md`. */
  closed(socketCode, socketReason) {
    const { code, reason, retryAfterMs } = this.bye ?? { code: socketCode, reason: socketReason };
    this.letGo();
    if (code === 4101) {
      this.signInNeeded(new ServerError({ message: reason, code: "unauthenticated" }));
    } else if ([1002, 1007, 1009].includes(code) || (code >= 4000 && code < 4100)) {
      this.reason = `${code} ${reason}`;
      this.enter("stopped");
    } else {
      this.enter("connecting");
      const waitMs = retryAfterMs ?? (code >= 4200 && code < 4300
        ? this.resumeDelay() : this.backoff.next());
      this.startTimer("reconnect", waitMs, () => this.openSocket());
    }
  }

  /** Nothing, unless the last socket was ended for the same reason and this one lived shortly. */
  resumeDelay() {
    const isRepeated
      = this.wasSentToResume && performance.now() - this.openedAtMs < resumedSocketMs;
    this.wasSentToResume = true;
    if (isRepeated) return this.resumeBackoff.next();
    this.resumeBackoff.attempt = 0;
    return 0;
  }

  signInNeeded(error) {
    this.letGo(1000);
    this.enter("signIn");
    this.dispatchEvent(new CustomEvent("signin", { detail: error }));
  }

  enter(state) {
    if (state === this.state) return;
    this.state = state;
    this.dispatchEvent(new CustomEvent("state", { detail: state }));
  }

  // What goes out

  send(message) {
    if (this.socket?.readyState === 1) {
      this.socket.send(JSON.stringify({ jsonrpc: "2.0", ...message }));
    }
  }

  notify(method, params) {
    if (this.isOpen) this.send({ method, params });
  }

  /** A question of this socket: nobody asks it again on the next. */
  ask(method, params, resolve, reject = () => {}) {
    const id = this.nextID;
    this.nextID += 1;
    this.calls.set(id, { resolve, reject, isKept: false });
    this.send({ id, method, params });
    this.expectAnswer();
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

  receive(text) {
    let messages;
    try {
      messages = [JSON.parse(text)].flat();
    } catch {
      this.letGo(1000);
      this.closed(1006, "a message that is not of this protocol");
      return;
    }
    for (const message of messages) {
      if (message.method !== undefined) this.notified(message.method, message.params ?? {});
      else this.answered(message);
    }
  }

  answered({ id, result, error }) {
    const call = this.calls.get(id);
    if (!call) return;
    this.calls.delete(id);
    if (error) call.reject(new ServerError(error));
    else call.resolve(result);
  }

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

  // Timers, by name

  startTimer(name, waitMs, then) {
    this.stopTimer(name);
    this.timers.set(name, setTimeout(() => {
      this.timers.delete(name);
      then();
    }, waitMs));
  }

  stopTimer(name) {
    clearTimeout(this.timers.get(name));
    this.timers.delete(name);
  }
}

/** Version 4. `crypto.randomUUID` is not there on plain HTTP. */
export function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
