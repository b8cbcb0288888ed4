// The grid for a decision table, in a window of its own. Every change is one command; a block copied
// from a spreadsheet is pasted as one; the server's check tells gaps and overlaps.
import { all, decisionsOf, first, modelOf, requireInputs, saveModel, setText, tableOf, textOf } from "./dmn.js";
import { about, h, icon, tool } from "./draw.js";
import { lints } from "./feel.js";
import { namesOf } from "./names.js";
import { addColumn, addRule, AGGREGATIONS, allow, move, paste, POLICIES, remove, typeOf } from "./table_edits.js";

const PAUSE = 500; // ms before the whole process is checked

export function openTable(context, name) {
  const dialog = h("dialog", { class: "panel-sheet table-sheet", "aria-label": about(gettext("Decision table"), name) });
  context.panel.append(dialog);
  const grid = new Grid(context, name, dialog);
  dialog.addEventListener("close", () => {
    grid.close();
    dialog.remove();
    context.panel.later();
  });
  grid.draw();
  dialog.showModal();
}

class Grid {
  constructor(context, name, dialog) {
    // The chosen element may change below; the table stays that of this process.
    this.context = Object.assign(Object.create(context), { shape: context.shape, process: context.process, owner: context.owner });
    Object.assign(this, { name, dialog, problems: h("ul", { class: "table-problems", "aria-live": "polite" }) });
    this.bus = context.modeler.get("eventBus");
    this.onchange = () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.draw(), 0);
    };
    this.bus.on("commandStack.changed", this.onchange);
    dialog.addEventListener("keydown", (event) => this.undo(event));
  }

  close() {
    this.bus.off("commandStack.changed", this.onchange);
    clearTimeout(this.timer);
    clearTimeout(this.checking);
  }

  // Changes a copy of the model and puts it back.
  edit(change) {
    const tree = structuredClone(modelOf(this.context.process));
    const decision = decisionsOf(tree).find((each) => each.attributes.name === this.name);
    change(tableOf(decision), tree, decision);
    requireInputs(tree, decision, namesOf(this.context.process));
    saveModel(this.context, tree);
  }

  draw() {
    const decision = decisionsOf(modelOf(this.context.process)).find((each) => each.attributes.name === this.name);
    const table = tableOf(decision);
    if (!table) return this.dialog.close();
    const active = document.activeElement?.dataset?.field;
    const [inputs, outputs, rules] = ["input", "output", "rule"].map((each) => all(table, each));
    this.dialog.replaceChildren(
      h("div", { class: "sheet-head" }, h("h2", {}, this.name), this.policy(table), h("span", { class: "grow" }),
        tool("x", gettext("Close"), () => this.dialog.close())),
      h("div", { class: "table-scroll" }, h("table", { class: "decision-table" }, this.columns(inputs, outputs),
        h("tbody", {}, rules.map((rule, at) => this.rule(rule, at, rules.length))))),
      h("div", { class: "sheet-foot" },
        this.button(gettext("Add a rule"), () => this.edit((t, tree) => addRule(t, tree)), "rule-add"),
        this.button(gettext("Add a condition"), () => this.edit((t, tree) => addColumn(t, tree, "input", namesOf(this.context.process))), "input-add"),
        this.button(gettext("Add a result"), () => this.edit((t, tree) => addColumn(t, tree, "output")), "output-add"),
        h("span", { class: "hint" }, gettext("A block copied from a spreadsheet can be pasted into a cell."))),
      this.problems);
    if (active) this.dialog.querySelector(`[data-field="${CSS.escape(active)}"]`)?.focus();
    clearTimeout(this.checking);
    this.checking = setTimeout(() => this.check(), PAUSE);
  }

  button(words, act, field) {
    return h("button", { type: "button", class: "btn btn-sm", onclick: act, "data-field": field }, icon("plus"), words);
  }

  policy(table) {
    const { hitPolicy = "UNIQUE", aggregation = "" } = table.attributes;
    const pick = (label, value, options, save, field) => {
      const control = h("select", { class: "form-select", "data-field": field });
      for (const [key, words] of options) control.append(h("option", { value: key, selected: key === value }, words));
      control.addEventListener("change", () => save(control.value));
      return h("label", { class: "inline" }, label, control);
    };
    return [
      pick(gettext("When several rules match"), hitPolicy, POLICIES(), (value) => this.edit((t) => {
        t.attributes.hitPolicy = value;
        if (value !== "COLLECT") delete t.attributes.aggregation;
      }), "hit-policy"),
      hitPolicy === "COLLECT" && pick(gettext("Collected"), aggregation, AGGREGATIONS(), (value) => this.edit((t) => {
        if (value) t.attributes.aggregation = value;
        else delete t.attributes.aggregation;
      }), "aggregation"),
    ];
  }

  columns(inputs, outputs) {
    const head = (column, at, kind, count) => {
      const isInput = kind === "input";
      const value = isInput ? textOf(first(column, "inputExpression")) : column.attributes.name ?? "";
      const control = this.cell(value, `${kind}-${at}`, {
        label: isInput ? gettext("Condition over") : gettext("Result"), lint: isInput && "expression",
        save: (text) => this.edit((t) => {
          const mine = all(t, kind)[at];
          if (isInput) setText(first(mine, "inputExpression"), text);
          else if (text) mine.attributes.name = text;
          else delete mine.attributes.name;
        }),
      });
      return h("th", { scope: "col", class: kind }, h("span", { class: "column-head" }, h("small", {}, column.attributes.label || (isInput ? gettext("Condition") : gettext("Result"))),
        tool("chevron-left", gettext("Move left"), () => this.edit((t) => move(t, kind, at, at - 1)), { disabled: at === 0, "data-field": `${kind}-${at}-left` }),
        tool("chevron-right", gettext("Move right"), () => this.edit((t) => move(t, kind, at, at + 1)), { disabled: at === count - 1, "data-field": `${kind}-${at}-right` }),
        tool("trash", gettext("Remove the column"), () => this.edit((t) => remove(t, kind, at)), { disabled: count === 1, "data-field": `${kind}-${at}-remove` })),
        control, typeOf(column, kind, (type) => this.edit((t) => {
          const place = isInput ? first(all(t, kind)[at], "inputExpression") : all(t, kind)[at];
          if (type) place.attributes.typeRef = type;
          else delete place.attributes.typeRef;
        }), `${kind}-${at}-type`), this.allowed(column, kind, at));
    };
    return h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "#"),
      inputs.map((each, at) => head(each, at, "input", inputs.length)), outputs.map((each, at) => head(each, at, "output", outputs.length)),
      h("th", { scope: "col" }, gettext("Note")), h("th", { scope: "col" }, h("span", { class: "visually-hidden" }, gettext("Tools")))));
  }

  // What may stand in a column; the check for gaps goes by it.
  allowed(column, kind, at) {
    const values = kind === "input" ? "inputValues" : "outputValues";
    return this.cell(textOf(first(column, values)), `${kind}-${at}-values`, {
      label: gettext("Allowed values"), placeholder: gettext("Allowed values"), lint: "unary",
      save: (text) => this.edit((t) => allow(all(t, kind)[at], values, text)),
    });
  }

  rule(rule, at, count) {
    const width = all(rule, "inputEntry").length;
    const entries = [...all(rule, "inputEntry"), ...all(rule, "outputEntry")];
    const cells = entries.map((entry, column) => h("td", { class: column < width ? "input" : "output" }, this.cell(textOf(entry), `cell-${at}-${column}`, {
      label: interpolate(gettext("Rule %s, column %s"), [at + 1, column + 1]), lint: column < width ? "unary" : "expression",
      save: (text) => this.edit((t) => paste(t, [[text]], at, column)),
      pasted: (block) => this.edit((t, tree) => paste(t, block, at, column, tree)),
      place: [at, column],
    })));
    return h("tr", {}, h("th", { scope: "row" }, at + 1), cells,
      h("td", { class: "note" }, this.cell(textOf(first(rule, "annotationEntry")) || (first(rule, "description")?.body ?? ""), `cell-${at}-${entries.length}`, {
        label: gettext("Note"), place: [at, entries.length], save: (text) => this.edit((t, tree) => paste(t, [[text]], at, entries.length, tree)),
      })),
      h("td", {}, h("span", { class: "tools" },
        tool("chevron-up", gettext("Move up"), () => this.edit((t) => move(t, "rule", at, at - 1)), { disabled: at === 0, "data-field": `rule-${at}-up` }),
        tool("chevron-down", gettext("Move down"), () => this.edit((t) => move(t, "rule", at, at + 1)), { disabled: at === count - 1, "data-field": `rule-${at}-down` }),
        tool("plus", gettext("Add a rule below"), () => this.edit((t, tree) => addRule(t, tree, at + 1)), { "data-field": `rule-${at}-add` }),
        tool("trash", gettext("Remove the rule"), () => this.edit((t) => remove(t, "rule", at)), { disabled: count === 1, "data-field": `rule-${at}-remove` }))));
  }

  cell(value, field, { label, save, lint, pasted, place, placeholder }) {
    const control = h("input", { class: "form-control mono", value, "aria-label": label, "data-field": field, id: `cell-${field}`, autocomplete: "off", spellcheck: "false", placeholder });
    control.dataset.was = value;
    control.addEventListener("change", () => {
      const text = control.value.trim();
      if (text === control.dataset.was.trim()) return;
      control.dataset.was = text; // leaving the cell after Enter is not a second change
      save(text);
    });
    control.addEventListener("keydown", (event) => this.walk(event, control, place));
    control.addEventListener("paste", (event) => {
      const text = event.clipboardData.getData("text/plain").replace(/\r?\n$/, "");
      if (!pasted || !/[\t\n]/.test(text)) return;
      event.preventDefault();
      pasted(text.split(/\r?\n/).map((line) => line.split("\t")));
    });
    const wrong = h("small", { class: "problem", id: `cell-${field}-problem`, hidden: true });
    if (lint) lints(this.context, control, { kind: lint, names: namesOf(this.context.process) });
    return h("span", { class: "cell" }, control, wrong);
  }

  // Enter and the arrows up and down go from rule to rule.
  walk(event, control, place) {
    if (event.isComposing || !place) return;
    const step = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    this.dialog.querySelector(`[data-field="cell-${place[0] + step}-${place[1]}"]`)?.focus() ?? control.dispatchEvent(new Event("change"));
  }

  undo(event) {
    const { target } = event;
    const isTyping = target.dataset?.was !== undefined && target.value.trim() !== target.dataset.was.trim();
    if (event.isComposing || isTyping || !(event.ctrlKey || event.metaKey)) return;
    this.context.panel.undo(event);
  }

  async check() {
    const { xml } = await this.context.modeler.saveXML();
    const found = await this.context.post("check", { xml, process: this.context.process.id });
    const told = (found?.items ?? []).filter((each) => ["decision-error", "decision-note"].includes(each.code) && each.words.includes(this.name));
    this.problems.replaceChildren(...(told.length ? told.map((each) => h("li", { class: each.severity }, each.words))
      : found ? [h("li", { class: "good" }, gettext("Every case has a rule, and no two rules contradict each other."))] : []));
  }
}
