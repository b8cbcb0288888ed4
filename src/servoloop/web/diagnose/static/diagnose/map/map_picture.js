import { mapDraw } from "./map_draw.js";

// A process map in a canvas element: drawn, zoomed, lit. What it says comes from a look.
const NAME = "600 13px", SMALL = "12px";

export class MapPicture {
  constructor({ canvas, map, words }) { Object.assign(this, { canvas, map, words, kept: new Set(), zoomed: 0 }); }

  get data() { return this.map.data; }

  nameOf(node) {
    return node === -1 ? this.words.say("start") : node === -2 ? this.words.say("end") : this.data.nodes[node][0];
  }

  // A step back to the same activity is a line in its box: loops drawn as arrows only tangle.
  loopOf(node) {
    return [...this.kept].find((index) => this.data.edges[index][0] === node && this.data.edges[index][1] === node);
  }

  loopText(node) {
    const index = this.loopOf(node);
    return index === undefined ? "" : `↻ ${this.look.loop(index)}`;
  }

  draw(kept, look) {
    Object.assign(this, { kept, look });
    const svg = this.svg(mapDraw.colours(this.canvas));
    this.canvas.replaceChildren(svg);
    this.zoom(this.zoomed || this.fitting());
    this.centre();
  }

  // A picture wider than its frame begins where cases do.
  centre() {
    const start = this.canvas.querySelector("[data-node='-1'] circle");
    if (start) this.canvas.scrollLeft = start.getAttribute("cx") * this.shown - this.canvas.clientWidth / 2;
  }

  // The picture as it stands, in the colours of `palette` (of a light ground when it is saved).
  svg(colours) {
    const graph = this.map.layout(this.kept, this.measure());
    const { width, height } = graph.graph();
    this.size = { width: Math.ceil(width), height: Math.ceil(height) };
    const svg = mapDraw.element("svg", { xmlns: mapDraw.NS, viewBox: `0 0 ${this.size.width} ${this.size.height}`, "font-family": mapDraw.FONT, role: "group" });
    const drawn = [...this.kept].filter((index) => this.data.edges[index][0] !== this.data.edges[index][1]).sort((a, b) => b - a);
    const lines = drawn.map((index) => this.edge(graph, index, colours));
    svg.append(...lines.map(([line]) => line), ...graph.nodes().map((name) => this.node(graph, name, colours)), ...lines.map(([, label]) => label));
    return svg;
  }

  measure() {
    return {
      node: (index) => {
        const lines = mapDraw.wrap(this.data.nodes[index][0], NAME, 150);
        const loop = this.loopText(index);
        const width = Math.max(96, mapDraw.width(loop, SMALL) + 26, ...lines.map((line) => mapDraw.width(line, NAME) + 26));
        return { width, height: 30 + lines.length * 17 + (loop ? 18 : 0), lines };
      },
      edge: (index) => {
        const lines = this.look.lines(index);
        return { width: Math.max(0, ...lines.map((line) => mapDraw.width(line, SMALL))) + 10, height: lines.length * 15 + 2 };
      },
    };
  }

  edge(graph, index, colours) {
    const edge = this.data.edges[index];
    const placed = this.map.placed(graph, index);
    const { share, colour } = this.look.tone(index);
    const thickness = 1.2 + 6 * Math.sqrt(edge[2] / this.data.edges[0][2]);
    const stroke = mapDraw.mix(colours.edge, colours[colour], share);
    const path = mapDraw.element("path", {
      class: "shape", d: mapDraw.spline(placed.points), fill: "none", stroke, "stroke-width": thickness.toFixed(1), "stroke-opacity": 0.85, "stroke-linecap": "butt",
    });
    const lines = this.look.lines(index);
    const group = mapDraw.element("g", { tabindex: 0, role: "button", "data-edge": index, "aria-label": `${this.nameOf(edge[0])} → ${this.nameOf(edge[1])}: ${lines.join(", ")}` },
      mapDraw.element("path", { d: path.getAttribute("d"), fill: "none", stroke: "transparent", "stroke-width": 16 }),
      path, mapDraw.arrow(placed.points, 8 + thickness, stroke));
    const label = mapDraw.element("g", { "data-edge": index, "pointer-events": "none" });
    if (!lines.length) return [group, label];
    label.append(
      mapDraw.element("rect", { x: placed.x - placed.width / 2, y: placed.y - placed.height / 2, width: placed.width, height: placed.height, rx: 4, fill: colours.card, "fill-opacity": 0.86 }),
      ...mapDraw.text(lines, placed.x, placed.y, { size: 12, fill: colours.ink }));
    if (lines.length > 1) label.lastChild.setAttribute("fill", this.look.warmSecond ? colours.warm : mapDraw.mix(colours.ink, colours[colour], Math.min(1, share * 4)));
    return [group, label];
  }

