// The verdict of the readiness gate: a badge on each element that has an open finding, and all of
// them in words, by question. One press selects the element, brings it into view and tells the
// panel which field to fill in.
import { icon, make } from "./dom.js";

const SIGNS = { error: "alert-circle", warning: "alert-triangle", waived: "check" };
const SHRINKING = { min: 0.5 }; // of a badge, when the picture shrinks further
const READABLE = 0.75; // zoom below which labels are guessed rather than read
const NEAR = { top: 140, bottom: 140, left: 180, right: 180 };

export class Findings {
  constructor({ modeler, list, score, panel }) {
    Object.assign(this, { modeler, list, score, panel, drawn: new Map() });
    modeler.get("eventBus").on("import.parse.start", () => this.drawn.clear());
  }

  show(findings) {
    this.findings = findings;
    this.drawBadges(findings.items.filter((each) => each.state === "open"));
    this.writeList(findings);
    this.writeScore(findings);
  }

  // ── On the diagram ────────────────────────────────────────────────────────────────────────────
  drawBadges(items) {
    const wanted = new Map();
    for (const item of items) {
      const shape = this.shapeOf(item.element);
      if (!shape?.parent) continue;
      const there = wanted.get(shape.id) ?? [];
      wanted.set(shape.id, [...there, item]);
    }
    const overlays = this.modeler.get("overlays");
    for (const [id, badge] of this.drawn) {
      if (wanted.get(id)?.map((each) => each.words).join("\n") === badge.words) wanted.delete(id);
      else { overlays.remove(badge.overlay); this.drawn.delete(id); }
    }
    // Not in a corner: at the right are the element's own tools, at the left those of the one before.
    const middle = (id) => (this.shapeOf(id).width ?? 0) / 2 - 12;
    for (const [id, found] of wanted) {
      const words = found.map((each) => each.words).join("\n");
      const overlay = overlays.add(id, "finding", { position: { top: -13, left: middle(id) }, scale: SHRINKING, html: this.badge(id, found, words) });
      this.drawn.set(id, { overlay, words });
    }
  }

  badge(id, found, words) {
    const worst = found.some((each) => each.severity === "error") ? "error" : "warning";
    const button = make("button", {
      type: "button", class: `finding-badge is-${worst}`, title: words, tabindex: "-1",
      "aria-label": `${this.severity(worst)}: ${words}`, "data-finding-at": id,
      onclick: () => this.go(found[0]),
    }, icon(SIGNS[worst]));
    if (found.length > 1) button.append(String(found.length));
    return button;
  }

  severity(kind) {
    if (kind === "waived") return gettext("Accepted");
    return kind === "error" ? gettext("Error") : gettext("Warning");
  }

  // ── In words ──────────────────────────────────────────────────────────────────────────────────
  writeList(findings) {
    const at = this.list.contains(document.activeElement) ? document.activeElement.dataset.finding : null;
    const groups = findings.questions.map((question) => this.group(question, findings.items.filter((each) => each.question === question.key)));
    this.list.replaceChildren(...groups);
    if (at) this.list.querySelector(`[data-finding="${CSS.escape(at)}"]`)?.focus({ preventScroll: true });
  }

  group(question, items) {
    const head = make("h3", {},
      icon(question.is_kept ? "circle-check" : "alert-circle"), question.words,
      make("span", { class: "number quiet" }, `${question.percent} %`));
    const rows = items.map((item) => this.row(item));
    return make("section", { class: `${question.is_kept ? "is-kept" : "is-open"}${rows.length ? " has-some" : ""}` }, head,
      ...(rows.length ? [make("ul", {}, ...rows)] : []));
  }

  row(item) {
    const kind = item.state === "waived" ? "waived" : item.severity;
    const button = make("button", {
      type: "button", class: "finding-row", "data-finding": `${item.code} ${item.element}`, "data-code": item.code,
      onclick: () => this.go(item),
    },
    make("span", { class: `state state-${{ error: "late", warning: "warn", waived: "ok" }[kind]}` }, icon(SIGNS[kind]), this.severity(kind)),
    make("span", { class: "what" }, item.words, ...(item.waived ? [make("span", { class: "quiet" }, ` ${item.waived}`)] : [])));
    if (item.action && kind !== "waived") button.append(make("span", { class: "act" }, item.action));
    return make("li", {}, button);
  }

  writeScore({ score, is_ready: isReady, errors, warnings, words }) {
    this.score.dataset.score = score;
    this.score.className = `state state-${isReady ? "ok" : errors ? "late" : "warn"}`;
    this.score.title = words;
    const open = errors + warnings;
    const counted = open ? interpolate(ngettext("%s finding", "%s findings", open), [open]) : gettext("ready");
    this.score.replaceChildren(icon(isReady ? "shield-check" : "alert-circle"),
      make("span", { class: "number" }, `${score} %`), make("span", {}, counted));
  }

  // ── To the place ──────────────────────────────────────────────────────────────────────────────
  shapeOf(id) {
    const own = (id ?? "").split("/")[0];
    const registry = this.modeler.get("elementRegistry");
    return registry.get(own) ?? registry.find((each) => own && each.businessObject?.processRef?.id === own);
  }

  go(item) {
    const shape = this.shapeOf(item.element);
    const selection = this.modeler.get("selection");
    if (shape?.parent) {
      const canvas = this.modeler.get("canvas");
      if (canvas.zoom() < READABLE) canvas.zoom(READABLE);
      canvas.scrollToElement(shape, NEAR);
      selection.select(shape);
    } else selection.select([]);
    this.panel()?.focusField?.(item.field);
  }
}
