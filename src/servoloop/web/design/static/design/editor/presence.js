// Who else has this draft open, and whether somebody saved a newer one than ours. A heartbeat while
// the page is visible; readers ask without being counted.
import { get, post } from "./server.js";
import { icon, make } from "./dom.js";

const BEAT = 15_000; // ms; the server forgets after 45 s

export class Presence {
  constructor({ facts, place, onBeat, onNewer, onClosed }) {
    Object.assign(this, { facts, place, onBeat, onNewer, onClosed });
  }

  start() {
    this.come();
    document.addEventListener("visibilitychange", () => this.beat());
    addEventListener("pagehide", () => this.leave());
    addEventListener("pageshow", (event) => event.persisted && this.come());
  }

  come() {
    this.beat();
    this.timer = setInterval(() => this.beat(), BEAT);
  }

  async beat() {
    if (document.hidden) return;
    try {
      const url = this.facts.urls.presence;
      const found = this.facts.may_edit ? await post(url, {}) : await get(url);
      this.show(found.others);
      this.onBeat();
      if (found.closed) this.onClosed(found);
      else this.onNewer(found);
    } catch { /* the next beat tries again; saving says that the server is away */ }
  }

  leave() {
    clearInterval(this.timer);
    if (this.facts.may_edit) post(this.facts.urls.presence, { leaving: true }, { keepalive: true }).catch(() => {});
  }

  show(others) {
    this.place.hidden = others.length === 0;
    const names = others.map((each) => each.name).join(gettext(", "));
    const words = interpolate(ngettext("%s is editing this draft, too", "%s are editing this draft, too", others.length), [names]);
    if (this.place.textContent !== words) this.place.replaceChildren(icon("users"), make("span", {}, words));
  }
}
