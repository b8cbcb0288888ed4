// What is written on a map and how strongly its lines are drawn: a look for each question asked of it.
// A look has lines(index): the words on an edge, tone(index): {share 0..1, colour: a name of the
// palette}, and loop(index): the words on a step back to the same activity.
const isStep = ([source, target]) => source >= 0 && target >= 0;

// Steps back to the same activity are no arrows; a scale must not be theirs.
const most = (data, value) => Math.max(1e-9, ...data.edges.map((edge, index) => (edge[0] === edge[1] ? 0 : Math.abs(value(index)))));

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
    const longest = Math.log1p(most(data, (index) => data.edges[index][4]));
    return look(data, words, (index) => ({ share: Math.min(1, Math.log1p(data.edges[index][4]) / longest), colour: "warm" }));
  },
  total: (data, words) => {
    const all = most(data, (index) => data.edges[index][6]);
    return look(data, words, (index) => ({ share: Math.min(1, Math.sqrt(data.edges[index][6] / all)), colour: "warm" }));
  },

  // Of two selections: by how much more or fewer cases go this way, or by how much longer they wait.
  // data.changes: [share A, share B, median wait A or null, median wait B or null] for each edge.
  more(data, words) {
    const change = (index) => data.changes[index][1] - data.changes[index][0];
    const greatest = most(data, change);
    const lines = (index) => {
      const [a, b] = data.changes[index];
      return [`${words.percent(a)} → ${words.percent(b)}`, words.points(change(index))];
    };
    return { lines, loop: (index) => lines(index).join(" · "), tone: (index) => signed(change(index), greatest) };
  },
  longer(data, words) {
    const change = (index) => {
      const [, , a, b] = data.changes[index];
      return a === null || b === null ? 0 : b - a;
    };
    const greatest = most(data, change);
    const lines = (index) => {
      const [, , a, b] = data.changes[index];
      const said = (wait) => (wait === null ? "–" : words.duration(wait));
      if (a === null && b === null) return [];
      return [`${said(a)} → ${said(b)}`, ...(a === null || b === null ? [] : [words.more(change(index))])];
    };
    return { lines, loop: (index) => lines(index).join(" · "), tone: (index) => signed(change(index), greatest) };
  },
};

function signed(change, greatest) {
  return { share: Math.min(1, Math.sqrt(Math.abs(change) / greatest)), colour: change > 0 ? "warm" : "blue" };
}
