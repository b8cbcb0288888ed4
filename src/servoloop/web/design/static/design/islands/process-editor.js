// <process-editor> edits one draft with the bpmn-js modeler (its watermark stays visible). It owns the
// drawing while the page is open and posts the whole draft; the server keeps it, judges it and
// refuses what is not based on the last save. On a phone, and for readers, it only shows.
import { servoloop } from "./servoloop-moddle.js";
import { clipboardModule } from "../editor/clipboard.js";
import { Comments } from "../editor/comments.js";
import { Dock } from "../editor/dock.js";
import { useSprite } from "../editor/dom.js";
import { Exporting } from "../editor/exporting.js";
import { Findings } from "../editor/findings.js";
import { insertModule } from "../editor/insert-menu.js";
import { namesModule } from "../editor/names.js";
import { Presence } from "../editor/presence.js";
import { Reader } from "../editor/reader.js";
import { reducedModule } from "../editor/reduced.js";
import { SaveWords } from "../editor/save-words.js";
import { Saving } from "../editor/saving.js";
import { getText, post } from "../editor/server.js";
import { snippetsModule } from "../editor/snippets.js";
import { Toolbar } from "../editor/toolbar.js";
import { missed, wordsModule } from "../editor/words.js";

const PHONE = "(max-width: 768px)";
const READABLE = 0.75; // zoom below which labels are guessed rather than read

class ProcessEditor extends HTMLElement {
  async connectedCallback() {
    if (this.facts) return;
    this.facts = JSON.parse(this.querySelector("#editor-facts").textContent);
    this.missed = missed; // strings of bpmn-js without a translation, for the journey that asks
    useSprite(this.facts.sprite);
    try {
      if (!this.facts.may_edit || window.matchMedia(PHONE).matches) await this.read();
      else await this.edit();
      this.setAttribute("ready", "");
    } catch (error) {
      this.problem(error.message);
    }
  }

  async read() {
    this.setAttribute("reads", "");
    await loaded(this.facts.scripts.viewer);
    const reader = new Reader({ editor: this, facts: this.facts, servoloop });
    this.viewer = reader.viewer;
    this.open = (xml) => reader.open(xml);
    await this.open((await getText(this.facts.urls.xml)).xml);
  }

  async edit() {
    await loaded(this.facts.scripts.modeler);
    this.modeler = new window.BpmnJS({
      container: this.querySelector("[data-stage]"),
      additionalModules: [wordsModule, namesModule, reducedModule, snippetsModule, insertModule, clipboardModule],
      moddleExtensions: { servoloop },
      snippets: this.facts.snippets,
    });
    this.panel = this.querySelector("process-panel");
    this.saving = new Saving(this);
    this.words = new SaveWords({ editor: this, saving: this.saving, onReload: () => this.load() });
    this.toolbar = new Toolbar({ editor: this, modeler: this.modeler, saving: this.saving,
      exporting: new Exporting({ viewer: this.modeler, facts: this.facts, saving: this.saving }) });
    this.dock = new Dock(this.querySelector("[data-dock]"));
    this.findings = new Findings({ modeler: this.modeler, panel: () => this.panel,
      list: this.querySelector("[data-finding-list]"), score: this.querySelector("[data-score]") });
    this.comments = new Comments({ viewer: this.modeler, facts: this.facts, place: this.querySelector("[data-comments]"),
      counter: this.querySelector("[data-comment-count]"), onPick: (shape) => this.pick(shape) });
    await this.load();
    this.watch();
  }

  watch() {
    this.saving.addEventListener("findings", ({ detail }) => this.findings.show(detail));
    this.saving.watch();
    this.modeler.get("eventBus").on("selection.changed", ({ newSelection }) => this.comments.choose(newSelection[0]));
    this.modeler.get("snippets").prepare();
    this.querySelector("[data-score]").addEventListener("click", () => this.dock.open("findings"));
    new Presence({ facts: this.facts, place: this.querySelector("[data-others]"),
      onBeat: () => this.comments.load(),
      onNewer: (found) => this.words.newer(found),
      onClosed: ({ closed }) => { if (this.saving.isHeld) return; this.saving.isHeld = true; this.saving.say("closed"); this.words.closed({ closed }); },
    }).start();
  }

  // From the server; what an earlier visit could not save is put on top of it.
  async load() {
    const { xml, rev } = await getText(this.facts.urls.xml);
    performance.mark("editor:fetched");
    const verdict = this.judge(xml); // while the drawing is made
    const kept = this.saving.kept();
    await this.open(xml);
    this.comments.isDrawn = false; // its badges went with the former drawing
    await this.saving.agree(rev);
    if (kept?.rev === rev) await this.restore(kept);
    else if (kept) this.words.left(kept);
    performance.mark("editor:drawn");
    this.comments.load();
    this.toolbar.fit(READABLE);
    this.pickFromAddress();
    this.modeler.get("canvas").focus();
    await verdict.then((show) => show());
  }

  async open(xml) {
    this.problem("");
    try {
      const { warnings } = await this.modeler.importXML(xml);
      if (warnings.length) this.problem(interpolate(ngettext("%s thing in this file cannot be drawn; it is kept as it is.", "%s things in this file cannot be drawn; they are kept as they are.", warnings.length), [warnings.length]));
    } catch (error) {
      const isUndrawn = /no diagram to display|no process or collaboration/.test(error.message);
      throw new Error(isUndrawn ? gettext("This file says what happens, but not how it is drawn. Import it again to have it laid out.") : error.message);
    }
    if (this.panel && !this.panel.modeler) this.panel.modeler = this.modeler;
  }

  async restore(kept) {
    await this.open(kept.xml);
    if (await this.saving.text() === kept.before) return this.saving.forget();
    this.saving.before = kept.before;
    this.saving.touch();
    return undefined;
  }

  async judge(xml) {
    try {
      const findings = await post(this.facts.urls.check, { xml });
      performance.mark("editor:judged");
      return () => {
        this.findings.show(findings);
        performance.mark("editor:shown");
      };
    } catch (error) {
      return () => this.problem(error.message);
    }
  }

  pick(shape) {
    this.modeler.get("canvas").scrollToElement(shape, { top: 140, bottom: 140, left: 180, right: 180 });
    this.modeler.get("selection").select(shape);
    this.dock.open("comments");
  }

  // …/edit/#element=ID leads to the place.
  pickFromAddress() {
    const id = new URLSearchParams(location.hash.slice(1)).get("element");
    const shape = id && this.modeler.get("elementRegistry").get(id);
    if (shape?.parent) this.findings.go({ element: id, field: "" });
  }

  problem(words) {
    const place = this.querySelector("[data-problem-bar]");
    place.hidden = !words;
    place.querySelector("[data-words]").textContent = words;
  }
}

function loaded(address) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = resolve;
    script.onerror = () => reject(new Error(gettext("A part of this page could not be loaded. Reload it.")));
    document.head.append(script);
  });
}

customElements.define("process-editor", ProcessEditor);
