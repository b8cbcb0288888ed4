// What people say about the draft and its elements: a list, a badge on each element, a form.
// Without a choice the list is about the whole draft; with one, about that element.
import { get, post } from "./server.js";
import { icon, make, moment } from "./dom.js";
import { nameOf } from "./names.js";

export class Comments {
  constructor({ viewer, facts, place, counter, onPick = () => {} }) {
    Object.assign(this, { viewer, facts, place, counter, onPick, all: [], element: "", overlays: [] });
    this.list = place.querySelector("[data-comment-list]");
    this.form = place.querySelector("form");
    this.about = place.querySelector("[data-comment-about]");
    this.form.addEventListener("submit", (event) => { event.preventDefault(); event.stopPropagation(); this.send(); });
  }

  async load() {
    try {
      const { comments } = await get(this.facts.urls.comments);
      if (JSON.stringify(comments) === JSON.stringify(this.all) && this.isDrawn) return;
      this.all = comments;
      this.draw();
    } catch (error) {
      this.list.replaceChildren(make("p", { class: "quiet", role: "alert" }, error.message));
    }
  }

  choose(element) {
    this.element = element?.parent ? element.id : "";
    this.draw();
  }

  draw() {
    this.isDrawn = true;
    const shape = this.element && this.viewer.get("elementRegistry").get(this.element);
    this.about.textContent = shape
      ? interpolate(gettext("About “%s”"), [nameOf(shape) || this.element])
      : gettext("About the whole draft, and every element");
    const shown = this.element ? this.all.filter((each) => each.element === this.element) : this.all;
    this.list.replaceChildren(...shown.map((each) => this.row(each)));
    if (!shown.length) this.list.append(make("p", { class: "quiet" }, gettext("Nobody has said anything yet.")));
    const open = this.all.filter((each) => !each.resolved_at);
    this.counter.textContent = open.length || "";
    this.badges(open);
  }

  row(comment) {
    const registry = this.viewer.get("elementRegistry");
    const shape = comment.element && registry.get(comment.element);
    const head = make("p", { class: "said-by" }, make("strong", {}, comment.author_name), " ", moment(comment.at));
    if (comment.element) {
      head.append(" ", shape
        ? make("button", { type: "button", class: "point", onclick: () => this.onPick(shape) }, nameOf(shape) || comment.element)
        : make("span", { class: "quiet" }, interpolate(gettext("%s (gone)"), [comment.element])));
    }
    const item = make("article", { class: comment.resolved_at ? "said is-done" : "said" }, head, make("p", { class: "words" }, comment.text));
    if (comment.resolved_at) {
      item.append(make("p", { class: "quiet" }, icon("check"), interpolate(gettext("Settled by %s"), [comment.resolved_by_name])));
    }
    if (comment.may_resolve) {
      item.append(make("button", { type: "button", class: "btn btn-sm", onclick: () => this.resolve(comment) },
        comment.resolved_at ? gettext("Reopen") : gettext("Settle")));
    }
    return item;
  }

  badges(open) {
    const overlays = this.viewer.get("overlays");
    for (const overlay of this.overlays) overlays.remove(overlay);
    this.overlays = [];
    const counts = new Map();
    for (const { element } of open) if (element) counts.set(element, (counts.get(element) ?? 0) + 1);
    for (const [id, count] of counts) {
      const shape = this.viewer.get("elementRegistry").get(id);
      if (!shape) continue;
      const words = interpolate(ngettext("%s comment", "%s comments", count), [count]);
      const html = make("button", { type: "button", class: "comment-badge", title: words, "aria-label": words, tabindex: "-1",
        onclick: () => this.onPick(shape) }, icon("message"), String(count));
      this.overlays.push(overlays.add(id, "comment", { position: { bottom: 13, left: -13 }, scale: { min: 0.5 }, html }));
    }
  }

  async send() {
    const field = this.form.elements.text;
    const text = field.value.trim();
    if (!text) return;
    try {
      const said = await post(this.facts.urls.comments, { element: this.element, text });
      field.value = "";
      this.all.push(said);
      this.problem("");
    } catch (error) {
      this.problem(error.message);
    }
    this.draw();
  }

  async resolve(comment) {
    try {
      const url = this.facts.urls.resolve.replace("0", comment.id);
      Object.assign(comment, await post(url, { resolved: !comment.resolved_at }));
    } catch (error) {
      this.problem(error.message);
    }
    this.draw();
  }

  problem(words) {
    const place = this.form.querySelector("[data-problem]");
    place.textContent = words;
    place.hidden = !words;
  }
}
