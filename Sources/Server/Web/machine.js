/**
 * The instruments of the shown machine as tiles.
 * @module
 */
import { instrumentPointer } from "./client/fields.js";
import { say } from "./texts.js";

const columns = 16;

/** An element with properties and children: text is text, never markup. */
export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

class Tile {
  constructor(flavor, instrument, edit, touch) {
    this.instrument = instrument;
    this.pointer = instrumentPointer(flavor, instrument.id);
    const set = (name, value) => edit({ set: { [`${this.pointer}/${name}`]: value } });
    this.toggle = make("button", { type: "button" });
    this.toggle.onclick = () => set("enabled", this.toggle.ariaPressed !== "true");
    this.program = make("select", {}, ...instrument.programs.map(
      ({ title }, index) => make("option", { value: index, textContent: title })));
    this.program.onchange = () => set("activeProgram", Number(this.program.value));
    this.volume = make("input", { type: "range", min: 0, max: 1, step: 0.01 });
    this.volume.oninput = () => set("volume", Number(this.volume.value));
    this.grid = make("div", { className: "grid", role: "img" });
    this.element = make("li", {},
      make("div", { className: "head" },
        make("h2", { textContent: instrument.title }), this.toggle),
      make("label", { textContent: say("program") }, this.program),
      make("label", { textContent: say("volume") }, this.volume), this.grid);
    this.element.classList.toggle("clave", instrument.id === "clave");
    this.element.addEventListener("focusin", () => touch(this.pointer));
  }

  show({ enabled, activeProgram, volume }, mayEdit) {
    const { title, programs } = this.instrument;
    this.toggle.ariaPressed = String(enabled);
    this.toggle.textContent = say(enabled ? "on" : "off");
    this.toggle.ariaLabel = `${title}: ${say(enabled ? "on" : "off")}`;
    this.program.value = activeProgram;
    this.program.ariaLabel = `${title}: ${say("program")}`;
    this.volume.value = volume;
    this.volume.ariaLabel = `${title}: ${say("volume")}`;
    for (const control of [this.toggle, this.program, this.volume]) control.disabled = !mayEdit;
    this.element.classList.toggle("off", !enabled);
    if (this.shown === activeProgram) return;
    this.shown = activeProgram;
    const { length, strokes } = programs[activeProgram];
    const cells = Array.from({ length: Math.max(length, columns) }, (_, step) => {
      const here = strokes.filter((stroke) => stroke.step === step % length);
      const loudest = Math.max(0, ...here.map(({ velocity }) => velocity));
      return make("i", { className: loudest > 0.5 ? "hit" : loudest ? "soft" : "" });
    });
    this.grid.replaceChildren(...cells);
    this.grid.ariaLabel = `${programs[activeProgram].title}: ${
      [...new Set(strokes.map(({ step }) => step + 1))].join(", ")}`;
    this.lit = null;
  }

  light(step) {
    this.lit?.classList.remove("now");
    this.lit = step === null ? null : this.grid.children[step % this.grid.children.length];
    this.lit?.classList.add("now");
  }
}

export class Machine {
  constructor(list, catalogue, edit, touch) {
    Object.assign(this, { list, catalogue, edit, touch, tiles: new Map(), key: "" });
  }

  flavor(id) { return this.catalogue.flavors.find((flavor) => flavor.id === id); }

  show(document, mayEdit, touched) {
    const { flavor } = document;
    const { instruments } = document.machines[flavor];
    const present = this.flavor(flavor).instruments.filter(({ id }) => instruments[id]);
    const key = `${flavor} ${present.map(({ id }) => id)}`;
    if (key !== this.key) {
      this.key = key;
      this.tiles = new Map(present.map((instrument) => [
        instrument.id, new Tile(flavor, instrument, this.edit, this.touch)]));
      this.list.replaceChildren(...[...this.tiles.values()].map(({ element }) => element));
    }
    for (const [id, tile] of this.tiles) {
      tile.show(instruments[id], mayEdit);
      tile.element.classList.toggle("touched", touched.some(
        (pointer) => pointer === tile.pointer || pointer.startsWith(`${tile.pointer}/`)));
    }
  }

  /** The n-th tile of the digit keys. */
  toggle(index) { [...this.tiles.values()][index]?.toggle.click(); }

  light(step) { for (const tile of this.tiles.values()) tile.light(step); }
}
