// An input for FEEL: the server reads it while it is typed and the mistake is shown at its place;
// names of the process are completed (arrows and Enter, Escape closes).
import { commits, complain, fresh, h, row } from "./draw.js";

const PAUSE = 300; // ms after the last key
const WORD = /[\p{L}_][\p{L}\p{N}_]*$/u;

export function feel(context, label, { value, save, kind = "expression", names, name, hint = "", rows = 1 }) {
  const control = h("textarea", {
    class: "form-control mono", rows, value: value ?? "", spellcheck: "false", autocomplete: "off",
    "aria-autocomplete": "list", "aria-haspopup": "listbox",
  });
  const list = h("ul", { class: "completions", role: "listbox", id: fresh(), hidden: true });
  control.setAttribute("aria-controls", list.id);
  const place = h("code", { class: "at", hidden: true });
  commits(control, save);
  lints(context, control, { kind, names, place });
  completes(control, list, Object.keys(names));
  return row(label, control, { name, hint, extra: [list, place] });
}

// A problem does not keep the text from being saved: what is half done is not lost, the gate tells.
export function lints(context, control, { kind, names, place }) {
  let timer;
  const check = async () => {
    const text = control.value;
    const said = text.trim() ? await context.feel(text, kind, names) : { ok: true };
    if (control.value !== text) return;
    show(control, place, said);
  };
  control.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(check, PAUSE);
  });
  control.addEventListener("compositionend", () => { timer = setTimeout(check, PAUSE); });
  check();
}

function show(control, place, { ok, error, at = 0, severity }) {
  control.classList.toggle("is-doubtful", !ok && severity === "warning");
  complain(control, ok ? "" : interpolate(gettext("Mistake at the mark: %s"), [error]));
  if (!place) return;
  place.hidden = Boolean(ok);
  if (ok) return;
  const text = control.value, from = Math.min(at, text.length);
  const wrong = /^[\p{L}\p{N}_.]+|^./u.exec(text.slice(from))?.[0] ?? "";
  place.replaceChildren(text.slice(0, from), h("mark", {}, wrong || "␣"), text.slice(from + wrong.length));
}

function completes(control, list, names) {
  let found = [], chosen = 0;
  const close = () => {
    list.hidden = true;
    control.removeAttribute("aria-activedescendant");
  };
  const take = (name) => {
    const start = control.selectionStart - (WORD.exec(control.value.slice(0, control.selectionStart))?.[0].length ?? 0);
    control.setRangeText(name, start, control.selectionStart, "end");
    close();
    control.dispatchEvent(new Event("input"));
    close();
  };
  const draw = () => {
    list.replaceChildren(...found.map((name, at) => h("li", {
      role: "option", id: `${list.id}-${at}`, "aria-selected": String(at === chosen),
      onmousedown: (event) => {
        event.preventDefault();
        take(name);
      },
    }, name)));
    control.setAttribute("aria-activedescendant", `${list.id}-${chosen}`);
  };
  control.addEventListener("input", (event) => {
    if (event.isComposing) return;
    const word = WORD.exec(control.value.slice(0, control.selectionStart))?.[0] ?? "";
    found = word ? names.filter((name) => name !== word && name.toLowerCase().startsWith(word.toLowerCase())).slice(0, 8) : [];
    if (!found.length) return close();
    chosen = 0;
    list.hidden = false;
    draw();
  });
  control.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (list.hidden) {
      if (event.key === "Enter" && !event.shiftKey) {
        event.preventDefault();
        control.dispatchEvent(new Event("change"));
      }
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      chosen = (chosen + step + found.length) % found.length;
      draw();
    } else if (event.key === "Enter" || event.key === "Tab") take(found[chosen]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, { capture: true });
  control.addEventListener("blur", close);
}
