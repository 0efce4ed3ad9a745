/**
 * Somebody, and what they made public. `Protocol/social.md#profiles`.
 * @module
 */
import { language } from "../texts.js";
import { Endless, announce, attempt, button, card, carefully, make, rows, tell } from "./parts.js";

export class Author {
  /** @param {Element} place @param {{client: object}} page @param {string} id of a user */
  constructor(place, { client }, id) {
    Object.assign(this, { client, id });
    this.head = make("header", { className: "author" });
    place.append(this.head);
    this.list = new Endless(
      rows(client, "pattern.list", { owner: id, limit: 24 }, "patterns"),
      (pattern) => card(pattern, client),
      { className: "cards", empty: tell("noPatterns"), label: tell("results") });
    place.append(this.list.element);
    this.look();
  }

  async look() {
    const { client, id } = this;
    await attempt(async () => {
      const { user } = await client.call("user.get", { user: id });
      const count = (name, number) => make("span", { textContent: tell(name, { count: number }) });
      const date = new Date(user.createdAtMs).toLocaleDateString(
        language, { year: "numeric", month: "long" });
      const acts = make("div", { className: "acts" });
      if (user.id !== client.user?.id) {
        const follow = button(tell(user.isFollowing ? "following" : "follow"), async () => {
          if (!client.user) announce(tell("signInFirst"));
          else if (await attempt(() => client.write(
            user.isFollowing ? "user.unfollow" : "user.follow", { user: id }))) this.look();
        }, { ariaPressed: String(user.isFollowing ?? false) });
        acts.append(follow);
        const block = (method) => attempt(
          () => client.write(method, { user: id }).then(() => this.look()));
        if (user.isBlocking) acts.append(button(tell("unblock"), () => block("user.unblock")));
        else if (client.user) {
          acts.append(carefully(
            tell("block"), tell("blockReally"), () => block("user.block")));
        }
      }
      const held = this.head.contains(document.activeElement);
      this.head.replaceChildren(
        make("h2", { textContent: user.displayName }),
        ...(user.bio ? [make("p", { textContent: user.bio })] : []),
        make("p", { className: "quiet counts" },
          count("followers", user.followerCount), count("followings", user.followingCount),
          count("patterns", user.publicPatternCount),
          make("span", { textContent: tell("since", { date }) })), acts);
      if (held) acts.querySelector("button")?.focus();
    });
  }

  close() { this.list.close(); }
}
