/**
 * What the address shows: `#/` discovery, `#/p/<pattern>` the machine, `#/u/<user>` an author,
 * `#/feed`, `#/inbox`, `#/me` the account, `#/share/<secret>` a link that was followed. What is
 * behind `#` is not sent to servers. Each is loaded when it is opened first.
 *
 * A view is `new View(place, page, idOrQuery)` with `close()`, and may have `state` (the status
 * line), `isWaiting`, and `userChanged()`: true if it needs not be opened again for somebody else.
 * @module
 */
import { say } from "./texts.js";

const views = {
  "": async () => (await import("./panels/home.js")).Home,
  p: async () => (await import("./studio.js")).Studio,
  u: async () => (await import("./panels/author.js")).Author,
  feed: async () => (await import("./panels/feed.js")).Feed,
  inbox: async () => (await import("./panels/inbox.js")).Inbox,
  me: async () => (await import("./panels/account.js")).Account,
  share: async () => (await import("./panels/share.js")).SharedLink,
};
const own = new Set(["feed", "inbox"]);

/** @returns {{name: string, id: string, query: string}} */
export function route(hash = location.hash) {
  const [, path, query = ""] = hash.match(/^#?([^?]*)(?:\?(.*))?$/);
  const former = new URLSearchParams(path).get("pattern");
  if (former) return { name: "p", id: former, query };
  const [, name = "", id = ""] = path.split("/").map(decodeURIComponent);
  return { name: name in views ? name : "", id, query };
}

export class Views {
  /** @param {Element} place @param {object} page `client`, `session`, `catalogue`, `badge` */
  constructor(place, page) { Object.assign(this, { place, page, view: null, opening: null }); }

  /** Closes what is open, and opens what the address names. */
  async open({ name, id, query }) {
    this.close();
    if (own.has(name) && !this.page.client.user) {
      this.place.textContent = say("signInFirst");
      return;
    }
    const opening = {};
    this.opening = opening;
    const View = await views[name]();
    if (this.opening === opening) this.view = new View(this.place, this.page, id || query);
  }

  close() {
    this.opening = null;
    this.view?.close();
    this.view = null;
    this.place.replaceChildren();
    this.place.className = "";
  }
}
