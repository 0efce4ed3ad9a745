/** Who changed what, when; to listen to it, to go back to it, to give it a name. @module */
import { button, make } from "../dom.js";
import { ago, say } from "./texts.js";
import { nameOf } from "../words.js";

const pathsShownMax = 4;

export class History {
  /** @param {import("../studio.js").Studio} studio */
  constructor(place, studio) {
    this.studio = studio;
    this.versions = make("ul", { className: "entries", ariaLabel: say("versions") });
    this.entries = make("ul", { className: "entries", ariaLabel: say("changes") });
    this.more = button(say("more"), () => this.goOn());
    this.name = make("input", { maxLength: 100, required: true, ariaLabel: say("versionName"),
      placeholder: say("versionName") });
    this.naming = make("form", { className: "row" }, this.name,
      make("button", { textContent: say("keepVersion") }));
    this.naming.onsubmit = async (event) => {
      event.preventDefault();
      if (await this.act("version.create", { pattern: studio.id, name: this.name.value })) {
        this.name.value = "";
      }
    };
    place.append(make("h2", { textContent: say("versions") }), this.naming, this.versions,
      make("h2", { textContent: say("changes") }), button(say("refresh"), () => this.load()),
      this.entries, this.more);
    this.abort = new AbortController();
    studio.addEventListener("pattern", () => this.load(), { signal: this.abort.signal });
    this.load();
  }

  async load() {
    const { studio } = this;
    const { client, id: pattern, room, page } = studio;
    this.naming.hidden = !room.mayEdit;
    this.more.hidden = true;
    if (!page.user || !["owner", "editor", "viewer"].includes(room.role)) {
      this.entries.replaceChildren(
        make("li", { className: "quiet", textContent: say("historyFor") }));
      return;
    }
    await page.attempt(async () => {
      const { versions } = await client.call("version.list", { pattern });
      this.versions.replaceChildren(...versions.map((version) => this.version(version)));
      this.next = undefined;
      this.entries.replaceChildren();
      await this.goOn();
    });
  }

  async goOn() {
    const { client, id: pattern, page } = this.studio;
    await page.attempt(async () => {
      const { entries, next } = await client.call(
        "history.list", { pattern, ...(this.next && { cursor: this.next }) });
      this.next = next;
      this.more.hidden = !next;
      this.entries.append(...entries.map((entry) => this.entry(entry)));
    });
  }

  act(method, params) {
    const { page, client } = this.studio;
    return page.attempt(async () => {
      const result = await client.write(method, params);
      await this.load();
      return result;
    });
  }

  /** @param {{number?: number, version?: string}} which */
  acts(which, name) {
    const { studio } = this;
    const { client, id: pattern, page, room } = studio;
    const acts = make("div", { className: "acts" },
      button(say("listen"), () => page.attempt(async () => {
        const { document } = await client.call("history.get", { pattern, ...which });
        studio.listenTo({ document, name });
      }), { className: "small" }));
    if (room.mayEdit) {
      acts.append(button(say("restore"), () => {
        studio.listenTo(null);
        return this.act("history.restore", { pattern, ...which });
      }, { className: "small" }));
    }
    return acts;
  }

  entry({ number, userName, paths, editCount, lastAtMs }) {
    const { page, id: pattern, room } = this.studio;
    const names = [...new Set(paths.map((path) => nameOf(path, page.catalogue)))];
    const what = editCount === 0 ? say("began")
      : names.slice(0, pathsShownMax).join(", ") + (names.length > pathsShownMax ? " …" : "");
    const when = make("time", { dateTime: new Date(lastAtMs).toISOString(),
      title: new Date(lastAtMs).toLocaleString(), textContent: ago(lastAtMs) });
    const acts = this.acts({ number }, `${userName ?? "–"}, ${ago(lastAtMs)}`);
    if (room.mayEdit) {
      acts.append(button(say("nameIt"), () => this.act("version.create", {
        pattern, number, name: `${userName ?? ""} ${new Date(lastAtMs).toLocaleString()}`.trim(),
      }), { className: "small" }));
    }
    return make("li", {}, make("b", { textContent: userName ?? "–" }), " ", when,
      make("p", { textContent: what }), acts);
  }

  version({ id: version, name, createdAtMs }) {
    const acts = this.acts({ version }, name);
    if (this.studio.room.mayEdit) {
      const rename = make("input", { value: name, maxLength: 100, hidden: true,
        ariaLabel: say("versionName") });
      rename.onchange = () => this.act("version.rename", { version, name: rename.value });
      acts.append(rename, button(say("rename"), () => {
        rename.hidden = false;
        rename.focus();
      }, { className: "small" }), button("×", () => this.act("version.delete", { version }),
        { className: "small", ariaLabel: say("removeNamed", { name }) }));
    }
    return make("li", {}, make("b", { textContent: name }), " ",
      make("span", { className: "quiet", textContent: ago(createdAtMs) }), acts);
  }

  close() {
    this.abort.abort();
    if (this.studio.preview) this.studio.listenTo(null);
  }
}
