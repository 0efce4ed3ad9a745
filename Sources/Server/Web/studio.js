/**
 * One pattern: its room, seen and heard, with panels beside it.
 * Events: `pattern` (what stands around the document), `shown`.
 * @module
 */
import { button, choice, field, make } from "./dom.js";
import { Machine } from "./machine.js";
import { Player } from "./player.js";
import { say } from "./texts.js";
import { Tabs } from "./tabs.js";
import { Transport } from "./transport.js";
import { nameOf } from "./words.js";

const retouchMs = 4_000;

/** The tabs beside the pattern: each `new Panel(place, studio)` with `close()`. */
const panels = [
  { name: "people", load: async () => (await import("./panels/people.js")).People },
  { name: "history", load: async () => (await import("./panels/history.js")).History },
];

export class Studio extends EventTarget {
  constructor(place, page, id) {
    super();
    Object.assign(this, { place, page, id, client: page.client, pattern: null, preview: null });
    this.room = page.client.join(id);
    this.player = new Player(this);
    this.transport = new Transport(this);
    this.machine = new Machine(this);
    this.title = make("h1", { textContent: say("opening") });
    this.about = make("p", { className: "about" });
    this.heard = make("p", { className: "preview", hidden: true });
    this.heard.setAttribute("role", "status");
    this.fork = button(say("fork"), () => this.saveAsFork());
    this.change = button(say("details"), () => this.showDetails());
    this.present = make("ul", { id: "present", ariaLabel: say("people") });
    this.tabs = new Tabs(panels, this);
    this.fareBar = make("div", { id: "fare" });
    this.side = make("section", { id: "side", hidden: true });
    this.work = make("div", { className: "work", hidden: true },
      make("header", { className: "headline" }, make("div", {}, this.title, this.about),
        this.present, make("div", { className: "acts" }, this.change, this.fork)),
      this.fareBar, this.transport.element, this.heard, this.machine.element,
      this.ownSettings());
    this.place.className = "studio";
    this.aside = make("aside", { ariaLabel: say("panels"), hidden: true }, this.side,
      this.tabs.element);
    place.append(this.work, this.aside);
    import("./panels/fare.js").then(({ Fare }) => {
      if (!this.isClosed) this.fare = new Fare(this.fareBar, this.side, page, id);
    });
    this.abort = new AbortController();
    const { signal } = this.abort;
    const on = (name, act) => this.room.addEventListener(name, act, { signal });
    on("change", () => this.showSoon());
    on("members", () => this.showSoon());
    on("pending", () => page.showState());
    on("playing", () => {
      if (!this.player.local) this.player.follow();
      this.showSoon();
    });
    on("refused", ({ detail }) => this.refused(detail));
    on("skipped", ({ detail }) => this.skipped(detail.paths));
    on("left", ({ detail }) => {
      this.hasLeft = true;
      page.notify("left", detail);
      page.showState();
    });
    page.session.addEventListener("preferences", () => this.player.setLevels(), { signal });
    addEventListener("keydown", (event) => this.pressed(event), { signal });
    this.room.joined.then(() => this.entered(), () => {});
    this.show();
  }

  /** What is shown and played: an earlier version while one listens to it. */
  get shown() {
    return this.preview?.document ?? (this.room.document.machines ? this.room.document : null);
  }

  get mayEdit() { return this.room.mayEdit && !this.preview && !this.hasLeft; }

  get isWaiting() { return this.room.pendingCount > 0; }

  /** For the status line. */
  get state() {
    const { room } = this;
    if (this.hasLeft) return say("outside");
    if (!room.isLive) {
      return room.pendingCount ? say("offline", { count: room.pendingCount })
        : say(room.document.machines ? "offlineNone" : "connecting");
    }
    return say(room.pendingCount ? "saving" : room.mayEdit ? "saved" : "listening");
  }

  flavor(id) { return this.page.catalogue.flavors.find((flavor) => flavor.id === id); }

  /** Rooms take up who somebody is by themselves, unless they had sent them out. */
  userChanged() {
    if (this.hasLeft) return false;
    this.refresh();
    return true;
  }

