/**
 * The beat machine: one room, seen and heard.
 * @module
 */
import { SalsaClient, uuid } from "./client.js";
import { partsAt, partsPerStep, stepsBetween } from "./client/beat.js";
import { Machine, make } from "./machine.js";
import { Sound } from "./sound.js";
import { language, say } from "./texts.js";
import { Views, route } from "./views.js";

const notes = ["C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B"];
const tokenKey = "salsanor.token";
/** Sounds are scheduled so far ahead: a busy page may miss a turn and nothing is heard of it. */
const aheadMs = 150;
const turnMs = 50;
const quantum = 32;
const element = (id) => document.getElementById(id);

export async function start({ server = location.origin, catalogue = "catalogue.json" } = {}) {
  document.documentElement.lang = language;
  for (const place of document.querySelectorAll("[data-text]")) {
    place.textContent = say(place.dataset.text);
  }
  const response = await fetch(catalogue);
  return new Page(server, await response.json());
}

class Page {
  constructor(server, catalogue) {
    this.catalogue = catalogue;
    this.lastStep = -1;
    this.client = new SalsaClient({ server, token: sessionStorage.getItem(tokenKey) });
    const edit = (content) => this.room?.edit(content);
    this.edit = edit;
    this.touch = (pointer) => this.room?.touch(pointer);
    this.machine = new Machine(element("machine"), catalogue, edit, this.touch);
    this.listen();
    this.views = new Views(element("view"), this);
    this.client.addEventListener("state", () => this.showState());
    this.client.addEventListener("state", () => this.showAccount());
    this.client.addEventListener("signin", () => {
      this.keep(null);
      this.client.setToken(null);
    });
    this.client.connect();
    this.enter();
    addEventListener("hashchange", () => this.enter());
  }

  get shown() { return this.room?.document.machines ? this.room.document : null; }

  get mayEdit() { return this.room?.mayEdit ?? false; }

  /** What the address names. */
  enter() {
    const place = route();
    const { name, id } = place;
    this.room?.leave();
    this.fare?.close();
    Object.assign(this, { room: null, fare: null });
    element("notice").textContent = "";
    element("room").hidden = name !== "p";
    globalThis.document.title = "SalsaNor live";
    for (const each of element("nav").children) {
      each.ariaCurrent = name !== "p" && each.hash === `#/${name}` ? "page" : null;
    }
    this.views.open(place);
    if (name === "p") this.join(id);
  }

  join(id) {
    const room = this.client.join(id);
    this.room = room;
    import("./panels/fare.js").then(({ Fare }) => {
      if (this.room === room) this.fare = new Fare(element("fare"), element("side"), this, id);
    });
    room.addEventListener("change", () => this.show());
    room.addEventListener("members", () => this.show());
    room.addEventListener("pending", () => this.showState());
    room.addEventListener("playing", () => this.followBeat());
    room.addEventListener("refused", ({ detail }) => this.notify("refused", detail));
    room.addEventListener("skipped", ({ detail }) => this.notify("skipped", detail));
    room.addEventListener("left", ({ detail }) => this.notify("left", detail));
  }

  notify(name, values) { element("notice").textContent = say(name, values); }

  keep(token) {
    if (token) sessionStorage.setItem(tokenKey, token);
    else sessionStorage.removeItem(tokenKey);
  }

  listen() {
    const set = (name, value) => {
      const { flavor } = this.shown;
      this.edit({ set: { [`/machines/${flavor}/${name}`]: value } });
    };
    element("bpm").oninput = ({ target }) => set("bpm", Number(target.value));
    element("key").append(...notes.map(
      (name, index) => make("option", { value: index, textContent: name })));
    element("key").onchange = ({ target }) => set("keyNote", Number(target.value));
    element("flavor").append(...this.machine.catalogue.flavors.map(
      ({ id }) => make("option", { value: id, textContent: id })));
    element("flavor").onchange = ({ target }) => this.edit({ set: { "/flavor": target.value } });
    element("play").onclick = () => this.play();
    element("undo").onclick = () => this.reverse("undo");
    element("redo").onclick = () => this.reverse("redo");
    element("account").onsubmit = async (event) => {
      event.preventDefault();
      try {
        const { token } = await this.client.signIn(
          element("email").value, element("password").value);
        this.keep(token);
        element("password").value = "";
        element("notice").textContent = "";
      } catch ({ message }) {
        this.notify("refused", { message });
      }
    };
    element("signOut").onclick = async () => {
      this.keep(null);
      await this.client.request("account.signOut", { opId: uuid() }).catch(() => {});
      this.client.setToken(null);
    };
    addEventListener("keydown", (event) => this.pressed(event));
  }

  pressed(event) {
    const isTyping = event.target.matches("input:not([type=range]), textarea");
    if (isTyping || event.altKey) return;
    if (event.ctrlKey || event.metaKey) {
      if (event.key.toLowerCase() !== "z") return;
      this.reverse(event.shiftKey ? "redo" : "undo");
    } else if (event.key === " " && !event.target.matches("button")) this.play();
    else if (/^[0-9]$/.test(event.key) && !event.target.matches("select")) {
      this.machine.toggle((Number(event.key) + 9) % 10);
    } else return;
    event.preventDefault();
  }

  reverse(way) {
    const done = this.room?.[way]();
    if (done?.skipped.length) this.notify("skipped", { paths: done.skipped.join(", ") });
  }

  // What is seen

