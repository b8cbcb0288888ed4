// <row-keys> lets the rows inside be walked by keyboard: j and k move, Enter opens, t takes the task.
// The chosen row is the one that has focus, so a live refresh by morphing keeps it.
class RowKeys extends HTMLElement {
  connectedCallback() {
    this.onkey = (event) => this.handle(event);
    document.addEventListener("keydown", this.onkey);
  }

  disconnectedCallback() { document.removeEventListener("keydown", this.onkey); }

  get links() { return [...this.querySelectorAll("[data-row] a[data-open]")]; }

  get current() { return document.activeElement?.closest("[data-row]"); }

  handle(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest?.("input, textarea, select, dialog[open]")) return;
    if (event.key === "j") this.move(1);
    else if (event.key === "k") this.move(-1);
    else if (event.key === "t") this.current?.querySelector("[data-take]")?.click();
    else return;
    event.preventDefault();
  }

  move(step) {
    const links = this.links;
    const at = links.findIndex((link) => link.closest("[data-row]") === this.current);
    const next = at < 0 ? 0 : Math.min(links.length - 1, Math.max(0, at + step));
    links[next]?.focus();
    links[next]?.scrollIntoView({ block: "nearest" });
  }
}

customElements.define("row-keys", RowKeys);
