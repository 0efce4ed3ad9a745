/**
 * Where one finds patterns: search, filters, and cards without end. `Protocol/discover.md`.
 * @module
 */
import { Endless, attempt, card, make, notes, rows, tell } from "./parts.js";

const typingMs = 300;
const mineMax = 4;
const numbers = new Set(["bpmMin", "bpmMax", "keyNote"]);

export class Home {
  /** @param {Element} place @param {{client: object, catalogue: object}} page */
  constructor(place, { client, catalogue }, query = "") {
    Object.assign(this, { place, client });
    const field = (name, label, input) => make("label", {},
      make("span", { textContent: label }), Object.assign(input, { name }));
    const choice = (options) => make("select", {}, ...options.map(
      ([value, textContent]) => make("option", { value, textContent })));
    const tempo = () => make("input", { type: "number", min: 80, max: 250, inputMode: "numeric" });
    const instruments = new Map(catalogue.flavors.flatMap(
      (flavor) => flavor.instruments.map(({ id, title }) => [id, title])));
    this.form = make("form", { className: "search" },
      field("text", tell("search"), make("input", {
        type: "search", placeholder: tell("searchHint"), maxLength: 200, autocomplete: "off" })),
      field("sort", tell("sort"), choice([
        ["", tell("best")], ...["trending", "newest", "mostLiked", "mostPlayed"]
          .map((sort) => [sort, tell(sort)])])),
      field("flavor", tell("flavor"), choice([
        ["", tell("anyFlavor")], ...catalogue.flavors.map(({ id }) => [id, id])])),
      field("instrument", tell("instrument"), choice([
        ["", tell("anyInstrument")], ...instruments])),
      field("bpmMin", tell("slowest"), tempo()), field("bpmMax", tell("fastest"), tempo()),
      field("keyNote", tell("key"), choice([
        ["", tell("anyKey")], ...notes.map((note, index) => [index, note])])));
    this.form.setAttribute("role", "search");
    this.found = make("div");
    this.mine = make("section");
    place.append(
      this.mine, make("h2", { textContent: tell("discover") }), this.form, this.found);
    if (client.user) this.showMine();
    const wanted = new URLSearchParams(query);
    for (const input of this.form.elements) input.value = wanted.get(input.name) ?? "";
    if (!wanted.has("sort") && !wanted.has("text")) this.form.elements.sort.value = "newest";
    this.form.onsubmit = (event) => {
      event.preventDefault();
      this.look();
    };
    this.form.oninput = () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.look(), typingMs);
    };
    this.look();
  }

  /** The newest of one's own, the private ones too. */
  async showMine() {
    const listed = await attempt(() => this.client.call("pattern.list", { limit: mineMax }));
    if (!listed?.patterns.length) return;
    const { patterns } = listed;
    this.mine.append(make("h2", { textContent: tell("mine") }), make(
      "ul", { className: "cards", ariaLabel: tell("mine") },
      ...patterns.map((pattern) => card(pattern, this.client))));
  }

  look() {
    clearTimeout(this.timer);
    if (!this.form.reportValidity()) return;
    const given = [...new FormData(this.form)].filter(([, value]) => value.trim() !== "");
    const address = `#/${given.length ? `?${new URLSearchParams(given)}` : ""}`;
    // The address can be shared; it is not a new page.
    history.replaceState(null, "", address);
    const params = Object.fromEntries(given.map(
      ([name, value]) => [name, numbers.has(name) ? Number(value) : value.trim()]));
    this.list?.close();
    this.list = new Endless(
      rows(this.client, "pattern.discover", { ...params, limit: 24 }, "patterns"),
      (pattern) => card(pattern, this.client),
      { className: "cards", empty: tell("noneFound"), label: tell("results") });
    this.found.replaceChildren(this.list.element);
  }

  close() {
    clearTimeout(this.timer);
    this.list?.close();
  }
}
