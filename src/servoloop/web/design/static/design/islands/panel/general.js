// What an element is called in both languages, and what a process is for.
import { extensionsOf, replaceExtensions, together } from "./moddle.js";
import { h, tick } from "./draw.js";
import { bilingual, elementsOf, listOf } from "./words.js";

const UNNAMED = ["Collaboration", "TextAnnotation", "Association", "Group"];

// The name attribute is the default; labels translate it.
export const namesOf = (owner) => [
  ...(owner.get("name") ? [{ language: "", text: owner.get("name") }] : []),
  ...listOf(extensionsOf(owner, "Label")),
];

export function saveNames(context, shape, owner, list) {
  const { modeler } = context;
  together(modeler, () => {
    const name = list.find((each) => !each.language)?.text;
    if (name !== owner.get("name")) {
      const changes = { name: name ?? undefined };
      if (shape.businessObject === owner) modeler.get("modeling").updateProperties(shape, changes);
      else modeler.get("modeling").updateModdleProperties(shape, owner, changes);
    }
    const labels = elementsOf(modeler, "Label", list.filter((each) => each.language));
    const old = extensionsOf(owner, "Label");
    const isSame = labels.length === old.length && labels.every((each, at) => each === old[at]);
    if (!isSame) replaceExtensions(modeler, shape, owner, "Label", labels);
  });
}

// An error always stops the step.
const isError = (owner) => owner.get("eventDefinitions").some((each) => each.$type === "bpmn:ErrorEventDefinition");

export const general = {
  id: "general",
  title: () => gettext("Name"),
  applies: (context) => !UNNAMED.includes(context.type) || context.type === "TextAnnotation",
  draw(context) {
    const { owner, shape } = context;
    if (context.type === "TextAnnotation") return h("p", { class: "hint" }, gettext("Double-click the note to write it."));
    const names = bilingual(gettext("Name"), { list: namesOf(owner), name: "name", save: (list) => saveNames(context, shape, owner, list) });
    if (context.type !== "BoundaryEvent" || isError(owner)) return names;
    return [names, tick(gettext("Stops the step when it happens"), {
      value: owner.get("cancelActivity") !== false, name: "cancelActivity", save: (is) => context.update({ cancelActivity: is }),
    })];
  },
};
