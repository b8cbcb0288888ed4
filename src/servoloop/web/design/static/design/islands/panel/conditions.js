// The conditions of a decision: each way out with its condition, or the default that takes the rest.
import { create } from "./moddle.js";
import { choose, group, h } from "./draw.js";
import { builder, read } from "./builder.js";
import { feel } from "./feel.js";
import { namesOf as labelsOf } from "./general.js";
import { namesOf, variables } from "./names.js";
import { inLanguage } from "./words.js";

export const conditions = {
  id: "conditions",
  title: (context) => (context.type === "SequenceFlow" ? gettext("Condition") : gettext("Which way when")),
  applies: (context) => decides(context.owner) || (context.type === "SequenceFlow" && (decides(context.owner.sourceRef) || context.owner.conditionExpression)),
  draw(context) {
    if (context.type === "SequenceFlow") return one(context, context.shape, decides(context.owner.sourceRef));
    const flows = context.shape.outgoing.filter((each) => each.businessObject.$type === "bpmn:SequenceFlow");
    if (flows.length < 2) return h("p", { class: "hint" }, gettext("One way out needs no condition. Draw a second flow from here."));
    const isDefault = context.owner.default?.id ?? "";
    return [
      choose(gettext("Taken when no condition is true"), {
        value: isDefault, name: "default",
        options: [["", gettext("No default: the case stops then")], ...flows.map((each) => [each.id, wayWords(each)])],
        save: (id) => context.update({ default: flows.find((each) => each.id === id)?.businessObject }),
      }),
      ...flows.map((flow, at) => group(wayWords(flow), one(context, flow, true, at))),
    ];
  },
};

const decides = (owner) => owner?.$type === "bpmn:ExclusiveGateway" || owner?.$type === "bpmn:InclusiveGateway";

function wayWords(flow) {
  const own = inLanguage(labelsOf(flow.businessObject)), target = flow.target?.businessObject;
  const where = target ? inLanguage(labelsOf(target)) || target.id : "";
  return own ? `${own} → ${where}` : `→ ${where}`;
}

function one(context, flow, isDecision, at = 0) {
  const owner = flow.businessObject;
  const name = at ? `condition-${at}` : "condition";
  if (isDecision && owner.sourceRef?.default === owner) return h("p", { class: "hint", tabindex: "-1", "data-field": name }, gettext("The default: taken when no other condition is true."));
  const text = owner.conditionExpression?.get("body") ?? "";
  const known = variables(context.process);
  const save = (value) => {
    const expression = value && create(context.modeler, "bpmn:FormalExpression", { body: value });
    if (expression) expression.$parent = owner;
    context.modeler.get("modeling").updateProperties(flow, { conditionExpression: expression });
  };
  const open = context.panel.written ??= new Set();
  const isWritten = open.has(flow.id) || !read(text);
  const asFeel = feel(context, gettext("When (FEEL)"), { value: text, save, kind: "condition", names: namesOf(context.process), name, rows: 2 });
  const asRows = builder({ value: text, variables: known, save, name, label: gettext("When") });
  const toggle = h("button", {
    type: "button", class: "btn btn-sm btn-link", "data-field": `${name}-switch`, "aria-pressed": String(isWritten), disabled: !read(text),
    onclick: () => {
      open[open.has(flow.id) ? "delete" : "add"](flow.id);
      context.panel.later();
    },
  }, isWritten ? gettext("Choose instead of writing") : gettext("Write as FEEL"));
  return h("div", { class: "way" }, isWritten ? asFeel : [asRows, text && h("code", { class: "said" }, text)], toggle);
}
