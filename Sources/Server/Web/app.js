/**
 * The page's frame. Where what goes:
 *
 * - `views.js`: what the address shows, one module each. A view gets the `Page`: `client`,
 *   `session` (user, preferences), `catalogue`, `notify(name)`, `attempt(work)`, `go(address)`.
 * - `studio.js`: the pattern itself, with `transport.js` (tempo, counts), `machine.js` (tiles),
 *   `player.js` and `sound.js` (what is heard).
 * - `panels/`: what is loaded when it is opened, beside the pattern or instead of it.
 * - `bar.js`: the top bar, with places for the inbox and who is signed in.
 * - `texts.js`, `panels/texts.js`, `panels/words.js`: the words.
 * @module
 */
import { Bar } from "./bar.js";
import { SalsaClient } from "./client.js";
import { Session, keptToken } from "./session.js";
import { language, say } from "./texts.js";
import { Views, route } from "./views.js";

const element = (id) => document.getElementById(id);

/** `beats.json` as the catalogue that it is. */
function unfold(catalogue) {
  for (const { instruments } of catalogue.flavors) {
    for (const program of instruments.flatMap(({ programs }) => programs)) {
      program.strokes = program.strokes.map(
        ([step, pitch = 0, velocity = 1]) => ({ step, pitch, velocity }));
    }
  }
  return catalogue;
}

export async function start({ server = location.origin } = {}) {
  document.documentElement.lang = language;
  for (const place of document.querySelectorAll("[data-text]")) {
    place.textContent = say(place.dataset.text);
  }
  const response = await fetch("beats.json");
  return new Page(server, unfold(await response.json()));
}

export class Page {
  constructor(server, catalogue) {
    this.catalogue = catalogue;
    this.client = new SalsaClient({ server, token: keptToken() });
    this.session = new Session(this.client);
    this.views = new Views(element("main"), this);
    this.bar = new Bar(this);
    this.session.addEventListener("preferences", () => this.dress());
    this.session.addEventListener("user", () => this.userChanged());
    this.client.addEventListener("state", () => this.showState());
    element("dismiss").onclick = () => this.notify();
    addEventListener("hashchange", () => this.enter());
    this.dress();
    this.client.connect();
    this.enter();
  }

  get user() { return this.client.user; }

  /** Colours and looks, as the person likes them. */
  dress() {
    const { theme, useGlassUI, showBeatNumbers } = this.session.preferences;
    const { classList, dataset } = document.documentElement;
    dataset.theme = theme;
    classList.toggle("glass", useGlassUI);
    classList.toggle("numbers", showBeatNumbers);
  }

  go(address) { location.hash = address; }

  /** What one sees differs from what another does: the view begins again, but for rooms. */
  userChanged() {
    if (!this.view?.userChanged?.()) this.enter();
  }

  get view() { return this.views.view; }

  async enter() {
    const place = route();
    this.notify();
    this.bar.showPlace(place.name);
    this.views.close();
    this.showState();
    document.title = "SalsaNor live";
    // Only a room can be shown before it is known who this is.
    if (place.name === "p" || this.session.met !== undefined) await this.views.open(place);
    this.showState();
  }

  /** Says something to everybody, also to who does not see it; nothing takes it away. */
  notify(name, values) {
    element("noticeText").textContent = name ? say(name, values) : "";
    element("notice").hidden = !name;
  }

  /** Tries what a hand asked for; a refusal is shown. */
  async attempt(work) {
    try {
      return await work();
    } catch ({ message, code, path }) {
      this.notify("failed", { message: message || code, path });
      return undefined;
    }
  }

  /** One line that is always true: the view knows best. */
  showState() {
    const { client } = this;
    const text = client.state === "stopped" ? say("stopped", { reason: client.reason })
      : this.view?.state ?? say(client.state === "online" ? "online" : "connecting");
    // Said again only when it is something else.
    if (element("status").textContent !== text) element("status").textContent = text;
    element("status").dataset.state = client.state !== "online" ? "away"
      : this.view?.isWaiting ? "waiting" : "well";
  }
}
