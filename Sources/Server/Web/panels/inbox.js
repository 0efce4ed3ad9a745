/**
 * What happened to who is signed in: the badge, and the list as people read it.
 * `Protocol/notifications.md#inbox`.
 * @module
 */
import { LiveInbox } from "../client.js";
import {
  Endless, age, announce, attempt, button, carefully, fill, link, make, person, tell,
} from "./parts.js";

const gatherMs = 150;

/** The inbox of whoever is signed in, also when that changes; `unread` is 0 without one. */
export class Badge extends EventTarget {
  /** @param {Element} place of a link that says how many are unread */
  constructor(place, client) {
    super();
    Object.assign(this, { place, client, inbox: null });
    client.addEventListener("state", () => this.follow());
    this.follow();
  }

  get unread() { return this.inbox?.unread ?? 0; }

  follow() {
    const { state, user } = this.client;
    if (state !== "online") return;
    if (this.owner !== user?.id) {
      this.inbox?.close();
      this.inbox = user && new LiveInbox(this.client);
      this.owner = user?.id;
      this.inbox?.addEventListener("change", () => this.show());
      this.inbox?.addEventListener("event", ({ detail: { t: type, d: data } }) => {
        if (type === "notice" && data.notice.actor && !data.notice.isRead) {
          const { notice } = data;
          announce(sentence({ ...notice, newest: notice, actors: [notice.actor], actorCount: 1 })
            .map((part) => part.textContent ?? part).join(""));
        }
      });
    }
    this.show();
  }

  show() {
    const { unread } = this;
    this.place.hidden = !this.inbox;
    this.place.replaceChildren(tell("inbox"), ...(unread ? [" ",
      make("span", { className: "badge", textContent: unread, ariaHidden: "true" }),
      make("span", { className: "unseen", textContent: tell("unread", { count: unread }) })] : []));
    this.dispatchEvent(new Event("change"));
  }
}

/** "Ana and 41 more liked *Rumba*", as text and links. */
function sentence({ kind, pattern, actors, actorCount, newest, count = 1 }) {
  const who = actorCount > 1
    ? make("span", {}, ...fill("others", { name: person(actors[0]), count: actorCount - 1 }))
    : person(actors[0]);
  const said = fill(kind === "role" && !newest.role ? "n_roleGone" : `n_${kind}`, {
    who, role: newest.role && tell(`r_${newest.role}`),
    pattern: pattern ? link(`#/p/${pattern.id}`, pattern.title) : tell("somePattern") });
  return count > Math.max(actorCount, 1) ? [...said, ` (${count})`] : said;
}

export class Inbox {
  /** @param {Element} place @param {{client: object, badge?: Badge}} page */
  constructor(place, page) {
    page.badge ??= new Badge(document.getElementById("inbox"), page.client);
    const { client, badge } = page;
    Object.assign(this, { client, badge });
    this.list = make("div");
    this.settings = make("details", {}, make("summary", { textContent: tell("settings") }));
    this.settings.ontoggle = () => this.settings.open && this.showSettings();
    this.allRead = button(tell("markAll"), () => this.markRead({ through: badge.inbox.number }));
    place.append(
      make("h2", { textContent: tell("inbox") }),
      make("div", { className: "acts" }, this.allRead), this.list, this.settings);
    this.changed = () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.begin(), gatherMs);
    };
    badge.addEventListener("change", this.changed);
    this.begin();
  }

  markRead(which) { return attempt(() => this.badge.inbox.markRead(which)); }

  async begin() {
    this.allRead.disabled = !this.badge.unread;
    if (!this.client.user) return;
    const { client, list } = this;
    this.pages?.close();
    const pages = new Endless(
      (async function* groups() {
        for await (const page of client.pages("inbox.groups", { limit: 30 })) yield page.groups;
      }()), (group) => this.show(group),
      { className: "notices", empty: tell("noNotices"), label: tell("inbox") });
    this.pages = pages;
    await pages.filled;
    if (this.pages !== pages) return;
    // A hand on it is not to lose its place.
    const controls = () => [...list.querySelectorAll("a, button")];
    const held = controls().indexOf(document.activeElement);
    list.replaceChildren(pages.element);
    if (held >= 0) (controls()[held] ?? this.allRead).focus();
  }

  show(group) {
    const { kind, pattern, isRead, through, newest } = group;
    const read = () => this.markRead({ through, kind, ...(pattern && { pattern: pattern.id }) });
    const said = make("p", {}, ...sentence(group));
    for (const each of said.querySelectorAll("a")) {
      each.addEventListener("click", () => { if (!isRead) read(); });
    }
    const acts = make("div", { className: "acts" });
    if (!isRead) acts.append(button(tell("markRead"), read));
    if (kind === "invitation" && pattern && !isRead) {
      const answer = (accept) => attempt(async () => {
        await this.client.write("pattern.answerInvitation", { pattern: pattern.id, accept });
        await read();
      });
      acts.append(button(tell("accept"), () => answer(true)),
        button(tell("decline"), () => answer(false)));
    }
    if (pattern) {
      acts.append(carefully(tell("mute"), tell("muteReally"), () => attempt(async () => {
        await this.client.write("inbox.mutePattern", { pattern: pattern.id });
        announce(tell("muted"));
      })));
    }
    return make("li", { className: isRead ? "" : "unread" }, said,
      ...(newest.comment ? [make("blockquote", { textContent: newest.comment.text })] : []),
      age(newest.createdAtMs), acts);
  }

  async showSettings() {
    const { client } = this;
    await attempt(async () => {
      const { settings, muted } = await client.call("inbox.settings");
      const boxes = Object.entries(settings).map(([kind, checked]) => {
        const box = make("input", { type: "checkbox", checked });
        box.onchange = () => attempt(
          () => client.write("inbox.setSettings", { kinds: { [kind]: box.checked } }));
        return make("label", { className: "check" }, box, tell(`k_${kind}`));
      });
      const unmute = button(tell("unmute", { count: muted.length }), () => attempt(async () => {
        for (const pattern of muted) await client.write("inbox.unmutePattern", { pattern });
        unmute.remove();
      }));
      this.settings.replaceChildren(this.settings.firstChild,
        make("div", { className: "checks" }, ...boxes), ...(muted.length ? [unmute] : []));
    });
  }

  close() {
    clearTimeout(this.timer);
    this.badge.removeEventListener("change", this.changed);
    this.pages?.close();
  }
}
