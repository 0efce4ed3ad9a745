/**
 * What people say about a pattern, as it is said. `Protocol/social.md#comments`.
 * @module
 */
import {
  Endless, age, announce, attempt, button, carefully, make, person, rows, tell,
} from "./parts.js";

const charactersMax = 5_000;
const depthMax = 8;

/** A text that is written: Control and Enter sends it, Escape leaves it. */
function composer(label, send, { text = "", verb = tell("send"), cancel } = {}) {
  const area = make("textarea", { value: text, maxLength: charactersMax, rows: 2, ariaLabel: label,
    placeholder: label });
  const form = make("form", { className: "composer" }, area,
    make("div", { className: "acts" }, make("button", { textContent: verb }),
      ...(cancel ? [button(tell("cancel"), cancel)] : [])));
  form.onsubmit = async (event) => {
    event.preventDefault();
    const written = area.value.trim();
    if (!written || form.ariaBusy === "true") return;
    form.ariaBusy = "true";
    const isSent = await attempt(() => send(written).then(() => true));
    form.ariaBusy = "false";
    if (isSent) area.value = "";
  };
  area.onkeydown = (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    else if (event.key === "Escape" && cancel) cancel();
  };
  return form;
}

class Thread {
  constructor(panel, comment, depth) {
    Object.assign(this, { panel, depth });
    this.body = make("article");
    this.under = make("div", { className: "under" });
    this.element = make("li", {}, this.body, this.under);
    this.show(comment);
  }

  show(comment) {
    this.comment = comment;
    const { user, text, isDeleted, isHidden, isEdited, createdAtMs, replyCount } = comment;
    const { client, mayClean } = this.panel;
    const me = client.user?.id;
    const isGone = isDeleted || isHidden;
    const head = make("header", {}, isGone ? "" : person(user), " ", age(createdAtMs));
    if (isEdited && !isGone) {
      head.append(" ", make("span", { className: "quiet", textContent: `(${tell("edited")})` }));
    }
    this.body.ariaLabel = user?.displayName ?? tell("gone");
    this.body.className = isGone ? "gone" : "";
    const acts = make("div", { className: "acts" });
    if (me && !isGone && this.depth < depthMax) {
      acts.append(button(tell("reply"), ({ target }) => this.write(target, tell("reply"),
        (written) => this.panel.create(written, comment.id))));
    }
    if (me && me === user?.id && !isGone) {
      acts.append(button(tell("edit"), ({ target }) => this.write(target, tell("edit"),
        (written) => client.write("comment.update", { comment: comment.id, text: written })
          .then((result) => this.panel.put(result.comment)),
        { text, verb: tell("save") })));
    }
    if (!isDeleted && me && (me === user?.id || mayClean)) {
      acts.append(carefully(tell("remove"), tell("removeReally"), () => attempt(async () => {
        await client.write("comment.delete", { comment: comment.id });
        this.panel.put({ ...this.comment, isDeleted: true, user: null, text: "" });
        this.body.tabIndex = -1;
        this.body.focus();
      })));
    }
    if (replyCount) {
      acts.append(button(
        this.replies ? tell("hideReplies") : tell("replies", { count: replyCount }),
        () => this.toggle(), { ariaExpanded: String(Boolean(this.replies)) }));
    }
    this.body.replaceChildren(head, make("p", {
      textContent: isDeleted ? tell("removed") : isHidden ? tell("hidden") : text }), acts);
  }

  write(opener, label, send, options) {
    const end = () => {
      form.remove();
      if (opener.isConnected) opener.focus();
    };
    this.form?.remove();
    const form = composer(label, (written) => send(written).then(end), { ...options, cancel: end });
    this.form = form;
    this.body.append(form);
    form.querySelector("textarea").focus();
  }

  toggle() {
    const { id } = this.comment;
    if (this.replies) this.replies.close();
    this.replies = this.replies ? null : new Endless(
      rows(this.panel.client, "comment.replies", { comment: id }, "comments"),
      (reply) => this.panel.thread(reply, this.depth + 1).element,
      { className: "comments", empty: "", label: tell("replies", { count: "" }) });
    this.under.replaceChildren(...(this.replies ? [this.replies.element] : []));
    this.show(this.comment);
    this.body.querySelector("[aria-expanded]")?.focus();
  }
}

export class Comments {
  /**
   * @param {Element} place
   * @param {{client: object, pattern: string, stream: object, mayClean?: boolean}} options the
   *   pattern's id and stream; whether one may delete what others wrote
   */
  constructor(place, { client, pattern, stream, mayClean = false }) {
    Object.assign(this, { place, client, pattern, stream, mayClean });
    this.listener = ({ detail: { t: type, d: data } }) => {
      if (type === "comment") this.put(data.comment, true);
    };
    this.opened = () => this.begin();
    stream.addEventListener("event", this.listener);
    // After an absence: what came meanwhile is only in the list.
    stream.addEventListener("opened", this.opened);
    this.threads = new Map();
    this.list = make("div");
    this.form = client.user
      ? composer(tell("writeComment"), (text) => this.create(text))
      : make("p", { className: "quiet", textContent: tell("signInFirst") });
    place.append(make("h2", { textContent: tell("commentsTitle") }), this.form, this.list);
    this.begin();
  }

  begin() {
    this.top?.close();
    this.threads.clear();
    this.top = new Endless(
      rows(this.client, "comment.list", { pattern: this.pattern }, "comments"),
      (comment) => this.thread(comment, 1).element,
      { className: "comments", empty: tell("noComments"), label: tell("commentsTitle") });
    this.list.replaceChildren(this.top.element);
  }

  thread(comment, depth) {
    const known = this.threads.get(comment.id);
    if (known) {
      known.show(comment);
      return known;
    }
    const thread = new Thread(this, comment, depth);
    this.threads.set(comment.id, thread);
    return thread;
  }

  create(text, parent) {
    return this.client.write(
      "comment.create", { pattern: this.pattern, text, ...(parent && { parent }) })
      .then(({ comment }) => this.put(comment));
  }

  /** One that was written, changed or emptied, here or elsewhere; the same twice is once. */
  put(comment, isNews = false) {
    const known = this.threads.get(comment.id);
    if (known) {
      known.show({ ...comment, replyCount: Math.max(
        comment.replyCount, known.comment.replyCount) });
      return;
    }
    if (comment.isDeleted) return;
    const isOthers = comment.user?.id !== this.client.user?.id;
    if (isNews && isOthers) {
      announce(tell("newComment", { name: comment.user?.displayName ?? "", text: comment.text }));
    }
    if (comment.parent === null) {
      this.top.list.prepend(this.thread(comment, 1).element);
      this.top.said.textContent = "";
      return;
    }
    const parent = this.threads.get(comment.parent);
    if (!parent) return;
    parent.comment = { ...parent.comment, replyCount: parent.comment.replyCount + 1 };
    if (parent.replies) {
      parent.replies.list.prepend(this.thread(comment, parent.depth + 1).element);
    } else {
      parent.show(parent.comment);
      if (!isOthers) parent.toggle();
    }
  }

  close() {
    this.stream.removeEventListener("event", this.listener);
    this.stream.removeEventListener("opened", this.opened);
    this.top.close();
    this.place.replaceChildren();
  }
}
