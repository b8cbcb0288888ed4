// How a step is done: the SOP in Markdown with a live preview, the checklist, the attachments.
import { altered, create, isTrue, moved, replaced, said } from "./moddle.js";
import { about, add, commits, group, h, text, tick, tool, tools } from "./draw.js";
import { html, surround, TOOLS } from "./markdown.js";
import { uploader } from "./upload.js";
import { bilingual, elementsOf, inLanguage, listOf, saying, spoken } from "./words.js";

const ADDRESS = /^(https?:\/\/\S+|\/[^\s/]\S*|\/)$/;

export const method = {
  id: "method",
  title: () => gettext("How: method (SOP)"),
  applies: (context) => context.isHuman || (context.isTask && says(context.step)),
  summary: (context) => (context.isHuman && !context.step?.get("sop").length ? gettext("missing") : ""),
  draw: (context) => [sop(context), checklist(context), attachments(context)],
};

// A machine needs no method, but what the file says about one is shown.
const says = (step) => ["sop", "checks", "attachments"].some((each) => step?.get(each).length);

function sop(context) {
  const list = listOf(context.step?.get("sop"));
  const both = spoken(list);
  const save = (language) => (value) =>
    context.change({ sop: elementsOf(context.modeler, "Sop", saying(list, language, value ?? "")) });
  const isChinese = document.documentElement.lang.startsWith("zh");
  const sides = (isChinese ? ["zh", "en"] : ["en", "zh"]).map((language) => writer(context, language, both[language], save(language)));
  return group(gettext("Method"), sides);
}

function writer(context, language, value, save) {
  const words = language === "zh" ? gettext("Chinese") : gettext("English");
  const title = about(gettext("Method"), words);
  const control = h("textarea", {
    class: "form-control", rows: 6, value, lang: language === "zh" ? "zh-Hans" : "en", "data-field": `sop-${language}`,
    "aria-label": title, placeholder: gettext("1. What to do first …"),
  });
  commits(control, save);
  const preview = h("div", { class: "preview markdown", "aria-label": about(gettext("Preview"), words), role: "group" });
  const show = async () => preview.replaceChildren(...(await html(control.value)));
  const bar = h("div", { class: "toolbar", role: "toolbar", "aria-label": gettext("Formatting") },
    TOOLS().map(({ icon, words: name, before, after, isLine }) =>
      tool(icon, name, () => surround(control, { before, after, isLine }), { onmousedown: (event) => event.preventDefault() })),
    h("span", { class: "grow" }),
    tool("maximize", gettext("Write in a large window"), () => grow(), { class: "tool only-small" }),
    tool("x", gettext("Close"), () => dialog.close(), { class: "tool only-large" }));
  const box = h("div", { class: "writer" }, h("div", { class: "writer-head" }, h("strong", {}, words), bar), h("div", { class: "writer-both" }, control, preview));
  const home = h("div", { class: "writer-home" }, box);
  const dialog = h("dialog", { class: "panel-sheet", "aria-label": title });
  const grow = () => {
    home.append(dialog);
    dialog.append(box);
    box.classList.add("is-large");
    dialog.showModal();
    control.focus();
  };
  dialog.addEventListener("close", () => {
    control.dispatchEvent(new Event("change"));
    home.replaceChildren(box);
    box.classList.remove("is-large");
    context.panel.later();
  });
  control.addEventListener("input", show);
  show();
  return home;
}

function checklist(context) {
  const { modeler, step } = context;
  const list = step?.get("checks") ?? [];
  const save = (next) => context.change({ checks: next });
  const items = list.map((check, at) => {
    const words = listOf(check.get("labels"));
    const alter = (changes) => save(replaced(list, at, altered(modeler, check, changes)));
    return h("div", { class: "item" },
      h("div", { class: "item-head" }, h("strong", {}, `${at + 1}. ${inLanguage(words)}`),
        tools(at, list.length, { words: inLanguage(words), name: `check-${at}`, move: (from, to) => save(moved(list, from, to)), remove: (index) => save(replaced(list, index)) })),
      bilingual(gettext("To tick"), { list: words, name: `check-${at}`, save: (next) => alter({ labels: elementsOf(modeler, "Label", next) }) }),
      tick(gettext("Must not be left out"), { value: isTrue(said(check, "required")), name: `check-${at}-required`, save: (is) => alter({ required: is ? "true" : undefined }) }));
  });
  const labels = () => [create(modeler, "Label", { text: gettext("New line") })];
  return group(gettext("Checklist"), items,
    add(gettext("Add a line"), () => save([...list, create(modeler, "Check", { labels: labels() })]), "check-add"));
}

function attachments(context) {
  const { modeler, step } = context;
  const list = step?.get("attachments") ?? [];
  const save = (next) => context.change({ attachments: next });
  const items = list.map((each, at) => {
    const words = listOf(each.get("labels"));
    const shown = inLanguage(words) || said(each, "href");
    const alter = (changes) => save(replaced(list, at, altered(modeler, each, changes)));
    return h("div", { class: "item" },
      h("div", { class: "item-head" }, h("a", { href: ADDRESS.test(said(each, "href")) ? said(each, "href") : undefined, target: "_blank", rel: "noopener noreferrer" }, shown),
        tools(at, list.length, { words: shown, name: `attachment-${at}`, move: (from, to) => save(moved(list, from, to)), remove: (index) => save(replaced(list, index)) })),
      text(gettext("Address"), { value: said(each, "href"), check: wrongAddress, name: `attachment-${at}-href`, save: (href) => alter({ href }), mode: "url" }),
      bilingual(gettext("Name"), { list: words, name: `attachment-${at}`, save: (next) => alter({ labels: elementsOf(modeler, "Label", next) }) }));
  });
  const attach = (href, labels = []) => save([...list, create(modeler, "Attachment", { href, labels })]);
  return group(gettext("Attachments"), items, uploader(context, (file) => attach(file.address, [create(modeler, "Label", { text: file.name })])),
    text(gettext("Add an address"), {
      value: "", name: "attachment-add", check: (href) => (href ? wrongAddress(href) : ""), mode: "url", placeholder: "https://…",
      save: (href) => href && attach(href),
    }));
}

const wrongAddress = (href) => (ADDRESS.test(href) ? "" : gettext("Write an address such as https://example.org/manual.pdf, or /path on this server."));
