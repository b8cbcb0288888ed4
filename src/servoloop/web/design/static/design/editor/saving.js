// Autosave of one draft. Every change is kept in the browser at once and on the server 1.5 s after
// the last one; nobody's save is written over: the server refuses one that is not based on the last.
//
// `before` is the text at our last agreement with the server. It is sent along, because what bpmn-js
// writes is not the stored file: the server applies the difference to its own text.
//
// Fires "state" {state, …}, "findings" {findings}, "overtaken" {by_name, at, rev}, "closed" {closed}.
import { Refused, Unreachable, post } from "./server.js";

const QUIET = 1500; // ms after the last command
const AGAIN = 8000; // ms between tries while the server is away
const SMALL = 60_000; // characters that a browser sends for a page which is being left

export class Saving extends EventTarget {
  constructor({ modeler, facts }) {
    super();
    Object.assign(this, { modeler, facts, rev: 0, before: "", state: "saved", count: 0, isBusy: false, isHeld: false });
    this.queue = Promise.resolve();
    this.copyKey = `servoloop-draft-${facts.person}-${facts.id}`;
  }

  async agree(rev) {
    this.rev = rev;
    this.before = await this.text();
    this.isHeld = false;
    this.say("saved");
  }

  async text() {
    return (await this.modeler.saveXML({ format: false })).xml;
  }

  watch() {
    this.modeler.get("eventBus").on("commandStack.changed", () => this.touch());
    addEventListener("blur", () => this.hurry());
    addEventListener("online", () => this.hurry());
    document.addEventListener("visibilitychange", () => document.hidden && this.hurry());
    addEventListener("pagehide", () => this.hurry());
  }

  get isClean() { return this.state === "saved"; }

  touch() {
    this.count += 1;
    if (this.isHeld) return this.keep();
    this.say("changed");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), QUIET);
    clearTimeout(this.keeper);
    this.keeper = setTimeout(() => this.keep(), 300);
  }

  hurry() {
    if (this.isClean || this.isHeld) return;
    clearTimeout(this.timer);
    this.keep();
    this.save();
  }

  // One after the other; what has nothing to save does nothing. Resolves when the last is through.
  save() {
    this.queue = this.queue.then(() => this.saveOnce());
    return this.queue;
  }

  async saveOnce() {
    if (this.isHeld || this.isClean || !this.rev) return;
    this.isBusy = true;
    clearTimeout(this.timer);
    const count = this.count;
    try {
      const xml = await this.text();
      this.say("saving");
      const body = { rev: this.rev, before: this.before, xml };
      const keepalive = document.hidden && xml.length + this.before.length < SMALL;
      const saved = await post(this.facts.urls.save, body, { keepalive });
      this.rev = saved.rev;
      this.before = xml;
      this.fire("findings", saved.findings);
      if (count === this.count) { this.forget(); this.say("saved", saved); } else this.touch();
    } catch (error) {
      this.failed(error);
    } finally {
      this.isBusy = false;
    }
  }

  failed(error) {
    this.keep();
    if (error instanceof Refused && error.status === 409) {
      this.isHeld = true;
      this.say("overtaken", error.body);
      this.fire("overtaken", error.body);
    } else if (error instanceof Refused && error.status === 410) {
      this.isHeld = true;
      this.say("closed", error.body);
      this.fire("closed", error.body);
    } else {
      this.say(error instanceof Unreachable ? "away" : "refused", { words: error.message });
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.save(), AGAIN);
    }
  }

  async copyAsNew(kept = null) {
    const mine = kept ?? { rev: this.rev, before: this.before, xml: await this.text() };
    const { url } = await post(this.facts.urls.copy, { rev: mine.rev, before: mine.before, xml: mine.xml });
    this.forget();
    return url;
  }

  // ── The copy in this browser, until the server has acknowledged ───────────────────────────────
  async keep() {
    try {
      const xml = await this.text();
      const kept = { rev: this.rev, before: this.before, xml, at: new Date().toISOString() };
      localStorage.setItem(this.copyKey, JSON.stringify(kept));
    } catch { /* a full store: the server's copy is the one that counts */ }
  }

  kept() {
    try {
      return JSON.parse(localStorage.getItem(this.copyKey));
    } catch {
      return null;
    }
  }

  forget() {
    clearTimeout(this.keeper);
    localStorage.removeItem(this.copyKey);
  }

  say(state, more = {}) {
    this.state = state;
    this.fire("state", { state, ...more });
  }

  fire(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
