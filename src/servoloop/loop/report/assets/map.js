// The map on the page: sliders, colours, zoom, details. Draws again on every change.
{
  const map = new ProcessMap(JSON.parse(document.getElementById("map-data").textContent));
  const { data } = map;
  const $ = (id) => document.getElementById(id);
  const canvas = $("map-canvas");
  const picture = new MapPicture({ canvas, map, words: report });
  const state = { activities: map.defaultActivities(), count: 0, colour: "frequency", picked: null };
  state.count = map.defaultCount(state.activities);
  $("map-live").hidden = false;

  function draw() {
    const { kept, drawn, least, most } = map.choose(state.activities, state.count);
    picture.draw(kept, mapLooks[state.colour](data, report));
    document.querySelectorAll("#colour-by option").forEach((option) => { option.textContent = report.say(option.dataset.text); });
    $("activities-slider").max = data.nodes.length;
    $("activities-slider").value = state.activities;
    Object.assign($("paths-slider"), { min: least, max: most, value: drawn });
    $("activities-out").textContent = `${state.activities} / ${data.nodes.length}`;
    $("paths-out").textContent = `${kept.size} / ${data.edges.length}`;
    tell(map.honesty(kept));
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
      title.textContent = `${picture.nameOf(source)} → ${picture.nameOf(target)}`;
      const waits = source >= 0 && target >= 0 ? [
        [report.say("median_wait"), report.duration(median)], [report.say("p90_wait"), report.duration(p90)],
        [report.say("total_wait"), report.duration(total)], [report.say("share_wait"), report.percent(data.totalWait ? total / data.totalWait : 0)]] : [];
      box.replaceChildren(title, table([[report.say("transitions"), report.number(transitions)], [report.say("cases"), report.number(cases)], ...waits]));
      return;
    }
    title.textContent = picture.nameOf(picked.node);
    const near = (column) => data.edges.filter((edge) => edge[column] === picked.node).slice(0, 5);
    const list = (label, edges, column) => {
      const head = document.createElement("h3"); head.textContent = label;
      return edges.length ? [head, table(edges.map((edge) => [picture.nameOf(edge[column]), report.number(edge[2])]))] : [];
    };
    const own = picked.node < 0 ? [] : (([, events, cases, starts, ends, repeats]) => [
      [report.say("events"), report.number(events)], [report.say("cases"), report.number(cases)],
      [report.say("first_in"), report.number(starts)], [report.say("last_in"), report.number(ends)], [report.say("repeats"), report.number(repeats)],
    ])(data.nodes[picked.node]);
    box.replaceChildren(title, table(own), ...list(report.say("from"), near(1), 0), ...list(report.say("to"), near(0), 1));
  }

  const show = (part) => { picture.light(part); details(part); };
  picture.listen({
    look: (part) => show(part || state.picked),
    pick: (part) => { state.picked = part; show(part); },
  });

  const later = (action) => { let waiting; return () => { cancelAnimationFrame(waiting); waiting = requestAnimationFrame(action); }; };
  const redraw = later(() => { state.picked = null; draw(); });
  $("activities-slider").addEventListener("input", (event) => { state.activities = Number(event.target.value); redraw(); });
  $("paths-slider").addEventListener("input", (event) => { state.count = Number(event.target.value); redraw(); });
  $("colour-by").addEventListener("change", (event) => { state.colour = event.target.value; draw(); });
  $("zoom-in").addEventListener("click", () => picture.zoomIn());
  $("zoom-out").addEventListener("click", () => picture.zoomOut());
  $("zoom-fit").addEventListener("click", () => picture.zoomWhole());
  // In light colours, whatever the page has.
  canvas.saved = () => {
    const ground = document.createElement("div");
    ground.className = "picture-ground";
    document.body.append(ground);
    const svg = picture.svg(mapDraw.colours(ground));
    ground.remove();
    return svg;
  };
  report.listeners.push(draw);
  draw();
}
