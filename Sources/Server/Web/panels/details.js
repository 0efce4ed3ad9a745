/** The dialog for what a pattern is called, and who finds it. @module */
import { button, field, make, tick } from "../dom.js";
import { say } from "./texts.js";

export class Details {
  /** @param {import("../studio.js").Studio} studio */
  constructor(studio) {
    this.studio = studio;
    this.title = make("input", { required: true, maxLength: 200 });
    this.description = make("textarea", { rows: 4, maxLength: 5_000 });
    this.isPublic = tick(say("public"));
    this.remove = button(say("deletePattern"), () => this.ask());
    const form = make("form", {}, field(say("field.title"), this.title),
      field(say("field.description"), this.description), this.isPublic,
      make("div", { className: "acts" },
        make("button", { className: "main", textContent: say("save") }),
        button(say("dismiss"), () => this.dialog.close()), this.remove));
    form.onsubmit = (event) => {
      event.preventDefault();
      this.save();
    };
    this.dialog = make("dialog", { ariaLabel: say("details") },
      make("h2", { textContent: say("details") }), form);
    document.body.append(this.dialog);
  }

  open() {
    const { room, pattern } = this.studio;
    this.title.value = room.document.title;
    this.description.value = room.document.description;
    const isOwner = room.role === "owner";
    this.isPublic.hidden = !isOwner;
    this.isPublic.firstChild.checked = pattern?.isPublic ?? false;
    this.remove.hidden = !isOwner;
    this.remove.textContent = say("deletePattern");
    this.dialog.showModal();
  }

  save() {
    const { studio } = this;
    const { room, client, id, pattern } = studio;
    const set = {};
    if (this.title.value !== room.document.title) set["/title"] = this.title.value;
    if (this.description.value !== room.document.description) {
      set["/description"] = this.description.value;
    }
    if (Object.keys(set).length) studio.edit({ set });
    const isPublic = this.isPublic.firstChild.checked;
    if (room.role === "owner" && pattern && isPublic !== pattern.isPublic) {
      studio.page.attempt(async () => {
        await client.write(isPublic ? "pattern.publish" : "pattern.unpublish", { pattern: id });
        await studio.refresh();
      });
    }
    this.dialog.close();
  }

  /** Asks once more in the button itself. */
  ask() {
    if (this.remove.textContent !== say("really")) {
      this.remove.textContent = say("really");
      return;
    }
    const { page, client, id } = this.studio;
    page.attempt(async () => {
      await client.write("pattern.delete", { pattern: id });
      page.go("#/");
    });
  }

  close() { this.dialog.remove(); }
}
