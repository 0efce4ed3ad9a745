/** Tabs as in the ARIA Authoring Practices: arrows move, one is open. @module */
import { make } from "./dom.js";
import { say } from "./texts.js";

export class Tabs {
  constructor(panels, studio) {
    this.studio = studio;
    this.place = make("div", { id: "panel", tabIndex: 0 });
    this.place.setAttribute("role", "tabpanel");
    this.tabs = panels.map((panel) => {
      const tab = make("button", {
        type: "button", id: `tab-${panel.name}`, textContent: say(`tab.${panel.name}`) });
      tab.setAttribute("role", "tab");
      tab.setAttribute("aria-controls", "panel");
      tab.onclick = () => this.choose(panel, tab);
      return tab;
    });
    const list = make("div", { className: "tabs", ariaLabel: say("panels") }, ...this.tabs);
    list.setAttribute("role", "tablist");
    list.onkeydown = (event) => this.pressed(event);
    this.element = make("div", {}, list, this.place);
    this.choose(panels[0], this.tabs[0]);
  }

  pressed(event) {
    const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!way) return;
    event.preventDefault();
    const { length } = this.tabs;
    const next = (this.tabs.indexOf(document.activeElement) + way + length) % length;
    this.tabs[next].focus();
    this.tabs[next].click();
  }

  async choose(panel, tab) {
    if (this.chosen === tab) return;
    this.chosen = tab;
    for (const other of this.tabs) {
      other.ariaSelected = String(other === tab);
      other.tabIndex = other === tab ? 0 : -1;
    }
    this.place.setAttribute("aria-labelledby", tab.id);
    this.opened?.close();
    this.opened = null;
    const inside = make("div");
    this.place.replaceChildren(inside);
    const Panel = await panel.load();
    if (this.chosen === tab && !this.isClosed) this.opened = new Panel(inside, this.studio);
  }

  close() {
    this.isClosed = true;
    this.opened?.close();
  }
}