  node(graph, name, colours) {
    const placed = graph.node(name);
    const node = Number(name);
    const group = mapDraw.element("g", { tabindex: 0, role: "button", "data-node": node, "aria-label": this.nameOf(node) });
    if (node < 0) {
      group.append(mapDraw.element("circle", { class: "shape", cx: placed.x, cy: placed.y, r: 12, fill: node === -1 ? colours.good : colours.node, stroke: node === -1 ? colours.good : colours.ink, "stroke-width": 2.5 }));
      group.append(node === -1
        ? mapDraw.element("path", { d: `M${placed.x - 3.5},${placed.y - 5.5}l9,5.5l-9,5.5z`, fill: colours.card })
        : mapDraw.element("rect", { x: placed.x - 4.5, y: placed.y - 4.5, width: 9, height: 9, fill: colours.ink }));
      group.append(mapDraw.element("title", {}, this.nameOf(node)));
      return group;
    }
    const share = Math.sqrt(this.data.nodes[node][1] / this.data.nodes[0][1]);
    const loop = this.loopOf(node);
    const lift = loop === undefined ? 0 : 18;
    group.append(
      mapDraw.element("rect", { class: "shape", x: placed.x - placed.width / 2, y: placed.y - placed.height / 2, width: placed.width, height: placed.height, rx: 8, fill: mapDraw.mix(colours.node, colours.blue, 0.04 + 0.24 * share), stroke: mapDraw.mix(colours.edge, colours.blue, share), "stroke-width": 1.5 }),
      ...mapDraw.text(placed.lines, placed.x, placed.y - 9 - lift / 2, { size: 13, weight: 600, fill: colours.ink, gap: 1.3 }),
      ...mapDraw.text([this.words.number(this.data.nodes[node][1])], placed.x, placed.y + placed.height / 2 - 12 - lift, { size: 12, fill: colours.soft }));
    if (lift) {
      const text = this.loopText(node);
      group.append(mapDraw.element("g", { "data-edge": loop, tabindex: 0, role: "button", "aria-label": `${this.nameOf(node)} ${text}` },
        mapDraw.element("rect", { class: "shape", x: placed.x - placed.width / 2 + 5, y: placed.y + placed.height / 2 - 22, width: placed.width - 10, height: 18, rx: 5, fill: mapDraw.mix(colours.node, colours.warm, 0.14) }),
        ...mapDraw.text([text], placed.x, placed.y + placed.height / 2 - 13, { size: 12, fill: colours.warm })));
    }
    return group;
  }

  fitting() { return Math.max(0.62, Math.min(1, (this.canvas.clientWidth - 4) / this.size.width)); }

  zoom(factor) {
    const svg = this.canvas.firstChild;
    svg.setAttribute("width", Math.round(this.size.width * factor));
    svg.setAttribute("height", Math.round(this.size.height * factor));
    this.shown = factor;
  }

  zoomIn() { this.zoomed = Math.min(3, this.shown * 1.25); this.zoom(this.zoomed); }

  zoomOut() { this.zoomed = Math.max(0.2, this.shown / 1.25); this.zoom(this.zoomed); }

  zoomWhole() {
    this.zoomed = 0;
    this.zoom(Math.min(1, (this.canvas.clientWidth - 4) / this.size.width, (this.canvas.clientHeight - 4) / this.size.height));
  }

  // {edge: index} or {node: index} of what an event happened to; null beside the map.
  partOf(event) {
    const group = event.target.closest?.("[data-edge],[data-node]");
    if (!group) return null;
    return group.dataset.edge !== undefined ? { edge: Number(group.dataset.edge) } : { node: Number(group.dataset.node) };
  }

  light(part) {
    const edges = this.data.edges;
    const touches = (edge, node) => edge[0] === node || edge[1] === node;
    const neighbours = new Set(part?.node === undefined ? [] : [...this.kept].map((index) => edges[index]).filter((edge) => touches(edge, part.node)).flatMap((edge) => edge.slice(0, 2)));
    const ofEdge = (index) => !part || (part.edge !== undefined ? index === part.edge : touches(edges[index], part.node));
    const ofNode = (node) => !part || (part.edge !== undefined ? touches(edges[part.edge], node) : node === part.node || neighbours.has(node));
    for (const group of this.canvas.querySelectorAll("[data-edge]:not([data-node] *),[data-node]")) {
      const near = group.dataset.node === undefined ? ofEdge(Number(group.dataset.edge)) : ofNode(Number(group.dataset.node));
      group.classList.toggle("dim", !near);
    }
  }

  // Mouse: drag to move, point to look, click to pick; keys: Enter picks, Escape lets go.
  listen({ look, pick }) {
    const { canvas } = this;
    let from = null, dragged = false;
    canvas.addEventListener("click", (event) => { if (!dragged) pick(this.partOf(event), event); });
    canvas.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); pick(this.partOf(event), event); }
      if (event.key === "Escape") pick(null, event);
    });
    canvas.addEventListener("pointerover", (event) => { if (event.pointerType === "mouse" && !from) look(this.partOf(event)); });
    canvas.addEventListener("pointerleave", () => look(null));
    canvas.addEventListener("pointerdown", (event) => { dragged = false; if (event.pointerType === "mouse") from = [event.clientX + canvas.scrollLeft, event.clientY + canvas.scrollTop]; });
    const move = (event) => {
      if (!from) return;
      const [x, y] = [from[0] - event.clientX, from[1] - event.clientY];
      if (Math.abs(x - canvas.scrollLeft) + Math.abs(y - canvas.scrollTop) > 4) { dragged = true; canvas.classList.add("dragging"); }
      canvas.scrollLeft = x; canvas.scrollTop = y;
    };
    const release = () => { from = null; canvas.classList.remove("dragging"); };
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", release);
    return () => { window.removeEventListener("pointermove", move); window.removeEventListener("pointerup", release); };
  }
}
