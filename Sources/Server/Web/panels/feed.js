/**
 * What those do whom one follows. `Protocol/notifications.md#feed`.
 * @module
 */
import { LiveFeed } from "../client.js";
import { age, button, fill, link, make, person, tell } from "./parts.js";

const row = ({ kind, createdAtMs, actor, pattern, user, comment }) => make("li", {},
  make("p", {}, ...fill(`a_${kind}`, {
    who: person(actor), user: person(user),
    pattern: pattern ? link(`#/p/${pattern.id}`, pattern.title) : tell("somePattern") })),
  ...(comment ? [make("blockquote", { textContent: comment.text })] : []), age(createdAtMs));

export class Feed {
  /** @param {Element} place @param {{client: object}} page */
  constructor(place, { client }) {
    this.list = make("ul", { className: "notices", ariaLabel: tell("feed") });
    this.said = make("p", { className: "quiet" });
    this.said.setAttribute("role", "status");
    this.more = button(tell("more"), () => this.feed.more());
    place.append(make("h2", { textContent: tell("feed") }), this.said, this.list, this.more);
    this.rows = new Map();
    this.feed = new LiveFeed(client);
    this.feed.addEventListener("change", () => this.show());
    this.show();
  }

  show() {
    const { all, isKnown, hasMore } = this.feed;
    const kept = new Map(all.map((act) => [act.number, this.rows.get(act.number) ?? row(act)]));
    // What stands stays: a hand may be on it.
    for (const [number, element] of this.rows) if (!kept.has(number)) element.remove();
    let before = null;
    for (const element of kept.values()) {
      const place = before ? before.nextSibling : this.list.firstChild;
      if (place !== element) this.list.insertBefore(element, place);
      before = element;
    }
    this.rows = kept;
    this.said.textContent = isKnown && !all.length ? tell("noFeed") : "";
    this.more.hidden = !hasMore;
  }

  close() { this.feed.close(); }
}
