// What a step shows and asks for, and the form that opens a case.
import { altered, changeExtension, create, extensionOf, isTrue, moved, replaced, said } from "./moddle.js";
import { add, choose, group, h, icon, text, tick, tools } from "./draw.js";
import { feel } from "./feel.js";
import { namesBefore, typeName } from "./names.js";
import { bilingual, elementsOf, inLanguage, listOf } from "./words.js";

const NAME = /^[^\W\d][\w]*$|^[\p{L}_][\p{L}\p{N}_]*$/u;
const TYPES = () => [
  ["text", gettext("Text")], ["long_text", gettext("Long text")], ["number", gettext("Number")], ["money", gettext("Money")],
  ["boolean", gettext("Yes or no")], ["date", gettext("Date")], ["moment", gettext("Date and time")], ["choice", gettext("Choice")],
];
const KINDS = {
  inputs: { type: "Input", title: () => gettext("Shown to the person") },
  outputs: { type: "Output", title: () => gettext("To fill in") },
  fields: { type: "Field", title: () => gettext("Asked of the customer") },
};

export const fields = {
  id: "fields",
  title: (context) => (context.type === "StartEvent" ? gettext("Form that opens a case") : gettext("Form fields")),
  applies: (context) => context.isHuman || context.is("ServiceTask", "SendTask") || isPlainStart(context),
  draw: (context) => (isPlainStart(context) ? [list(context, "fields")] : [list(context, "inputs"), list(context, "outputs")]),
};

const isPlainStart = (context) => context.type === "StartEvent" && context.owner.$parent?.$type === "bpmn:Process";

function list(context, kind) {
  const { modeler, shape, owner } = context;
  const isForm = kind === "fields";
  const holder = isForm ? extensionOf(owner, "Form") : context.step;
  const all = holder?.get(kind) ?? [];
  const save = (next) => changeExtension(modeler, shape, owner, isForm ? "Form" : "Step", { [kind]: next });
  const items = all.map((field, at) => {
    const alter = (changes) => save(replaced(all, at, altered(modeler, field, changes)));
    const words = `${inLanguage(listOf(field.get("labels"))) || said(field, "name")}`;
    const name = `${kind}-${at}`;
    const key = `${kind}:${at}:${owner.id}`;
    const unfolded = (context.panel.unfolded ??= new Set());
    const body = one(context, { field, all, at, kind, alter });
    body.hidden = !unfolded.has(key);
    const opener = h("button", { type: "button", class: "opener", "aria-expanded": String(!body.hidden), "data-field": name }, icon("chevron-right"), h("strong", {}, words), h("small", {}, typeWords(said(field, "type"))));
    opener.addEventListener("click", () => {
      body.hidden = !body.hidden;
      opener.setAttribute("aria-expanded", String(!body.hidden));
      unfolded[body.hidden ? "delete" : "add"](key);
    });
    return h("div", { class: "item" },
      h("div", { class: "item-head" }, opener, tools(at, all.length, { words, name, move: (from, to) => save(moved(all, from, to)), remove: (index) => save(replaced(all, index)) })),
      body);
  });
  const make = () => {
    context.panel.unfolded ??= new Set();
    context.panel.unfolded.add(`${kind}:${all.length}:${owner.id}`);
    save([...all, create(modeler, KINDS[kind].type, { name: freeName(all) })]);
  };
  return group(KINDS[kind].title(), items, add(gettext("Add a field"), make, kind));
}

const typeWords = (type) => TYPES().find(([key]) => key === (type || "text"))?.[1] ?? type;

function freeName(all) {
  const used = new Set(all.map((each) => said(each, "name")));
  let number = all.length + 1;
  while (used.has(`field_${number}`)) number += 1;
  return `field_${number}`;
}

