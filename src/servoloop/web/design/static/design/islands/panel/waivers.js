// Warnings that somebody has accepted in writing: shown, and taken back here.
import { extensionsOf, replaceExtensions, said } from "./moddle.js";
import { about, h, tool } from "./draw.js";

const ownerOf = (context) => (context.isWhole ? context.process : context.owner);

export const waivers = {
  id: "waivers",
  title: () => gettext("Accepted warnings"),
  applies: (context) => extensionsOf(ownerOf(context), "Waiver").length > 0,
  draw(context) {
    const owner = ownerOf(context);
    const all = extensionsOf(owner, "Waiver");
    return all.map((waiver, at) => h("div", { class: "item", "data-field": at ? `waiver-${at}` : "waiver", tabindex: "-1" },
      h("div", { class: "item-head" }, h("strong", {}, said(waiver, "rule")),
        tool("trash", about(gettext("Take back"), said(waiver, "rule")), () =>
          replaceExtensions(context.modeler, context.shape, owner, "Waiver", all.filter((each) => each !== waiver)), { "data-field": `waiver-${at}-remove` })),
      h("p", { class: "quote" }, said(waiver, "text")),
      h("p", { class: "hint" }, interpolate(gettext("Accepted by %s"), [said(waiver, "by") || "?"]))));
  },
};
