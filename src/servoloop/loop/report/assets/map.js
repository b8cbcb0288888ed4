"use strict";
// The map on the page: sliders, colours, zoom, details. Draws again on every change.
(() => {
  const { data } = processMap;
  const $ = (id) => document.getElementById(id);
  const canvas = $("map-canvas");
  const state = { activities: processMap.defaultActivities(), count: 0, colour: "frequency", zoom: 0, picked: null };
  state.count = processMap.defaultCount(state.activities);
  $("map-live").hidden = false;

  const NAME = "600 13px", SMALL = "12px";
  const nameOf = (node) => (node === -1 ? report.say("start") : node === -2 ? report.say("end") : data.nodes[node][0]);
  const edgeText = ([source, target, transitions, , median]) =>
    [report.number(transitions), ...(source >= 0 && target >= 0 ? [report.duration(median)] : [])];
  // A step back to the same activity is a line in its box: loops drawn as arrows only tangle.
  const loopOf = (node) => [...state.kept].find((index) => data.edges[index][0] === node && data.edges[index][1] === node);
  const loopText = (node) => { const index = loopOf(node); return index === undefined ? "" : `↻ ${edgeText(data.edges[index]).join(" · ")}`; };
  const measure = {
    node(index) {
      const lines = mapDraw.wrap(data.nodes[index][0], NAME, 150);
      const loop = loopText(index);
      const width = Math.max(96, mapDraw.width(loop, SMALL) + 26, ...lines.map((line) => mapDraw.width(line, NAME) + 26));
      return { width, height: 30 + lines.length * 17 + (loop ? 18 : 0), lines };
    },
    edge(index) {
      const lines = edgeText(data.edges[index]);
      return { width: Math.max(...lines.map((line) => mapDraw.width(line, SMALL))) + 10, height: lines.length * 15 + 2 };
    },
  };

  const strength = (edge) => {
    const most = (column) => Math.max(1e-9, ...data.edges.map((other) => other[column]));
    if (state.colour === "frequency") return Math.sqrt(edge[2] / data.edges[0][2]);
    return state.colour === "total" ? Math.sqrt(edge[6] / most(6)) : Math.log1p(edge[4]) / Math.log1p(most(4));
  };

  function drawEdge(graph, index, colours) {
    const edge = data.edges[index];
    const placed = processMap.placed(graph, index);
    const share = strength(edge);
    const thickness = 1.2 + 6 * Math.sqrt(edge[2] / data.edges[0][2]);
    const target = state.colour === "frequency" ? colours.blue : colours.warm;
    const stroke = mapDraw.mix(colours.edge, target, share);
    const size = 8 + thickness;
    const path = mapDraw.element("path", {
      class: "shape", d: mapDraw.spline(placed.points), fill: "none", stroke, "stroke-width": thickness.toFixed(1), "stroke-opacity": 0.85, "stroke-linecap": "butt",
    });
    const lines = edgeText(edge);
    const group = mapDraw.element("g", { tabindex: 0, role: "button", "data-edge": index, "aria-label": `${nameOf(edge[0])} → ${nameOf(edge[1])}: ${lines.join(", ")}` },
      mapDraw.element("path", { d: path.getAttribute("d"), fill: "none", stroke: "transparent", "stroke-width": 16 }),
      path, mapDraw.arrow(placed.points, size, stroke));
    const label = mapDraw.element("g", { "data-edge": index, "pointer-events": "none" },
      mapDraw.element("rect", { x: placed.x - placed.width / 2, y: placed.y - placed.height / 2, width: placed.width, height: placed.height, rx: 4, fill: colours.card, "fill-opacity": 0.86 }),
      ...mapDraw.text(lines, placed.x, placed.y, { size: 12, fill: colours.ink }));
    if (lines.length > 1) label.lastChild.setAttribute("fill", colours.warm);
    return [group, label];
  }

  function drawNode(graph, name, colours) {
    const placed = graph.node(name);
    const node = Number(name);
    const group = mapDraw.element("g", { tabindex: 0, role: "button", "data-node": node, "aria-label": nameOf(node) });
    if (node < 0) {
      group.append(mapDraw.element("circle", { class: "shape", cx: placed.x, cy: placed.y, r: 12, fill: node === -1 ? colours.good : colours.node, stroke: node === -1 ? colours.good : colours.ink, "stroke-width": 2.5 }));
      group.append(node === -1
        ? mapDraw.element("path", { d: `M${placed.x - 3.5},${placed.y - 5.5}l9,5.5l-9,5.5z`, fill: colours.card })
        : mapDraw.element("rect", { x: placed.x - 4.5, y: placed.y - 4.5, width: 9, height: 9, fill: colours.ink }));
      group.append(mapDraw.element("title", {}, nameOf(node)));
      return group;
    }
    const share = Math.sqrt(data.nodes[node][1] / data.nodes[0][1]);
    const lift = loopOf(node) === undefined ? 0 : 18;
    group.append(
      mapDraw.element("rect", { class: "shape", x: placed.x - placed.width / 2, y: placed.y - placed.height / 2, width: placed.width, height: placed.height, rx: 8, fill: mapDraw.mix(colours.node, colours.blue, 0.04 + 0.24 * share), stroke: mapDraw.mix(colours.edge, colours.blue, share), "stroke-width": 1.5 }),
      ...mapDraw.text(placed.lines, placed.x, placed.y - 9 - lift / 2, { size: 13, weight: 600, fill: colours.ink, gap: 1.3 }),
      ...mapDraw.text([report.number(data.nodes[node][1])], placed.x, placed.y + placed.height / 2 - 12 - lift, { size: 12, fill: colours.soft }));
    if (lift) {
      group.append(mapDraw.element("g", { "data-edge": loopOf(node), tabindex: 0, role: "button", "aria-label": `${nameOf(node)} ${loopText(node)}` },
        mapDraw.element("rect", { class: "shape", x: placed.x - placed.width / 2 + 5, y: placed.y + placed.height / 2 - 22, width: placed.width - 10, height: 18, rx: 5, fill: mapDraw.mix(colours.node, colours.warm, 0.14) }),
        ...mapDraw.text([loopText(node)], placed.x, placed.y + placed.height / 2 - 13, { size: 12, fill: colours.warm })));
    }
    return group;
  }

  function draw() {
    const { kept, drawn, least, most } = processMap.choose(state.activities, state.count);
    state.kept = kept;
    const graph = processMap.layout(kept, measure);
    const colours = mapDraw.colours();
    const { width, height } = graph.graph();
    const svg = mapDraw.element("svg", { xmlns: mapDraw.NS, viewBox: `0 0 ${Math.ceil(width)} ${Math.ceil(height)}`, "font-family": mapDraw.FONT, role: "group" });
    const lines = [...kept].filter((index) => data.edges[index][0] !== data.edges[index][1]).sort((a, b) => b - a).map((index) => drawEdge(graph, index, colours));
    svg.append(...lines.map(([line]) => line), ...graph.nodes().map((name) => drawNode(graph, name, colours)), ...lines.map(([, label]) => label));
    canvas.replaceChildren(svg);
    state.size = { width: Math.ceil(width), height: Math.ceil(height) };
    zoom(state.zoom || fitting());
    document.querySelectorAll("#colour-by option").forEach((option) => { option.textContent = report.say(option.dataset.text); });
    $("activities-slider").max = data.nodes.length;
    $("activities-slider").value = state.activities;
    Object.assign($("paths-slider"), { min: least, max: most, value: drawn });
    $("activities-out").textContent = `${state.activities} / ${data.nodes.length}`;
    $("paths-out").textContent = `${kept.size} / ${data.edges.length}`;
    tell(processMap.honesty(kept));
    details(state.picked);
  }

  function tell({ transitions, edges, hidden, cases }) {
    const zh = report.language === "zh";
    const least = data.pathsComplete ? "" : "≥ ";
    const rows = [
      [zh ? "图上的转移" : "Transitions shown", report.percent(transitions)],
      [zh ? "完全落在图上的案例" : "Cases wholly on the map", least + report.percent(cases)],
      [zh ? "绘制的边" : "Edges drawn", report.number(edges)],
      [zh ? "隐藏的边" : "Edges hidden", report.number(hidden)],
    ];
    $("honesty").replaceChildren(...rows.flatMap(([name, value]) => {
      const [term, text] = [document.createElement("dt"), document.createElement("dd")];
      term.textContent = name; text.textContent = value;
      return [term, text];
    }));
  }

  const fitting = () => Math.max(0.62, Math.min(1, (canvas.clientWidth - 4) / state.size.width));
  function zoom(factor) {
    const svg = canvas.firstChild;
    svg.setAttribute("width", Math.round(state.size.width * factor));
    svg.setAttribute("height", Math.round(state.size.height * factor));
    state.shown = factor;
  }

  function table(rows) {
    const made = document.createElement("table");
    for (const [name, value] of rows) {
      const row = made.insertRow();
      row.insertCell().textContent = name;
      const cell = row.insertCell(); cell.textContent = value; cell.className = "n";
    }
    return made;
  }

  function details(picked) {
    const box = $("map-details");
    const title = document.createElement("p");
    if (!picked) { title.className = "muted"; title.textContent = report.say("map_hint"); box.replaceChildren(title); return; }
    title.className = "name";
    if (picked.edge !== undefined) {
      const [source, target, transitions, cases, median, p90, total] = data.edges[picked.edge];
      title.textContent = `${nameOf(source)} → ${nameOf(target)}`;
      const waits = source >= 0 && target >= 0 ? [
        [report.say("median_wait"), report.duration(median)], [report.say("p90_wait"), report.duration(p90)],
        [report.say("total_wait"), report.duration(total)], [report.say("share_wait"), report.percent(data.totalWait ? total / data.totalWait : 0)]] : [];
      box.replaceChildren(title, table([[report.say("transitions"), report.number(transitions)], [report.say("cases"), report.number(cases)], ...waits]));
      return;
    }
    title.textContent = nameOf(picked.node);
    const near = (column) => data.edges.filter((edge) => edge[column] === picked.node).slice(0, 5);
    const list = (label, edges, column) => {
      const head = document.createElement("h3"); head.textContent = label;
      return edges.length ? [head, table(edges.map((edge) => [nameOf(edge[column]), report.number(edge[2])]))] : [];
    };
    const own = picked.node < 0 ? [] : (([, events, cases, starts, ends, repeats]) => [
      [report.say("events"), report.number(events)], [report.say("cases"), report.number(cases)],
      [report.say("first_in"), report.number(starts)], [report.say("last_in"), report.number(ends)], [report.say("repeats"), report.number(repeats)],
    ])(data.nodes[picked.node]);
    box.replaceChildren(title, table(own), ...list(report.say("from"), near(1), 0), ...list(report.say("to"), near(0), 1));
  }

  const touches = (edge, node) => edge[0] === node || edge[1] === node;
  const partOf = (event) => {
    const group = event.target.closest?.("[data-edge],[data-node]");
    if (!group) return null;
    return group.dataset.edge !== undefined ? { edge: Number(group.dataset.edge) } : { node: Number(group.dataset.node) };
  };
  function light(part) {
    const neighbours = new Set(part?.node === undefined ? [] : [...state.kept].map((index) => data.edges[index]).filter((edge) => touches(edge, part.node)).flatMap((edge) => edge.slice(0, 2)));
    const ofEdge = (index) => !part || (part.edge !== undefined ? index === part.edge : touches(data.edges[index], part.node));
    const ofNode = (node) => !part || (part.edge !== undefined ? touches(data.edges[part.edge], node) : node === part.node || neighbours.has(node));
    for (const group of canvas.querySelectorAll("[data-edge]:not([data-node] *),[data-node]")) {
      const near = group.dataset.node === undefined ? ofEdge(Number(group.dataset.edge)) : ofNode(Number(group.dataset.node));
      group.classList.toggle("dim", !near);
    }
  }
  const pick = (part) => { state.picked = part; light(part); details(part); };
  canvas.addEventListener("click", (event) => { if (!state.dragged) pick(partOf(event)); });
  canvas.addEventListener("keydown", (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); pick(partOf(event)); } if (event.key === "Escape") pick(null); });
  canvas.addEventListener("pointerover", (event) => { if (event.pointerType === "mouse" && !state.from) { const part = partOf(event) || state.picked; light(part); details(part); } });
  canvas.addEventListener("pointerleave", () => { light(state.picked); details(state.picked); });
  canvas.addEventListener("pointerdown", (event) => { state.dragged = false; if (event.pointerType === "mouse") state.from = [event.clientX + canvas.scrollLeft, event.clientY + canvas.scrollTop]; });
  window.addEventListener("pointermove", (event) => {
    if (!state.from) return;
    const [x, y] = [state.from[0] - event.clientX, state.from[1] - event.clientY];
    if (Math.abs(x - canvas.scrollLeft) + Math.abs(y - canvas.scrollTop) > 4) { state.dragged = true; canvas.classList.add("dragging"); }
    canvas.scrollLeft = x; canvas.scrollTop = y;
  });
  window.addEventListener("pointerup", () => { state.from = null; canvas.classList.remove("dragging"); });

  const later = (action) => { let waiting; return () => { cancelAnimationFrame(waiting); waiting = requestAnimationFrame(action); }; };
  const redraw = later(() => { state.picked = null; draw(); });
  $("activities-slider").addEventListener("input", (event) => { state.activities = Number(event.target.value); redraw(); });
  $("paths-slider").addEventListener("input", (event) => { state.count = Number(event.target.value); redraw(); });
  $("colour-by").addEventListener("change", (event) => { state.colour = event.target.value; draw(); });
  $("zoom-in").addEventListener("click", () => { state.zoom = Math.min(3, state.shown * 1.25); zoom(state.zoom); });
  $("zoom-out").addEventListener("click", () => { state.zoom = Math.max(0.2, state.shown / 1.25); zoom(state.zoom); });
  $("zoom-fit").addEventListener("click", () => { state.zoom = 0; zoom(Math.min(1, (canvas.clientWidth - 4) / state.size.width, (canvas.clientHeight - 4) / state.size.height)); });
  $("save-svg").addEventListener("click", () => report.save("process-map.svg", "image/svg+xml", new XMLSerializer().serializeToString(canvas.firstChild)));
  report.listeners.push(draw);
  draw();
})();
