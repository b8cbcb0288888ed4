// <process-map> draws the JSON inside as a process map with sliders; a click or Enter on an arrow or a
// box opens a small menu of forms that keep its cases, leave them out, or list them. The table inside
// stays as the fallback, folded away.
import { ProcessMap } from "../map/map_layout.js";
import { mapDraw } from "../map/map_draw.js";
import { mapLooks } from "../map/map_looks.js";
import { MapPicture } from "../map/map_picture.js";
import { MapWords } from "../map/map_words.js";

const texts = () => ({
  start: gettext("start of the case"), end: gettext("end of the case"), events: gettext("Events"), cases: pgettext("log", "Cases"),
  transitions: gettext("Transitions"), median: gettext("Median wait"), p90: gettext("90 % within"), total: gettext("Total wait"),
  share: gettext("Share of the waiting"), first: gettext("First in"), last: gettext("Last in"), repeats: gettext("Done again"),
  from: gettext("comes from"), to: gettext("goes to"), hint: gettext("Point at an arrow or a box; click to filter by it."),
  shown: gettext("Transitions shown"), whole: gettext("Cases wholly on the map"), drawn: gettext("Arrows and loops drawn"),
  hidden: gettext("Hidden"), casesA: gettext("Cases in A"), casesB: gettext("Cases in B"), waitA: gettext("Median wait in A"),
  waitB: gettext("Median wait in B"),
});

class ProcessMapElement extends HTMLElement {
  connectedCallback() {
    if (!window.dagre) return;
    const data = JSON.parse(this.querySelector("script[type='application/json']").textContent);
    if (!data.nodes.length) return;
    this.words = new MapWords(texts(), document.documentElement.lang);
    this.map = new ProcessMap(data);
    this.canvas = this.querySelector("[data-canvas]");
    this.picture = new MapPicture({ canvas: this.canvas, map: this.map, words: this.words });
    this.activities = this.map.defaultActivities();
    this.count = this.map.defaultCount(this.activities);
    this.querySelector("[data-live]").hidden = false;
    this.release = this.picture.listen({
      look: (part) => this.show(part ?? this.picked),
      pick: (part, event) => { this.picked = part; this.show(part); this.open(part, event); },
    });
    this.controls();
    this.draw();
    this.theme = new MutationObserver(() => this.draw());
    this.theme.observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
    this.setAttribute("drawn", "");
  }

  disconnectedCallback() { this.release?.(); this.theme?.disconnect(); }

  get data() { return this.map.data; }

  get look() { return mapLooks[this.querySelector("[data-look]").value](this.data, this.words); }

  controls() {
    const slider = (name, act) => this.querySelector(`[data-slider=${name}]`).addEventListener("input", (event) => {
      act(Number(event.target.value));
      cancelAnimationFrame(this.waiting);
      this.waiting = requestAnimationFrame(() => { this.picked = null; this.draw(); });
    });
    slider("activities", (value) => { this.activities = value; });
    slider("paths", (value) => { this.count = value; });
    this.querySelector("[data-look]").addEventListener("change", () => this.draw());
    const zooms = { in: () => this.picture.zoomIn(), out: () => this.picture.zoomOut(), fit: () => this.picture.zoomWhole() };
    for (const button of this.querySelectorAll("[data-zoom]")) button.addEventListener("click", zooms[button.dataset.zoom]);
    const menu = this.querySelector("[data-menu]");
    menu?.querySelector("[data-close]").addEventListener("click", () => this.close());
    menu?.addEventListener("keydown", (event) => { if (event.key === "Escape") { event.stopPropagation(); this.close(); } });
  }

  draw() {
    this.close();
    const { kept, drawn, least, most } = this.map.choose(this.activities, this.count);
    this.picture.draw(kept, this.look);
    Object.assign(this.querySelector("[data-slider=activities]"), { max: this.data.nodes.length, value: this.activities });
    Object.assign(this.querySelector("[data-slider=paths]"), { min: least, max: most, value: drawn });
    this.querySelector("[data-out=activities]").textContent = `${this.activities} / ${this.data.nodes.length}`;
    this.querySelector("[data-out=paths]").textContent = `${kept.size} / ${this.data.edges.length}`;
    const { transitions, edges, hidden, cases } = this.map.honesty(kept);
    const { words } = this;
    this.querySelector("[data-honesty]").replaceChildren(...facts([
      [words.say("shown"), words.percent(transitions)],
      [words.say("whole"), (this.data.pathsComplete ? "" : "≥ ") + words.percent(cases)],
      [words.say("drawn"), words.number(edges)], [words.say("hidden"), words.number(hidden)],
    ]));
    this.show(this.picked);
  }

