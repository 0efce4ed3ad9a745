/**
 * The instruments of the shown machine as tiles.
 * @module
 */
import { instrumentPointer } from "./client/fields.js";
import { button, choice, make } from "./dom.js";
import { say } from "./texts.js";

export { make };

const columns = 16;

/** A program's strokes over its steps; how high a stroke stands is its pitch. */
class Grid {
  constructor() {
    this.element = make("div", { className: "grid" });
    this.element.setAttribute("role", "img");
  }

  show({ title, length, strokes }, stepsPerCount, counts) {
    const pitches = strokes.map(({ pitch }) => pitch);
    const [low, high] = [Math.min(...pitches), Math.max(...pitches)];
    this.element.replaceChildren(...Array.from({ length: Math.max(length, columns) },
      (_, step) => {
        const cell = make("i");
        if (step % stepsPerCount === 0) {
          cell.className = "count";
          cell.dataset.count = step / stepsPerCount % counts + 1;
        }
        for (const { pitch, velocity } of strokes.filter((one) => one.step === step % length)) {
          const stroke = make("b", { className: velocity > 0.5 ? "hit" : "soft" });
          stroke.style.setProperty("--pitch", high > low ? (pitch - low) / (high - low) : 0.5);
          cell.append(stroke);
        }
        return cell;
      }));
    this.element.ariaLabel = `${title}: ${
      [...new Set(strokes.map(({ step }) => step + 1))].join(", ")}`;
    this.lit = null;
  }

  light(step) {
    this.lit?.classList.remove("now");
    const { children } = this.element;
    this.lit = step === null ? null : children[step % children.length];
    this.lit?.classList.add("now");
    return this.lit?.firstChild != null;
  }
}

class Tile {
  /** @param {import("./studio.js").Studio} studio */
  constructor(studio, flavor, instrument, number) {
    const { id, title, programs, pitchOffset } = instrument;
    Object.assign(this, { studio, flavor, instrument, pointer: instrumentPointer(flavor.id, id) });
    const set = (name, value) => studio.edit({ set: { [`${this.pointer}/${name}`]: value } });
    const words = (name) => say(name, { name: title });
    this.toggle = make("button", { type: "button", className: "toggle", ariaLabel: title },
      make("kbd", { textContent: number < 10 ? (number + 1) % 10 : "" }),
      make("span", { textContent: title }));
    this.toggle.onclick = () => set("enabled", this.toggle.ariaPressed !== "true");
    this.program = choice(programs.map((program, index) => [index, program.title]),
      { ariaLabel: `${title}: ${say("program")}` });
    this.program.onchange = () => set("activeProgram", Number(this.program.value));
    this.volume = make("input", {
      type: "range", min: 0, max: 1, step: 0.01, ariaLabel: `${title}: ${say("volume")}` });
    this.volume.oninput = () => set("volume", Number(this.volume.value));
    this.mute = button(say("mute"), () => this.muteHere(),
      { ariaLabel: words("muteNamed"), title: words("muteNamed") });
    this.remove = button("×", () => studio.edit({ remove: [this.pointer] }),
      { className: "remove", ariaLabel: words("removeNamed"), title: words("removeNamed") });
    this.who = make("span", { className: "who" });
    this.grid = new Grid();
    this.element = make("li", { className: "tile" },
      make("div", { className: "head" }, this.toggle, this.who, this.remove),
      make("div", { className: "choices" }, this.program), this.grid.element,
      make("div", { className: "mix" }, this.volume, this.mute));
    this.element.dataset.instrument = id;
    this.element.style.setProperty("--index", flavor.instruments.indexOf(instrument));
    if (pitchOffset.max > pitchOffset.min) this.addPitch(set, pitchOffset);
    this.element.addEventListener("focusin", () => studio.touch(this.pointer));
    this.element.addEventListener("pointerdown", () => studio.touch(this.pointer));
  }

  /** In semitones from the usual, for whoever has a melody. */
  addPitch(set, { default: usual, min, max }) {
    this.pitch = choice(Array.from({ length: max - min + 1 }, (_, index) => {
      const offset = min + index - usual;
      return [min + index, offset > 0 ? `+${offset}` : offset];
    }).reverse(), { ariaLabel: `${this.instrument.title}: ${say("pitch")}`, title: say("pitch") });
    this.pitch.onchange = () => set("pitchOffset", Number(this.pitch.value));
    this.program.after(this.pitch);
  }

