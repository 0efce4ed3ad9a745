/**
 * How a pattern fares, beside it: its author, the like button, its counts, its comments.
 * `Protocol/notifications.md#pattern-stream`.
 * @module
 */
import { uuid } from "../client.js";
import { announce, attempt, button, link, make, tell } from "./parts.js";
import { Comments } from "./comments.js";

const counterNames = ["likeCount", "commentCount", "playCount"];

export class Fare {
  /**
   * @param {Element} bar below the title @param {Element} side beside the machine
   * @param {{client: object}} page @param {string} pattern its id
   */
  constructor(bar, side, { client }, pattern) {
    Object.assign(this, { bar, side, client, pattern });
    this.author = make("span");
    this.like = button("", () => this.toggleLike(), { className: "like", ariaPressed: "false" });
    this.plays = make("span", { className: "quiet" });
    this.shown = {};
    this.open = button("", () => this.toggleComments(), { ariaExpanded: "false" });
    bar.replaceChildren(this.author, this.like, this.open, this.plays);
    side.hidden = true;
    this.stream = client.stream(`pattern:${pattern}`);
    this.stream.addEventListener("event", ({ detail: { t: type, d: data } }) => {
      if (type === "counters") this.show(data);
    });
    this.signedIn = () => { if (client.state === "online") this.look(); };
    client.addEventListener("state", this.signedIn);
    this.look();
  }

  async look() {
    const { user } = this.client;
    try {
      const { pattern } = await this.client.call("pattern.get", { pattern: this.pattern });
      this.author.replaceChildren(
        `${tell("by")} `, link(`#/u/${pattern.userId}`, pattern.ownerName));
      this.isOwn = pattern.userId === user?.id;
      this.show(pattern);
    } catch {
      // Whoever may not see it is told so by its room.
      return;
    }
    if (this.comments && this.commenter !== user?.id) {
      this.toggleComments();
      this.toggleComments();
    }
  }

  /** @param {object} counts some of them, and whether one likes it */
  show(counts) {
    for (const name of [...counterNames, "isLiked"]) {
      if (counts[name] !== undefined) this.shown[name] = counts[name];
    }
    const { likeCount = 0, commentCount = 0, playCount = 0, isLiked = false } = this.shown;
    this.like.ariaPressed = String(isLiked);
    const sign = (text) => make("span", { textContent: text, ariaHidden: "true" });
    this.like.replaceChildren(
      sign(isLiked ? "♥ " : "♡ "), `${tell(isLiked ? "liked" : "like")} `,
      make("b", { textContent: likeCount, className: "count" }));
    this.open.replaceChildren(
      sign("✎ "), `${tell("commentsTitle")} `, make("b", { textContent: commentCount }));
    this.plays.textContent = tell("played", { count: playCount });
  }

  async toggleLike() {
    if (!this.client.user) {
      announce(tell("signInFirst"));
      return;
    }
    const { isLiked = false, likeCount = 0 } = this.shown;
    const before = { isLiked, likeCount };
    // As the hand wants it, until the server says how it is.
    this.show({ isLiked: !isLiked, likeCount: likeCount + (isLiked ? -1 : 1) });
    const result = await attempt(() => this.client.write(
      isLiked ? "pattern.unlike" : "pattern.like", { pattern: this.pattern }));
    this.show(result ?? before);
  }

  toggleComments() {
    this.comments?.close();
    const { client, pattern, stream } = this;
    this.commenter = client.user?.id;
    this.comments = this.comments
      ? null : new Comments(this.side, { client, pattern, stream, mayClean: this.isOwn });
    this.side.hidden = !this.comments;
    this.open.ariaExpanded = String(Boolean(this.comments));
  }

  /** Somebody listens. The server counts each at most once in a while. */
  played() {
    const { user } = this.client;
    this.client.call("pattern.play", {
      pattern: this.pattern, ...(user && { opId: uuid() }),
    }).catch(() => {});
  }

  close() {
    this.comments?.close();
    this.side.hidden = true;
    this.stream.close();
    this.client.removeEventListener("state", this.signedIn);
    this.bar.replaceChildren();
  }
}