  // The picture on a light ground, for saving.
  saved() {
    const ground = document.createElement("div");
    ground.dataset.bsTheme = "light";
    ground.className = "map-colours";
    this.append(ground);
    const { size } = this.picture;
    const svg = this.picture.svg(mapDraw.colours(ground));
    ground.remove();
    svg.setAttribute("width", size.width);
    svg.setAttribute("height", size.height);
    return svg;
  }

  show(part) {
    this.picture.light(part);
    const box = this.querySelector("[data-details]");
    const title = document.createElement("p");
    title.className = part ? "name" : "quiet";
    title.textContent = part ? this.nameOf(part) : this.words.say("hint");
    const list = document.createElement("dl");
    list.className = "facts tight";
    list.append(...facts(part ? this.rows(part) : []));
    box.replaceChildren(title, list);
  }

  nameOf({ edge, node }) {
    if (edge === undefined) return this.picture.nameOf(node);
    const [source, target] = this.data.edges[edge];
    return `${this.picture.nameOf(source)} → ${this.picture.nameOf(target)}`;
  }

  rows({ edge, node }) {
    const { words, data } = this;
    const row = (key, value) => [words.say(key), value];
    if (edge !== undefined) {
      const [source, target, transitions, cases, median, p90, total] = data.edges[edge];
      const waits = source >= 0 && target >= 0 ? [row("median", words.duration(median)), row("p90", words.duration(p90)), row("total", words.duration(total)), row("share", words.percent(data.totalWait ? total / data.totalWait : 0))] : [];
      const [a, b, waitA, waitB] = data.changes?.[edge] ?? [];
      const sides = a === undefined ? [] : [row("casesA", words.percent(a)), row("casesB", words.percent(b)), ...(waitA === null ? [] : [row("waitA", words.duration(waitA))]), ...(waitB === null ? [] : [row("waitB", words.duration(waitB))])];
      return [row("transitions", words.number(transitions)), row("cases", words.number(cases)), ...sides, ...waits];
    }
    if (node < 0) return [row("cases", words.number(data.cases))];
    const [, events, cases, starts, ends, repeats] = data.nodes[node];
    const near = (column) => data.edges.filter((each) => each[column] === node).slice(0, 3).map((each) => this.picture.nameOf(each[1 - column])).join(", ");
    return [row("events", words.number(events)), row("cases", words.number(cases)), row("first", words.number(starts)), row("last", words.number(ends)), row("repeats", words.number(repeats)), row("from", near(1)), row("to", near(0))];
  }

  open(part, event) {
    const menu = this.querySelector("[data-menu]");
    if (!menu || !part || part.node < 0) { this.close(); return; }
    const [source, target, , edgeCases] = part.edge === undefined ? [] : this.data.edges[part.edge];
    const cases = part.edge === undefined ? this.data.nodes[part.node][2] : edgeCases;
    menu.querySelector("[data-menu-title]").textContent = this.nameOf(part);
    menu.querySelector("[data-keep]").textContent = interpolate(ngettext("Keep only its %(n)s case", "Keep only its %(n)s cases", cases), { n: this.words.number(cases) }, true);
    const filled = part.edge === undefined
      ? { add: "contains", activity: this.data.nodes[part.node][0] }
      : { add: "follows", source: this.data.nodes[source]?.[0], target: this.data.nodes[target]?.[0] };
    for (const name of ["add", "source", "target", "activity"]) {
      for (const field of menu.querySelectorAll(`[name=${name}]`)) { field.value = filled[name] ?? ""; field.disabled = filled[name] === undefined; }
    }
    menu.hidden = false;
    this.opener = event.target.closest("[tabindex]");
    const frame = menu.parentElement.getBoundingClientRect();
    const at = event.clientX ? { x: event.clientX, y: event.clientY } : middle(event.target.getBoundingClientRect());
    menu.style.left = `${Math.max(4, Math.min(at.x - frame.left + 8, frame.width - menu.offsetWidth - 4))}px`;
    menu.style.top = `${Math.max(4, Math.min(at.y - frame.top + 8, frame.height - menu.offsetHeight - 4))}px`;
    menu.querySelector("[data-keep]").focus({ preventScroll: true });
  }

  close() {
    const menu = this.querySelector("[data-menu]");
    if (!menu || menu.hidden) return;
    menu.hidden = true;
    this.opener?.focus?.({ preventScroll: true });
  }
}

const middle = ({ x, y, width, height }) => ({ x: x + width / 2, y: y + height / 2 });

function facts(rows) {
  return rows.flatMap(([name, value]) => {
    const [term, text] = [document.createElement("dt"), document.createElement("dd")];
    term.textContent = name;
    text.textContent = value;
    return [term, text];
  });
}

customElements.define("process-map", ProcessMapElement);
