/** The dialog for signing in and registering. @module */
import { button, field, make, tick } from "../dom.js";
import { say } from "./texts.js";

export class SignIn {
  constructor(page) {
    this.page = page;
    const { session } = page;
    const input = (properties) => make("input", { required: true, ...properties });
    this.email = input({ type: "email", autocomplete: "username" });
    this.password = input({ type: "password", autocomplete: "current-password" });
    this.name = input({ autocomplete: "nickname", maxLength: 100 });
    this.nameField = field(say("name"), this.name);
    this.stay = tick(say("stay"));
    this.said = make("p", { className: "quiet" });
    this.said.setAttribute("role", "alert");
    this.send = make("button", { className: "main" });
    this.other = button("", () => this.show(!this.isNew));
    this.guest = button(say("asGuest"), () => {
      session.goAsGuest();
      this.close();
    });
    this.form = make("form", {}, this.nameField, field(say("email"), this.email),
      field(say("password"), this.password), this.stay, this.said,
      make("div", { className: "acts" }, this.send, this.other, this.guest,
        button(say("dismiss"), () => this.close())));
    this.title = make("h2", { id: "signInTitle" });
    this.dialog = make("dialog", { id: "account" }, this.title, this.form);
    this.dialog.setAttribute("aria-labelledby", "signInTitle");
    this.form.onsubmit = (event) => {
      event.preventDefault();
      this.try();
    };
    document.body.append(this.dialog);
  }

  open(isEnded = false) {
    this.show(false);
    this.guest.hidden = !isEnded;
    this.said.textContent = isEnded ? say("ended") : "";
    if (!this.dialog.open) this.dialog.showModal();
    this.email.focus();
  }

  close() { this.dialog.close(); }

  show(isNew) {
    this.isNew = isNew;
    this.nameField.hidden = !isNew;
    this.name.required = isNew;
    this.password.autocomplete = isNew ? "new-password" : "current-password";
    this.title.textContent = say(isNew ? "register" : "signIn");
    this.send.textContent = say(isNew ? "register" : "signIn");
    this.other.textContent = say(isNew ? "signIn" : "register");
    this.said.textContent = "";
  }

  async try() {
    const { session } = this.page;
    const isKept = this.stay.firstChild.checked;
    this.send.disabled = true;
    try {
      const [email, password] = [this.email.value, this.password.value];
      if (this.isNew) await session.register(email, password, this.name.value.trim(), isKept);
      else await session.signIn(email, password, isKept);
      this.password.value = "";
      this.page.notify();
      this.close();
    } catch ({ message, code }) {
      this.said.textContent = say("refused", { message: message || code });
    }
    this.send.disabled = false;
  }
}
