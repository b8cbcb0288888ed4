// What happens when a step is not done in time: levels that are asked one after another.
import { altered, create, moved, replaced, said } from "./moddle.js";
import { add, group, h, tools } from "./draw.js";
import { duration } from "./durations.js";
import { calendar, role } from "./people.js";

export const escalation = {
  id: "escalation",
  title: () => gettext("If not in time: escalation"),
  applies: (context) => context.isHuman,
  summary: (context) => (context.step?.get("escalation").length ? "" : gettext("missing")),
  draw(context) {
    const { modeler, step } = context;
    const list = step?.get("escalation") ?? [];
    const save = (next) => context.change({ escalation: next });
    const items = list.map((level, at) => {
      const alter = (changes) => save(replaced(list, at, altered(modeler, level, changes)));
      const words = interpolate(gettext("Level %s"), [at + 1]);
      const isRepeated = list.slice(0, at).some((each) => said(each, "role") === said(level, "role"));
      return h("div", { class: "item" },
        h("div", { class: "item-head" }, h("strong", {}, words),
          tools(at, list.length, { words, name: `escalation-${at}`, move: (from, to) => save(moved(list, from, to)), remove: (index) => save(replaced(list, index)) })),
        role(context, gettext("Who is asked"), { value: said(level, "role"), save: (value) => alter({ role: value }), name: `escalation-${at}-role`, hint: isRepeated ? gettext("This role was asked on a level before.") : "" }),
        duration(gettext("Answers within"), { value: said(level, "within"), save: (value) => alter({ within: value }), name: `escalation-${at}-within`, isNeeded: true }),
        calendar(context, gettext("Counted on the calendar"), { value: said(level, "calendar"), save: (value) => alter({ calendar: value }), name: `escalation-${at}-calendar`, empty: gettext("As the step") }));
    });
    return group(gettext("Levels"), items,
      add(gettext("Add a level"), () => save([...list, create(modeler, "Escalation", { role: nextRole(context, list), within: "PT1H" })]), "escalation"));
  },
};

// Somebody who has not been asked yet, if there is one.
function nextRole(context, list) {
  const asked = new Set([said(context.step, "role"), ...list.map((each) => said(each, "role"))]);
  const free = context.people.roles.find((each) => !asked.has(each.key) && each.people !== 0);
  return free?.key ?? "supervisor";
}
