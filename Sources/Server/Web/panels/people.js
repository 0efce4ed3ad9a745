/** Who is here, who leads, who may edit, and how others come in. @module */
import { button, choice, make, tick } from "../dom.js";
import { hueOf } from "../machine.js";
import { ago, say } from "./texts.js";
import { nameOf } from "../words.js";

const locks = ["tempo", "start", "solo"];
const roles = ["viewer", "editor"];
const roleChoice = (properties) => choice(roles.map((role) => [role, say(role)]), properties);

export class People {
  /** @param {import("../studio.js").Studio} studio */
  constructor(place, studio) {
    Object.assign(this, { studio, key: "" });
    this.here = make("ul", { className: "members" });
    this.leading = make("div", { className: "leading" });
    this.sharing = make("div", { className: "sharing" });
    place.append(make("h2", { textContent: say("hereNow") }), this.here, this.leading,
      this.sharing);
    this.abort = new AbortController();
    const { signal } = this.abort;
    studio.room.addEventListener("members", () => this.show(), { signal });
    studio.room.addEventListener("playing", () => this.showLead(), { signal });
    studio.addEventListener("pattern", () => this.load(), { signal });
    this.show();
    this.load();
  }

  get isOwner() { return this.studio.room.role === "owner"; }

  show() {
    const { room, page } = this.studio;
    const key = JSON.stringify([room.role, room.members]);
    if (key === this.key) return;
    this.key = key;
    this.here.replaceChildren(...room.members.map(({ member, name, role, touching }) => {
      const what = touching ? nameOf(touching, page.catalogue).split(":")[0] : "";
      const entry = make("li", {}, make("span", { className: "dot", ariaHidden: "true" }),
        make("span", { textContent: name ?? say("guest") }),
        make("span", { className: "quiet", textContent: [
          say(member === room.member ? "you" : role), what].filter(Boolean).join(" · ") }));
      entry.style.setProperty("--hue", hueOf(member));
      if (this.isOwner && name && room.playing.lead?.member !== member) {
        entry.append(button(say(member === room.member ? "iLead" : "letLead"),
          () => this.lead({ member }), { className: "small" }));
      }
      return entry;
    }));
    this.showLead();
  }

  lead(params) {
    const { page, client, id } = this.studio;
    return page.attempt(() => client.call("room.lead", { room: id, ...params }));
  }

  showLead() {
    const { room } = this.studio;
    const { lead } = room.playing;
    const key = JSON.stringify([lead ?? null, room.member, room.role]);
    if (key === this.leadKey) return;
    this.leadKey = key;
    this.key = "";
    this.show();
    if (!lead) {
      this.leading.replaceChildren();
      return;
    }
    const leads = lead.member === room.member;
    this.leading.replaceChildren(make("h2", { textContent: say("leads", { name: lead.name }) }));
    if (leads) {
      const boxes = locks.map((lock) => tick(say(`lock.${lock}`), {
        checked: lead.locks?.includes(lock) ?? false, onchange: () => this.lead({
          locks: locks.filter((_, index) => boxes[index].firstChild.checked) }) }));
      this.leading.append(make("fieldset", {},
        make("legend", { textContent: say("onlyIMay") }), ...boxes));
    }
    if (leads || this.isOwner) {
      this.leading.append(button(say("endLead"), () => this.lead({ end: true })));
    }
  }

  /** Collaborators and links change seldom, and are read when the panel opens. */
  async load() {
    const { studio } = this;
    const { client, id, page, pattern } = studio;
    if (!page.user || !pattern || !["owner", "editor", "viewer"].includes(pattern.role)) {
      this.sharing.replaceChildren();
      return;
    }
    try {
      const { collaborators } = await client.call("pattern.collaborators", { pattern: id });
      const links = this.isOwner
        ? (await client.call("pattern.links", { pattern: id })).links : [];
      if (!this.abort.signal.aborted) this.showSharing(collaborators, links);
    } catch {
      // Who may see it only because everybody may has nothing to do with who shares it.
      this.sharing.replaceChildren();
    }
  }

  act(method, params) {
    const { page, client } = this.studio;
    return page.attempt(async () => {
      const result = await client.write(method, params);
      await this.load();
      return result;
    });
  }

  showSharing(collaborators, links) {
    const { id: pattern, page } = this.studio;
    const list = make("ul", { className: "members" }, ...collaborators.map((one) => {
      const { userId: user, displayName, role, acceptedAtMs } = one;
      const entry = make("li", {}, make("span", { textContent: displayName }));
      if (this.isOwner) {
        const chosen = roleChoice({ ariaLabel: say("roleOf", { name: displayName }) });
        chosen.value = role;
        chosen.onchange = () => this.act(
          "pattern.setRole", { pattern, user, role: chosen.value });
        entry.append(chosen);
      } else entry.append(make("span", { className: "quiet", textContent: say(role) }));
      if (!acceptedAtMs) {
        entry.append(make("span", { className: "quiet", textContent: say("invited") }));
      }
      if (this.isOwner || user === page.user?.id) {
        const words = say(this.isOwner ? "removeNamed" : "leave", { name: displayName });
        entry.append(button("×", () => this.act(
          "pattern.removeCollaborator", { pattern, user }),
        { ariaLabel: words, title: words, className: "small" }));
      }
      return entry;
    }));
    this.sharing.replaceChildren(make("h2", { textContent: say("collaborators") }),
      collaborators.length ? list : make("p", { className: "quiet", textContent: say("nobody") }));
    if (this.isOwner) this.showLinks(links);
  }

  showLinks(links) {
    const { id: pattern } = this.studio;
    const role = roleChoice({ ariaLabel: say("linkGives") });
    role.value = "editor";
    const made = make("input", { readOnly: true, ariaLabel: say("link"), hidden: !this.madeLink });
    made.value = this.madeLink ?? "";
    const copy = button(say("copy"), async () => {
      made.select();
      await navigator.clipboard?.writeText(made.value).catch(() => {});
      copy.textContent = say("copied");
    }, { hidden: !this.madeLink });
    const make1 = button(say("makeLink"), async () => {
      const result = await this.studio.page.attempt(() => this.studio.client.write(
        "pattern.share", { pattern, role: role.value }));
      if (!result?.secret) return;
      this.madeLink = `${location.origin}${location.pathname}#/share/${result.secret}`;
      await this.load();
      this.sharing.querySelector("input")?.select();
    }, { className: "main" });
    this.sharing.append(make("h2", { textContent: say("shareLinks") }),
      make("div", { className: "row" }, role, make1),
      make("div", { className: "row" }, made, copy),
      make("p", { className: "quiet", textContent: say("linkHint") }),
      make("ul", { className: "members" }, ...links.map((link) => make("li", {},
        make("span", { textContent: say(link.role) }),
        make("span", { className: "quiet", textContent: ago(link.createdAtMs) }),
        button(say("takeBack"), () => this.act("pattern.unshare", { link: link.id }),
          { className: "small" })))));
  }

  close() { this.abort.abort(); }
}
