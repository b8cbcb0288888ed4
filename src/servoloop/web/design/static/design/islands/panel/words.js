// Texts in two languages. A text is a list of {language, text}; the one without a language is the
// default, such as the name attribute. Whose language the default is, the translations tell; without
// any, its characters do.
import { altered, create } from "./moddle.js";
import { commits, h, row } from "./draw.js";

const HAN = /[\u3400-\u9fff]/;
const short = (language) => (language ?? "").split("-")[0].toLowerCase();
const find = (list, language) => list.find((each) => short(each.language) === language);

export function spoken(list) {
  const zh = find(list, "zh"), en = find(list, "en"), own = find(list, "");
  const of = own?.text ? defaultLanguage(list) : "";
  return { zh: zh?.text ?? (of === "zh" ? own.text : ""), en: en?.text ?? (of === "en" ? own.text : "") };
}

function defaultLanguage(list) {
  const zh = find(list, "zh"), en = find(list, "en"), own = find(list, "");
  if (zh && en) return "";
  if (zh || en) return zh ? "en" : "zh";
  if (own?.text) return HAN.test(own.text) ? "zh" : "en";
  return "";
}

// The list after `text` has been said in "zh" or "en".
export function saying(list, language, text) {
  const there = find(list, language), own = find(list, "");
  const nothing = !list.some((each) => each.text);
  if (!there && (nothing || defaultLanguage(list) === language)) return put(list, "", text);
  const next = put(list, there?.language ?? language, text);
  return there && own && own.text === there.text ? put(next, "", text) : next;
}

function put(list, language, text) {
  const at = list.findIndex((each) => (each.language ?? "") === language);
  const entry = { ...(at >= 0 ? list[at] : {}), language, text };
  if (!text) return at >= 0 ? [...list.slice(0, at), ...list.slice(at + 1)] : list;
  if (at >= 0) return [...list.slice(0, at), entry, ...list.slice(at + 1)];
  return language ? [...list, entry] : [entry, ...list];
}

// The list behind moddle elements with `lang` and a text, and back; what did not change stays itself.
export const listOf = (elements) =>
  (elements ?? []).map((each) => ({
    language: each.get("lang") ?? each.$attrs["xml:lang"] ?? "",
    text: (each.get("text") ?? "").trim(),
    element: each,
  }));

export function elementsOf(modeler, type, list) {
  return list.map(({ language, text, element }) => {
    if (!element) return create(modeler, type, { lang: language, text });
    return element.get("text")?.trim() === text ? element : altered(modeler, element, { text });
  });
}

export const inLanguage = (list) => {
  const both = spoken(list), mine = short(document.documentElement.lang) === "zh" ? "zh" : "en";
  return both[mine] || both.zh || both.en || list[0]?.text || "";
};

// Two inputs, the reader's language first.
export function bilingual(label, { list, save, name, rows = 0, hint = "" }) {
  const both = spoken(list);
  const order = short(document.documentElement.lang) === "zh" ? ["zh", "en"] : ["en", "zh"];
  const inputs = order.map((language) => {
    const control = rows
      ? h("textarea", { class: "form-control", rows, value: both[language] })
      : h("input", { class: "form-control", value: both[language], autocomplete: "off" });
    control.lang = language === "zh" ? "zh-Hans" : "en";
    commits(control, (text) => save(saying(list, language, text ?? "")));
    const words = language === "zh" ? gettext("Chinese") : gettext("English");
    return row(h("span", {}, label, h("small", {}, ` · ${words}`)), control, { name: `${name}-${language}`, hint: language === order[1] ? hint : "" });
  });
  return h("div", { class: "both" }, inputs);
}
