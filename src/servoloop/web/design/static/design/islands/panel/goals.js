// What the process is for, and the figures that it shall reach.
import { altered, create, moved, replaced, said } from "./moddle.js";
import { add, choose, group, h, text, tools } from "./draw.js";
import { isoOf, secondsOf, shown } from "./durations.js";
import { bilingual, elementsOf, listOf } from "./words.js";

export const goals = {
  id: "goals",
  title: () => gettext("Goal"),
  applies: (context) => context.isWhole && Boolean(context.process),
  draw(context) {
    const { modeler, sheet } = context;
    const all = sheet?.get("kpis") ?? [];
    const save = (next) => context.changeSheet({ kpis: next });
    const items = all.map((goal, at) => {
      const kpi = context.people.kpis.find((each) => each.key === said(goal, "name"));
      const alter = (changes) => save(replaced(all, at, altered(modeler, goal, changes)));
      const words = kpi?.label ?? said(goal, "name");
      return h("div", { class: "item" },
        h("div", { class: "item-head" }, h("strong", {}, words), tools(at, all.length, { words, name: `kpi-${at}`, move: (from, to) => save(moved(all, from, to)), remove: (index) => save(replaced(all, index)) })),
        which(context, said(goal, "name"), all, `kpi-${at}-name`, (name) => alter({ name, target: startOf(context, name) })),
        target(kpi, said(goal, "target"), `kpi-${at}-target`, (value) => alter({ target: value })));
    });
    return [
      bilingual(gettext("What the process is for"), { list: listOf(sheet?.get("goals")), rows: 2, name: "goal", save: (list) => context.changeSheet({ goals: elementsOf(modeler, "Goal", list) }) }),
      group(gettext("KPI goals"), items, add(gettext("Add a KPI"), () => {
        const name = firstFree(context, all);
        save([...all, create(modeler, "Kpi", { name, target: startOf(context, name) })]);
      }, "kpi-add")),
    ];
  },
};

function firstFree(context, all) {
  const used = new Set(all.map((each) => said(each, "name")));
  const offered = context.people.kpis.length ? context.people.kpis.map((each) => each.key) : ["first_contact_resolution", "resolution", "reopen"];
  return offered.find((each) => !used.has(each)) ?? offered[0];
}

const unitOf = (context, name) => context.people.kpis.find((each) => each.key === name)?.unit ?? "";

const startOf = (context, name) => ({ time: "PT8H", share: "0.8" })[unitOf(context, name)] ?? "1";

function which(context, value, all, name, save) {
  const { kpis } = context.people;
  if (!kpis.length) return text(gettext("KPI"), { value, save, name });
  const used = all.map((each) => said(each, "name"));
  const options = kpis.filter(({ key }) => key === value || !used.includes(key)).map(({ key, label }) => [key, label]);
  if (!options.some(([key]) => key === value)) options.push([value, value]);
  return choose(gettext("KPI"), { value, options, save, name });
}

// A time in words, a share in percent, anything else as a number.
function target(kpi, value, name, save) {
  const isTime = kpi?.unit === "time" || value.startsWith("P"), isShare = kpi?.unit === "share";
  const label = { lower: gettext("At most"), higher: gettext("At least") }[kpi?.better] ?? gettext("Target");
  const wrong = gettext("Write a time such as 8 h, a percentage such as 80 %, or a number.");
  const kept = (typed) => {
    const percent = /^(\d+(?:\.\d+)?)\s*[%％]$/.exec(typed);
    if (percent) return String(Number((Number(percent[1]) / 100).toFixed(6)));
    if (/^\d+(\.\d+)?$/.test(typed)) return isShare && Number(typed) > 1 ? String(Number(typed) / 100) : typed;
    const seconds = secondsOf(typed);
    return seconds ? isoOf(seconds) : undefined;
  };
  const words = isTime ? shown(value) : isShare && value ? `${Number((Number(value) * 100).toFixed(4))} %` : value;
  return text(label, { value: words, name, check: (typed) => (typed && kept(typed) ? "" : wrong), save: (typed) => save(kept(typed)) });
}
