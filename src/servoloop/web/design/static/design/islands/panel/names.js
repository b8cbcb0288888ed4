// The variables of a process: what forms ask for, what steps and rules bring.
import { extensionOf, said, stepOf } from "./moddle.js";
import { inLanguage, listOf } from "./words.js";

const TYPES = { text: "string", long_text: "string", choice: "string", number: "number", money: "number", boolean: "boolean" };

// A date arrives as text, so FEEL is told nothing about it.
export const typeName = (type) => TYPES[type || "text"] ?? "Any";

// {name, label, type (of a form, "" when unknown), feel, options: [{value, label}]}
export function variables(process) {
  const found = new Map();
  const put = (name, entry) => {
    if (name && !found.has(name)) found.set(name, { name, label: name, type: "", feel: "Any", options: [], ...entry });
  };
  const field = (each) => put(said(each, "name"), {
    label: inLanguage(listOf(each.get("labels"))) || said(each, "name"),
    type: said(each, "type") || "text",
    feel: typeName(said(each, "type")),
    options: each.get("options").map((option) => ({ value: said(option, "value"), label: inLanguage(listOf(option.get("labels"))) || said(option, "value") })),
  });
  walk(process, (element) => {
    extensionOf(element, "Form")?.get("fields").forEach(field);
    stepOf(element)?.get("outputs").forEach(field);
    for (const type of ["Assign", "Decide"]) put(said(extensionOf(element, type), "variable"));
    if (element.$type === "bpmn:ScriptTask") put(element.get("servoloop:resultVariable"));
  });
  return [...found.values()];
}

function walk(container, see) {
  for (const element of container?.get("flowElements") ?? []) {
    see(element);
    if (element.$instanceOf("bpmn:SubProcess")) walk(element, see);
  }
}

export const namesOf = (process) => Object.fromEntries(variables(process).map(({ name, feel }) => [name, feel]));

export const namesBefore = (context) => namesOf(context.process);