function one(context, { field, all, at, kind, alter }) {
  const { modeler } = context;
  const type = said(field, "type") || "text";
  const name = `${kind}-${at}`;
  const isNumber = type === "number" || type === "money";
  const checkName = (value) => {
    if (!NAME.test(value)) return gettext("A letter first, then letters, digits and underscores.");
    return all.some((each, other) => other !== at && said(each, "name") === value) ? gettext("There is a field of this name already.") : "";
  };
  const checkNumber = (value) => (!value || /^-?\d+(\.\d+)?$/.test(value) ? "" : gettext("Write a number."));
  const set = (attribute) => (value) => alter({ [attribute]: value });
  const flag = (attribute) => (is) => alter({ [attribute]: is ? "true" : undefined });
  return h("div", { class: "item-body" },
    text(gettext("Name of the variable"), { value: said(field, "name"), check: checkName, save: set("name"), name: `${name}-name` }),
    bilingual(gettext("Label"), { list: listOf(field.get("labels")), name: `${name}-label`, save: (next) => alter({ labels: elementsOf(modeler, "Label", next) }) }),
    choose(gettext("Type"), { value: type, options: TYPES(), name: `${name}-type`, save: (value) => alter(retyped(modeler, field, value)) }),
    tick(gettext("Required"), { value: isTrue(said(field, "required")), save: flag("required"), name: `${name}-required` }),
    type === "choice" && options(context, { field, name, alter }),
    type === "choice" && kind === "outputs" && tick(gettext("Its choices are the buttons of the step"), { value: isTrue(said(field, "outcome")), save: flag("outcome"), name: `${name}-outcome` }),
    isNumber && text(gettext("At least"), { value: said(field, "minimum"), check: checkNumber, save: set("minimum"), name: `${name}-minimum`, mode: "decimal" }),
    isNumber && text(gettext("At most"), { value: said(field, "maximum"), check: checkNumber, save: set("maximum"), name: `${name}-maximum`, mode: "decimal" }),
    bilingual(gettext("Help"), { list: listOf(field.get("help")), name: `${name}-help`, save: (next) => alter({ help: elementsOf(modeler, "Help", next) }) }),
    kind !== "inputs" && feel(context, gettext("Taken only when (FEEL)"), {
      value: said(field, "validation"), save: set("validation"), kind: "condition", name: `${name}-validation`,
      names: { ...namesBefore(context), ...Object.fromEntries(all.map((each) => [said(each, "name"), typeName(said(each, "type"))])) },
    }));
}

// A choice needs something to choose; another type has nothing of the kind, and numbers have limits.
function retyped(modeler, field, type) {
  const isChoice = type === "choice", isNumber = type === "number" || type === "money";
  const options = field.get("options");
  const one = () => [create(modeler, "Option", { value: "yes" }), create(modeler, "Option", { value: "no" })];
  return {
    type: type === "text" ? undefined : type,
    options: isChoice ? (options.length ? options : one()) : [],
    ...(isChoice ? {} : { outcome: undefined }),
    ...(isNumber ? {} : { minimum: undefined, maximum: undefined }),
  };
}

function options(context, { field, name, alter }) {
  const { modeler } = context;
  const all = field.get("options");
  const save = (next) => alter({ options: next });
  const items = all.map((each, at) => {
    const change = (changes) => save(replaced(all, at, altered(modeler, each, changes)));
    const check = (value) => (!value ? gettext("An option needs a value.") : all.some((other, place) => place !== at && said(other, "value") === value) ? gettext("There is an option of this value already.") : "");
    return h("div", { class: "option" },
      h("div", { class: "item-head" }, h("strong", {}, `${at + 1}.`), tools(at, all.length, { words: said(each, "value"), name: `${name}-option-${at}`, move: (from, to) => save(moved(all, from, to)), remove: (index) => save(replaced(all, index)) })),
      text(gettext("Value"), { value: said(each, "value"), check, save: (value) => change({ value }), name: `${name}-option-${at}-value` }),
      bilingual(gettext("Label"), { list: listOf(each.get("labels")), name: `${name}-option-${at}-label`, save: (next) => change({ labels: elementsOf(modeler, "Label", next) }) }));
  });
  const make = () => save([...all, create(modeler, "Option", { value: `option_${all.length + 1}` })]);
  return group(gettext("Options"), items, add(gettext("Add an option"), make, `${name}-option-add`));
}
