// <failed-part hidden> says that a part of the page could not be loaded, in the place of that part: a
// skeleton that waits for an answer that has failed would wait for ever.
class FailedPart extends HTMLElement {
  connectedCallback() {
    this.tell = (event) => {
      const place = event.detail.target?.querySelector?.(".skeleton") ?? event.detail.target;
      if (place?.matches?.(".skeleton, [aria-busy]")) {
        place.classList.remove("skeleton");
        place.removeAttribute("aria-busy");
        place.replaceChildren(this.copy());
        return;
      }
      this.hidden = false;
      this.scrollIntoView({ block: "nearest" });
    };
    for (const name of FailedPart.failures) document.body.addEventListener(name, this.tell);
  }

  disconnectedCallback() {
    for (const name of FailedPart.failures) document.body.removeEventListener(name, this.tell);
  }

  copy() {
    const copy = document.createElement("p");
    copy.className = this.className;
    copy.setAttribute("role", "alert");
    copy.append(...[...this.childNodes].map((node) => node.cloneNode(true)));
    return copy;
  }

  static failures = ["htmx:responseError", "htmx:sendError", "htmx:timeout"];
}

customElements.define("failed-part", FailedPart);
