// Conditions without writing FEEL: "field is / is over / is one of …", joined by and or by or. What
// it writes it also reads back; anything else stays FEEL.
import { h, tool } from "./draw.js";

const NAME = "[\\p{L}_][\\p{L}\\p{N}_]*";
const LITERAL = '"(?:[^"\\\\]|\\\\.)*"|-?\\d+(?:\\.\\d+)?|true|false';
const PART = new RegExp(`^(?:(${NAME})\\s*(=|!=|>=|<=|>|<)\\s*(null|${LITERAL})|(${NAME})\\s+in\\s*\\(\\s*((?:${LITERAL})(?:\\s*,\\s*(?:${LITERAL}))*)\\s*\\))$`, "u");
const STRINGS = /"(?:[^"\\]|\\.)*"/g;

export const OPERATORS = () => [
  ["=", gettext("is")], ["!=", gettext("is not")], [">", gettext("is over")], [">=", gettext("is at least")],
  ["<", gettext("is under")], ["<=", gettext("is at most")], ["in", gettext("is one of")],
  ["empty", gettext("is empty")], ["filled", gettext("is filled in")],
];
const ORDERED = [">", ">=", "<", "<="];

// {joint: "and" | "or", parts: [{name, operator, values}]}, or undefined when the text says more.
export function read(text) {
  if (!text.trim()) return { joint: "and", parts: [] };
  const hidden = text.replace(STRINGS, (each) => each.replace(/[a-z]/gi, "_"));
  const joints = [...hidden.matchAll(/\s+(and|or)\s+/g)];
  const joint = joints[0]?.[1] ?? "and";
  if (joints.some((each) => each[1] !== joint)) return undefined;
  const cuts = [0, ...joints.flatMap((each) => [each.index, each.index + each[0].length]), text.length];
  const parts = [];
  for (let at = 0; at < cuts.length; at += 2) {
    const part = one(text.slice(cuts[at], cuts[at + 1]).trim());
    if (!part) return undefined;
    parts.push(part);
  }
  return { joint, parts };
}

function one(text) {
  const found = PART.exec(text);
  if (!found) return undefined;
  const [, name, sign, value, listed, values] = found;
  if (listed) return { name: listed, operator: "in", values: values.match(new RegExp(LITERAL, "gu")).map(plain) };
  if (value === "null") return ["=", "!="].includes(sign) ? { name, operator: sign === "=" ? "empty" : "filled", values: [] } : undefined;
  return { name, operator: sign, values: [plain(value)] };
}

function plain(literal) {
  if (!literal.startsWith('"')) return literal;
  try {
    return JSON.parse(literal);
  } catch {
    return literal.slice(1, -1); // FEEL takes a line break inside quotes, JSON does not
  }
}

export function write({ joint, parts }, variables) {
  return parts.map(({ name, operator, values }) => {
    const feel = variables.find((each) => each.name === name)?.feel;
    const say = (value) => {
      const isBare = (feel === "number" && /^-?\d+(\.\d+)?$/.test(value)) || (feel === "boolean" && /^(true|false)$/.test(value));
      return isBare ? value : JSON.stringify(value);
    };
    if (operator === "empty") return `${name} = null`;
    if (operator === "filled") return `${name} != null`;
    if (operator === "in") return `${name} in (${values.map(say).join(", ")})`;
    return `${name} ${operator} ${say(values[0] ?? "")}`;
  }).join(` ${joint} `);
}

