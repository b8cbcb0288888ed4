// Which part of a process map is shown, and where it stands. Data: see loop/report/map_data.py.
// The report inlines this file without its imports and exports; dagre is a global of its own script.
export class ProcessMap {
  constructor(data) { this.data = data; }

  // The edges to draw: for every activity shown its strongest way in and out and a way from the start
  // and to the end, so that nothing hangs in the air, then the most frequent ones until `count` arrows are drawn; loops cost no arrow.
  choose(activities, count) {
    const { edges } = this.data;
    const possible = [...edges.keys()].filter((index) => edges[index][0] < activities && edges[index][1] < activities);
    const kept = new Set();
    const entered = new Set(), left = new Set();
    for (const index of possible) {
      const [source, target] = edges[index];
      if (source === target) continue;
      if (!entered.has(target) || !left.has(source)) kept.add(index);
      entered.add(target);
      left.add(source);
    }
    this.tie(kept, possible, 0, 1, -1);
    this.tie(kept, possible, 1, 0, -2);
    const isLoop = (index) => edges[index][0] === edges[index][1];
    const range = { least: kept.size, most: possible.filter((index) => !isLoop(index)).length };
    let drawn = kept.size;
    for (const index of possible) {
      if (kept.has(index)) continue;
      if (!isLoop(index) && drawn >= count) break;
      if (!isLoop(index)) drawn += 1;
      kept.add(index);
    }
    return { kept, drawn, ...range };
  }

  // What hangs together but is cut off from the start (or the end) gets its strongest way there.
  tie(kept, possible, from, to, root) {
    const { edges } = this.data;
    const reached = new Set([root]);
    const grow = (indices) => {
      for (let before = -1; before !== reached.size;) {
        before = reached.size;
        for (const index of indices) if (reached.has(edges[index][from])) reached.add(edges[index][to]);
      }
    };
    for (;;) {
      grow(kept);
      const missing = possible.find((index) => reached.has(edges[index][from]) && !reached.has(edges[index][to]));
      if (missing === undefined) return;
      kept.add(missing);
    }
  }

  honesty(kept) {
    const { edges, paths, cases } = this.data;
    let all = 0, shown = 0;
    edges.forEach((edge, index) => { all += edge[2]; if (kept.has(index)) shown += edge[2]; });
    let whole = 0;
    for (const path of paths) {
      let on = true;
      for (let at = 1; at < path.length && on; at += 1) on = kept.has(path[at]);
      if (on) whole += path[0];
    }
    return { transitions: shown / all, edges: kept.size, hidden: edges.length - kept.size, cases: whole / cases };
  }

  // As many edges as hold 95 % of the transitions, unless that would be too many to read.
  defaultCount(activities) {
    const { edges } = this.data;
    const total = edges.reduce((sum, edge) => sum + edge[2], 0);
    let held = 0, enough = 0;
    while (enough < edges.length && held < 0.95 * total) { held += edges[enough][2]; enough += 1; }
    const { least } = this.choose(activities, 0);
    return Math.min(enough, Math.max(14, Math.round(activities * 1.5), Math.round(least * 1.2)));
  }

  // The activities that occur in at least one case in a hundred, at most 22 of them.
  defaultActivities() {
    const { nodes, cases } = this.data;
    return Math.max(Math.min(3, nodes.length), Math.min(22, nodes.filter((node) => node[2] >= 0.01 * cases).length));
  }

  layout(kept, measure) {
    const { nodes, edges } = this.data;
    const graph = new dagre.graphlib.Graph({ multigraph: true });
    graph.setGraph({ rankdir: "TB", nodesep: 30, ranksep: 34, edgesep: 16, marginx: 14, marginy: 14 });
    graph.setDefaultEdgeLabel(() => ({}));
    const used = new Set();
    for (const index of kept) { used.add(edges[index][0]); used.add(edges[index][1]); }
    if (used.has(-1)) graph.setNode("-1", { width: 26, height: 26 });
    nodes.forEach((_, index) => { if (used.has(index)) graph.setNode(String(index), measure.node(index)); });
    if (used.has(-2)) graph.setNode("-2", { width: 26, height: 26 });
    const most = edges.length ? edges[0][2] : 1;
    for (const index of kept) {
      const [source, target, transitions] = edges[index];
      if (source === target) continue; // drawn inside its box
      const [upper, lower] = this.isBack(index) ? [target, source] : [source, target];
      graph.setEdge(String(upper), String(lower), {
        ...measure.edge(index), labelpos: "c", weight: 1 + Math.round(60 * transitions / most),
      }, String(index));
    }
    dagre.layout(graph);
    return graph;
  }

  // Against the usual order of the activities: laid out upwards, so that time runs down the page.
  isBack(index) {
    const [source, target] = this.data.edges[index];
    const place = (node) => (node === -1 ? -1 : node === -2 ? 2 : this.data.nodes[node][6]);
    return place(source) > place(target) || (place(source) === place(target) && source > target);
  }

  placed(graph, index) {
    const [source, target] = this.data.edges[index];
    if (!this.isBack(index)) return graph.edge(String(source), String(target), String(index));
    const edge = graph.edge(String(target), String(source), String(index));
    return { ...edge, points: [...edge.points].reverse() };
  }
}
