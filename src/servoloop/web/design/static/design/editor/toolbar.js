// The buttons over the drawing, and the keys that are not bpmn-js's own. Each button names what it
// does in `data-do`; what cannot be done now is disabled.
import { fit } from "./view.js";

const NEAR = { top: 100, bottom: 100, left: 180, right: 180 };
const PALETTE = 82; // px that it covers at the left

export class Toolbar {
  constructor({ editor, modeler, saving, exporting }) {
    Object.assign(this, { editor, modeler, saving, exporting });
    this.acts = this.actions();
    for (const button of editor.querySelectorAll("[data-keys]")) button.title += ` (${button.dataset.keys})`;
    editor.addEventListener("click", (event) => this.press(event));
    modeler.get("eventBus").on(["commandStack.changed", "selection.changed", "import.done"], () => this.refresh());
    document.addEventListener("keydown", (event) => this.key(event));
    // Single letters only while the drawing has the focus, before bpmn-js hears of them.
    modeler.get("keyboard").addListener(2000, ({ keyEvent }) => this.letter(keyEvent));
    this.reachable();
  }

  actions() {
    const get = (name) => this.modeler.get(name);
    return {
      undo: () => get("commandStack").undo(),
      redo: () => get("commandStack").redo(),
      in: () => get("zoomScroll").stepZoom(1),
      out: () => get("zoomScroll").stepZoom(-1),
      fit: () => this.fit(),
      find: () => { get("canvas").focus(); get("searchPad").toggle(); },
      insert: (button) => get("insertMenu").open(button && below(button)),
      align: (button) => get("alignElements").trigger(get("selection").get(), button.dataset.how),
      distribute: (button) => get("distributeElements").trigger(get("selection").get(), button.dataset.how),
      save: () => this.saving.save(),
      export: (button) => this.exporting.run(button.dataset.how),
      leave: (button) => this.leave(button.dataset.to),
    };
  }

  press(event) {
    const button = event.target.closest("[data-do]");
    if (!button || button.disabled) return;
    // The menus of bpmn-js close at any click on the page: this one must not reach them.
    event.stopPropagation();
    button.closest("details")?.removeAttribute("open");
    this.acts[button.dataset.do]?.(button);
  }

  refresh() {
    const stack = this.modeler.get("commandStack");
    const chosen = this.modeler.get("selection").get().filter((each) => !each.waypoints).length;
    const may = { undo: stack.canUndo(), redo: stack.canRedo(), align: chosen > 1, distribute: chosen > 2 };
    for (const button of this.editor.querySelectorAll("[data-do]")) {
      if (button.dataset.do in may) button.disabled = !may[button.dataset.do];
    }
  }

  fit(least = 0) {
    fit(this.modeler.get("canvas"), { left: PALETTE, least });
  }

  // What follows reads the stored draft, so that is brought up to date first.
  async leave(address) {
    await this.saving.save();
    if (this.saving.isClean) location.assign(address);
  }

  key(event) {
    if (event.isComposing || event.altKey || !(event.ctrlKey || event.metaKey)) return;
    if (event.key.toLowerCase() === "s" && !event.shiftKey) {
      event.preventDefault();
      this.saving.save();
    }
  }

  letter(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return undefined;
    const act = { a: () => this.acts.insert(), n: () => this.walk(1), p: () => this.walk(-1), Enter: () => this.editor.panel?.focusField("name") }[event.key];
    if (!act) return undefined;
    event.preventDefault();
    act();
    return true;
  }

  // From element to element without a mouse, as they are read: from left to right.
  walk(step) {
    const isStop = (each) => each.parent && !each.labelTarget && each.businessObject.$instanceOf("bpmn:FlowNode");
    const stops = this.modeler.get("elementRegistry").filter(isStop).sort((one, other) => one.x - other.x || one.y - other.y);
    if (!stops.length) return;
    const at = stops.indexOf(this.modeler.get("selection").get()[0]);
    const next = stops[(Math.max(at, step < 0 ? 0 : -1) + step + stops.length) % stops.length];
    this.modeler.get("selection").select(next);
    this.modeler.get("canvas").scrollToElement(next, NEAR);
  }

  // The palette of bpmn-js is drawn for a mouse: its entries become reachable and pressable by keys.
  reachable() {
    const palette = this.modeler.get("canvas").getContainer().querySelector(".djs-palette");
    for (const entry of palette.querySelectorAll(".entry")) entry.tabIndex = 0;
    palette.addEventListener("keydown", (event) => {
      const entry = event.target.closest(".entry");
      if (!entry || (event.key !== "Enter" && event.key !== " ")) return;
      event.preventDefault();
      const [kind, name] = entry.dataset.action.split(".");
      const menu = this.modeler.get("insertMenu");
      if (kind === "snippet") menu.snippet(name, this.modeler.get("selection").get()[0]);
      else if (kind === "create") menu.open();
      else entry.click();
    });
  }
}

function below(button) {
  const box = button.getBoundingClientRect();
  return { x: box.left, y: box.bottom + 4 };
}
