// Small pieces of the panel: elements, rows with a label, a hint and a problem beside the input.
let number = 0;

export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((each) => each !== undefined && each !== null && each !== false));
  return element;
}

export const fresh = () => `panel-${++number}`;

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${new URL(icon.sprite, document.baseURI).pathname}#${name}`);
  svg.append(use);
  return svg;
}
icon.sprite = new URL("../../../vendor/icons/icons.svg", import.meta.url).href;

export function tool(name, words, act, more = {}) {
  return h("button", { type: "button", class: "tool", title: words, "aria-label": words, onclick: act, ...more }, icon(name));
}

export const add = (words, act, name) =>
  h("button", { type: "button", class: "btn btn-sm add", onclick: act, "data-field": name }, icon("plus"), words);

// A label over a control; `problem` shows what is wrong, `hint` says more.
export function row(label, control, { hint = "", problem = "", name, extra } = {}) {
  control.id ||= fresh();
  if (name) control.dataset.field = name;
  const help = h("p", { class: "hint", id: `${control.id}-hint`, hidden: !hint }, hint);
  const wrong = h("p", { class: "problem", id: `${control.id}-problem`, role: "alert", hidden: !problem }, problem);
  control.setAttribute("aria-describedby", `${help.id} ${wrong.id}`);
  if (problem) control.setAttribute("aria-invalid", "true");
  return h("div", { class: "prop" }, h("label", { for: control.id }, label), control, ...[extra ?? []].flat(), help, wrong);
}

export function complain(control, words) {
  const wrong = control.ownerDocument.getElementById(`${control.id}-problem`);
  if (wrong) {
    wrong.textContent = words ?? "";
    wrong.hidden = !words;
  }
  if (words) control.setAttribute("aria-invalid", "true");
  else control.removeAttribute("aria-invalid");
}

export function tell(control, words) {
  const hint = control.ownerDocument.getElementById(`${control.id}-hint`);
  if (!hint) return;
  hint.textContent = words ?? "";
  hint.hidden = !words;
}

// One commit for one change: on leaving the input or Enter, never while a character is composed.
export function commits(control, save, check = () => "") {
  control.dataset.was = control.value;
  control.addEventListener("change", () => {
    const value = control.value.trim();
    const wrong = check(value);
    complain(control, wrong);
    if (wrong || value === control.dataset.was) return;
    control.dataset.was = value;
    save(value || undefined);
  });
  control.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing && control.tagName === "INPUT") {
      event.preventDefault();
      control.dispatchEvent(new Event("change"));
    } else if (event.key === "Escape" && !event.isComposing && control.value !== control.dataset.was) {
      event.stopPropagation();
      control.value = control.dataset.was;
      complain(control, "");
      control.dispatchEvent(new Event("input"));
    }
  });
  return control;
}

export function text(label, { value, save, check, list, name, hint, mode, placeholder, problem }) {
  const control = h("input", { class: "form-control", value: value ?? "", autocomplete: "off", inputmode: mode, placeholder, spellcheck: "false" });
  commits(control, save, check);
  let extra;
  if (list?.length) {
    extra = h("datalist", { id: fresh() }, list.map(([key, words]) => h("option", { value: key }, words ?? key)));
    control.setAttribute("list", extra.id);
  }
  return row(label, control, { name, hint, extra, problem });
}

export function choose(label, { value, options, save, name, hint, problem }) {
  const control = h("select", { class: "form-select" });
  for (const [key, words] of options) control.append(h("option", { value: key, selected: key === (value ?? "") }, words));
  control.addEventListener("change", () => save(control.value || undefined));
  return row(label, control, { name, hint, problem });
}

export function tick(label, { value, save, name, hint }) {
  const control = h("input", { type: "checkbox", class: "form-check-input", id: fresh(), "data-field": name, checked: Boolean(value) });
  control.addEventListener("change", () => save(control.checked));
  return h("div", { class: "prop" },
    h("label", { class: "form-check" }, control, h("span", {}, label)),
    hint ? h("p", { class: "hint" }, hint) : undefined);
}

export const amount = (value) => (!value || /^\d+(\.\d+)?$/.test(value) ? "" : gettext("Write a number such as 60 or 99.5."));

export const group = (title, ...rows) => h("fieldset", { class: "group" }, h("legend", {}, title), rows.flat().filter(Boolean));

// What a tool does to which thing: "Remove: Photo".
export const about = (act, thing) => `${act}: ${thing}`;

// The tools of one item in a list: up, down, remove.
export function tools(index, count, { move, remove, words, name }) {
  return h("span", { class: "tools" },
    tool("chevron-up", about(gettext("Move up"), words), () => move(index, index - 1), { disabled: index === 0, "data-field": `${name}-up` }),
    tool("chevron-down", about(gettext("Move down"), words), () => move(index, index + 1), { disabled: index === count - 1, "data-field": `${name}-down` }),
    tool("trash", about(gettext("Remove"), words), () => remove(index), { "data-field": `${name}-remove` }));
}