  async entered() {
    this.work.hidden = false;
    this.aside.hidden = false;
    this.show();
    this.refresh();
    this.playAtOnce();
    const { signal } = this.abort;
    // Presence is of this moment: a hand that rests touches nothing any more.
    addEventListener("pointerup", () => {
      clearTimeout(this.untouch);
      this.untouch = setTimeout(() => this.room.touch(null), retouchMs);
    }, { signal });
  }

  /** What stands around the document: whose it is, whether it is public. */
  async refresh() {
    try {
      this.pattern = (await this.client.call("pattern.get", { pattern: this.id })).pattern;
      this.dispatchEvent(new Event("pattern"));
      this.show();
    } catch {
      // The room says by itself what is wrong.
    }
  }

  /** When the person likes that: at once, or with the first gesture, which browsers want. */
  playAtOnce() {
    if (!this.page.session.preferences.autoPlay) return;
    const { signal } = this.abort;
    const begin = () => {
      done.abort();
      if (!this.player.sound) this.play();
    };
    const done = new AbortController();
    signal.addEventListener("abort", () => done.abort());
    if (navigator.userActivation?.hasBeenActive) begin();
    else {
      for (const name of ["pointerup", "keyup"]) {
        addEventListener(name, begin, { signal: done.signal, capture: true });
      }
    }
  }

  // What a hand does

  edit(content) {
    if (this.mayEdit) this.room.edit(content);
  }

  touch(pointer) {
    clearTimeout(this.untouch);
    this.room.touch(pointer);
  }

  /** Whether somebody else keeps it to themselves. */
  isLocked(lock) {
    const { lead } = this.room.playing;
    return (lead?.locks?.includes(lock) ?? false) && lead.member !== this.room.member;
  }

  get mayStart() {
    const { room } = this;
    const leads = room.playing.lead && room.playing.lead.member === room.member;
    return room.isLive && (leads || (room.mayEdit && !this.isLocked("start")));
  }

  play() {
    const { player } = this;
    const wasSilent = !player.sound;
    if (wasSilent || !player.isPlaying) this.fare?.played();
    player.wake();
    if (player.local) player.alone(false);
    else if (this.preview) player.alone(true);
    // What the others play is joined first, and stopped by a second press.
    else if (player.isPlaying && wasSilent) player.follow();
    else if (this.mayStart) {
      const { playing } = this.room;
      const isEnding = playing.endStep !== undefined;
      this.page.attempt(() => this.client.call("room.transport", {
        room: this.id, playing: !player.isPlaying || isEnding, soon: true }));
    } else if (player.isPlaying) {
      // Nobody else's beat stops: only it is not heard here.
      player.silence();
    } else player.alone(true);
    this.showSoon();
  }

  reverse(way) {
    const done = this.mayEdit ? this.room[way]() : null;
    if (done?.skipped.length) this.skipped(done.skipped);
  }

  /** An earlier version, heard here alone; null is how it is now. */
  listenTo(preview) {
    this.preview = preview;
    if (preview) {
      this.player.wake();
      this.player.alone(true);
    } else this.player.alone(false);
    this.heard.hidden = !preview;
    this.heard.replaceChildren(...(preview ? [
      say("hearEarlier", { name: preview.name }), " ",
      button(say("backToNow"), () => this.listenTo(null))] : []));
    this.show();
  }

  async showDetails() {
    const { Details } = await import("./panels/details.js");
    this.details ??= new Details(this);
    this.details.open();
  }

  saveAsFork() {
    if (!this.page.user) {
      this.page.bar.askWho();
      return;
    }
    this.page.attempt(async () => {
      const { pattern } = await this.client.write("pattern.fork", { pattern: this.id });
      this.page.go(`#/p/${pattern.id}`);
    });
  }

  pressed(event) {
    const { target, key, ctrlKey, metaKey, altKey, shiftKey } = event;
    const isTyping = target.matches("input:not([type=range], [type=checkbox]), textarea");
    if (isTyping || altKey || target.closest("dialog")) return;
    if (ctrlKey || metaKey) {
      if (key.toLowerCase() === "z") this.reverse(shiftKey ? "redo" : "undo");
      else return;
    } else if (key === " " && !target.matches("button, summary, a, [type=checkbox]")) this.play();
    else if (/^[0-9]$/.test(key) && !target.matches("select")) {
      this.machine.toggle((Number(key) + 9) % 10);
    } else if (key.toLowerCase() === "t" && !target.matches("select")) this.transport.tap();
    else return;
    event.preventDefault();
  }

