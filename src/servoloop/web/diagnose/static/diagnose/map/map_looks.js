// What is written on a map and how strongly its lines are drawn: a look for each question asked of it.
// A look has lines(index): the words on an edge, tone(index): {share 0..1, colour: a name of the
// palette}, and loop(index): the words on a step back to the same activity.
const isStep = ([source, target]) => source >= 0 && target >= 0;

function look(data, words, tone) {
  const lines = (index) => {
    const edge = data.edges[index];
    return [words.number(edge[2]), ...(isStep(edge) ? [words.duration(edge[4])] : [])];
  };
  return { lines, loop: (index) => lines(index).join(" · "), tone, warmSecond: true };
}

// Of one selection: by how often, by the median or by the sum of the waits.
export const mapLooks = {
  frequency: (data, words) => look(data, words, (index) => (
    { share: Math.sqrt(data.edges[index][2] / data.edges[0][2]), colour: "blue" })),
  median: (data, words) => {
    const most = Math.log1p(Math.max(1e-9, ...data.edges.map((edge) => edge[4])));
    return look(data, words, (index) => ({ share: Math.log1p(data.edges[index][4]) / most, colour: "warm" }));
  },
  total: (data, words) => {
    const most = Math.max(1e-9, ...data.edges.map((edge) => edge[6]));
    return look(data, words, (index) => ({ share: Math.sqrt(data.edges[index][6] / most), colour: "warm" }));
  },

  // Of two selections: by how much more or fewer cases go this way, or by how much longer they wait.
  // data.changes: [share A, share B, median wait A or null, median wait B or null] for each edge.
  more(data, words) {
    const change = (index) => data.changes[index][1] - data.changes[index][0];
    const most = Math.max(1e-9, ...data.edges.map((_, index) => Math.abs(change(index))));
    const lines = (index) => {
      const [a, b] = data.changes[index];
      return [`${words.percent(a)} → ${words.percent(b)}`, words.points(change(index))];
    };
    return { lines, loop: (index) => lines(index).join(" · "), tone: (index) => signed(change(index), most) };
  },
  longer(data, words) {
    const change = (index) => {
      const [, , a, b] = data.changes[index];
      return a === null || b === null ? 0 : b - a;
    };
    const most = Math.max(1e-9, ...data.edges.map((_, index) => Math.abs(change(index))));
    const lines = (index) => {
      const [, , a, b] = data.changes[index];
      const said = (wait) => (wait === null ? "–" : words.duration(wait));
      if (a === null && b === null) return [];
      return [`${said(a)} → ${said(b)}`, ...(a === null || b === null ? [] : [words.more(change(index))])];
    };
    return { lines, loop: (index) => lines(index).join(" · "), tone: (index) => signed(change(index), most) };
  },
};

function signed(change, most) {
  return { share: Math.sqrt(Math.abs(change) / most), colour: change > 0 ? "warm" : "blue" };
}