export function builder({ value, variables, save, name, label }) {
  const state = read(value ?? "") ?? { joint: "and", parts: [] };
  const commit = (parts, joint = state.joint) => save(write({ joint, parts }, variables) || undefined);
  const rows = state.parts.map((part, at) => {
    const change = (changes) => commit(state.parts.map((each, other) => (other === at ? complete({ ...each, ...changes }, variables) : each)));
    return h("div", { class: "built" },
      at > 0 && select(gettext("Joined by"), state.joint, [["and", gettext("and")], ["or", gettext("or")]], `${name}-joint-${at}`, (joint) => commit(state.parts, joint)),
      select(gettext("Field"), part.name, choices(part.name, variables), `${name}-field-${at}`, (chosen) => change({ name: chosen, values: [] })),
      select(gettext("Comparison"), part.operator, operatorsFor(part, variables), `${name}-operator-${at}`, (operator) => change({ operator })),
      input(part, variables, `${name}-value-${at}`, (values) => change({ values })),
      tool("trash", gettext("Remove this comparison"), () => commit(state.parts.filter((each, other) => other !== at))));
  });
  const first = variables[0];
  const make = () => commit([...state.parts, complete({ name: first.name, operator: "=", values: [] }, variables)]);
  return h("div", { class: "builder", role: "group", "aria-label": label }, rows,
    first ? h("button", { type: "button", class: "btn btn-sm add", onclick: make, "data-field": `${name}-add` }, gettext("Add a comparison")) : h("p", { class: "hint" }, gettext("No form asks for anything yet, so there is nothing to compare.")));
}

function complete(part, variables) {
  const variable = variables.find((each) => each.name === part.name);
  const isFree = ["empty", "filled"].includes(part.operator);
  const values = part.values.filter((each) => !variable?.options.length || variable.options.some((option) => option.value === each));
  if (isFree) return { ...part, values: [] };
  const operator = ORDERED.includes(part.operator) && variable?.feel !== "number" ? "=" : part.operator;
  const start = variable?.options[0]?.value ?? (variable?.feel === "boolean" ? "true" : variable?.feel === "number" ? "0" : "");
  return { ...part, operator, values: values.length ? (operator === "in" ? values : values.slice(0, 1)) : [start] };
}

const choices = (name, variables) => [
  ...variables.map((each) => [each.name, each.label]),
  ...(variables.some((each) => each.name === name) ? [] : [[name, name]]),
];

function operatorsFor(part, variables) {
  const feel = variables.find((each) => each.name === part.name)?.feel;
  return OPERATORS().filter(([key]) => key === part.operator || feel === "number" || feel === "Any" || !ORDERED.includes(key));
}

function select(label, value, options, name, act) {
  const control = h("select", { class: "form-select", "aria-label": label, "data-field": name });
  for (const [key, words] of options) control.append(h("option", { value: key, selected: key === value }, words));
  control.addEventListener("change", () => act(control.value));
  return control;
}

function input(part, variables, name, act) {
  const variable = variables.find((each) => each.name === part.name);
  if (["empty", "filled"].includes(part.operator)) return undefined;
  const options = variable?.options.map((each) => [each.value, each.label]) ?? [];
  if (options.length && part.operator === "in") {
    return h("span", { class: "many", role: "group", "aria-label": gettext("Values") }, options.map(([key, words]) => {
      const box = h("input", { type: "checkbox", class: "form-check-input", checked: part.values.includes(key), "data-field": `${name}-${key}` });
      box.addEventListener("change", () => act(options.map(([each]) => each).filter((each) => (each === key ? box.checked : part.values.includes(each)))));
      return h("label", { class: "form-check" }, box, h("span", {}, words));
    }));
  }
  if (options.length) return select(gettext("Value"), part.values[0], options, name, (value) => act([value]));
  if (variable?.feel === "boolean") return select(gettext("Value"), part.values[0], [["true", gettext("yes")], ["false", gettext("no")]], name, (value) => act([value]));
  const control = h("input", { class: "form-control", "aria-label": gettext("Value"), value: part.values.join(", "), "data-field": name, inputmode: variable?.feel === "number" ? "decimal" : undefined });
  control.dataset.was = control.value;
  control.addEventListener("change", () => {
    if (control.value === control.dataset.was) return;
    control.dataset.was = control.value;
    act(part.operator === "in" ? control.value.split(/[,，、]/).map((each) => each.trim()).filter(Boolean) : [control.value.trim()]);
  });
  return control;
}