  /** Volume, latency and the voice that counts: for oneself. */
  ownSettings() {
    const { player } = this;
    const volume = make("input", { type: "range", min: 0, max: 1, step: 0.01 });
    volume.value = player.volume;
    volume.oninput = () => player.setMine({ volume: Number(volume.value) });
    const nudge = make("input", { type: "number", min: -500, max: 500, step: 5,
      inputMode: "numeric", value: player.mine.nudgeMs });
    nudge.onchange = () => player.setMine(
      { nudgeMs: Math.min(Math.max(Number(nudge.value) || 0, -500), 500) });
    const voice = choice(
      ["beep", "speak", "none"].map((name) => [name, say(`voice.${name}`)]));
    voice.value = player.mine.voice;
    voice.onchange = () => player.setMine({ voice: voice.value });
    this.ownVolume = volume;
    return make("details", { className: "own" },
      make("summary", { textContent: say("justForMe") }),
      make("div", { className: "row" }, field(say("myVolume"), volume),
        field(say("nudge"), nudge), field(say("countVoice"), voice)),
      make("p", { className: "quiet", textContent: say("nudgeHint") }),
      make("p", { className: "quiet", textContent: say("keysHint") }));
  }

  // What is seen

  refused({ message, code, paths, value, allowed }) {
    this.page.notify("refusedEdit", {
      what: paths.map((path) => nameOf(path, this.page.catalogue)).join(", "),
      message: message || code, value: value ?? "–", allowed: allowed ?? "–" });
  }

  skipped(paths) {
    this.page.notify("skipped", {
      paths: paths.map((path) => nameOf(path, this.page.catalogue)).join(", ") });
  }

  /** Many people edit: what they do within one frame is drawn once. */
  showSoon() {
    if (this.isAsked) return;
    this.isAsked = true;
    const draw = () => {
      if (!this.isAsked) return;
      this.isAsked = false;
      this.show();
    };
    // Nothing is painted in the background, but what sounds still follows.
    if (document.hidden) queueMicrotask(draw);
    else requestAnimationFrame(draw);
  }

  show() {
    const { shown, mayEdit, room, page, pattern } = this;
    page.showState();
    if (!shown || this.isClosed) return;
    document.title = `${shown.title} · SalsaNor live`;
    this.title.textContent = shown.title;
    const privacy = pattern && !pattern.isPublic ? say("private") : "";
    this.about.textContent = [privacy, shown.description].filter(Boolean).join(" · ");
    this.transport.show(shown, mayEdit);
    this.machine.show(shown, mayEdit, room.members.filter(
      ({ member }) => member !== room.member));
    this.showPresent();
    this.change.hidden = !mayEdit;
    this.player.reanchor();
    this.player.setLevels();
    this.player.follow();
    this.dispatchEvent(new Event("shown"));
  }

  showPresent() {
    const { room } = this;
    const key = JSON.stringify([room.member, room.memberCount, room.members.map(
      ({ member, name, role }) => [member, name, role])]);
    if (key === this.presentKey) return;
    this.presentKey = key;
    const shownMax = 8;
    const faces = room.members.slice(0, shownMax).map(({ member, name, role }) => {
      const text = name ?? say(role);
      const face = make("li", { title: text, className: member === room.member ? "self" : "" },
        make("span", { textContent: [...text][0] ?? "?", ariaHidden: "true" }),
        make("span", { className: "unseen", textContent: text }));
      face.style.setProperty("--hue", member * 137 % 360);
      return face;
    });
    const others = room.memberCount - faces.length;
    if (others > 0) faces.push(make("li", { textContent: `+${others}` }));
    this.present.replaceChildren(...faces);
    this.present.ariaLabel = say("peopleHere", { count: room.memberCount });
  }

  showPlaying() { this.transport.showPlaying(); }

  light(step) {
    if (!this.shown) return;
    const shown = step === null ? null : step % 32;
    this.machine.light(shown);
    this.transport.light(shown);
  }

  close() {
    this.isClosed = true;
    this.abort.abort();
    clearTimeout(this.untouch);
    this.tabs.close();
    this.player.close();
    this.details?.close();
    this.fare?.close();
    this.room.leave();
  }
}
