// <live-updates src="…"> listens to the event stream and tells the page that something it shows has
// changed: a `live` event on <body>, on which fragments fetch themselves anew. It never draws.
// While the stream is lost the frame says so; when it is back, everything is fetched once.
const PAUSE = 250; // ms: many notices of one transaction become one refresh

class LiveUpdates extends HTMLElement {
  connectedCallback() {
    this.open();
    this.onvisible = () => { if (!document.hidden && this.isStale) this.tell(); };
    document.addEventListener("visibilitychange", this.onvisible);
  }

  disconnectedCallback() {
    this.source?.close();
    clearTimeout(this.timer);
    clearTimeout(this.retry);
    document.removeEventListener("visibilitychange", this.onvisible);
  }

  open() {
    this.source = new EventSource(this.getAttribute("src"));
    this.source.onopen = () => {
      if (this.wasLost) this.schedule();
      this.mark(false);
    };
    this.source.addEventListener("changed", () => this.schedule());
    this.source.addEventListener("resync", () => this.schedule());
    this.source.onerror = () => {
      this.mark(true);
      // A browser gives up for good when the stream was refused: its token may have expired.
      if (this.source.readyState === EventSource.CLOSED) {
        clearTimeout(this.retry);
        this.retry = setTimeout(() => this.renew(), 5000);
      }
    };
  }

  // The page itself hands out tokens: ask it for the one that it would carry now.
  async renew() {
    try {
      const page = await (await fetch(location.href)).text();
      const fresh = new DOMParser().parseFromString(page, "text/html").querySelector("live-updates");
      if (fresh) this.setAttribute("src", fresh.getAttribute("src"));
    } catch { /* still offline: the next try comes */ }
    if (this.isConnected) this.open();
  }

  schedule() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tell(), PAUSE);
  }

  tell() {
    this.isStale = document.hidden;
    if (!document.hidden) document.body.dispatchEvent(new CustomEvent("live"));
  }

  mark(isLost) {
    this.wasLost = isLost;
    clearTimeout(this.notice);
    const sign = document.querySelector("[data-connection]");
    // A blink is nobody's business; two seconds are.
    if (isLost) this.notice = setTimeout(() => sign?.classList.add("is-lost"), 2000);
    else sign?.classList.remove("is-lost");
    this.setAttribute("state", isLost ? "lost" : "open");
  }
}

customElements.define("live-updates", LiveUpdates);
