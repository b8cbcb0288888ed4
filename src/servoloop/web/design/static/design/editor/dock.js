// The drawer under the drawing: findings and comments as tabs, folded away and opened again; the
// browser remembers which.
const KEY = "servoloop-editor-dock";

export class Dock {
  constructor(place) {
    this.place = place;
    this.tabs = [...place.querySelectorAll("[role=tab]")];
    place.querySelector("[role=tablist]").addEventListener("keydown", (event) => this.walk(event));
    for (const tab of this.tabs) tab.addEventListener("click", () => this.press(tab));
    this.fold = place.querySelector("[data-fold]");
    this.fold.addEventListener("click", () => this.set(this.chosen, !this.isOpen));
    const [name, open] = (localStorage.getItem(KEY) ?? "findings open").split(" ");
    this.set(name, open === "open");
  }

  get isOpen() { return this.place.dataset.state === "open"; }

  press(tab) {
    const name = tab.dataset.tab;
    this.set(name, name !== this.chosen || !this.isOpen);
  }

  open(name) { this.set(name, true); }

  set(name, isOpen) {
    this.chosen = name;
    this.place.dataset.state = isOpen ? "open" : "folded";
    this.fold.setAttribute("aria-expanded", String(isOpen));
    for (const tab of this.tabs) {
      const isChosen = tab.dataset.tab === name;
      tab.setAttribute("aria-selected", String(isChosen));
      tab.tabIndex = isChosen ? 0 : -1;
      document.getElementById(tab.getAttribute("aria-controls")).hidden = !isChosen || !isOpen;
    }
    localStorage.setItem(KEY, `${name} ${isOpen ? "open" : "folded"}`);
  }

  walk(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const at = this.tabs.findIndex((tab) => tab.dataset.tab === this.chosen);
    const next = this.tabs[(at + step + this.tabs.length) % this.tabs.length];
    this.set(next.dataset.tab, true);
    next.focus();
    event.preventDefault();
  }
}
