// A step that is done several times. The file keeps it; the engine does not run it, and we say so.
import { create } from "./moddle.js";
import { choose, h } from "./draw.js";

const KINDS = {
  loop: ["bpmn:StandardLoopCharacteristics", {}],
  parallel: ["bpmn:MultiInstanceLoopCharacteristics", {}],
  sequential: ["bpmn:MultiInstanceLoopCharacteristics", { isSequential: true }],
};

export const loop = {
  id: "loop",
  title: () => gettext("Several times"),
  applies: (context) => context.is("Activity"),
  draw(context) {
    const found = context.owner.loopCharacteristics;
    const value = !found ? "" : found.$type === KINDS.loop[0] ? "loop" : found.isSequential ? "sequential" : "parallel";
    return [
      choose(gettext("Repetition"), {
        value, name: "loop",
        options: [["", gettext("Once")], ["loop", gettext("Until a condition holds")], ["parallel", gettext("For each, side by side")], ["sequential", gettext("For each, one after another")]],
        save: (kind) => {
          const made = kind && create(context.modeler, ...KINDS[kind]);
          if (made) made.$parent = context.owner;
          context.update({ loopCharacteristics: made || undefined });
        },
      }),
      value ? h("p", { class: "problem" }, gettext("The engine does not run repeated steps yet; draw a flow back instead.")) : undefined,
    ].filter(Boolean);
  },
};
