// <process-diagram src="…"> draws a BPMN file with the bpmn-js viewer (its watermark stays visible)
// and marks what the JSON inside says: {"active": [ids], "passed": [ids], "counts": {id: n},
// "words": {"active": "…", "passed": "…"}}. The server-rendered list inside stays as the fallback,
// folded away once the picture stands. With `data-follows` the picture goes where the case goes.
const DI = "http://www.omg.org/spec/BPMN/20100524/DI";
const LABEL_WIDTH = 90; // what bpmn-js gives a new label
const READABLE = 0.75; // zoom below which labels are guessed rather than read

class ProcessDiagram extends HTMLElement {
  async connectedCallback() {
    if (!window.BpmnJS || this.viewer) return;
    const stage = this.querySelector("[data-stage]");
    stage.hidden = false;
    this.viewer = new window.BpmnJS({ container: stage });
    try {
      const answer = await fetch(this.getAttribute("src"));
      if (!answer.ok) throw new Error(String(answer.status));
      await this.viewer.importXML(inLanguage(await answer.text(), document.documentElement.lang));
    } catch {
      stage.hidden = true;
      return;
    }
    this.setAttribute("drawn", "");
    this.remark();
    this.show();
    // A refresh replaces the JSON; otherwise the picture stays where the reader has moved it.
    this.watch = new MutationObserver((changes) => {
      const isData = (node) => node.nodeName === "SCRIPT";
      if (changes.some((change) => [...change.addedNodes].some(isData))) this.refresh();
    });
    this.watch.observe(this, { childList: true });
    this.buttons();
  }

  disconnectedCallback() {
    this.watch?.disconnect();
    this.viewer?.destroy();
  }

  refresh() {
    this.remark();
    if (this.hasAttribute("data-follows")) this.follow();
  }

  remark() {
    const canvas = this.viewer.get("canvas");
    this.viewer.get("overlays").clear();
    for (const element of this.viewer.get("elementRegistry").getAll()) {
      canvas.removeMarker(element, "is-passed");
      canvas.removeMarker(element, "is-active");
    }
    this.mark(JSON.parse(this.querySelector("script[type='application/json']")?.textContent ?? "{}"));
  }

  // Only when nothing of where the case is can be seen.
  follow() {
    const stage = this.querySelector("[data-stage]").getBoundingClientRect();
    const here = [...this.querySelectorAll(".djs-element.is-active")];
    const seen = ({ left, right, top, bottom }) =>
      left >= stage.left && right <= stage.right && top >= stage.top && bottom <= stage.bottom;
    if (here.length && !here.some((each) => seen(each.getBoundingClientRect()))) this.showAt(here[0]);
  }

  showAt(here) {
    const element = this.viewer.get("elementRegistry").get(here.dataset.elementId);
    const room = { top: 140, bottom: 140, left: 200, right: 200 };
    this.viewer.get("canvas").scrollToElement(element, room);
  }

  fit() {
    const canvas = this.viewer.get("canvas");
    canvas.zoom("fit-viewport", "auto");
    if (canvas.zoom() > 1) canvas.zoom(1, "auto");
  }

  // At first a large process is shown readably, around where the case is, not wholly as an ant.
  show() {
    const canvas = this.viewer.get("canvas");
    this.fit();
    if (canvas.zoom() >= READABLE) return;
    canvas.zoom(READABLE);
    const [here] = this.querySelectorAll(".djs-element.is-active");
    if (here) this.showAt(here);
    else {
      const { inner } = canvas.viewbox();
      canvas.viewbox({ ...canvas.viewbox(), x: inner.x - 20, y: inner.y - 20 });
    }
  }

  buttons() {
    for (const button of this.querySelectorAll("[data-zoom]")) {
      button.hidden = false;
      button.addEventListener("click", () => {
        const canvas = this.viewer.get("canvas");
        if (button.dataset.zoom === "fit") this.fit();
        else canvas.zoom(canvas.zoom() * (button.dataset.zoom === "in" ? 1.25 : 0.8));
      });
    }
  }

  mark({ active = [], passed = [], counts = {}, words = {} }) {
    const canvas = this.viewer.get("canvas");
    const elements = this.viewer.get("elementRegistry");
    for (const id of passed) if (elements.get(id)) canvas.addMarker(id, "is-passed");
    for (const id of active) {
      if (!elements.get(id)) continue;
      canvas.addMarker(id, "is-active");
      this.badge(id, "token", "", words.active);
    }
    for (const [id, n] of Object.entries(counts)) {
      if (elements.get(id)) this.badge(id, "count-badge", String(n), words.count);
    }
  }

  badge(id, kind, text, title = "") {
    const html = document.createElement("span");
    html.className = kind;
    html.textContent = text;
    html.title = title;
    if (title) {
      html.setAttribute("role", "img");
      html.setAttribute("aria-label", text ? `${text} ${title}` : title);
    }
    this.viewer.get("overlays").add(id, { position: { top: -12, left: -12 }, html });
  }
}

// The file's names are in one language; its servoloop:label elements say the others.
function inLanguage(xml, language) {
  const file = new DOMParser().parseFromString(xml, "application/xml");
  const short = language.split("-")[0].toLowerCase();
  const renamed = new Set();
  for (const label of file.getElementsByTagNameNS("urn:servoloop:bpmn:1", "label")) {
    if (label.parentNode.localName !== "extensionElements") continue;
    const spoken = (label.getAttribute("lang") ?? "").split("-")[0].toLowerCase();
    const element = label.parentNode.parentNode;
    if (spoken !== short || element.getAttribute("name") === label.textContent.trim()) continue;
    element.setAttribute("name", label.textContent.trim());
    renamed.add(element.getAttribute("id"));
  }
  for (const label of file.getElementsByTagNameNS(DI, "BPMNLabel")) {
    if (renamed.has(label.parentNode.getAttribute("bpmnElement"))) widen(label.firstElementChild);
  }
  return new XMLSerializer().serializeToString(file);
}

// The place of a label was drawn for the words of the file: a Chinese word is shorter than its
// translation, which would be broken within the word.
function widen(bounds) {
  const width = Number(bounds?.getAttribute("width"));
  if (!width || width >= LABEL_WIDTH) return;
  bounds.setAttribute("x", Number(bounds.getAttribute("x")) - (LABEL_WIDTH - width) / 2);
  bounds.setAttribute("width", LABEL_WIDTH);
}

customElements.define("process-diagram", ProcessDiagram);