  show() {
    const document = this.shown;
    if (!document) return;
    const { mayEdit, room } = this;
    const { bpm, keyNote, instruments } = document.machines[document.flavor];
    globalThis.document.title = `${document.title} · SalsaNor live`;
    element("title").textContent = document.title;
    element("bpm").value = bpm;
    element("bpmValue").textContent = bpm;
    element("bpm").ariaLabel = say("tempo");
    element("key").value = keyNote;
    element("flavor").value = document.flavor;
    for (const id of ["bpm", "key", "flavor"]) element(id).disabled = !mayEdit;
    element("undo").disabled = !room.canUndo;
    element("redo").disabled = !room.canRedo;
    const touched = room.members.filter(({ member }) => member !== room.member)
      .map(({ touching }) => touching).filter(Boolean);
    this.machine.show(document, mayEdit, touched);
    const flavor = this.machine.flavor(document.flavor);
    if (element("counts").children.length !== flavor.counts) {
      element("counts").replaceChildren(...Array.from(
        { length: flavor.counts }, (_, index) => make("li", { textContent: index + 1 })));
    }
    element("people").replaceChildren(...room.members.map(
      ({ name, role }) => make("li", { textContent: name ?? role })));
    element("people").ariaLabel = say("people", { count: room.memberCount });
    if (this.sound) {
      for (const [id, { enabled, volume }] of Object.entries(instruments)) {
        this.sound.setLevel(id, enabled ? volume : 0);
      }
    }
    this.followBeat();
  }

  /** Who is signed in, as far as it is known: nothing flickers while it is not. */
  async showAccount() {
    const { state, user } = this.client;
    if (state !== "online") return;
    element("account").hidden = user !== null;
    element("signOut").hidden = user === null;
    element("feed").hidden = user === null;
    if (user && !this.badge) {
      const { Badge } = await import("./panels/inbox.js");
      this.badge ??= new Badge(element("inbox"), this.client);
    }
    const { name } = route();
    if (this.shownUser !== user?.id && name !== "p") this.enter();
    this.shownUser = user?.id;
  }

  showState() {
    const { room } = this;
    let text = say("connecting");
    if (room && !room.isLive && room.pendingCount) {
      text = say("offline", { count: room.pendingCount });
    } else if (room?.isLive) {
      text = say(room.pendingCount ? "saving" : room.mayEdit ? "saved" : "listening");
    }
    element("status").textContent = text;
  }

  // What is heard

  get isPlaying() { return (this.room?.playing.segments.length ?? 0) > 0; }

  /** Browsers let a page sound after a gesture only: this is one. */
  play() {
    if (!this.room) return;
    const isListening = this.isPlaying && !this.sound;
    if (!this.sound || !this.isPlaying) this.fare?.played();
    this.sound ??= new Sound();
    this.sound.context.resume();
    this.client.wantClock();
    this.show();
    if (!this.mayEdit || isListening) return;
    const isEnding = this.room.playing.endStep !== undefined;
    this.client.call("room.transport", {
      room: this.room.id, playing: !this.isPlaying || isEnding, soon: true,
    }).catch(({ message }) => this.notify("refused", { message }));
  }

  followBeat() {
    element("play").textContent = say(
      !this.isPlaying ? "play" : this.sound ? "stop" : "listen");
    if (!this.isPlaying || this.turning) return;
    this.client.wantClock();
    this.turning = setInterval(() => this.turn(), turnMs);
  }

  turn() {
    const nowMs = this.client.serverTimeMs;
    const { playing } = this.room ?? {};
    const parts = nowMs === undefined ? null : partsAt(playing, nowMs);
    const step = parts === null ? null : Math.floor(parts / partsPerStep);
    if (step !== this.step) this.light(step);
    const hasEnded = parts === null && !(playing?.segments[0]?.fromMs > nowMs);
    if (nowMs !== undefined && hasEnded) {
      clearInterval(this.turning);
      this.turning = null;
      element("play").textContent = say("play");
      return;
    }
    if (nowMs === undefined || this.sound?.context.state !== "running") return;
    const [{ fromMs, step: first, part }] = playing.segments;
    if (first === 0 && part === 0 && fromMs !== this.startedMs) {
      this.startedMs = fromMs;
      this.lastStep = -1;
    }
    const shiftMs = performance.now() - nowMs;
    for (const next of stepsBetween(playing, nowMs, nowMs + aheadMs)) {
      // Each sounds once, also when the tempo moved it meanwhile.
      if (next.step <= this.lastStep) continue;
      this.lastStep = next.step;
      this.strike(next, this.sound.audioTime(next.ms + shiftMs), playing.solo);
    }
  }

  strike({ step, flavor }, at, solo) {
    const { keyNote, instruments } = this.shown.machines[flavor];
    const machine = this.machine.flavor(flavor);
    for (const { id, keyed, programs } of machine.instruments) {
      const values = instruments[id];
      if (!values?.enabled || (solo && !solo.includes(id))) continue;
      const { length, strokes } = programs[values.activeProgram];
      for (const stroke of strokes) {
        if (stroke.step !== step % quantum % length) continue;
        const note = keyed ? values.pitchOffset + keyNote + stroke.pitch : 0;
        this.sound.strike(id, stroke, at, note);
      }
    }
  }

  light(step) {
    this.step = step;
    this.machine.light(step === null ? null : step % quantum);
    const counts = element("counts").children;
    const stepsPerCount = this.shown
      ? this.machine.flavor(this.shown.flavor).stepsPerCount : 2;
    const now = step === null ? -1 : Math.floor(step / stepsPerCount) % counts.length;
    for (const [index, count] of [...counts].entries()) {
      count.classList.toggle("now", index === now);
    }
  }
}
