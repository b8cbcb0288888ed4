// A rule step: one FEEL expression, or a decision table that the process carries with it.
import { changeExtension, create, extensionOf, replaceExtensions, said, together } from "./moddle.js";
import { choose, h, icon, text } from "./draw.js";
import { decisionsOf, first, modelOf, newDecision, newModel, requireInputs, saveModel, setText, tableOf, textOf } from "./dmn.js";
import { feel } from "./feel.js";
import { namesOf, variables } from "./names.js";
import { openTable } from "./table.js";

const NAME = /^[\p{L}_][\p{L}\p{N}_]*$/u;

export const decision = {
  id: "decision",
  title: () => gettext("Rule"),
  applies: (context) => context.is("BusinessRuleTask", "ScriptTask"),
  draw(context) {
    const decide = extensionOf(context.owner, "Decide"), assign = extensionOf(context.owner, "Assign");
    const isTable = Boolean(decide) || (!assign && context.is("BusinessRuleTask") && context.panel.rules?.get(context.owner.id) === "table");
    return [
      choose(gettext("How it is decided"), {
        value: isTable ? "table" : "expression", name: "rule-kind",
        options: [["expression", gettext("One expression (FEEL)")], ["table", gettext("Decision table")]],
        save: (kind) => turn(context, kind),
      }),
      ...(isTable ? asked(context, decide) : assigned(context, assign)),
    ];
  },
};

const variable = (value, save) => text(gettext("Variable for the answer"), {
  value, save, name: "variable", check: (typed) => (!typed || NAME.test(typed) ? "" : gettext("A letter first, then letters, digits and underscores.")),
});

function assigned(context, assign) {
  const { modeler, shape, owner } = context;
  const isScript = !assign && context.type === "ScriptTask" && owner.script;
  const set = (name) => (value) => changeExtension(modeler, shape, owner, "Assign", { [name]: value });
  const names = namesOf(context.process);
  if (isScript) {
    return [
      feel(context, gettext("Expression (FEEL)"), { value: owner.script, save: (script) => context.update({ script, scriptFormat: "feel" }), names, name: "expression", rows: 3 }),
      variable(owner.get("servoloop:resultVariable"), (value) => context.update({ "servoloop:resultVariable": value })),
    ];
  }
  return [
    feel(context, gettext("Expression (FEEL)"), { value: said(assign, "text"), save: set("text"), names, name: "expression", rows: 3 }),
    variable(said(assign, "variable"), set("variable")),
  ];
}

function turn(context, kind) {
  const { modeler, shape, owner } = context;
  (context.panel.rules ??= new Map()).set(owner.id, kind);
  const old = extensionOf(owner, kind === "table" ? "Assign" : "Decide");
  const next = kind === "table" ? "Decide" : "Assign";
  together(modeler, () => {
    replaceExtensions(modeler, shape, owner, old ? old.$type.replace("servoloop:", "") : next, []);
    const variable = said(old, "variable") || "result";
    if (kind !== "table") return replaceExtensions(modeler, shape, owner, next, [create(modeler, next, { variable, text: "true" })]);
    const known = modelOf(context.process);
    const name = decisionsOf(known)[0]?.attributes.name ?? make(context);
    return replaceExtensions(modeler, shape, owner, next, [create(modeler, next, { decision: name, variable })]);
  });
}

// A new table over the first variable of the process; its name.
function make(context) {
  const tree = modelOf(context.process) ?? newModel(context.process);
  const known = variables(context.process)[0];
  const used = new Set(decisionsOf(tree).map((each) => each.attributes.name));
  const stem = context.owner.name?.replace(/[^\p{L}\p{N} _-]/gu, "").trim() || gettext("Decision");
  let name = stem;
  for (let number = 2; used.has(name); number += 1) name = `${stem} ${number}`;
  const made = newDecision(tree, name, known?.name ?? "true", known?.feel);
  requireInputs(tree, made, namesOf(context.process));
  saveModel(context, tree);
  return name;
}

// A decision that is one expression; boxes of other kinds stay as the file has them.
function written(context, name, decision) {
  const literal = first(decision, "literalExpression");
  if (!literal) return h("p", { class: "hint" }, gettext("This decision is no table; it stays as the file has it."));
  return feel(context, gettext("Expression (FEEL)"), {
    value: textOf(literal), names: namesOf(context.process), name: "decision-text", rows: 3,
    save: (text) => {
      const tree = structuredClone(modelOf(context.process));
      const mine = decisionsOf(tree).find((each) => each.attributes.name === name);
      setText(first(mine, "literalExpression"), text ?? "null");
      requireInputs(tree, mine, namesOf(context.process));
      saveModel(context, tree);
    },
  });
}

function asked(context, decide) {
  const { modeler, shape, owner } = context;
  const set = (changes) => changeExtension(modeler, shape, owner, "Decide", changes);
  const all = decisionsOf(modelOf(context.process)).map((each) => [each.attributes.name, each.attributes.name]);
  const name = said(decide, "decision");
  const isThere = all.some(([key]) => key === name);
  const found = decisionsOf(modelOf(context.process)).find((each) => each.attributes.name === name);
  return [
    choose(gettext("Decision"), {
      value: name, name: "decision", options: [...all, ...(isThere || !name ? [] : [[name, name]]), ["", gettext("New table …")]],
      problem: name && !isThere ? gettext("The process carries no decision of this name.") : "",
      save: (chosen) => (chosen ? set({ decision: chosen }) : together(modeler, () => set({ decision: make(context) }))),
    }),
    variable(said(decide, "variable"), (value) => set({ variable: value })),
    !found ? undefined : tableOf(found)
      ? h("button", { type: "button", class: "btn", "data-field": "table-open", onclick: () => openTable(context, name) }, icon("table"), gettext("Edit the table"))
      : written(context, name, found),
  ].filter(Boolean);
}
