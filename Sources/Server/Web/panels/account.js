/** The account and how one likes things; without an account, the latter of this browser. @module */
import { button, choice, field, make, tick } from "../dom.js";
import { languages } from "../texts.js";
import { language, say } from "./texts.js";

const notes = ["C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B"];
const titled = (name, ...children) => make("section", { className: "card-like" },
  make("h2", { textContent: say(name) }), ...children);

export class Account {
  /** @param {Element} place @param {import("../app.js").Page} page */
  constructor(place, page) {
    Object.assign(this, { page, session: page.session });
    this.said = make("p", { className: "quiet" });
    this.said.setAttribute("role", "status");
    this.liking = titled("preferences");
    this.rest = make("div", { className: "sections" });
    place.className = "account";
    place.append(make("h1", { textContent: say("account") }), this.said, this.liking, this.rest);
    this.listener = () => this.showPreferences();
    this.session.addEventListener("preferences", this.listener);
    this.showPreferences();
    if (page.user) this.load();
  }

  /** Does it and says so; a refusal is shown. */
  async act(work) {
    this.said.textContent = "";
    const done = await this.page.attempt(async () => {
      await work();
      return true;
    });
    if (done) this.said.textContent = say("saved");
  }

  write(method, params) { return this.page.client.write(method, params); }

  showPreferences() {
    const { preferences } = this.session;
    const key = JSON.stringify(preferences);
    if (key === this.shown) return;
    this.shown = key;
    const held = document.activeElement?.name;
    const save = (name, value) => this.act(() => this.session.setPreferences({ [name]: value }));
    const box = (name, text) => tick(say(text), {
      name, checked: preferences[name], onchange: ({ target }) => save(name, target.checked) });
    const chosen = (name, text, options, read = String) => {
      const control = choice(options, {
        name, onchange: ({ target }) => save(name, read(target.value)) });
      control.value = preferences[name];
      return field(say(text), control);
    };
    const volume = make("input", { name: "defaultVolume", type: "range", min: 0, max: 1,
      step: 0.01, onchange: ({ target }) => save("defaultVolume", Number(target.value)) });
    volume.value = preferences.defaultVolume;
    const bpm = make("input", { name: "defaultBpm", type: "number", min: 80, max: 250,
      required: true, value: preferences.defaultBpm, onchange: ({ target }) =>
        target.reportValidity() && save("defaultBpm", Number(target.value)) });
    this.liking.replaceChildren(make("h2", { textContent: say("preferences") }),
      ...(this.page.user ? []
        : [make("p", { className: "quiet", textContent: say("preferencesGuest") })]),
      make("div", { className: "row" },
        chosen("theme", "theme", ["auto", "light", "dark"].map((one) => [one, say(one)])),
        chosen("language", "language", Object.entries(languages)),
        field(say("defaultVolume"), volume)),
      box("autoPlay", "autoPlay"), box("showBeatNumbers", "beatNumbers"),
      box("useGlassUI", "glass"),
      make("h3", { textContent: say("forNew") }),
      make("div", { className: "row" },
        chosen("defaultFlavor", "flavor", this.page.catalogue.flavors.map(({ id }) => [id, id])),
        field(say("tempo"), bpm),
        chosen("defaultKeyNote", "key", notes.map((note, index) => [index, note]), Number)),
      ...(this.page.user ? [box("notificationsEnabled", "notify"),
        box("emailNotifications", "mailMe")] : []));
    if (!(preferences.language in languages)) {
      this.liking.querySelector("[name=language]").value = language;
    }
    if (held) this.liking.querySelector(`[name=${held}]`)?.focus();
  }

  async load() {
    await this.page.attempt(async () => {
      const { client } = this.page;
      const [{ account }, { sessions }] = await Promise.all(
        [client.call("account.get"), client.call("account.sessions")]);
      this.rest.replaceChildren(this.profile(account), this.sessions(sessions),
        ...(account.hasPassword ? [this.password()] : []), this.leaving(account));
    });
  }

  profile({ displayName, bio, email }) {
    const name = make("input", { value: displayName, required: true, maxLength: 100 });
    const about = make("textarea", { value: bio ?? "", rows: 3, maxLength: 500 });
    const form = make("form", {}, make("p", { className: "quiet", textContent: email }),
      field(say("name"), name), field(say("bio"), about),
      make("div", { className: "acts" },
        make("button", { className: "main", textContent: say("save") })));
    form.onsubmit = (event) => {
      event.preventDefault();
      this.act(() => this.write("account.update",
        { displayName: name.value, bio: about.value || null }));
    };
    return titled("profile", form);
  }

  sessions(sessions) {
    const { page } = this;
    return titled("sessions", make("ul", { className: "members" },
      ...sessions.map(({ id, agent, address, isCurrent, current = isCurrent }) => make("li", {},
        make("span", { textContent: `${(agent ?? "–").slice(0, 60)} · ${address ?? "–"}` }),
        current ? make("span", { className: "quiet", textContent: say("thisOne") })
          : button(say("endSession"), () => page.attempt(async () => {
            await this.write("account.revokeSession", { session: id });
            await this.load();
          }), { className: "small" })))),
    button(say("signOutAll"), () => page.session.signOut(true)));
  }

  password() {
    const input = (autocomplete) => make("input", { type: "password", autocomplete,
      required: true });
    const [old, fresh] = [input("current-password"), input("new-password")];
    const form = make("form", {}, field(say("password"), old), field(say("newPassword"), fresh),
      make("div", { className: "acts" }, make("button", { textContent: say("changePassword") })));
    form.onsubmit = (event) => {
      event.preventDefault();
      this.act(async () => {
        await this.write("account.changePassword",
          { password: old.value, newPassword: fresh.value });
        form.reset();
      });
    };
    return titled("changePassword", form);
  }

  leaving({ hasPassword }) {
    const password = make("input", { type: "password", autocomplete: "current-password" });
    const leave = button(say("deleteAccount"), () => {
      if (leave.textContent !== say("really")) {
        leave.textContent = say("really");
        return;
      }
      this.page.attempt(async () => {
        await this.write("account.delete", hasPassword ? { password: password.value } : {});
        this.page.session.goAsGuest();
      });
    });
    return titled("leaveTitle", ...(hasPassword ? [field(say("password"), password)] : []), leave);
  }

  close() { this.session.removeEventListener("preferences", this.listener); }
}
