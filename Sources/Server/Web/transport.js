/** What the whole machine follows: play, tempo, key, flavor, the counts and the clave. @module */
import { button, choice, field, make } from "./dom.js";
import { say } from "./texts.js";

const notes = ["C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B"];
const tapGapMs = 2_000;
const tapsMax = 6;

/** The tempo of a hand that taps the counts: the mean of its last gaps. */
export class Taps {
  times = [];

  /** @returns {number | null} counts per minute */
  tap(ms) {
    if (ms - (this.times[this.times.length - 1] ?? -Infinity) > tapGapMs) this.times = [];
    this.times = [...this.times, ms].slice(-tapsMax);
    const gaps = this.times.length - 1;
    return gaps < 1 ? null : Math.round(60_000 * gaps / (this.times[gaps] - this.times[0]));
  }
}

export class Transport {
  /** @param {import("./studio.js").Studio} studio */
  constructor(studio) {
    this.studio = studio;
    const set = (name, value) => studio.edit(
      { set: { [`/machines/${studio.shown.flavor}/${name}`]: value } });
    this.taps = new Taps();
    this.play = button("", () => studio.play(), { id: "play" });
    this.play.setAttribute("aria-keyshortcuts", "Space");
    this.bpm = make("input", { id: "bpm", type: "range", min: 80, max: 250 });
    this.bpm.oninput = () => set("bpm", Number(this.bpm.value));
    this.bpmValue = make("b", { id: "bpmValue" });
    this.bpmValue.ariaHidden = "true";
    this.tapButton = button(say("tap"), () => this.tap(), { id: "tap", title: say("tapHint") });
    this.tapButton.setAttribute("aria-keyshortcuts", "T");
    this.key = choice(notes.map((note, index) => [index, note]), { id: "key" });
    this.key.onchange = () => set("keyNote", Number(this.key.value));
    this.flavor = choice(
      studio.page.catalogue.flavors.map(({ id }) => [id, id]), { id: "flavor" });
    this.flavor.onchange = () => studio.edit({ set: { "/flavor": this.flavor.value } });
    this.undo = button("↶", () => studio.reverse("undo"),
      { id: "undo", ariaLabel: say("undo"), title: say("undo") });
    this.undo.setAttribute("aria-keyshortcuts", "Control+Z");
    this.redo = button("↷", () => studio.reverse("redo"),
      { id: "redo", ariaLabel: say("redo"), title: say("redo") });
    this.redo.setAttribute("aria-keyshortcuts", "Control+Shift+Z");
    this.lead = make("p", { id: "lead", className: "quiet" });
    this.counts = make("ol", { id: "counts" });
    this.counts.ariaHidden = "true";
    this.clave = make("p", { id: "clave", className: "quiet" });
    const tempo = field(say("tempo"), this.bpm);
    tempo.className = "tempo";
    tempo.firstChild.append(" ", this.bpmValue);
    this.element = make("section", { id: "transport", ariaLabel: say("transport") },
      make("div", { className: "row" }, this.play, tempo, this.tapButton,
        field(say("key"), this.key), field(say("flavor"), this.flavor),
        make("div", { className: "pair" }, this.undo, this.redo)),
      this.lead, this.counts, this.clave);
  }

  tap() {
    if (this.bpm.disabled) return;
    const tapped = this.taps.tap(performance.now());
    if (tapped === null) return;
    const { flavor } = this.studio.shown;
    const { min, max } = this.studio.flavor(flavor).bpm;
    const bpm = Math.min(Math.max(tapped, min), max);
    this.studio.edit({ set: { [`/machines/${flavor}/bpm`]: bpm } });
  }

  show(document, mayEdit) {
    const { bpm, keyNote } = document.machines[document.flavor];
    const { room } = this.studio;
    this.bpm.value = bpm;
    this.bpmValue.textContent = bpm;
    this.key.value = keyNote;
    this.flavor.value = document.flavor;
    const mayTempo = mayEdit && !this.studio.isLocked("tempo");
    for (const control of [this.bpm, this.flavor, this.tapButton]) control.disabled = !mayTempo;
    this.key.disabled = !mayEdit;
    this.undo.disabled = !mayEdit || !room.canUndo;
    this.redo.disabled = !mayEdit || !room.canRedo;
    this.showCounts(document);
  }

  /** The dancers' counts, and where the clave falls in them. */
  showCounts(document) {
    const { counts, stepsPerCount, instruments } = this.studio.flavor(document.flavor);
    const clave = instruments.find(({ id }) => id === "clave");
    const program = clave?.programs[
      document.machines[document.flavor].instruments.clave?.activeProgram ?? 0];
    const key = `${document.flavor} ${program?.title}`;
    if (key === this.shown) return;
    this.shown = key;
    const strokes = new Set(program?.strokes.map(({ step }) => step));
    this.counts.replaceChildren(...Array.from({ length: counts }, (_, count) =>
      make("li", {}, make("b", { textContent: count + 1 }), make("span", {},
        ...Array.from({ length: stepsPerCount }, (__, part) => make("i", {
          className: strokes.has(count * stepsPerCount + part) ? "stroke" : "" }))))));
    // The side with two strokes comes first, or the one with three.
    const half = program?.length / 2;
    const first = program?.strokes.filter(({ step }) => step < half).length;
    this.clave.textContent = program ? `${program.title} ${first === 2 ? "2-3" : "3-2"}` : "";
    this.lit = null;
  }

  light(step) {
    const { counts } = this;
    const { stepsPerCount } = this.studio.flavor(this.studio.shown.flavor);
    const total = counts.children.length;
    const now = step === null ? null
      : counts.children[Math.floor(step / stepsPerCount) % total];
    if (now !== this.lit) {
      this.lit?.classList.remove("now");
      now?.classList.add("now");
      this.lit = now;
    }
    this.litStroke?.classList.remove("now");
    this.litStroke = now?.lastChild.children[step % stepsPerCount];
    this.litStroke?.classList.add("now");
  }

  showPlaying() {
    const { player, room } = this.studio;
    const isHeard = player.isPlaying && player.sound;
    const name = isHeard ? "stop" : player.isPlaying ? "listen" : "play";
    this.play.textContent = say(name);
    this.play.dataset.does = name;
    const { lead } = room.playing;
    const locks = lead?.locks?.map((lock) => say(`lock.${lock}`)).join(", ");
    this.lead.textContent = !lead ? ""
      : say(locks ? "leadsAndLocks" : "leads", { name: lead.name, locks });
  }
}
