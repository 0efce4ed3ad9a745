/**
 * Who uses the page, and how they like it. `Protocol/threats.md#page` says why the token is kept
 * where it is.
 * @module
 */
import { uuid } from "./client.js";
import { language, speak } from "./texts.js";

const tokenKey = "salsanor.token";
const likingKey = "salsanor.preferences";
const standard = {
  defaultBpm: 120, defaultKeyNote: 0, defaultFlavor: "Salsa", useGlassUI: true, autoPlay: false,
  showBeatNumbers: true, defaultVolume: 0.8, theme: "auto", language,
  notificationsEnabled: true, emailNotifications: false,
};
const read = () => {
  try {
    return JSON.parse(localStorage.getItem(likingKey)) ?? {};
  } catch {
    return {};
  }
};

export const keptToken = () =>
  sessionStorage.getItem(tokenKey) ?? localStorage.getItem(tokenKey);

/**
 * Events: `user` (somebody else, or a guest), `preferences`, `ended` (the token is not valid any
 * more; nothing is dropped before `signIn` or `goAsGuest`).
 */
export class Session extends EventTarget {
  /** @param {import("./client.js").SalsaClient} client */
  constructor(client) {
    super();
    this.client = client;
    this.account = null;
    this.preferences = { ...standard, ...read() };
    client.addEventListener("signin", () => this.tell("ended"));
    client.addEventListener("state", () => {
      if (client.state === "online") this.meet();
    });
    // Signed in to stay, or out, in another tab.
    addEventListener("storage", ({ key, newValue }) => {
      if (key !== tokenKey || sessionStorage.getItem(tokenKey)) return;
      client.setToken(newValue);
    });
  }

  get user() { return this.client.user; }

  tell(name) { this.dispatchEvent(new Event(name)); }

  /** The server has said who this is. */
  async meet() {
    const id = this.user?.id ?? null;
    if (id === this.met) return;
    this.met = id;
    this.account = null;
    this.tell("user");
    if (!id) return;
    try {
      const { account, preferences } = await this.client.call("account.get");
      if (this.user?.id !== id) return;
      this.account = account;
      this.like(preferences);
    } catch {
      this.met = undefined;
    }
  }

  /** Is shown at once; `setPreferences` also keeps it. */
  like(changes) {
    Object.assign(this.preferences, changes);
    // So that the next visit begins in these colours, before the server is asked.
    localStorage.setItem(likingKey, JSON.stringify(this.preferences));
    this.tell("preferences");
    if (speak(this.preferences.language)) location.reload();
  }

  async setPreferences(changes) {
    if (!this.user) return this.like(changes);
    const { preferences } = await this.client.write("account.setPreferences", changes);
    return this.like(preferences);
  }

  keep(token, isKept) {
    sessionStorage.removeItem(tokenKey);
    localStorage.removeItem(tokenKey);
    if (token) (isKept ? localStorage : sessionStorage).setItem(tokenKey, token);
  }

  async signIn(email, password, isKept) {
    const { token } = await this.client.signIn(email, password);
    this.keep(token, isKept);
  }

  async register(email, password, displayName, isKept) {
    const { token } = await this.client.request(
      "account.register", { email, password, displayName, language });
    this.keep(token, isKept);
    // What they liked as a guest goes along.
    this.client.token = token;
    await this.client.request("account.setPreferences", { ...this.preferences, opId: uuid() });
    this.client.setToken(token);
  }

  async signOut(isEverywhere = false) {
    const ended = this.client.request(
      isEverywhere ? "account.signOutEverywhere" : "account.signOut", { opId: uuid() });
    this.keep(null);
    await ended.catch(() => {});
    this.goAsGuest();
  }

  goAsGuest() {
    this.keep(null);
    this.client.setToken(null);
  }
}
