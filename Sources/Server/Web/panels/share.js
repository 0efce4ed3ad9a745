/**
 * A share link was followed: `#/share/<secret>`. The secret stands behind `#`, so no server sees
 * it in an address; it leaves the address bar as soon as it was used.
 * @module
 */
import { make } from "../dom.js";
import { say } from "./texts.js";

export class SharedLink {
  constructor(place, page, secret) {
    place.append(make("p", { textContent: say("openingLink") }));
    if (page.user) this.open(page, secret);
    // The page opens this view again when somebody has signed in.
    else {
      page.notify("signInForLink");
      page.bar.askWho();
    }
  }

  open(page, secret) {
    page.attempt(async () => {
      const { pattern } = await page.client.write("pattern.openLink", { secret });
      history.replaceState(null, "", `#/p/${pattern.id}`);
      await page.enter();
      page.notify("linkOpened", { title: pattern.title, role: say(pattern.role) });
    });
  }

  close() {}
}
