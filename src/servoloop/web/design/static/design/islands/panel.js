// <process-panel feel="…" directory="…" check="…" files="…"> edits every attribute of the chosen element. The
// page sets `panel.modeler` after the import and calls `panel.focusField(field)` for a finding. All
// changes go through the modeler's commands; what others change is drawn anew here.
import { Context } from "./panel/context.js";
import { h, icon } from "./panel/draw.js";
import { SECTIONS, ALIASES } from "./panel/sections.js";
import { several } from "./panel/several.js";

const OPEN = "servoloop.panel.open", WIDTH = "servoloop.panel.width";
const LEAST = 300, MOST = 720; // px

class ProcessPanel extends HTMLElement {
  connectedCallback() {
    if (this.body) return;
    if (Object.hasOwn(this, "modeler")) { // set before this file had arrived
      const { modeler } = this;
      delete this.modeler;
      queueMicrotask(() => { this.modeler = modeler; });
    }
    this.folded = new Set(JSON.parse(localStorage.getItem(OPEN) ?? "[]"));
    this.body = h("div", { class: "panel-body" });
    this.append(this.handle(), this.body);
    this.setAttribute("aria-label", gettext("Properties"));
    this.setAttribute("role", "region");
    this.addEventListener("pointerdown", () => { this.isPressed = true; });
    addEventListener("pointerup", this.released = () => {
      this.isPressed = false;
      if (this.isLate) this.later();
    });
    this.addEventListener("keydown", (event) => this.undo(event));
    this.draw();
  }

  disconnectedCallback() { removeEventListener("pointerup", this.released); }

  set modeler(modeler) {
    this.context = new Context(modeler, this);
    const bus = modeler.get("eventBus");
    bus.on("selection.changed", () => {
      this.flush();
      this.later({ isOther: true });
    });
    bus.on(["elements.changed", "import.done", "commandStack.changed"], () => this.later());
    this.context.ready = this.context.directory().then(() => this.later());
    this.draw();
  }

  get modeler() { return this.context?.modeler; }

  // A button is pressed and let go on the same node: nothing is drawn anew in between.
  later({ isOther = false } = {}) {
    this.isOther ||= isOther;
    if (this.isPressed) {
      this.isLate = true;
      return;
    }
    this.isLate = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.draw(), 0);
  }

  // What is being typed belongs to the element that was chosen, even if nobody left the input.
  flush() {
    const active = document.activeElement;
    if (this.body?.contains(active) && active.dataset.was !== undefined) active.dispatchEvent(new Event("change"));
  }

  draw() {
    // A window of a section is drawn again when it has been closed.
    if (!this.context || this.body?.querySelector("dialog[open]") !== null) return;
    const focus = this.isOther ? undefined : this.remember();
    const scroll = this.isOther ? 0 : this.body.scrollTop;
    this.isOther = false;
    const shapes = this.context.choose();
    const parts = shapes.length > 1
      ? [this.section(several)]
      : SECTIONS.filter((each) => each.applies(this.context)).map((each) => this.section(each));
    this.body.replaceChildren(this.head(shapes), h("fieldset", { class: "all", disabled: this.hasAttribute("readonly") }, parts));
    this.body.scrollTop = scroll;
    if (focus) this.bringBack(focus);
  }

  head(shapes) {
    const words = shapes.length > 1
      ? interpolate(ngettext("%s element", "%s elements", shapes.length), [shapes.length])
      : this.context.kind();
    return h("div", { class: "panel-head" }, h("h2", {}, words), shapes.length > 1 ? undefined : h("code", {}, this.context.owner?.id ?? ""));
  }

  section(each) {
    const content = each.draw(this.context);
    const mark = each.summary?.(this.context);
    const details = h("details", { class: "section", "data-section": each.id, open: !this.folded.has(each.id) },
      h("summary", {}, icon("chevron-right"), h("span", {}, each.title(this.context)), mark ? h("small", {}, mark) : undefined),
      h("div", { class: "section-body" }, content));
    details.addEventListener("toggle", () => {
      this.folded[details.open ? "delete" : "add"](each.id);
      localStorage.setItem(OPEN, JSON.stringify([...this.folded]));
    });
    return details;
  }

  // What is being typed survives a change from elsewhere; the caret stays where it was.
  remember() {
    const active = document.activeElement;
    if (!this.body.contains(active) || !active.dataset.field) return undefined;
    const isText = "value" in active && active.dataset.was !== undefined;
    return {
      field: active.dataset.field,
      typed: isText && active.value.trim() !== active.dataset.was.trim() ? active.value : undefined,
      start: isText ? active.selectionStart : null,
      end: isText ? active.selectionEnd : null,
    };
  }

  bringBack({ field, typed, start, end }) {
    const control = this.body.querySelector(`[data-field="${CSS.escape(field)}"]`);
    if (!control) return;
    if (typed !== undefined) control.value = typed;
    control.focus({ preventScroll: true });
    if (start !== null && control.setSelectionRange) control.setSelectionRange(start, end);
  }

  // The place where a finding is mended; true when there is one.
  focusField(field) {
    clearTimeout(this.timer);
    this.isOther = true;
    this.draw();
    for (const name of [field, ALIASES[field]].filter(Boolean)) {
      const wanted = CSS.escape(name);
      const found = this.body.querySelector(`[data-field="${wanted}"]`) ?? this.body.querySelector(`[data-field^="${wanted}-"]`);
      if (!found) continue;
      for (let each = found.closest("details"); each; each = each.parentElement.closest("details")) each.open = true;
      const folded = found.closest(".item-body[hidden]");
      folded?.parentElement.querySelector(".opener")?.click();
      found.scrollIntoView({ block: "center" });
      found.focus();
      found.closest(".prop, .group, .item")?.classList.add("is-wanted");
      return true;
    }
    return false;
  }

  // Ctrl+Z in an input that holds no unsaved typing undoes the last change of the diagram.
  undo(event) {
    if (event.isComposing || !(event.ctrlKey || event.metaKey) || event.altKey) return;
    const key = event.key.toLowerCase();
    const isBack = key === "z" && !event.shiftKey, isForth = key === "y" || (key === "z" && event.shiftKey);
    const { target } = event;
    const isTyping = target.dataset.was !== undefined && target.value.trim() !== target.dataset.was.trim();
    if (isTyping || !(isBack || isForth) || !this.context) return;
    event.preventDefault();
    event.stopPropagation();
    const stack = this.modeler.get("commandStack");
    if (isBack && stack.canUndo()) stack.undo();
    if (isForth && stack.canRedo()) stack.redo();
  }

  handle() {
    const bar = h("div", { class: "panel-handle", role: "separator", tabindex: "0", "aria-orientation": "vertical", "aria-label": gettext("Width of the panel") });
    const set = (width) => {
      const kept = Math.round(Math.min(MOST, Math.max(LEAST, width)));
      this.style.setProperty("--panel-width", `${kept}px`);
      bar.setAttribute("aria-valuenow", kept);
      localStorage.setItem(WIDTH, kept);
    };
    set(Number(localStorage.getItem(WIDTH)) || 340);
    bar.addEventListener("pointerdown", (event) => {
      bar.setPointerCapture(event.pointerId);
      const from = event.clientX, width = this.getBoundingClientRect().width;
      bar.onpointermove = (move) => set(width + from - move.clientX);
    });
    bar.addEventListener("pointerup", () => { bar.onpointermove = null; });
    bar.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: 20, ArrowRight: -20 }[event.key];
      if (step) set(this.getBoundingClientRect().width + step);
    });
    return bar;
  }
}

customElements.define("process-panel", ProcessPanel);
