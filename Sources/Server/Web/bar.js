/**
 * The top bar: ways to go, the inbox (`#inbox-place` is its module's), and who is signed in.
 * @module
 */
import { button, make } from "./dom.js";
import { say } from "./texts.js";

export class Bar {
  constructor(page) {
    this.page = page;
    this.account = document.getElementById("account-place");
    page.session.addEventListener("user", () => this.show());
    page.session.addEventListener("ended", () => this.askWho(true));
    document.getElementById("new").onclick = () => this.create();
    this.show();
  }

  showPlace(name) {
    for (const link of document.querySelectorAll("#nav a")) {
      link.ariaCurrent = link.hash === `#/${name}` ? "page" : null;
    }
  }

  async show() {
    const { page } = this;
    const { user } = page;
    if (user) this.signIn?.close();
    document.getElementById("feed").hidden = !user;
    this.account.replaceChildren(...(user ? [
      make("a", { href: "#/me", textContent: user.displayName, className: "me" }),
      button(say("signOut"), () => page.session.signOut(), { id: "signOut" }),
    ] : [
      make("a", { href: "#/me", textContent: say("preferences"), className: "me" }),
      button(say("signIn"), () => this.askWho(), { id: "signIn" })]));
    if (user && !page.badge) {
      const { Badge } = await import("./panels/inbox.js");
      page.badge ??= new Badge(document.getElementById("inbox"), page.client);
    }
  }

  /** The dialog to sign in, or to register. */
  async askWho(isEnded = false) {
    const { SignIn } = await import("./panels/signin.js");
    this.signIn ??= new SignIn(this.page);
    this.signIn.open(isEnded);
  }

  /** A new pattern, as the preferences have it. */
  async create() {
    const { page } = this;
    if (!page.user) {
      this.askWho();
      page.notify("signInToMake");
      return;
    }
    const { defaultBpm: bpm, defaultKeyNote: keyNote, defaultFlavor: flavor }
      = page.session.preferences;
    await page.attempt(async () => {
      const { pattern } = await page.client.write(
        "pattern.create", { title: say("myRhythm"), flavor, bpm, keyNote, isPublic: false });
      page.go(`#/p/${pattern.id}`);
    });
  }
}
