/**
 * What the panels are made of.
 * @module
 */
import { button, make } from "../dom.js";
import { language } from "../texts.js";
import { words } from "./words.js";

export { button, make };

export const notes = ["C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B"];

const newsMs = 6_000;

/** @param {string} name of `words.js` */
export const tell = (name, values = {}) => (words[language] ?? words.en)[name]
  .replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);

/** The same with elements in their places: text stays text. */
export const fill = (name, values) => tell(name).split(/(\{\w+\})/)
  .map((part) => values[part.slice(1, -1)] ?? part).filter((part) => part !== "");

export const link = (href, text, properties) =>
  make("a", { href, textContent: text, ...properties });

/** Somebody's page; people who are gone have none. */
export const person = (user) => user
  ? link(`#/u/${user.id}`, user.displayName) : make("span", { textContent: tell("gone") });

const ages = [
  ["year", 31_536e6], ["month", 2_628e6], ["day", 864e5], ["hour", 36e5], ["minute", 6e4]];
const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });

/** How long ago; the exact time is its title. */
export function age(ms) {
  const past = Math.max(0, Date.now() - ms);
  const [unit, length] = ages.find(([, unitMs]) => past >= unitMs) ?? ["minute", 6e4];
  const date = new Date(ms);
  return make("time", {
    dateTime: date.toISOString(), title: date.toLocaleString(language),
    textContent: relative.format(-Math.floor(past / length), unit) });
}

/** What went wrong, where all that is said. */
function complain(text) {
  document.getElementById("noticeText").textContent = text;
  document.getElementById("notice").hidden = false;
}

/** What happened elsewhere, or here: said, and shown for a while, in nobody's way. */
export function announce(text) {
  const news = document.getElementById("news");
  news.textContent = text;
  setTimeout(() => { if (news.textContent === text) news.textContent = ""; }, newsMs);
}

/** Tries something that a hand asked for; a refusal is shown where all are. */
export async function attempt(work) {
  try {
    return await work();
  } catch ({ message }) {
    complain(tell("failed", { message }));
    return undefined;
  }
}

/** A button that asks once more before it does something. Nothing of the page waits for it. */
export function carefully(text, question, work) {
  const control = button(text);
  const calm = () => { control.textContent = text; };
  control.onclick = () => {
    if (control.textContent === question) work();
    else control.textContent = question;
  };
  control.onblur = calm;
  control.onkeydown = ({ key }) => { if (key === "Escape") calm(); };
  return control;
}

/**
 * A list that goes on when its end is seen, or by a button: for keyboards, and for who has no
 * IntersectionObserver's patience.
 */
export class Endless {
  /**
   * @param {AsyncIterator<any[]>} pages arrays of rows; some may be empty
   * @param {(row: any) => Element} show
   */
  constructor(pages, show, { className = "", empty = tell("empty"), label } = {}) {
    Object.assign(this, { pages, show, empty });
    this.list = make("ul", { className });
    if (label) this.list.ariaLabel = label;
    this.said = make("p", { className: "quiet" });
    this.said.setAttribute("role", "status");
    this.button = button(tell("more"), () => this.more(), { hidden: true });
    this.element = make("div", {}, this.list, this.said, this.button);
    this.observer = new IntersectionObserver(
      ([{ isIntersecting }]) => isIntersecting && this.more(), { rootMargin: "400px" });
    /** When the first rows are there. */
    this.filled = this.more();
  }

  async more() {
    if (this.isBusy) return;
    this.isBusy = true;
    this.list.ariaBusy = "true";
    await attempt(async () => {
      let page;
      // What a filter leaves over of a page may be nothing.
      do {
        page = await this.pages.next();
        for (const row of page.value ?? []) this.list.append(this.show(row));
      } while (!page.done && !page.value.length);
      this.button.hidden = page.done;
    });
    this.list.ariaBusy = "false";
    // Told anew where it is: it may be in sight still.
    this.observer.unobserve(this.button);
    if (!this.button.hidden) this.observer.observe(this.button);
    this.isBusy = false;
    const count = this.list.children.length;
    this.said.textContent = count ? tell(this.button.hidden ? "all" : "some", { count })
      : this.empty;
  }

  close() { this.observer.disconnect(); }
}

/** The pages of a method as arrays. */
export async function* rows(client, method, params, member) {
  for await (const page of client.pages(method, params)) yield page[member];
}

/** A pattern in a list. */
export function card({
  id, userId, ownerName, title, flavor, bpm, keyNote, thumbnailUrl, isPublic,
  likeCount, commentCount, playCount,
}, { server }) {
  const picture = make("img", {
    src: new URL(thumbnailUrl, server), alt: "", loading: "lazy", width: 400, height: 240 });
  const count = (sign, name, number) => make("span", { title: tell(name, { count: number }) },
    make("span", { textContent: sign, ariaHidden: "true" }), ` ${number}`,
    make("span", { className: "unseen", textContent: ` ${tell(name, { count: number })}` }));
  return make("li", { className: "card" },
    make("a", { href: `#/p/${id}`, className: "open" },
      isPublic ? picture : make("span", { className: "private", textContent: tell("private") }),
      make("h3", { textContent: title })),
    make("p", {}, link(`#/u/${userId}`, ownerName)),
    make("p", { className: "quiet", textContent: `${flavor} · ${bpm} · ${notes[keyNote]}` }),
    make("p", { className: "quiet counts" }, count("♥", "likes", likeCount),
      count("✎", "comments", commentCount), count("▶", "plays", playCount)));
}
