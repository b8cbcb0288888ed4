// <diagram-marks> colours elements of the process diagrams inside it, as its JSON says
// ({id: "error" | "warning" | "added" | "changed" | "removed"}), and points at an element when a
// button with data-show="id id2" is pressed. Without it the list says the same in words.
const NEAR = { top: 120, bottom: 120, left: 160, right: 160 };

class DiagramMarks extends HTMLElement {
  connectedCallback() {
    const data = this.querySelector("script[type='application/json']");
    this.marks = JSON.parse(data?.textContent ?? "{}");
    for (const diagram of this.querySelectorAll("process-diagram")) this.whenDrawn(diagram);
    this.addEventListener("click", (event) => {
      const button = event.target.closest("[data-show]");
      if (button) this.point(button);
    });
  }

  // The diagram draws itself in its own time; it says so with an attribute.
  whenDrawn(diagram) {
    if (diagram.hasAttribute("drawn")) return this.mark(diagram);
    const watch = new MutationObserver(() => {
      if (!diagram.hasAttribute("drawn")) return;
      watch.disconnect();
      this.mark(diagram);
    });
    watch.observe(diagram, { attributes: true, attributeFilter: ["drawn"] });
  }

  mark(diagram) {
    const canvas = diagram.viewer.get("canvas");
    const elements = diagram.viewer.get("elementRegistry");
    for (const [id, mark] of Object.entries(this.marks)) {
      if (elements.get(id)) canvas.addMarker(id, `mark-${mark}`);
    }
  }

  point(button) {
    const ids = button.dataset.show.split(" ");
    for (const each of this.querySelectorAll("[data-show]")) {
      each.setAttribute("aria-pressed", String(each === button));
    }
    for (const diagram of this.querySelectorAll("process-diagram[drawn]")) {
      const canvas = diagram.viewer.get("canvas");
      const elements = diagram.viewer.get("elementRegistry");
      for (const each of elements.getAll()) canvas.removeMarker(each, "is-pointed");
      const found = ids.filter((id) => elements.get(id));
      for (const id of found) canvas.addMarker(id, "is-pointed");
      if (!found.length) continue;
      canvas.scrollToElement(elements.get(found[0]), NEAR);
      if (window.matchMedia("(max-width: 991px)").matches) {
        diagram.scrollIntoView({ block: "start", behavior: "smooth" });
      }
    }
  }
}

customElements.define("diagram-marks", DiagramMarks);
