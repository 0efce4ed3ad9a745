/**
 * A connection that comes back by itself, with the calls that are open.
 * `Protocol/wire.md`, `Protocol/close-codes.md`.
 * @module
 */
import { ServerError } from "./errors.js";

/** @typedef {import("./json.js").JSONObject} JSONObject */
/**
 * `connecting` also while waiting to try again; `signIn`: the token is not valid (any more), call
 * `setToken`; `stopped`: trying again would not help.
 * @typedef {"closed" | "connecting" | "online" | "signIn" | "stopped"} ConnectionState
 */

const subprotocol = "salsanor.v1.json";
const callsMax = 1_000;
const backoffFirstMs = 100;
const backoffMaxMs = 5_000;
/** Without any word for so long, with something asked: the socket is dead, and cannot know it. */
const answerMs = 8_000;
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

/** Who extends it has `lost`, `probe` and `notified`. */
export class Connection extends EventTarget {
  constructor(server, token) {
    super();
    this.server = new URL("/", server);
    this.token = token;
    /** @type {ConnectionState} */
    this.state = "closed";
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
    this.lost();
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