  muteHere() {
    const { id } = this.instrument;
    const { player } = this.studio;
    const { muted } = player.mine;
    player.setMine({ muted: muted.includes(id)
      ? muted.filter((other) => other !== id) : [...muted, id] });
    this.showMute();
  }

  showMute() {
    const isMuted = this.studio.player.mine.muted.includes(this.instrument.id);
    this.mute.ariaPressed = String(isMuted);
    this.element.classList.toggle("muted", isMuted);
  }

  show({ enabled, activeProgram, volume, pitchOffset }, mayEdit, touching) {
    this.toggle.ariaPressed = String(enabled);
    this.program.value = activeProgram;
    this.volume.value = volume;
    if (this.pitch) this.pitch.value = pitchOffset;
    for (const control of [this.toggle, this.program, this.volume, this.pitch]) {
      if (control) control.disabled = !mayEdit;
    }
    this.remove.hidden = !mayEdit;
    this.element.classList.toggle("off", !enabled);
    this.showMute();
    this.who.textContent = touching.map(({ name, role }) => name ?? say(role)).join(", ");
    this.element.classList.toggle("touched", touching.length > 0);
    this.element.style.setProperty("--hue", touching[0] ? hueOf(touching[0].member) : 0);
    if (this.shown === activeProgram) return;
    this.shown = activeProgram;
    const { programs } = this.instrument;
    this.grid.show(programs[activeProgram], this.flavor.stepsPerCount, this.flavor.counts);
  }

  light(step) {
    this.element.classList.toggle("struck", this.grid.light(step));
  }
}

/** The same colour of somebody for everybody: places in a room are numbered. */
export const hueOf = (member) => member * 137 % 360;

export class Machine {
  constructor(studio) {
    Object.assign(this, { studio, tiles: new Map(), key: "" });
    this.element = make("ul", { id: "machine", ariaLabel: say("instruments") });
    this.add = choice([], { ariaLabel: say("addInstrument") });
    this.add.onchange = () => {
      const { flavor } = studio.shown;
      studio.edit({ add: [instrumentPointer(flavor, this.add.value)] });
    };
    this.adding = make("li", { className: "tile add" },
      make("label", {}, make("span", { textContent: say("addInstrument") }), this.add));
  }

  show(document, mayEdit, members) {
    const flavor = this.studio.flavor(document.flavor);
    const { instruments } = document.machines[document.flavor];
    const present = flavor.instruments.filter(({ id }) => instruments[id]);
    const absent = flavor.instruments.filter(({ id }) => !instruments[id]);
    const key = `${document.flavor} ${present.map(({ id }) => id)}`;
    if (key !== this.key) {
      this.key = key;
      const former = this.tiles;
      this.tiles = new Map(present.map((instrument, number) => {
        const known = former.get(instrument.id);
        // A tile that stays keeps its focus.
        if (known?.flavor === flavor) {
          known.toggle.firstChild.textContent = number < 10 ? (number + 1) % 10 : "";
          return [instrument.id, known];
        }
        return [instrument.id, new Tile(this.studio, flavor, instrument, number)];
      }));
      const wanted = [...this.tiles.values()].map(({ element }) => element);
      for (const element of [...this.element.children]) {
        if (!wanted.includes(element)) element.remove();
      }
      for (const [index, element] of wanted.entries()) {
        const here = this.element.children[index];
        if (here !== element) this.element.insertBefore(element, here ?? null);
      }
      this.add.replaceChildren(make("option", { value: "", textContent: "+" }),
        ...absent.map(({ id, title }) => make("option", { value: id, textContent: title })));
      this.element.append(this.adding);
    }
    this.adding.hidden = !mayEdit || !absent.length;
    this.add.value = "";
    for (const [id, tile] of this.tiles) {
      tile.show(instruments[id], mayEdit, members.filter(({ touching }) =>
        touching === tile.pointer || touching?.startsWith(`${tile.pointer}/`)));
    }
  }

  /** The n-th tile of the digit keys. */
  toggle(index) { [...this.tiles.values()][index]?.toggle.click(); }

  light(step) { for (const tile of this.tiles.values()) tile.light(step); }
}
