// Several steps at once: what they have in common is set for all in one step for undo.
import { changeStep, said, stepOf, together } from "./moddle.js";
import { choose, h } from "./draw.js";
import { duration } from "./durations.js";
import { role } from "./people.js";
import { CLASSES, LAYERS } from "./value.js";

const HUMAN = ["bpmn:Task", "bpmn:UserTask", "bpmn:ManualTask"];

export const several = {
  id: "several",
  title: () => gettext("For all chosen steps"),
  draw(context) {
    const tasks = context.shapes.filter((each) => each.businessObject.$instanceOf?.("bpmn:Task"));
    const people = tasks.filter((each) => HUMAN.includes(each.businessObject.$type));
    if (!tasks.length) return h("p", { class: "hint" }, gettext("Choose steps to change them together."));
    const set = (shapes, name) => (value) =>
      together(context.modeler, () => shapes.forEach((shape) => changeStep(context.modeler, shape, { [name]: value })));
    const common = (shapes, name) => {
      const all = new Set(shapes.map((each) => said(stepOf(each.businessObject), name)));
      return { value: all.size === 1 ? [...all][0] : "", hint: all.size > 1 ? gettext("They differ now.") : "" };
    };
    return [
      h("p", { class: "hint" }, interpolate(ngettext("%s step", "%s steps", tasks.length), [tasks.length])),
      people.length && role(context, gettext("Role"), { ...common(people, "role"), save: set(people, "role"), name: "role" }),
      duration(gettext("Standard time"), { ...common(tasks, "standardTime"), save: set(tasks, "standardTime"), name: "standardTime" }),
      people.length && duration(gettext("Response time"), { ...common(people, "responseTime"), save: set(people, "responseTime"), name: "responseTime" }),
      choose(gettext("Value class"), { ...common(tasks, "valueClass"), options: CLASSES(), save: set(tasks, "valueClass"), name: "valueClass" }),
      choose(gettext("Blueprint layer"), { ...common(tasks, "layer"), options: LAYERS(), save: set(tasks, "layer"), name: "layer" }),
    ].filter(Boolean);
  },
};
