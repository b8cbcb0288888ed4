// The state of the draft in words, and the two dialogs that appear when it went another way.
import { icon, make, moment } from "./dom.js";

export class SaveWords {
  constructor({ editor, saving, onReload }) {
    Object.assign(this, { editor, saving, onReload, kept: null, isClosed: false });
    this.place = editor.querySelector("[data-save-state]");
    this.bar = editor.querySelector("[data-newer]");
    this.dialog = editor.querySelector("dialog[data-overtaken]");
    saving.addEventListener("state", ({ detail }) => this.say(detail));
    saving.addEventListener("overtaken", ({ detail }) => this.overtaken(detail));
    saving.addEventListener("closed", ({ detail }) => this.closed(detail));
    this.dialog.addEventListener("click", (event) => this.press(event));
    this.dialog.addEventListener("cancel", (event) => this.kept && event.preventDefault());
  }

  say({ state, saved_at: savedAt, words }) {
    const said = {
      saved: () => savedAt ? [icon("cloud-check"), gettext("Saved"), " ", moment(savedAt)] : [icon("cloud-check"), gettext("Saved")],
      changed: () => [icon("pencil"), gettext("Not saved yet")],
      saving: () => [icon("cloud-upload"), gettext("Saving…")],
      away: () => [icon("cloud-off"), gettext("Offline: kept in this browser")],
      refused: () => [icon("alert-triangle"), gettext("Not saved"), ": ", words],
      overtaken: () => [icon("alert-triangle"), make("button", { type: "button", class: "point", onclick: () => this.dialog.showModal() },
        gettext("Not saved: somebody was faster"))],
      closed: () => [icon("lock"), gettext("Closed: nothing is saved any more")],
    }[state]();
    this.editor.dataset.save = state;
    this.place.className = `state ${{ away: "state-warn", refused: "state-late", overtaken: "state-late", closed: "state-late" }[state] ?? ""}`;
    this.place.replaceChildren(...said);
  }

  overtaken({ by, by_name: name, at }) {
    this.bar.hidden = true;
    this.ask(by === this.saving.facts.person
      ? gettext("You saved this draft in another window while you were changing it here")
      : interpolate(gettext("%s saved this draft while you were changing it"), [name]),
      gettext("Your changes are safe in this browser, but they cannot be put on top of that version. Load it and do your changes again, or keep yours as a draft of its own."), at);
  }

  closed({ closed }) {
    this.isClosed = true;
    this.ask(closed === "published" ? gettext("This draft has been published") : gettext("This draft has been discarded"),
      gettext("It takes no more changes. Yours are safe: keep them as a draft of their own."), null, { theirs: closed !== "discarded" });
  }

  // Changes that an earlier visit left behind, on top of a version that is not the last any more.
  // They are decided upon before anything new is drawn, which would take their place in the store.
  left(kept) {
    this.kept = kept;
    this.ask(gettext("You have changes from before that were never saved"),
      gettext("Meanwhile the draft was saved by somebody else. Keep yours as a draft of its own, or drop them."), kept.at);
  }

  ask(title, words, at, { theirs = true } = {}) {
    this.dialog.querySelector("h2").textContent = title;
    this.dialog.querySelector("[data-words]").textContent = words;
    this.dialog.querySelector("[data-when]").replaceChildren(...(at ? [moment(at)] : []));
    this.dialog.querySelector("[data-answer='theirs']").hidden = !theirs;
    this.dialog.querySelector("[data-answer='later']").hidden = Boolean(this.kept);
    if (!this.dialog.open) this.dialog.showModal();
  }

  async press(event) {
    const answer = event.target.closest("[data-answer]")?.dataset.answer;
    if (!answer) return;
    if (answer === "later") return this.dialog.close();
    try {
      if (answer === "mine") return location.assign(await this.saving.copyAsNew(this.kept));
      this.saving.forget();
      if (this.isClosed) return location.reload();
      this.kept = null;
      this.dialog.close();
      await this.onReload();
    } catch (error) {
      this.dialog.querySelector("[data-words]").textContent = error.message;
    }
    return undefined;
  }

  // Told by the heartbeat, before anything of ours would be refused.
  newer({ rev, saved_by: by, saved_by_name: name, saved_at: at }) {
    if (this.saving.isBusy || this.saving.isHeld || rev <= this.saving.rev) return;
    this.bar.hidden = false;
    this.bar.querySelector("[data-words]").replaceChildren(by === this.saving.facts.person
      ? gettext("You saved a newer version in another window")
      : interpolate(gettext("%s saved a newer version"), [name]), " ", moment(at));
    this.bar.querySelector("button").onclick = () => {
      this.bar.hidden = true;
      if (this.saving.isClean) this.onReload();
      else this.saving.save();
    };
  }
}
