// The frame's behaviour: islands, keys, the viewer's zone, one submit per form, menus that close.
import "./islands/live-updates.js";
import "./islands/elapsed-timer.js";
import "./islands/draft-form.js";
import "./islands/row-keys.js";
import "./islands/ask-first.js";

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && !document.cookie.includes(`zone=${zone}`)) {
  document.cookie = `zone=${zone}; path=/; max-age=31536000; samesite=lax`;
}

const isTyping = (event) =>
  event.isComposing || event.keyCode === 229 ||
  event.target.closest?.("input, textarea, select, [contenteditable], dialog");

const keys = document.getElementById("keys");
const focusOn = (selector) => {
  const target = document.querySelector(selector);
  target?.closest("details")?.setAttribute("open", "");
  target?.focus();
  return Boolean(target);
};
const press = (selector) => {
  const target = document.querySelector(selector);
  target?.click();
  return Boolean(target);
};

const actions = {
  "/": () => focusOn("#search"),
  "?": () => { keys?.showModal(); return Boolean(keys); },
  r: () => focusOn("[data-key='r']"),
  n: () => focusOn("[data-key='n']"),
  e: () => press("[data-key='e']"),
  t: () => !document.querySelector("row-keys") && press("[data-key='t']"),
};

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) {
    const form = event.target.closest?.("form[data-send]");
    if (form) { event.preventDefault(); form.requestSubmit(); }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
  if (actions[event.key]?.()) event.preventDefault();
});

for (const button of document.querySelectorAll("[data-open-keys]")) {
  button.hidden = false;
  button.addEventListener("click", () => keys?.showModal());
}

// A second click while the first is on its way does nothing; the server would not repeat it either.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "1";
  form.setAttribute("aria-busy", "true");
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
  }
});

// A refused or broken fragment must not leave the form dead.
document.body.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form[data-sent]");
  if (form) { delete form.dataset.sent; form.removeAttribute("aria-busy"); }
});

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.removeAttribute("open");
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.removeAttribute("open");
    menu.querySelector("summary").focus();
  }
});
