// What can be done to a decision table; each changes the tree that it is given.
import { all, first, newInput, newOutput, newRule, node, setText } from "./dmn.js";
import { h } from "./draw.js";

export const POLICIES = () => [
  ["UNIQUE", gettext("Only one can (unique)")], ["ANY", gettext("They all say the same (any)")],
  ["FIRST", gettext("The first counts (first)")], ["PRIORITY", gettext("The most important answer counts (priority)")],
  ["COLLECT", gettext("All answers are collected (collect)")], ["RULE ORDER", gettext("All answers in the order of the rules")],
  ["OUTPUT ORDER", gettext("All answers in their order of importance")],
];
export const AGGREGATIONS = () => [
  ["", gettext("as a list")], ["SUM", gettext("as their sum")], ["COUNT", gettext("as their number")],
  ["MIN", gettext("the smallest")], ["MAX", gettext("the largest")],
];
const TYPES = () => [
  ["", gettext("any type")], ["string", gettext("Text")], ["number", gettext("Number")], ["boolean", gettext("Yes or no")], ["date", gettext("Date")],
];
const ENTRY = { input: "inputEntry", output: "outputEntry" };

export function typeOf(column, kind, save, field) {
  const value = (kind === "input" ? first(column, "inputExpression") : column)?.attributes.typeRef ?? "";
  const options = TYPES();
  if (!options.some(([key]) => key === value)) options.push([value, value]);
  const control = h("select", { class: "form-select", "aria-label": gettext("Type"), "data-field": field });
  for (const [key, words] of options) control.append(h("option", { value: key, selected: key === value }, words));
  control.addEventListener("change", () => save(control.value));
  return control;
}

// Puts a child among those of its kind; comments and foreign parts around them stay where they are.
function insert(parent, kind, child, at) {
  const before = all(parent, kind)[at];
  const last = all(parent, kind).at(-1);
  const place = before ? parent.children.indexOf(before) : last ? parent.children.indexOf(last) + 1 : parent.children.length;
  parent.children.splice(place, 0, child);
}

const take = (parent, child) => parent.children.splice(parent.children.indexOf(child), 1);

export const addRule = (table, tree, at = Infinity) => insert(table, "rule", newRule(tree, table), at);

export function addColumn(table, tree, kind, names = {}) {
  const [name, type] = Object.entries(names).find(([each]) => !all(table, "input").some((input) => JSON.stringify(input).includes(`"${each}"`))) ?? Object.entries(names)[0] ?? ["true", "boolean"];
  const made = kind === "input" ? newInput(tree, table, name, type) : newOutput(tree, table, `answer_${all(table, "output").length + 1}`);
  if (kind === "output") {
    const only = all(table, "output");
    if (only.length === 1) only[0].attributes.name ||= "answer_1";
  }
  insert(table, kind, made, Infinity);
  for (const rule of all(table, "rule")) {
    const entry = node(table, ENTRY[kind], {}, [node(table, "text", {}, [], kind === "input" ? "-" : '""')]);
    if (kind === "output" && !all(rule, "outputEntry").length) rule.children.push(entry);
    else insert(rule, ENTRY[kind], entry, Infinity);
  }
}

// Sets or takes away the values that a column allows; they stand after its expression.
export function allow(column, name, text) {
  const found = first(column, name);
  if (!text && found) take(column, found);
  else if (text && found) setText(found, text);
  else if (text) {
    const at = column.children.indexOf(first(column, "inputExpression")) + 1;
    column.children.splice(at, 0, node(column, name, {}, [node(column, "text", {}, [], text)]));
  }
}

export function remove(table, kind, at) {
  take(table, all(table, kind)[at]);
  if (kind === "rule") return;
  for (const rule of all(table, "rule")) {
    const entry = all(rule, ENTRY[kind])[at];
    if (entry) take(rule, entry);
  }
}

export function move(table, kind, from, to) {
  const swap = (parent, name) => {
    const child = all(parent, name)[from];
    if (!child) return;
    take(parent, child);
    insert(parent, name, child, to);
  };
  swap(table, kind);
  if (kind !== "rule") all(table, "rule").forEach((rule) => swap(rule, ENTRY[kind]));
}

// Writes a block of texts from a cell on; rules are added below as needed, what is too wide is left.
export function paste(table, block, row, column, tree) {
  block.forEach((line, down) => {
    if (!all(table, "rule")[row + down] && tree) addRule(table, tree);
    const rule = all(table, "rule")[row + down];
    if (!rule) return;
    const inputs = all(rule, "inputEntry"), entries = [...inputs, ...all(rule, "outputEntry")];
    line.forEach((text, right) => {
      const place = column + right;
      if (place < entries.length) setText(entries[place], text.trim() || (place < inputs.length ? "-" : ""));
      else if (place === entries.length) annotate(rule, text.trim());
    });
  });
}

function annotate(rule, text) {
  const found = first(rule, "annotationEntry");
  if (!found && text) rule.children.push(node(rule, "annotationEntry", {}, [node(rule, "text", {}, [], text)]));
  else if (found && text) setText(found, text);
  else if (found) take(rule, found);
}
